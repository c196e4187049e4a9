//! Witnesses: having our ledger cosigned, and cosigning that of others.

use audit::{Log, Outcome};
use db::{Tx, setting};
use kernel::{Mode, PartyCode, boxed};
use ledger::{AddCheckpoint, Note, VerifierKey};
use queue::JobFailure;
use tracing::warn;

use super::{COSIGN, Luggage, PeerJob, Post, receive::cosigned_name};
use crate::{
    error::Error,
    own::{epoch_of, ledger_keys},
    protocol::{Alarm, Consistency, Head, Input, Standing},
    store,
    transport::{Call, Method},
    verify::witness_policy,
    wire::ANSWER_BYTES_MAX,
};

/// The answer of `add-checkpoint` (`tlog-witness`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WitnessAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The cosignature lines, the size seen last, or a reason.
    pub body: String,
}

/// What came of asking one witness.
enum Asked {
    Cosigned,
    Not,
}

impl Post {
    /// Has our ledger cosigned soon, where our key set names witnesses.
    pub(super) async fn ask_cosignatures(&self, tx: &mut Tx, mode: Mode) -> Result<(), Error> {
        let keys = self.keys();
        if keys.chain(mode).latest().set().witnesses.of.is_empty() {
            return Ok(());
        }
        let job = PeerJob {
            party: keys.party().clone(),
            mode,
        };
        let ground = self.ground();
        ground.enqueue(tx, COSIGN, &job, ground.now()).await?;
        Ok(())
    }

    pub(super) async fn have_cosigned(&self, job: PeerJob) -> Result<(), JobFailure> {
        let again = |error: Error| JobFailure::Again(error.to_string());
        if !self.may_sign().await.map_err(again)? {
            // Asked for again once the node is all there.
            return Ok(());
        }
        let done = self.cosign_round(job.mode).await.map_err(again)?;
        if done {
            Ok(())
        } else {
            Err(JobFailure::Again(
                "not enough witnesses have cosigned".to_owned(),
            ))
        }
    }

    /// Asks every witness for a cosignature on our newest checkpoint. True once enough have.
    #[boxed]
    pub async fn cosign_round(&self, mode: Mode) -> Result<bool, Error> {
        let log = Log::of(mode);
        let keys = self.keys();
        let (policy, _regions) =
            witness_policy(keys.chain(mode).latest().set()).map_err(audit::Error::from)?;
        let note = audit::checkpoint(self.ground(), log, keys.ledger(log)).await?;
        let size = size_of(&note)?;
        let mut tx = self.ground().db.begin_read().await?;
        let before = setting::read(&mut tx, &cosigned_name(self.ground(), log)).await?;
        drop(tx);
        // After the ledger's keys were replaced, the same head is signed again without cosignatures.
        let has = policy.witnesses.iter().filter(|one| cosigned(&note, one));
        if before.as_deref() == Some(size.to_string().as_str())
            && has.count() >= policy.needed.max(1)
        {
            return Ok(true);
        }
        let mut answered = 0;
        for witness in &policy.witnesses {
            match self.ask_witness(mode, witness, (&note, size)).await? {
                Asked::Cosigned => answered += 1,
                Asked::Not => {}
            }
        }
        if answered < policy.needed.max(1) {
            return Ok(false);
        }
        self.upgrade(mode, size).await?;
        Ok(true)
    }

    /// Notes that receipts below this size are cosigned now.
    async fn upgrade(&self, mode: Mode, size: u64) -> Result<(), Error> {
        let mut tx = self.ground().db.begin().await?;
        setting::write(
            &mut tx,
            &cosigned_name(self.ground(), Log::of(mode)),
            &size.to_string(),
        )
        .await?;
        let epoch = self.ground().epoch(Log::of(mode));
        for (party, id) in store::own_grade(&mut tx, mode, (epoch, size)).await? {
            let input = vec![Input::Cosigned { id }];
            self.step(&mut tx, (&party, mode), input, &Luggage::default())
                .await?;
        }
        tx.wake();
        tx.commit().await?;
        Ok(())
    }

