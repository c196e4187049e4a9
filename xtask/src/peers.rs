//! What others have written, made under `target/` when first needed, so that no one who builds Comity
//! builds it: Pythons with libraries in virtual environments, which tests run or the STIX library is
//! measured against, and the crate `stix2` in a program of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::shell;

/// The clients and servers of others that tests run, in the versions that docs/interoperability.md
/// names.
const CLIENTS: [&str; 7] = [
    "taxii2-client==2.3.0",
    "stix2==3.0.2",
    "stix2-validator==3.3.1",
    "pymisp==2.5.34.4",
    "medallion==3.0.0",
    "opentaxii==0.9.3",
    "aiosmtpd==1.4.6",
];

/// What Python is given, in the versions that the figures name.
const PACKAGES: [&str; 2] = ["stix2==3.0.2", "stix2-matcher==3.0.0"];

/// The peer in Rust, in the version that the figures name.
const STIX2_CRATE: &str = "0.1.1";

/// The variables by which benches find their peers, and the programs.
pub(crate) fn of_stix() -> Result<[(&'static str, PathBuf); 2]> {
    Ok([
        ("COMITY_BENCH_PYTHON", python(&PACKAGES)?),
        ("COMITY_BENCH_STIX2", stix2_crate()?),
    ])
}

/// The interpreter with the clients that tests run.
pub(crate) fn clients() -> Result<PathBuf> {
    python(&CLIENTS)
}

/// An interpreter with these packages, made when it is not there yet.
fn python(packages: &[&str]) -> Result<PathBuf> {
    let folder = shell::target().join("peers").join(packages.join("+"));
    let python = folder.join("bin/python");
    let done = folder.join("installed");
    if done.exists() {
        return Ok(python);
    }
    let needs = "the peers in Python need python3 with venv and pip: apt-get install python3-venv";
    shell::run(Command::new("python3").args(["-m", "venv"]).arg(&folder)).context(needs)?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    shell::run(Command::new(&python).args(pip).args(packages)).context(needs)?;
    fs::write(&done, "").context("the virtual environment cannot be marked as done")?;
    Ok(python)
}

/// A program that parses the bundle that it is given, and prints how many seconds that took and how
/// many KiB of memory.
fn stix2_crate() -> Result<PathBuf> {
    const MAIN: &str = r#"use std::{env, fs, hint::black_box, time::Instant};

fn main() {
    let text = fs::read_to_string(env::args().nth(1).expect("a bundle")).expect("its text");
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            black_box(stix2::workbench::parse_bundle(&text).expect("it parses"));
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    println!("{} {}", times[2], peak.split_whitespace().nth(1).expect("KiB"));
}
"#;
    let folder = shell::target()
        .join("peers")
        .join(format!("stix2-crate-{STIX2_CRATE}"));
    let manifest = format!(
        "[package]\nname = \"peer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nstix2 = \"={STIX2_CRATE}\"\n\n[workspace]\n"
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("src/main.rs"), MAIN)?;
    let target = folder.join("target");
    shell::run(
        shell::cargo()
            .args(["build", "--quiet", "--release", "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target),
    )
    .context("the crate stix2, which ours is measured against, does not build")?;
    Ok(target.join("release/peer"))
}

/// Writes a file unless it says so already, so that what is built from it stays.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let folder = path.parent().context("a file stands in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("{} cannot be written", path.display()))
}
