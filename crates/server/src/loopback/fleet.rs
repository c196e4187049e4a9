//! Nodes that know one another.

use kernel::{PartyCode, Problem, SharedClock, SharedRng};

use super::{Line, LoopbackError, Member, Plan, member::Founded};
use crate::{node::Node, shutdown::Shutdown};

/// Nodes of one process that know one another, with a line from each to each.
#[derive(Debug)]
pub struct Fleet {
    members: Vec<Member>,
    lines: Vec<Way>,
    shutdown: Shutdown,
}

#[derive(Debug)]
struct Way {
    from: PartyCode,
    to: PartyCode,
    line: Line,
}

impl Fleet {
    /// Makes the nodes, introduces each to each, and starts none.
    pub async fn found(
        plans: Vec<Plan>,
        source: (SharedClock, SharedRng),
    ) -> Result<Self, LoopbackError> {
        let shutdown = Shutdown::new();
        let mut founded = Vec::with_capacity(plans.len());
        for plan in plans {
            founded.push(Founded::make(plan, source.clone()).await?);
        }
        for one in founded.iter().filter(|one| !one.witnesses().is_empty()) {
            let mut of = Vec::new();
            for party in one.witnesses() {
                let witness = founded.iter().find(|other| other.party() == party);
                let party = party.clone();
                of.extend(
                    witness
                        .ok_or(LoopbackError::NoMember { party })?
                        .as_witness()?,
                );
            }
            let threshold = u16::try_from(one.witnesses().len()).unwrap_or(u16::MAX);
            one.name_witnesses(of, threshold)?;
        }
        for one in &founded {
            one.set_up().await?;
        }
        let mut lines = Vec::new();
        for to in &founded {
            let mut card = to.card().await?;
            for from in founded.iter().filter(|from| from.party() != to.party()) {
                let line = Line::open(&shutdown).await?;
                let address = line.address().to_string().parse();
                card.federation = Some(
                    address
                        .map_err(directory::Error::from)
                        .map_err(Problem::from)?,
                );
                from.meet(&card).await?;
                lines.push(Way {
                    from: from.party().clone(),
                    to: to.party().clone(),
                    line,
                });
            }
        }
        let mut members = Vec::with_capacity(founded.len());
        for one in founded {
            one.ground.db.close().await;
            members.push(one.member);
        }
        Ok(Self {
            members,
            lines,
            shutdown,
        })
    }

    /// Starts a node, and leads the lines of the others to it. Nothing happens to one that runs.
    pub async fn start(&mut self, party: &PartyCode) -> Result<(), LoopbackError> {
        let serving = self.member_mut(party)?.start().await?;
        for way in self.lines.iter().filter(|way| way.to == *party) {
            way.line.lead_to(serving.federation);
        }
        Ok(())
    }

    /// Starts every node.
    pub async fn start_all(&mut self) -> Result<(), LoopbackError> {
        let parties: Vec<_> = self.members.iter().map(|one| one.party().clone()).collect();
        for party in parties {
            self.start(&party).await?;
        }
        Ok(())
    }

    /// Stops a node in order. What it was doing it goes on doing when it is started again.
    pub async fn stop(&mut self, party: &PartyCode) -> Result<(), LoopbackError> {
        self.member_mut(party)?.stop().await
    }

    /// Stops every node and every line.
    pub async fn stop_all(&mut self) -> Result<(), LoopbackError> {
        let mut outcome = Ok(());
        for member in &mut self.members {
            outcome = outcome.and(member.stop().await);
        }
        self.shutdown.finish().await;
        outcome
    }

    /// All nodes, in the order of their plans.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The node of a party.
    pub fn member(&self, party: &PartyCode) -> Result<&Member, LoopbackError> {
        let found = self.members.iter().find(|member| member.party() == party);
        found.ok_or_else(|| LoopbackError::NoMember {
            party: party.clone(),
        })
    }

    /// The running node of a party.
    pub fn node(&self, party: &PartyCode) -> Result<&Node, LoopbackError> {
        self.member(party)?.node()
    }

    /// The line from one node to another.
    pub fn line(&self, from: &PartyCode, to: &PartyCode) -> Result<&Line, LoopbackError> {
        let mut lines = self.lines.iter();
        let found = lines.find(|way| way.from == *from && way.to == *to);
        found
            .map(|way| &way.line)
            .ok_or_else(|| LoopbackError::NoMember { party: to.clone() })
    }

    fn member_mut(&mut self, party: &PartyCode) -> Result<&mut Member, LoopbackError> {
        let mut members = self.members.iter_mut();
        let found = members.find(|member| member.party() == party);
        found.ok_or_else(|| LoopbackError::NoMember {
            party: party.clone(),
        })
    }
}
