//! How fast the program finds indicators in logs, beside what people use for it today.
//!
//! All runs are over the same two files of records that the bench of `matcher` makes: half of the
//! bytes as Zeek writes them, half as JSON with escapes. The files are read once before, so that they
//! come from memory for everybody.
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement takes the time from the machine's clock"
)]

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{bench::Figure, debian, process_figures::peak_kib, shell};

/// The name of this area on the command line.
pub(crate) const AREA: &str = "match";

/// What is measured, and the least that it must be faster than `rg -F -f`.
const SIZES: [(usize, Option<f64>); 3] = [
    (10_000, Some(20.0)),
    (100_000, None),
    (1_000_000, Some(100.0)),
];
/// Each of ours is run so often; the best counts, since others use the machine too.
const RUNS: usize = 3;
/// Who needs longer is ended, and does not finish.
const PATIENCE: Duration = Duration::from_mins(10);
/// For who is slower than the one that the bars are about.
const LESS_PATIENCE: Duration = Duration::from_mins(1);
const FIRST_MATCH_MS_MAX: f64 = 50.0;
const POLL: Duration = Duration::from_millis(5);
const BLOCK_BYTES: usize = 1 << 20;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    shell::output(shell::cargo().args(["build", "--release", "--quiet", "-p", "cli"]))?;
    let rg = debian::program(&["rg"], &["ripgrep"], "ripgrep, which is measured against")?;
    let files = Files::make()?;
    let mut figures = files.limits(&rg)?;
    for (count, bar) in SIZES {
        figures.extend(files.wall(count, bar, &rg)?);
    }
    figures.extend(files.first_match()?);
    // What one core does alone, and memory an indicator, are the bench's own figures.
    figures.extend(crate::bench::of_bench("matcher", "scan", &[])?);
    Ok(figures)
}

/// The logs, the lists, and the program.
struct Files {
    folder: PathBuf,
    program: PathBuf,
    bytes: u64,
}

impl Files {
    fn make() -> Result<Self> {
        let folder = shell::target().join("bench/match");
        fs::create_dir_all(&folder)?;
        let mut write = shell::cargo();
        write.args(["bench", "--quiet", "-p", "matcher", "--bench", "logs", "--"]);
        shell::output(write.arg(&folder))?;
        let program = shell::target().join("release/comity");
        let mut files = Self {
            folder,
            program,
            bytes: 0,
        };
        for log in files.logs() {
            files.bytes += read_once(&log)?;
        }
        Ok(files)
    }

    fn logs(&self) -> [PathBuf; 2] {
        ["zeek.log", "json.log"].map(|name| self.folder.join(name))
    }

    /// The indicators with their kinds.
    fn list(&self, count: usize) -> PathBuf {
        self.folder.join(format!("list-{count}.csv"))
    }

    /// What no search can be faster than, and a search for one text.
    fn limits(&self, rg: &Path) -> Result<Vec<Figure>> {
        let begin = Instant::now();
        for log in self.logs() {
            read_once(&log)?;
        }
        let plain = begin.elapsed().as_secs_f64();
        let wc = self.best(Command::new("wc").arg("-l"))?;
        let one = self.best(Command::new(rg).args(["-F", "-c", "no-such-name.example"]))?;
        Ok(vec![
            figure("plain read", self.rate(plain), "GB/s", None)?,
            figure("wc -l", self.rate(wc.seconds), "GB/s", None)?,
            figure("rg with one pattern", self.rate(one.seconds), "GB/s", None)?,
        ])
    }

    /// Wall time with set-up, against those who search for all texts of a list.
    fn wall(&self, count: usize, bar: Option<f64>, rg: &Path) -> Result<Vec<Figure>> {
        let list = self.list(count);
        // The same as texts, for those who know no kinds.
        let texts = list.with_extension("txt");
        let ours = self.ours(&list, &[])?;
        let alone = self.ours(&list, &["--threads", "1"])?;
        let set = self.folder.join(format!("list-{count}.cset"));
        let mut compile = Command::new(&self.program);
        compile
            .args(["match", "compile", "-o"])
            .arg(&set)
            .arg(&list);
        let compiled = run(&mut compile, PATIENCE)?.context("compiling does not end")?;
        let scan = self.ours(&set, &["--threads", "1"])?;
        let mut figures = Vec::new();
        let mut add =
            |name: &str, value: f64, unit: &str, peer: Option<(&str, f64, Option<f64>)>| {
                figures.push(figure(
                    &format!("{name}, {count} indicators"),
                    value,
                    unit,
                    peer,
                )?);
                anyhow::Ok(())
            };
        let peer = |program: &Path, patience: Duration| {
            let mut command = Command::new(program);
            command.args(["-F", "-c", "-f"]).arg(&texts);
            run(command.args(self.logs()), patience)
        };
        for (name, program, patience, bar) in [
            ("rg -F -f", rg, PATIENCE, bar),
            ("grep -F -f", Path::new("grep"), LESS_PATIENCE, None),
        ] {
            match peer(program, patience)? {
                Some(theirs) => {
                    let ratio = theirs.seconds / ours.seconds;
                    let name_of =
                        format!("{name} {:.1} s, {:.1} GB", theirs.seconds, theirs.gigabytes);
                    add(
                        "wall time, all cores, set-up included",
                        ours.seconds,
                        "s",
                        Some((&name_of, ratio, bar)),
                    )?;
                }
                None => {
                    eprintln!("note: {name} with {count} texts does not finish in {patience:?}");
                }
            }
        }
        add(
            "wall time, one thread, set-up included",
            alone.seconds,
            "s",
            None,
        )?;
        add(
            "rate from a compiled set, one thread",
            self.rate(scan.seconds),
            "GB/s",
            None,
        )?;
        add("peak memory", ours.gigabytes * 1000.0, "MB", None)?;
        add("compile", compiled.seconds, "s", None)?;
        let each = compiled.gigabytes * 1e9 / f64::from(u32::try_from(count)?);
        add("peak memory of compiling, an indicator", each, "B", None)?;
        Ok(figures)
    }