    async fn ask_witness(
        &self,
        mode: Mode,
        witness: &ledger::Witness,
        (note, size): (&Note, u64),
    ) -> Result<Asked, Error> {
        let Some(party) = witness.keys.first().and_then(party_of) else {
            warn!(
                "the witness {} has no node that is known here",
                witness.name
            );
            return Ok(Asked::Not);
        };
        let log = Log::of(mode);
        let name = match self.ground().epoch(log) {
            0 => format!("federation.witness.{party}.{log}"),
            epoch => format!("federation.witness.{party}.{log}.{epoch}"),
        };
        let mut tx = self.ground().db.begin_read().await?;
        let last = setting::read(&mut tx, &name).await?;
        drop(tx);
        let mut old = last.and_then(|size| size.parse().ok()).unwrap_or(0);
        // Once more where the witness remembers another size than we do.
        for _ in 0..2 {
            let Some(answer) = self
                .add_checkpoint_at(&party, mode, note, (old, size))
                .await?
            else {
                return Ok(Asked::Not);
            };
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            match answer.status {
                200 => {
                    let cosigned = Note::parse(format!("{}\n{body}", note.text).as_bytes());
                    let lines = cosigned.map_err(audit::Error::from)?.signatures;
                    let mut tx = self.ground().db.begin().await?;
                    let at = (Log::of(mode), size);
                    audit::add_cosignatures(&mut tx, self.ground(), at, &lines, &witness.keys)
                        .await?;
                    setting::write(&mut tx, &name, &size.to_string()).await?;
                    tx.commit().await?;
                    return Ok(Asked::Cosigned);
                }
                409 => match body.trim().parse() {
                    Ok(theirs) if theirs != old && theirs <= size => old = theirs,
                    _ => return Ok(Asked::Not),
                },
                status => {
                    warn!(peer.name = %party, "the witness {party} answers {status}");
                    return Ok(Asked::Not);
                }
            }
        }
        Ok(Asked::Not)
    }

    async fn add_checkpoint_at(
        &self,
        party: &PartyCode,
        mode: Mode,
        note: &Note,
        (old, size): (u64, u64),
    ) -> Result<Option<crate::transport::Answer>, Error> {
        let Some(to) = self.peer(party, mode).and_then(|peer| peer.address()) else {
            return Ok(None);
        };
        let mut tx = self.ground().db.begin_read().await?;
        let proof = if old == 0 || old == size {
            Vec::new()
        } else {
            audit::consistency(&mut tx, self.ground(), Log::of(mode), old, size).await?
        };
        drop(tx);
        let request = AddCheckpoint {
            old,
            proof,
            checkpoint: note.clone(),
        };
        let call = Call {
            to,
            method: Method::Post,
            path: format!("/federation/v1/witness/{}/add-checkpoint", mode.as_str()),
            headers: Vec::new(),
            body: request.to_string().into_bytes(),
            answer_bytes_max: ANSWER_BYTES_MAX,
            time_max: std::time::Duration::from_secs(10),
        };
        let answer = self.0.transport.call(call).await.ok();
        if answer.is_some() {
            self.answered((party, mode)).await?;
        }
        Ok(answer)
    }

