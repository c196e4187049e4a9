//! Comparing notes with peers: once an hour, after a start, and when a node comes back.
//!
//! The two sides first compare one digest each way. Only where these differ are ids named, page by
//! page over ranges of ids, both sides bounded by [`NAMES_MAX`]; what stays different is a gap, which
//! is shown until it is resolved.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use db::{Tx, setting};
use kernel::{MessageId, Mode, PartyCode, boxed};
use queue::JobFailure;
use serde::{Deserialize, Serialize};
use tracing::{debug, warn};

use super::{COME_BACK, Gate, Luggage, PeerJob, Post, RECONCILE, RECONCILE_ALL};
use crate::{
    error::Error,
    model::Digest,
    protocol::{Effect, Input},
    store::{self, Between, Range},
    transport::Method,
    wire::{Compared, NAMES_MAX, Names},
};

/// How often notes are compared.
const EVERY: Duration = Duration::from_hours(1);
/// The most pages of names of one comparison: half a million messages. The next one begins anew.
const PAGES_MAX: usize = 1_000;
/// The name under which the node remembers which plan of comparisons counts.
const PLAN: &str = "federation.reconcile_plan";

/// Plans all comparisons. Those of an earlier start of the node no longer count.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Plan {
    number: u64,
}

impl Post {
    /// Plans what a node does of its own accord from its start on: comparing notes with every peer,
    /// now and once an hour, and coming back where it was restored from a backup.
    #[boxed]
    pub async fn plan(&self) -> Result<(), Error> {
        let returning = self.gate().await? != Gate::Open;
        let ground = self.ground();
        let mut tx = ground.db.begin().await?;
        let last = setting::read(&mut tx, PLAN).await?;
        let number = last.and_then(|last| last.parse().ok()).unwrap_or(0_u64);
        let plan = Plan {
            number: number.saturating_add(1),
        };
        setting::write(&mut tx, PLAN, &plan.number.to_string()).await?;
        ground
            .enqueue(&mut tx, RECONCILE_ALL, &plan, ground.now())
            .await?;
        if returning {
            ground
                .enqueue(&mut tx, COME_BACK, &(), ground.now())
                .await?;
        }
        tx.wake();
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn reconcile_all(&self, plan: Plan) -> Result<(), JobFailure> {
        let again = |error: &Error| JobFailure::Again(error.to_string());
        self.plan_round(plan).await.map_err(|error| again(&error))
    }

    async fn plan_round(&self, plan: Plan) -> Result<(), Error> {
        let ground = self.ground();
        let mut tx = ground.db.begin().await?;
        if setting::read(&mut tx, PLAN).await? != Some(plan.number.to_string()) {
            return Ok(());
        }
        self.plan_now(&mut tx).await?;
        let next = ground.now().plus(EVERY);
        ground.enqueue(&mut tx, RECONCILE_ALL, &plan, next).await?;
        tx.wake();
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn reconcile_one(&self, job: PeerJob) -> Result<(), JobFailure> {
        // A node that comes back compares notes as part of that.
        let work = async {
            match self.gate().await? {
                Gate::Open => self.reconcile((&job.party, job.mode)).await,
                Gate::Asking | Gate::Fetching => Ok(false),
            }
        };
        match work.await {
            Ok(_whether_it_answered) => Ok(()),
            Err(Error::NoPeer { .. }) => Ok(()),
            Err(error) => Err(JobFailure::Again(error.to_string())),
        }
    }

    /// Compares notes with a peer now, and does what follows. False if it did not answer; the next
    /// hour comes.
    #[boxed]
    pub async fn reconcile(&self, at: (&PartyCode, Mode)) -> Result<bool, Error> {
        let path = format!("/federation/v1/holdings?mode={}", at.1.as_str());
        let Ok(body) = self.call(at, Method::Get, path, Vec::new()).await? else {
            return Ok(false);
        };
        let Ok(theirs) = serde_json::from_slice::<Compared>(&body) else {
            warn!(peer.name = %at.0, "peer {} states its holdings in no form that is known here", at.0);
            return Ok(false);
        };
        let input = Input::Compare {
            theirs: theirs.holdings,
        };
        let after = self.apply(at, vec![input]).await?;
        if after.contains(&Effect::NameHoldings) {
            return self.name_holdings(at).await;
        }
        Ok(true)
    }

    /// Goes through all ids, page by page. False if the peer stopped answering.
    async fn name_holdings(&self, at: (&PartyCode, Mode)) -> Result<bool, Error> {
        let mut after: Option<MessageId> = None;
        for _ in 0..PAGES_MAX {
            // Looked up before the peer answers: what it gives a receipt for meanwhile is no gap.
            let mut tx = self.ground().db.begin_read().await?;
            let (ours, cut) = store::between(&mut tx, at, (after, None), NAMES_MAX).await?;
            drop(tx);
            let Some(theirs) = self.ask_names(at, (after, cut)).await? else {
                return Ok(false);
            };
            let until = theirs.until.or(cut);
            if until.is_some() && until <= after {
                debug!(peer.name = %at.0, "peer {} names no further ids", at.0);
                return Ok(false);
            }
            let effects = self.take_names(at, (after, until), &ours, &theirs).await?;
            for effect in effects {
                self.carry_out(at, vec![effect]).await;
            }
            after = until;
            if after.is_none() {
                return Ok(true);
            }
        }
        warn!(peer.name = %at.0, "notes with {} differ over more pages than one comparison takes", at.0);
        Ok(true)
    }

    async fn ask_names(
        &self,
        at: (&PartyCode, Mode),
        (after, until): Range,
    ) -> Result<Option<Names>, Error> {
        let part = |name: &str, id: Option<MessageId>| {
            id.map(|id| format!("&{name}={id}")).unwrap_or_default()
        };
        let path = format!(
            "/federation/v1/names?mode={}{}{}",
            at.1.as_str(),
            part("after", after),
            part("until", until)
        );
        let Ok(body) = self.call(at, Method::Get, path, Vec::new()).await? else {
            return Ok(None);
        };
        let names: Option<Names> = serde_json::from_slice(&body).ok();
        // What lies beyond the range asked for cannot be judged: our rows of it are not at hand.
        Ok(names.filter(|names| {
            let mut ids = names.sent.iter().chain(&names.received).map(|(id, _)| *id);
            let end = names.until.or(until);
            ids.all(|id| after.is_none_or(|after| id > after) && end.is_none_or(|end| id <= end))
                && (names.until.is_none() || until.is_none() || names.until <= until)
        }))
    }

    async fn take_names(
        &self,
        at: (&PartyCode, Mode),
        range: Range,
        before: &Between,
        theirs: &Names,
    ) -> Result<Vec<Effect>, Error> {
        let receipted: BTreeSet<MessageId> = before.sent().into_keys().collect();
        let sent: BTreeMap<MessageId, Digest> = theirs.sent.iter().copied().collect();
        let received: BTreeMap<MessageId, Digest> = theirs.received.iter().copied().collect();
        let mut tx = self.ground().db.begin().await?;
        let row = store::lock_peer(&mut tx, at.0, at.1).await?;
        let mut peer = self.load(&mut tx, row, Vec::new()).await?;
        // Twice as many as were named: what came meanwhile is there, and the range still bounded.
        let (mut now, cut) = store::between(&mut tx, at, range, 4 * NAMES_MAX).await?;
        if cut.is_some() {
            debug!(peer.name = %at.0, "too much came meanwhile to compare notes with {}", at.0);
            return Ok(Vec::new());
        }
        now.outbox.retain(|id, out| {
            let receipted_now = matches!(out.delivery, crate::state::Delivery::Receipted { .. });
            !receipted_now || receipted.contains(id) || received.contains_key(id)
        });
        peer.outbox = now.outbox;
        peer.inbox = now.inbox;
        peer.gaps = now.gaps;
        let input = Input::Named { sent, received };
        let after = self
            .run_inputs(&mut tx, at, &mut peer, vec![input], &Luggage::default())
            .await?;
        store::set_heard(&mut tx, at, self.ground().now()).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// What this node states that it holds of the traffic with a peer.
    #[boxed]
    pub async fn holdings(&self, at: (&PartyCode, Mode)) -> Result<Compared, Error> {
        self.all_there().await?;
        self.known(at.0, at.1)?;
        let mut tx = self.ground().db.begin_read().await?;
        let row = store::peer(&mut tx, at.0, at.1).await?;
        Ok(Compared {
            holdings: row.map(|row| row.holdings).unwrap_or_default(),
            keyset: self.keys().chain(at.1).latest().set().seq,
        })
    }

    /// One page of the ids that this node holds of the traffic with a peer.
    #[boxed]
    pub async fn names(&self, at: (&PartyCode, Mode), range: Range) -> Result<Names, Error> {
        self.all_there().await?;
        self.known(at.0, at.1)?;
        let mut tx = self.ground().db.begin_read().await?;
        let (between, until) = store::between(&mut tx, at, range, NAMES_MAX).await?;
        Ok(Names {
            sent: between.sent().into_iter().collect(),
            received: between.received().into_iter().collect(),
            until,
        })
    }

    /// A node that lacks what it sent and received since its backup has no notes to compare.
    pub(super) async fn all_there(&self) -> Result<(), Error> {
        match self.gate().await? {
            Gate::Open => Ok(()),
            Gate::Asking | Gate::Fetching => Err(Error::Returning),
        }
    }

    /// Compares notes with every peer soon.
    pub(super) async fn plan_now(&self, tx: &mut Tx) -> Result<(), Error> {
        let ground = self.ground();
        for mode in [Mode::Real, Mode::Exercise] {
            for peer in self.peers(mode) {
                if peer.authority.is_some() {
                    let party = peer.party.clone();
                    let job = PeerJob { party, mode };
                    ground.enqueue(tx, RECONCILE, &job, ground.now()).await?;
                }
            }
        }
        Ok(())
    }
}
