//! SQL of the exchange: messages in [`message`], threads and lists in [`thread`] and [`list`], files
//! in [`file`].

pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod message;
pub(crate) mod thread;

use db::Query;
use kernel::{Mode, PartyCode, ThreadId};
use uuid::Uuid;

/// A thread with one party, in one mode.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Place {
    /// Real or exercise.
    pub(crate) exercise: bool,
    /// With whom.
    pub(crate) party: PartyCode,
    /// The thread.
    pub(crate) thread: ThreadId,
}

impl Place {
    /// A thread with a party.
    pub(crate) const fn new(mode: Mode, party: PartyCode, thread: ThreadId) -> Self {
        Self {
            exercise: mode.is_exercise(),
            party,
            thread,
        }
    }

    /// Real or exercise.
    pub(crate) const fn mode(&self) -> Mode {
        Mode::from_exercise(self.exercise)
    }
}

/// What a viewer may see, as SQL needs it: bit `n` of a mask stands for the TLP label of code `n`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// Labels that the viewer sees.
    pub(crate) open_mask: i32,
    /// Labels that the viewer sees where he is named.
    pub(crate) named_mask: i32,
    /// Real or exercise data.
    pub(crate) exercise: bool,
    /// Who is named as the author; nil for nobody.
    pub(crate) user: Uuid,
    /// Which desks the viewer staffs.
    pub(crate) desks: i32,
}

impl Sight {
    /// Pushes the condition that the message `m` is one that the viewer sees.
    pub(crate) fn push(self, sql: &mut Query<'_>) {
        sql.push("m.exercise = ").push_bind(self.exercise);
        sql.push(" AND (((1 << m.tlp) & ").push_bind(self.open_mask);
        sql.push(") <> 0 OR (((1 << m.tlp) & ")
            .push_bind(self.named_mask);
        sql.push(") <> 0 AND (m.author = ").push_bind(self.user);
        sql.push(" OR (m.desk & ").push_bind(self.desks);
        sql.push(") <> 0)))");
    }
}
