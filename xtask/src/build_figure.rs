//! How long a release build takes from nothing: what a newcomer waits for.
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement takes the time from the machine's clock"
)]

use std::{fs, time::Instant};

use anyhow::{Context, Result};
use serde_json::json;

use crate::{bench::Figure, shell};

const SECONDS_MAX: f64 = 480.0;
/// The bar is for two cores, on whatever machine.
const JOBS: &str = "2";

pub(crate) fn measure() -> Result<Vec<Figure>> {
    // Fetched before, so that the network is not measured.
    shell::output(shell::cargo().args(["fetch", "--quiet", "--locked"]))?;
    let folder = shell::target().join("cold");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    }
    let start = Instant::now();
    shell::output(
        shell::cargo()
            .args(["build", "--release", "--quiet", "--locked", "--jobs", JOBS])
            .env("CARGO_TARGET_DIR", &folder),
    )?;
    let seconds = (start.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    let figure = Figure::new(json!({
        "area": "build",
        "name": "cold release build, two jobs",
        "value": seconds,
        "unit": "s",
        "peer": null,
        "ratio": null,
        "bar": format!("< {SECONDS_MAX}"),
        "ok": seconds < SECONDS_MAX,
    }))?;
    Ok(vec![figure])
}
