//! The unsafe code of the crate, each block with its reason.

mod classify;
#[cfg(unix)]
mod fault;
#[cfg(unix)]
mod map;

pub(crate) use classify::classify;
#[cfg(unix)]
pub(crate) use map::Mapped;
