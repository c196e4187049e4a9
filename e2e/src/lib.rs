//! Journeys through the real binary and a real browser.
//!
//! The browser is Chromium, driven by `ChromeDriver` over the W3C `WebDriver` protocol; `cargo xtask
//! test` finds or installs both and names them in the environment. A test here that lacks one of
//! them fails and says which.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stderr,
    reason = "a process that does not end is said where the test's own output is"
)]

mod account;
mod browser;
mod demo;
mod http;
mod node;
mod page;
mod process;
mod program;

pub use account::Account;
pub use browser::{Browser, Scheme};
pub use demo::Demo;
pub use http::{Connection, Response, get};
pub use node::{Node, Setup};
pub use page::{HEIGHT, Look, Visit, WIDTHS, check, look_at};
pub use program::{Finished, Program};

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

/// The value of a variable that `cargo xtask test` sets.
fn variable(name: &str) -> Result<PathBuf> {
    let value = env::var_os(name);
    let value =
        value.with_context(|| format!("{name} is not set: run `cargo xtask test -p e2e`"))?;
    Ok(value.into())
}
