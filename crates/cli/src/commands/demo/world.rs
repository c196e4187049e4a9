//! The nodes of the story and the people at them.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use access::{
    model::Password,
    ops::{NewUser, create_user},
};
use anyhow::anyhow;
use audit::Ground;
use exchange::Exchange;
use federation::{
    state::{Delivery, Grade},
    store::{self, OutboxRow},
};
use kernel::{MessageId, Mode, OsRng, PartyCode, SystemClock, UserId, Viewer, Who, random_array};
use server::{
    loopback::{Fleet, Member, Plan},
    node::Node,
};
use tokio::time::timeout;

use super::cast::{PARTIES, Party, Person};
use crate::output::Failure;

/// How long anything may take to come about.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often is looked, where nothing says that something has changed.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The nodes and their users.
pub(super) struct World {
    pub(super) fleet: Fleet,
    /// Where files are kept.
    pub(super) folder: PathBuf,
    /// With which every user of this demonstration signs in.
    pub(super) password: String,
    users: HashMap<(&'static str, &'static str), UserId>,
    /// Every message of the story, in order.
    pub(super) letters: Vec<Letter>,
}

/// A message that was sent.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) id: MessageId,
    pub(super) kind: &'static str,
}

impl World {
    /// Makes and starts the three nodes with their users.
    pub(super) async fn found(folder: &Path) -> Result<Self, Failure> {
        let mut plans = Vec::new();
        for party in &PARTIES {
            plans.push(plan(party, folder)?);
        }
        let mut fleet = Fleet::found(plans, (Arc::new(SystemClock), Arc::new(OsRng))).await?;
        fleet.start_all().await?;
        let mut world = Self {
            fleet,
            folder: folder.to_owned(),
            password: password(),
            users: HashMap::new(),
            letters: Vec::new(),
        };
        for party in &PARTIES {
            for person in party.people {
                let id = world.enrol(party, person).await?;
                world.users.insert((party.code, person.name), id);
            }
        }
        Ok(world)
    }

    async fn enrol(&self, party: &Party, person: &Person) -> Result<UserId, Failure> {
        let viewer = Viewer::node("init", party.code.parse()?, Mode::Exercise);
        let new = NewUser {
            name: person.name.parse()?,
            display: person.display.parse()?,
            roles: person.roles.iter().copied().collect(),
            language: person.language,
            password: Some(Password::new(self.password.clone())?),
        };
        let (user, _no_code) = create_user(self.ground(party.code)?, &viewer, new).await?;
        Ok(user.id)
    }

    /// Somebody of a party, at the screen, in the exercise.
    pub(super) fn viewer(
        &self,
        party: &'static str,
        name: &'static str,
    ) -> Result<Viewer, Failure> {
        let people = PARTIES.iter().find(|one| one.code == party);
        let person = people.and_then(|one| one.people.iter().find(|one| one.name == name));
        let id = self.users.get(&(party, name));
        let (person, id) = person
            .zip(id)
            .ok_or_else(|| anyhow!("nobody is called {name}"))?;
        Ok(Viewer {
            who: Who::User {
                id: *id,
                name: name.to_owned(),
            },
            roles: person.roles.iter().copied().collect(),
            party: party.parse()?,
            circles: Vec::new(),
            mode: Mode::Exercise,
        })
    }

    pub(super) fn member(&self, party: &str) -> Result<&Member, Failure> {
        Ok(self.fleet.member(&code(party)?)?)
    }

    pub(super) fn node(&self, party: &str) -> Result<&Node, Failure> {
        Ok(self.member(party)?.node()?)
    }

    pub(super) fn ground(&self, party: &str) -> Result<&Ground, Failure> {
        Ok(self.node(party)?.ground())
    }

    pub(super) fn exchange(&self, party: &str) -> Result<Exchange, Failure> {
        Ok(self.node(party)?.exchange())
    }

    /// Where a message stands at its sender.
    pub(super) async fn delivery(&self, from: &str, id: MessageId) -> Result<OutboxRow, Failure> {
        let mut tx = self.ground(from)?.db.begin_read().await?;
        let row = store::delivery(&mut tx, id).await?;
        Ok(row.ok_or_else(|| anyhow!("{from} has no message {id} in its outbox"))?)
    }

    /// Waits until a message is receipted, with the witness's cosignature if that is asked for.
    pub(super) async fn receipted(
        &self,
        letter: &Letter,
        least: Grade,
    ) -> Result<OutboxRow, Failure> {
        let what = format!("the receipt for {} {}", letter.kind, letter.id);
        self.until(letter.from, &what, async || {
            let row = self.delivery(letter.from, letter.id).await?;
            let there = match row.outgoing.delivery {
                Delivery::Receipted { grade } => grade >= least,
                Delivery::Refused { ref code } => {
                    return Err(anyhow!("{} was refused: {}", letter.id, code.as_str()).into());
                }
                Delivery::Queued
                | Delivery::Sent
                | Delivery::Undeliverable { .. }
                | Delivery::Carried
                | Delivery::Withdrawn => false,
            };
            Ok(there.then_some(row))
        })
        .await
    }

    /// Waits until every message so far has a receipt with the witness's cosignature.
    pub(super) async fn all_witnessed(&self) -> Result<(), Failure> {
        for letter in &self.letters {
            self.receipted(letter, Grade::Witnessed).await?;
        }
        Ok(())
    }

    /// Looks again whenever the node has written something, until there is something to see.
    pub(super) async fn until<T>(
        &self,
        party: &str,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, Failure>,
    ) -> Result<T, Failure> {
        let ground = self.ground(party)?;
        let began = ground.now();
        loop {
            let woken = ground.db.woken();
            tokio::pin!(woken);
            woken.as_mut().enable();
            if let Some(found) = look().await? {
                return Ok(found);
            }
            if ground.now().since(began) > PATIENCE {
                return Err(anyhow!("{what} did not come within {PATIENCE:?}").into());
            }
            // Woken or not, it looks.
            drop(timeout(LOOK_AGAIN, woken).await);
        }
    }

    /// Stops the three nodes.
    pub(super) async fn stop(&mut self) -> Result<(), Failure> {
        Ok(self.fleet.stop_all().await?)
    }
}

/// The code of a party of the story.
pub(super) fn code(party: &str) -> Result<PartyCode, Failure> {
    Ok(party.parse()?)
}

/// What a party of the story is called.
pub(super) fn name(party: &str) -> &'static str {
    let found = PARTIES.iter().find(|one| one.code == party);
    found.map_or("somebody", |one| match one.title {
        "Regional hub" => "the hub",
        title => title,
    })
}

fn plan(party: &Party, folder: &Path) -> Result<Plan, Failure> {
    let mut desks = Vec::new();
    for desk in party.desks {
        desks.push(desk.to_contact()?);
    }
    let mut witnesses = Vec::new();
    for witness in party.witnesses {
        witnesses.push(code(witness)?);
    }
    Ok(Plan {
        party: code(party.code)?,
        title: party.title.parse()?,
        data: folder.join("nodes").join(party.word),
        database: None,
        web_host: Some(format!("{}.localhost", party.word)),
        desks,
        witnesses,
    })
}

/// Drawn anew for each demonstration: nobody signs in to it with a password from the manual.
fn password() -> String {
    let bytes: [u8; 8] = random_array(&OsRng);
    let word = u64::from_be_bytes(bytes);
    let (high, low) = (word >> 32, word & 0xffff_ffff);
    format!("exercise-{high:08x}-{low:08x}")
}