    /// A compiled set of a million to the first match, the start of the process included.
    fn first_match(&self) -> Result<Vec<Figure>> {
        let (count, _) = SIZES.last().copied().unwrap_or_default();
        let list = fs::read_to_string(self.list(count).with_extension("txt"))?;
        let wanted = list.lines().next().context("the list is empty")?;
        let log = self.folder.join("one.log");
        fs::write(&log, format!("{wanted}\n"))?;
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let mut command = Command::new(&self.program);
            command.args(["match", "--quiet", "--indicators"]);
            command.arg(self.folder.join(format!("list-{count}.cset")));
            let done = run(command.arg(&log), PATIENCE)?.context("it does not end")?;
            best = best.min(done.seconds * 1000.0);
        }
        let name = format!("compiled set to the first match, {count} indicators");
        let bar = format!("< {FIRST_MATCH_MS_MAX}");
        let bar = (bar, best < FIRST_MATCH_MS_MAX);
        Ok(vec![figure_with(&name, (best, "ms"), None, Some(bar))?])
    }

    fn ours(&self, indicators: &Path, options: &[&str]) -> Result<Done> {
        let mut command = Command::new(&self.program);
        command.args(["match", "--count", "--indicators"]);
        self.best(command.arg(indicators).args(options))
    }

    /// The best of some runs over the logs.
    fn best(&self, command: &mut Command) -> Result<Done> {
        command.args(self.logs());
        let mut best: Option<Done> = None;
        for _ in 0..RUNS {
            let done = run(command, PATIENCE)?.context("a run does not end")?;
            if best.as_ref().is_none_or(|best| done.seconds < best.seconds) {
                best = Some(done);
            }
        }
        best.context("nothing was run")
    }

    fn rate(&self, seconds: f64) -> f64 {
        // Sizes of files are far below what a double holds exactly.
        f64::from(u32::try_from(self.bytes / 1000).unwrap_or(u32::MAX)) / 1e6 / seconds
    }
}

/// What a run took.
struct Done {
    seconds: f64,
    gigabytes: f64,
}

/// Runs a command until it ends, or longer than that.
fn run(command: &mut Command, patience: Duration) -> Result<Option<Done>> {
    let begin = Instant::now();
    let child = command
        .stdin(Stdio::null())
        // Into a pipe, which takes the few numbers: where nobody could read, grep ends at the first
        // line that it finds.
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let mut child = Running(child);
    let mut peak = 0;
    loop {
        peak = peak_kib(&child.0).unwrap_or(0).max(peak);
        if let Some(status) = child.0.try_wait()? {
            let seconds = begin.elapsed().as_secs_f64();
            // 1 is what all of them say when nothing was found.
            if !matches!(status.code(), Some(0 | 1)) {
                bail!("{command:?} failed: {status}");
            }
            let gigabytes = f64::from(u32::try_from(peak)?) * 1024.0 / 1e9;
            return Ok(Some(Done { seconds, gigabytes }));
        }
        if begin.elapsed() > patience {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// A process that is ended when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait()
            && let Err(error) = self.0.kill().and_then(|()| self.0.wait().map(drop))
        {
            eprintln!("note: a process could not be stopped: {error}");
        }
    }
}

/// Reads a file in blocks; its size.
fn read_once(path: &Path) -> Result<u64> {
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut block = vec![0; BLOCK_BYTES];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes += u64::try_from(read)?;
    }
}

/// A figure; the peer with the ratio to it and the least that the ratio may be.
fn figure(
    name: &str,
    value: f64,
    unit: &str,
    peer: Option<(&str, f64, Option<f64>)>,
) -> Result<Figure> {
    let bar = peer.and_then(|(_, ratio, bar)| {
        let bar = bar?;
        Some((format!(">= {bar} times as fast"), ratio >= bar))
    });
    let peer = peer.map(|(name, ratio, _)| (name, ratio));
    figure_with(name, (value, unit), peer, bar)
}

/// A figure with its bar, and whether that holds.
fn figure_with(
    name: &str,
    (value, unit): (f64, &str),
    peer: Option<(&str, f64)>,
    bar: Option<(String, bool)>,
) -> Result<Figure> {
    let ok = bar.as_ref().is_none_or(|(_, ok)| *ok);
    Figure::new(json!({
        "area": AREA,
        "name": name,
        "value": (value * 1000.0).round() / 1000.0,
        "unit": unit,
        "peer": peer.map(|(name, _)| name),
        "ratio": peer.map(|(_, ratio)| (ratio * 10.0).round() / 10.0),
        "bar": bar.map(|(bar, _)| bar),
        "ok": ok,
    }))
}
