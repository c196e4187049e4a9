//! Asking a peer.

use std::{
    collections::HashSet,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{Mode, PartyCode, boxed};

use super::Post;
use crate::{
    error::Error,
    protocol::Failure,
    store,
    transport::{Call, CallError, Method},
    wire::{ANSWER_BYTES_MAX, LONG_ANSWER_BYTES_MAX},
};

/// How long a peer may take to answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);

impl Post {
    /// Asks the peer. A failure to reach it is noted at the peer, and is no error of ours.
    #[boxed]
    pub(super) async fn call(
        &self,
        at: (&PartyCode, Mode),
        method: Method,
        path: String,
        body: Vec<u8>,
    ) -> Result<Result<Vec<u8>, Failure>, Error> {
        self.ask(at, (method, path, body), ANSWER_BYTES_MAX).await
    }

    /// Asks a peer for what a room of its node answers, on the connection between nodes. Nothing if it
    /// does not answer.
    #[boxed]
    pub async fn ask_room(
        &self,
        at: (&PartyCode, Mode),
        path: String,
    ) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.call(at, Method::Get, path, Vec::new()).await?.ok())
    }

    /// Reads something long of the peer, such as an envelope.
    pub(super) async fn fetch(
        &self,
        at: (&PartyCode, Mode),
        path: String,
    ) -> Result<Result<Vec<u8>, Failure>, Error> {
        self.ask(at, (Method::Get, path, Vec::new()), LONG_ANSWER_BYTES_MAX)
            .await
    }

    async fn ask(
        &self,
        at: (&PartyCode, Mode),
        (method, path, body): (Method, String, Vec<u8>),
        answer_bytes_max: usize,
    ) -> Result<Result<Vec<u8>, Failure>, Error> {
        let peer = self.known(at.0, at.1)?;
        let Some(to) = peer.address() else {
            return Ok(Err(Failure::Unreachable));
        };
        let call = Call {
            to,
            method,
            path,
            headers: Vec::new(),
            body,
            answer_bytes_max,
            time_max: ANSWER_TIME_MAX,
        };
        let (failure, why) = match self.0.transport.call(call).await {
            Ok(answer) if (200..300).contains(&answer.status) => {
                self.answered(at).await?;
                return Ok(Ok(answer.body));
            }
            Ok(answer) if answer.status == 429 || answer.status >= 500 => {
                (Failure::Deferred, format!("status {}", answer.status))
            }
            Ok(answer) => (Failure::Interrupted, format!("status {}", answer.status)),
            Err(CallError::Unreachable(why)) => (Failure::Unreachable, why),
            Err(CallError::Interrupted(why)) => (Failure::Interrupted, why),
        };
        self.answering().remove(&(at.0.clone(), at.1));
        let mut tx = self.ground().db.begin().await?;
        store::lock_peer(&mut tx, at.0, at.1).await?;
        let why: String = why.chars().take(300).collect();
        store::set_failed(&mut tx, at, self.ground().now(), &why).await?;
        tx.commit().await?;
        Ok(Err(failure))
    }

    /// Notes that a peer answers, where the last that was noted may be that it did not.
    pub(super) async fn answered(&self, at: (&PartyCode, Mode)) -> Result<(), Error> {
        let peer = (at.0.clone(), at.1);
        if self.answering().contains(&peer) {
            return Ok(());
        }
        let mut tx = self.ground().db.begin().await?;
        store::lock_peer(&mut tx, at.0, at.1).await?;
        store::set_heard(&mut tx, at, self.ground().now()).await?;
        tx.commit().await?;
        self.answering().insert(peer);
        Ok(())
    }

    fn answering(&self) -> MutexGuard<'_, HashSet<(PartyCode, Mode)>> {
        let answering = &self.0.answering;
        answering.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
