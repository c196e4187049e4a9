//! Matches as lines, for people and for programs.

use std::borrow::Cow;

use indicators::terminal::harmless;
use kernel::Timestamp;
use matcher::Indicator;
use serde::Serialize;

use super::hit::{Hit, Validity};

/// The first line of the table.
pub(super) const HEAD: &str = "\
TIME                      TYPE         FOUND                             WHERE                     INDICATOR
";

/// A match as JSON.
#[derive(Serialize)]
struct Told<'a> {
    file: &'a str,
    line: u64,
    offset: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<usize>,
    found: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: &'static str,
    indicator: Known<'a>,
    time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validity: Option<Validity>,
    record: Cow<'a, str>,
    #[serde(skip_serializing_if = "is_false")]
    record_cut: bool,
}

/// What is known of an indicator.
#[derive(Serialize)]
pub(super) struct Known<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    value: String,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    marking: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl<'a> Known<'a> {
    pub(super) fn of(indicator: &'a Indicator<'a>) -> Self {
        Self {
            id: &indicator.id,
            value: indicator.value.to_string(),
            source: &indicator.source,
            marking: indicator.marking.as_deref(),
            confidence: indicator.confidence,
            valid_from: indicator.valid_from_us.map(Timestamp::from_micros),
            valid_until: indicator.valid_until_us.map(Timestamp::from_micros),
        }
    }
}

/// Appends a line of JSON, with at most so many bytes of the record.
pub(super) fn json(
    hit: &Hit<'_>,
    record_bytes_max: usize,
    out: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let (record, record_cut) = cut(hit, record_bytes_max);
    let told = Told {
        file: hit.file,
        line: hit.line,
        offset: hit.offset,
        at: hit.place.as_ref().map(|place| place.start),
        found: hit.found(),
        kind: hit.indicator.value.kind().name(),
        indicator: Known::of(hit.indicator),
        time: hit.time,
        validity: hit.validity(),
        record: String::from_utf8_lossy(record),
        record_cut,
    };
    serde_json::to_writer(&mut *out, &told)?;
    out.push(b'\n');
    Ok(())
}

/// As much of the record as may be shown, around what was found.
fn cut<'a>(hit: &Hit<'a>, bytes_max: usize) -> (&'a [u8], bool) {
    let record = hit.record;
    if record.len() <= bytes_max {
        return (record, false);
    }
    let place = hit.place.clone().unwrap_or(0..0);
    let spare = bytes_max.saturating_sub(place.len()) / 2;
    let start = place
        .start
        .saturating_sub(spare)
        .min(record.len() - bytes_max);
    let part = record.get(start..start + bytes_max).unwrap_or_default();
    (trimmed(part), true)
}

/// Without the halves of characters at both ends.
fn trimmed(part: &[u8]) -> &[u8] {
    let is_rest = |byte: &&u8| **byte & 0xc0 == 0x80;
    let head = part.iter().take(3).take_while(is_rest).count();
    let part = part.get(head..).unwrap_or_default();
    let last = part.utf8_chunks().last();
    let broken = last.map_or(0, |chunk| chunk.invalid().len());
    part.get(..part.len() - broken).unwrap_or_default()
}

/// Appends a line of the table.
pub(super) fn row(hit: &Hit<'_>, out: &mut Vec<u8>) {
    let time = hit.time.map_or("-".to_owned(), |time| time.to_string());
    let found = match hit.place {
        Some(_) => harmless(&hit.found()),
        None => "(pattern)".to_owned(),
    };
    let place = format!("{}:{}", hit.file, hit.line);
    let mut line = format!(
        "{time:<24}  {:<11}  {found:<32}  {place:<24}  {}",
        hit.indicator.value.kind().name(),
        harmless(&hit.indicator.value.to_string()),
    );
    for more in [
        Some(&hit.indicator.id),
        Some(&hit.indicator.source),
        hit.indicator.marking.as_ref(),
    ] {
        if let Some(more) = more.filter(|more| !more.is_empty()) {
            line.push_str("  ");
            line.push_str(&harmless(more));
        }
    }
    line.push('\n');
    out.extend(line.bytes());
}

#[cfg(test)]
mod tests {
    use matcher::{Breadth, Kind, Value};

    use super::*;

    fn hit<'a>(record: &'a [u8], found: &str, indicator: &'a Indicator<'a>) -> Hit<'a> {
        let mut places = record.windows(found.len());
        let start = places.position(|part| part == found.as_bytes()).unwrap();
        Hit {
            file: "a.log",
            line: 7,
            offset: 100,
            record,
            place: Some(start..start + found.len()),
            indicator,
            time: Some(Timestamp::from_micros(1_700_000_000_000_000)),
        }
    }

    fn indicator() -> Indicator<'static> {
        let value = Value::parse(Kind::DomainTree, "evil.example", Breadth::Narrow).unwrap();
        let mut indicator = Indicator::new(value, "id-1", "feed");
        indicator.marking = Some("TLP:AMBER".into());
        indicator
    }

    #[test]
    fn a_line_of_json_says_all() {
        let indicator = indicator();
        let mut out = Vec::new();
        json(
            &hit(b"x www.evil.example y", "www.evil.example", &indicator),
            1024,
            &mut out,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            concat!(
                r#"{"file":"a.log","line":7,"offset":100,"at":2,"found":"www.evil.example","#,
                r#""type":"domain-tree","indicator":{"id":"id-1","value":"evil.example","source":"feed","#,
                r#""marking":"TLP:AMBER"},"time":"2023-11-14T22:13:20.000Z","#,
                r#""record":"x www.evil.example y"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_long_record_is_cut_around_what_was_found_and_between_characters() {
        let indicator = indicator();
        let record = format!("{} evil.example {}", "é".repeat(50), "中".repeat(50));
        let (part, is_cut) = cut(&hit(record.as_bytes(), "evil.example", &indicator), 31);
        let part = str::from_utf8(part).unwrap();
        assert!(
            is_cut && part.contains("evil.example") && part.len() <= 31,
            "{part}"
        );
        let (part, _) = cut(&hit(record.as_bytes(), "evil.example", &indicator), 3);
        assert_eq!(part, b"evi");
    }

    #[test]
    fn a_row_stands_under_its_head_and_does_not_steer_the_terminal() {
        let mut indicator = indicator();
        indicator.id = "\u{1b}[2J".into();
        let mut out = Vec::new();
        row(&hit(b"evil.example", "evil.example", &indicator), &mut out);
        let line = String::from_utf8(out).unwrap();
        let start = |text: &str| line.find(text).unwrap();
        assert_eq!(HEAD.find("TYPE"), Some(start("domain-tree")));
        assert_eq!(HEAD.find("WHERE"), Some(start("a.log:7")));
        assert!(
            line.ends_with("evil.example  \\u{1b}[2J  feed  TLP:AMBER\n"),
            "{line}"
        );
    }
}
