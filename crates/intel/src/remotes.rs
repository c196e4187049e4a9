//! What exchanges with servers of other makers are made of: a table of handlers by kind, which the
//! server fills, and the visit that a handler pays.

mod visit;

use std::{collections::HashMap, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use audit::Ground;
use kernel::PartyCode;
use outward::Client;
use seal::data::DataKey;

pub use visit::{Outgoing, Step, Visit};

use crate::model::{Direction, Invalid, RemoteKind, RemoteSettings, TestStep};

/// A future of a handler.
pub type Handling<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How one kind of server is spoken to.
#[derive(Clone)]
pub struct Handler {
    /// Whether the selection is one of this kind.
    pub check: fn(&RemoteSettings, Direction) -> Result<(), Invalid>,
    /// Exchanges what there is, from where the last run stopped.
    pub run: Arc<dyn Fn(Visit) -> Handling<Result<Ended, Trouble>> + Send + Sync>,
    /// Tries whether an exchange would work, and changes nothing there or here.
    pub test: Arc<dyn Fn(Visit) -> Handling<Vec<TestStep>> + Send + Sync>,
}

/// How a run ended that nothing was wrong with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ended {
    /// There is nothing more for now.
    Complete,
    /// There is more, and a run after so long goes on.
    More {
        /// How long.
        after: Duration,
        /// Why it ended: a stable code.
        code: &'static str,
        /// The same for people who operate.
        detail: String,
    },
}

/// Why a run could not go on.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{detail}")]
pub struct Trouble {
    /// A stable code.
    pub code: &'static str,
    /// What went wrong, without secrets and without content.
    pub detail: String,
    /// Whether it may pass by itself, so that it is worth trying again before the next time.
    pub passing: bool,
    /// How long the server asks to wait.
    pub wait: Option<Duration>,
    /// Whether what was exchanged until then is an end short of the whole, and not a failure.
    pub cut: bool,
}

/// What exchanges with remotes work with. Clones share all of it.
#[derive(Clone)]
pub struct Remotes {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Whose node it is.
    pub party: PartyCode,
    /// Opens credentials.
    pub data_key: DataKey,
    /// Through which servers are asked.
    pub client: Client,
    handlers: Arc<HashMap<RemoteKind, Handler>>,
}

impl Remotes {
    /// With these handlers.
    pub fn new(
        (ground, party, data_key): (Ground, PartyCode, DataKey),
        client: Client,
        handlers: impl IntoIterator<Item = (RemoteKind, Handler)>,
    ) -> Self {
        Self {
            ground,
            party,
            data_key,
            client,
            handlers: Arc::new(handlers.into_iter().collect()),
        }
    }

    /// The kinds that this node speaks, in their order.
    pub fn kinds(&self) -> Vec<RemoteKind> {
        let mut kinds: Vec<_> = self.handlers.keys().copied().collect();
        kinds.sort();
        kinds
    }

    pub(crate) fn handler(&self, kind: RemoteKind) -> Result<&Handler, Invalid> {
        self.handlers.get(&kind).ok_or(Invalid {
            field: "kind",
            rule: "a kind that this node speaks",
        })
    }
}

impl fmt::Debug for Remotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remotes")
            .field("kinds", &self.kinds())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").finish_non_exhaustive()
    }
}

impl Trouble {
    /// Something that will not pass by itself.
    pub fn lasting(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            passing: false,
            wait: None,
            cut: false,
        }
    }

    /// Something that may pass.
    pub fn passing(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            passing: true,
            ..Self::lasting(code, detail)
        }
    }

    /// An end short of the whole: what came is good, and what is left cannot be had.
    pub fn cut(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            cut: true,
            ..Self::lasting(code, detail)
        }
    }
}

impl From<outward::Error> for Trouble {
    fn from(error: outward::Error) -> Self {
        let detail = kernel::chain(&error);
        if error.may_pass() {
            Self::passing("intel.remote_unreachable", detail)
        } else {
            Self::lasting("intel.remote_unreachable", detail)
        }
    }
}

/// What goes wrong in the house passes, but where another run or a person took the remote away.
impl From<crate::Error> for Trouble {
    fn from(error: crate::Error) -> Self {
        let code = error.code();
        let detail = kernel::chain(&error);
        match error {
            crate::Error::Db(_) | crate::Error::Queue(_) | crate::Error::Audit(_) => {
                Self::passing(code, detail)
            }
            _ => Self::lasting(code, detail),
        }
    }
}