    /// Answers a peer that asks to have its checkpoint cosigned (`tlog-witness`).
    #[boxed]
    pub async fn witness(
        &self,
        peer: &PartyCode,
        mode: Mode,
        body: &[u8],
    ) -> Result<WitnessAnswer, Error> {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => {
                return Ok(WitnessAnswer {
                    status: 400,
                    body: format!("{error}\n"),
                });
            }
        };
        // A witness that forgot what it cosigned could cosign what excludes it.
        self.all_there().await?;
        let known = self.known(peer, mode)?;
        let log = Log::of(mode);
        let stated = ledger::Checkpoint::parse(request.checkpoint.text.as_bytes()).ok();
        let epoch = stated
            .as_ref()
            .and_then(|stated| epoch_of(peer, log, stated.origin()));
        let mut trusted = None;
        // Of an epoch that the peer has stated, and of no earlier one.
        if let Some(epoch) = epoch
            && self.knows_epoch((peer, mode), epoch).await?
            && self.epoch_known((peer, mode)).await? == epoch
        {
            trusted = ledger_keys(known.chain.latest().set(), peer, log, epoch)
                .map(|keys| vec![keys.ed25519().clone(), keys.mldsa44().clone()]);
        }
        let keys = self.keys();
        let outcome = audit::add_checkpoint(
            self.ground(),
            &request,
            trusted.as_deref(),
            keys.witness(mode),
        )
        .await?;
        let (status, body) = match outcome {
            Outcome::Cosigned(lines) => (
                200,
                lines
                    .iter()
                    .fold(String::new(), |text, line| text + &line.to_string()),
            ),
            Outcome::Frozen => (409, "frozen\n".to_owned()),
            Outcome::Refused(refusal) => {
                if refusal.is_evidence() {
                    self.tell_split_view(peer, mode, stated.as_ref()).await?;
                }
                let body = match refusal {
                    ledger::Refusal::Stale { size } => format!("{size}\n"),
                    other => format!("{other}\n"),
                };
                (refusal.status(), body)
            }
        };
        Ok(WitnessAnswer { status, body })
    }

    /// Two ledgers were shown to us as a witness: the duty officer is told, and the peer's receipts
    /// are frozen.
    async fn tell_split_view(
        &self,
        peer: &PartyCode,
        mode: Mode,
        shown: Option<&ledger::Checkpoint>,
    ) -> Result<(), Error> {
        let Some(shown) = shown else { return Ok(()) };
        let head = |checkpoint: &ledger::Checkpoint| Head {
            size: checkpoint.size(),
            root: seal::Digest::from_bytes(*checkpoint.root().as_bytes()),
        };
        let mut tx = self.ground().db.begin().await?;
        let kept = audit::last_seen(&mut tx, shown.origin()).await?;
        let kept = kept.and_then(|note| ledger::Checkpoint::parse(note.text.as_bytes()).ok());
        let kept = kept.as_ref().map_or_else(|| head(shown), head);
        let shown = head(shown);
        let row = store::lock_peer(&mut tx, peer, mode).await?;
        if row.standing == Standing::Believed {
            let failed = |head| Input::Checkpoint {
                head,
                consistency: Consistency::Failed,
            };
            // Whichever of the two is the head, the other excludes it.
            let inputs = if row.head == Some(shown) {
                vec![failed(kept)]
            } else if row.head.is_some() {
                vec![failed(shown)]
            } else {
                vec![failed(kept), failed(shown)]
            };
            self.step(&mut tx, (peer, mode), inputs, &Luggage::default())
                .await?;
        } else {
            let alarm = Alarm::SplitView { known: kept, shown };
            self.raise(&mut tx, (peer, mode), &alarm).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Whether each key of a witness stands on a note.
fn cosigned(note: &Note, witness: &ledger::Witness) -> bool {
    let mut keys = witness.keys.iter();
    keys.all(|key| note.signatures.iter().any(|line| key.claims(line)))
}

fn size_of(note: &Note) -> Result<u64, Error> {
    let checkpoint = ledger::Checkpoint::parse(note.text.as_bytes()).map_err(audit::Error::from)?;
    Ok(checkpoint.size())
}

/// The party whose node a witness key belongs to, by the key's name `comity/PARTY/witness/MODE`.
fn party_of(key: &VerifierKey) -> Option<PartyCode> {
    key.name()
        .strip_prefix("comity/")?
        .split('/')
        .next()?
        .parse()
        .ok()
}
