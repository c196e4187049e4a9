//! The unsafe code of the crate, each block with its reason.

#[cfg(unix)]
mod fault;
#[cfg(unix)]
mod map;

#[cfg(unix)]
pub(crate) use map::Mapped;
