//! What can be done with sharing.

mod accept;
mod again;
mod apply;
mod compare;
mod confirm;
mod drop;
mod letter;
mod look;
mod onward;
mod review;
mod rule;
mod send;
mod stated;
mod take;

pub use accept::{accept, decline};
pub use again::send_again;
pub(crate) use again::{RepairJob, repair};
pub(crate) use apply::{ApplyJob, apply};
pub use compare::{compare, plan};
pub(crate) use compare::{compare_all, compare_one};
pub(crate) use confirm::{ConfirmJob, confirm};
pub(crate) use drop::drop_files;
pub use look::{
    Differing, IncomingView, OutgoingView, PeerRow, PeerView, Traffic, peer, peers, shared_with,
    who_has,
};
pub use onward::{Preview, Reached, Stays, preview, set_shared};
pub(crate) use review::review;
pub(crate) use send::{SendJob, changed, send};
pub use stated::{held, names};
pub use take::{fates, room};
