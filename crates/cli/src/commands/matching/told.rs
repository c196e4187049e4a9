//! What is said of lists.

use indicators::{Format, Report};

/// What came of a list, in words.
pub(super) fn told(report: &Report) -> String {
    let mut told = format!(
        "{}, {} taken of {}",
        report.format, report.taken, report.read
    );
    let left = report.left;
    let reasons = [
        (left.unreadable, "unreadable"),
        (left.expired, "expired"),
        (left.revoked, "revoked"),
        (left.broad, "too broad"),
        (left.listed, "on a warninglist"),
        (left.not_for_matching, "not to be looked for"),
    ];
    let reasons = reasons.iter().filter(|(count, _)| *count > 0);
    let reasons: Vec<_> = reasons
        .map(|(count, why)| format!("{count} {why}"))
        .collect();
    if report.warned > 0 {
        told.extend([", ", &report.warned.to_string(), " with a warning"]);
    }
    if !reasons.is_empty() {
        told.extend([" (", &reasons.join(", "), ")"]);
    }
    told
}

/// Whether a list brought nothing, though it should.
pub(super) fn is_without(report: &Report) -> bool {
    let brought = report.taken + report.warninglists;
    brought == 0 && report.format != Format::MispManifest
}

/// So many indicators, in words.
pub(super) fn counted(indicators: usize) -> String {
    if indicators == 1 {
        "1 indicator".to_owned()
    } else {
        format!("{indicators} indicators")
    }
}
