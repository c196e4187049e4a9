//! Figures of reading and checking, one line of JSON each, with the bars of the design. Exit code 1
//! where a bar does not hold. `cargo bench -p stix --bench objects`
//!
//! Measured on the bundle of ATT&CK enterprise in `COMITY_TEST_DATA`. The first peer is a plain
//! `serde_json::Value` of the same text, in turns with ours. The others are `stix2` in Python and the
//! crate `stix2`: `COMITY_BENCH_PYTHON` names an interpreter that has the one, `COMITY_BENCH_STIX2` a
//! program that parses with the other. Without them the run ends with an error, unless it is asked
//! for the figures without these peers: `-- --alone`.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "bench code: it measures time, prints figures, and a surprise ends the run"
)]

mod figures;

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

use figures::{figure, memory_kib};
use stix::{
    ReadLimits, Stream,
    check::{Report, check_object},
};

const ROUNDS: usize = 15;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1).cloned()
    };
    if let Some(path) = after("--peak") {
        let way = after("--way").unwrap();
        return peak(&way, Path::new(&path));
    }
    let alone = arguments.iter().any(|argument| argument == "--alone");
    let peer = |variable| env::var(variable).ok();
    let peers = peer("COMITY_BENCH_PYTHON").zip(peer("COMITY_BENCH_STIX2"));
    if peers.is_none() && !alone {
        println!(
            "COMITY_BENCH_PYTHON must name a Python that has stix2, COMITY_BENCH_STIX2 a program"
        );
        return ExitCode::FAILURE;
    }
    let bundle = unpacked();
    let text = fs::read(&bundle).unwrap();
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    let mut objects = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        objects = black_box(check(text.as_slice()));
        ours.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        black_box(serde_json::from_slice::<serde_json::Value>(&text).unwrap());
        plain.push(start.elapsed().as_secs_f64());
    }
    let (ours, plain) = (median(ours), median(plain));
    let count = f64::from(u32::try_from(objects).unwrap());
    let mut ok = figure(
        "parse and check ATT&CK enterprise",
        (ours * 1e3, "ms"),
        Some(("plain serde_json::Value", plain * 1e3)),
        Some(("<=", 1.0)),
    );
    figure("parse and check", (count / ours, "objects/s"), None, None);
    let memory = |way| peak_of(way, &bundle);
    let (ours_peak, plain_peak) = (memory("ours"), memory("plain"));
    ok &= figure(
        "peak memory, read from a file",
        (ours_peak, "MiB"),
        Some(("plain serde_json::Value", plain_peak)),
        Some(("<=", 1.0)),
    );
    if let Some((python, stix2)) = peers {
        let python = figures::python(&python, PEER, &text);
        against(
            "stix2 in Python, parse with its checks",
            (ours, ours_peak),
            &python,
        );
        let stix2 = figures::numbers(Command::new(stix2).arg(&bundle).output().unwrap());
        against("the crate stix2, parse alone", (ours, ours_peak), &stix2);
    }
    if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Figures beside a peer, which printed its seconds and KiB.
fn against(peer: &str, (seconds, mib): (f64, f64), printed: &[f64]) {
    let &[their_seconds, their_kib] = printed else {
        panic!("{peer} prints two numbers");
    };
    for (name, ours, unit, theirs) in [
        (
            "parse and check ATT&CK enterprise",
            seconds * 1e3,
            "ms",
            their_seconds * 1e3,
        ),
        (
            "peak memory, read from a file",
            mib,
            "MiB",
            their_kib / 1024.0,
        ),
    ] {
        figure(name, (ours, unit), Some((peer, theirs)), None);
    }
}

/// Checks every object by every MUST; none is faulty.
fn check(source: impl std::io::Read) -> u64 {
    let mut stream = Stream::new(source, ReadLimits::default());
    let (mut objects, mut faulty) = (0, 0);
    while stream
        .next(|object| {
            let mut report = Report::of_errors();
            check_object(object, &mut report);
            objects += 1;
            faulty += u64::from(!report.is_valid());
        })
        .unwrap()
        .is_some()
    {}
    assert_eq!(faulty, 0, "the bundle is right");
    objects
}

/// The bundle as a file of its own.
fn unpacked() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = env::var_os("COMITY_TEST_DATA").map_or(root.join("../shared/data"), PathBuf::from);
    let packed = data.join("attack/enterprise-attack-2.1.json.gz");
    let packed = fs::read(&packed).unwrap_or_else(|error| panic!("{}: {error}", packed.display()));
    // RFC 1952: ten bytes, a name if the flag says so, the stream, eight bytes.
    let head = packed.get(10..).unwrap();
    let named = packed.get(3).is_some_and(|flags| flags & 8 != 0);
    let name = if named {
        head.iter().position(|byte| *byte == 0).unwrap() + 1
    } else {
        0
    };
    let text = miniz_oxide::inflate::decompress_to_vec(head.get(name..).unwrap()).unwrap();
    let path = env::temp_dir().join(format!("comity-bench-{}.json", std::process::id()));
    fs::write(&path, text).unwrap();
    path
}

/// What a process of its own has needed at most, in MiB.
fn peak_of(way: &str, bundle: &Path) -> f64 {
    let mut child = Command::new(env::current_exe().unwrap());
    let output = child
        .arg("--peak")
        .arg(bundle)
        .args(["--way", way])
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

fn peak(way: &str, bundle: &Path) -> ExitCode {
    if way == "ours" {
        black_box(check(fs::File::open(bundle).unwrap()));
    } else {
        let file = std::io::BufReader::new(fs::File::open(bundle).unwrap());
        black_box(serde_json::from_reader::<_, serde_json::Value>(file).unwrap());
    }
    println!("{}", memory_kib("VmHWM:") / 1024.0);
    ExitCode::SUCCESS
}

/// Seconds of the Python library, without starting Python, and KiB at the peak.
const PEER: &str = r"
import resource, sys, time, stix2
text = sys.stdin.read()
start = time.perf_counter()
stix2.parse(text, allow_custom=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
";

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap()
}
