//! Figures of the program as programs of others ask it over HTTP, on loopback: `taxii` and `misp`, with
//! a number for another largest collection or another number of events. `cargo xtask bench taxii`
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a bench measures time, prints its figures, and ends at a surprise"
)]

mod load;
mod misp;
mod taxii;

use std::env;

use anyhow::Result;
use e2e::Program;

/// What the process may have for itself, whatever it serves.
const MEMORY_KIB_MAX: u64 = 512 * 1024;

fn main() -> Result<()> {
    let words: Vec<String> = env::args().collect();
    let number = words.iter().find_map(|word| word.parse().ok());
    let program = Program::find()?;
    if words.iter().any(|word| word == "misp") {
        misp::measure(&program, number)
    } else {
        taxii::measure(&program, number)
    }
}
