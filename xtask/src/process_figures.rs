//! What the program costs as a process: its size, its start, its memory at rest.
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement takes the time from the machine's clock"
)]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{bench::Figure, postgres, shell};

/// The name of this area on the command line.
pub(crate) const AREA: &str = "process";

const STARTS: usize = 5;
const READY_MS_MAX: u64 = 200;
const MEMORY_KIB_MAX: u64 = 64 * 1024;
const SIZE_KIB_MAX: u64 = 64 * 1024;
/// Long enough for whatever runs once after the start.
const REST: Duration = Duration::from_secs(3);
const PROBE_INTERVAL: Duration = Duration::from_millis(1);
const PROBES_MAX: usize = 10_000;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    shell::output(shell::cargo().args(["build", "--release", "--quiet", "-p", "cli"]))?;
    let program = shell::target().join("release/comity");
    let size = fs::metadata(&program)
        .with_context(|| format!("cannot read {}", program.display()))?
        .len();
    let folder = Folder::make()?;
    let data = folder.0.join("node");
    shell::output(
        Command::new(&program)
            .args(["init", "--party", "XA", "--data"])
            .arg(&data),
    )?;
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let (node, ready) = Node::start(&program, &data)?;
        starts.push(ready);
        thread::sleep(REST);
        let peak = peak_kib(&node.0).context("the system does not say the peak memory")?;
        memory = memory.max(peak);
    }
    starts.sort();
    let ready = starts.get(STARTS / 2).copied().unwrap_or_default();
    let ready = u64::try_from(ready.as_millis()).unwrap_or(u64::MAX);
    Ok(vec![
        figure(
            "size of the binary, stripped",
            size.div_ceil(1024),
            "KiB",
            SIZE_KIB_MAX,
        )?,
        figure("start to ready, median of 5", ready, "ms", READY_MS_MAX)?,
        figure(
            "memory at rest, peak (VmHWM)",
            memory,
            "KiB",
            MEMORY_KIB_MAX,
        )?,
    ])
}

fn figure(name: &str, value: u64, unit: &str, most: u64) -> Result<Figure> {
    Figure::new(json!({
        "area": AREA,
        "name": name,
        "value": value,
        "unit": unit,
        "peer": null,
        "ratio": null,
        "bar": format!("<= {most}"),
        "ok": value <= most,
    }))
}

/// A serving node, stopped when this is dropped.
struct Node(Child);

impl Node {
    /// Starts it and says how long it took until it could work.
    fn start(program: &Path, data: &Path) -> Result<(Self, Duration)> {
        let web = format!("127.0.0.1:{}", postgres::free_port()?);
        let begin = Instant::now();
        let mut node = Self(
            Command::new(program)
                .args([
                    "serve",
                    "--web",
                    &web,
                    "--federation",
                    "127.0.0.1:0",
                    "--data",
                ])
                .arg(data)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?,
        );
        for _ in 0..PROBES_MAX {
            if is_ready(&web) {
                return Ok((node, begin.elapsed()));
            }
            if let Some(status) = node.0.try_wait()? {
                bail!("the node ended at once: {status}");
            }
            thread::sleep(PROBE_INTERVAL);
        }
        bail!("the node did not become ready");
    }
}

/// The most memory that a process has had, in KiB, as long as it is there.
pub(crate) fn peak_kib(process: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.split_whitespace().next()?.parse().ok()
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait().map(drop)) {
            eprintln!("note: the node could not be stopped: {error}");
        }
    }
}

fn is_ready(authority: &str) -> bool {
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(authority)?;
        stream
            .write_all(format!("GET /readyz HTTP/1.0\r\nHost: {authority}\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    asked().is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}

/// A folder of our own, removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("comity-process-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("note: {} could not be removed: {error}", self.0.display());
        }
    }
}
