//! How a figure is printed, and whom it is held against.

use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
};

use serde_json::json;

/// `<=` or `>=` and the number that a figure must keep to; of one that has a peer, its ratio to the
/// peer's.
pub(crate) type Bar = (&'static str, f64);

/// Prints a figure as a line of JSON and says whether it holds its bar.
pub(crate) fn figure(
    name: &str,
    (value, unit): (f64, &str),
    peer: Option<(&str, f64)>,
    bar: Option<Bar>,
) -> bool {
    let round = |number: f64| (number * 1e3).round() / 1e3;
    let ratio = peer.map(|(_, theirs)| value / theirs);
    let held = ratio.unwrap_or(value);
    let ok = bar.is_none_or(|(sign, bar)| {
        if sign == "<=" {
            held <= bar
        } else {
            held >= bar
        }
    });
    let of = if peer.is_some() { "ratio " } else { "" };
    println!(
        "{}",
        json!({
            "area": "stix",
            "name": name,
            "value": round(value),
            "unit": unit,
            "peer": peer.map(|(peer, theirs)| format!("{peer}, {} {unit}", round(theirs))),
            "ratio": ratio.map(round),
            "bar": bar.map(|(sign, bar)| format!("{of}{sign} {bar}")),
            "ok": ok,
        })
    );
    ok
}

/// The numbers that a script prints, given the input.
pub(crate) fn python(python: &str, script: &str, input: &[u8]) -> Vec<f64> {
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    numbers(child.wait_with_output().unwrap())
}

/// The numbers that a program printed.
pub(crate) fn numbers(output: Output) -> Vec<f64> {
    assert!(output.status.success(), "the peer failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let words = text.split_whitespace();
    words.map(|word| word.parse().unwrap()).collect()
}

/// What Linux says of the memory of this process, in KiB: `VmRSS` what it has, `VmHWM` what it had
/// at most.
pub(crate) fn memory_kib(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
