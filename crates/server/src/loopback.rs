//! Several whole nodes in one process, on loopback: for the demonstration and for tests.
//!
//! Each has its folder, keys, database and both listeners. From every node to every other one runs
//! a [`Line`], which can be cut on purpose; nothing else about the nodes is special. A
//! [`SecondHistory`] is what somebody with a node's keys could forge.

mod fleet;
mod intruder;
mod line;
mod member;
mod second_history;

use std::io;

use kernel::{PartyCode, Problem};

use crate::{config::ConfigError, keys::KeysError, node::NodeError};

pub use fleet::Fleet;
pub use intruder::{Intruder, address_past_the_line, alter};
pub use line::Line;
pub use member::{Member, Plan};
pub use second_history::SecondHistory;

/// Nodes on loopback that cannot be made or run.
#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    /// No node of that party is here.
    #[error("there is no node of {party} here")]
    NoMember {
        /// The party.
        party: PartyCode,
    },
    /// The node is not running.
    #[error("the node of {party} is stopped")]
    Stopped {
        /// The party.
        party: PartyCode,
    },
    /// A node could not end its work in time.
    #[error("the node of {party} did not stop in time")]
    Late {
        /// The party.
        party: PartyCode,
    },
    /// A configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// A node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// What a room said.
    #[error("a node could not be set up")]
    Room(#[from] Problem),
    /// The network or a folder of this machine.
    #[error("this machine refuses")]
    Io(#[from] io::Error),
}
