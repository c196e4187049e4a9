//! What the machine gives the node: a disk that can be written, with room on it.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::Findings;

/// Less room than this and somebody has to look: 1 GiB.
const FREE_KIB_MIN: u64 = 1024 * 1024;

/// Looks at the disk that the data folder lies on.
pub(super) fn look_at_disk(data: &Path, findings: &mut Findings) {
    // A file without a name: nothing of it stays.
    if let Err(error) = tempfile::tempfile_in(data) {
        return findings.wrong(
            "disk",
            format!("nothing can be written into {}: {error}", data.display()),
            "is the disk full or mounted read-only, and is the folder that of the node's user?",
        );
    }
    match free_kib(data) {
        Some(free) if free < FREE_KIB_MIN => findings.wrong(
            "disk",
            format!("{} MiB are free", free / 1024),
            "make room: before the disk is full the node says \"later\" to its peers",
        ),
        Some(free) => findings.well("disk", format!("{} MiB are free", free / 1024)),
        None => findings.well(
            "disk",
            "it can be written; df does not say how much is free",
        ),
    }
}

/// The room on the disk of a path, as POSIX `df -P -k` tells: in the fourth column of the second line.
fn free_kib(path: &Path) -> Option<u64> {
    let mut df = Command::new("df");
    df.args(["-P", "-k"]).arg(path).stderr(Stdio::null());
    let output = df.output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}
