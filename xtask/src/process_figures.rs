//! What the program costs as a process: its size, its start, its memory at rest.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use crate::{bench::Figure, shell};

/// The name of this area on the command line.
pub(crate) const AREA: &str = "process";

const SIZE_MIB_MAX: u64 = 64;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    shell::output(shell::cargo().args(["build", "--release", "--quiet", "-p", "cli"]))?;
    let program = shell::target().join("release/comity");
    let bytes = fs::metadata(&program)
        .with_context(|| format!("cannot read {}", program.display()))?
        .len();
    let mebibytes = bytes.div_ceil(1024 * 1024);
    Ok(vec![Figure::new(json!({
        "area": AREA,
        "name": "size of the binary, stripped",
        "value": mebibytes,
        "unit": "MiB",
        "peer": null,
        "ratio": null,
        "bar": format!("<= {SIZE_MIB_MAX}"),
        "ok": mebibytes <= SIZE_MIB_MAX,
    }))?])
}
