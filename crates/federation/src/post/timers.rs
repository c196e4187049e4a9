//! The timers of messages under way.
//!
//! A timer is a durable job, set before each try. Once a message is settled its job would ring for
//! nothing, and cost three commits; so it is taken back in the transaction that settles it. Which
//! job that is, only this process remembers: one that it forgot rings and changes nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use db::Tx;
use kernel::{JobId, MessageId};

use super::Post;
use crate::error::Error;

/// How many timers are remembered at most.
const REMEMBERED_MAX: usize = 65_536;

/// The jobs that ring for messages.
#[derive(Default)]
pub(super) struct Timers(Mutex<HashMap<MessageId, JobId>>);

impl Post {
    /// Remembers a message's timer, and takes back the one before it.
    pub(super) async fn timed(&self, tx: &mut Tx, id: MessageId, job: JobId) -> Result<(), Error> {
        let before = {
            let timers = &self.0.timers.0;
            let mut timers = timers.lock().unwrap_or_else(PoisonError::into_inner);
            let before = timers.remove(&id);
            if timers.len() < REMEMBERED_MAX {
                timers.insert(id, job);
            }
            before
        };
        if let Some(before) = before {
            queue::cancel(tx, before).await?;
        }
        Ok(())
    }

    /// Takes back the timer of a message that is settled.
    pub(super) async fn quiet(&self, tx: &mut Tx, id: MessageId) -> Result<(), Error> {
        let timers = &self.0.timers.0;
        let job = timers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        if let Some(job) = job {
            queue::cancel(tx, job).await?;
        }
        Ok(())
    }
}
