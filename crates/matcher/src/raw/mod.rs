//! The unsafe code of the crate, each block with its reason.
#![warn(clippy::undocumented_unsafe_blocks)]

mod classify;
mod fast;
#[cfg(unix)]
mod fault;
#[cfg(unix)]
mod map;
mod pages;

pub(crate) use classify::classify;
pub(crate) use fast::{Work, prefetch, with_bits};
#[cfg(unix)]
pub(crate) use map::Mapped;
pub(crate) use pages::Pages;
