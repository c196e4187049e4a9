//! Times of records.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

fn options() -> TimeOptions {
    TimeOptions::utc("2026-11-20T12:00:00Z".parse().unwrap())
}

fn time(record: impl AsRef<[u8]>) -> Option<String> {
    record_time(record.as_ref(), &options()).map(|time| time.to_string())
}

/// The moment that stands in all records but those that say otherwise.
const MOMENT: &str = "2023-11-14T22:13:20.000Z";

#[test]
fn the_usual_forms_are_read() {
    for record in [
        r#"{"ts":1700000000,"id":"x"}"#,
        r#"{"ts":1700000000.0}"#,
        r#"{"ts":"1700000000.000000"}"#,
        r#"  {"id":1, "timestamp" : 1700000000000}"#,
        r#"[{"@timestamp":"2023-11-14T22:13:20Z"}"#,
        r#"{"a":{"b":[{"time":1}]},"time":1700000000000000}"#,
        r#"{"eventTime":"2023-11-14T23:13:20+01:00","eventVersion":"1"}"#,
        r#"{"timestamp":"2023-11-14T15:13:20.000000-0700"}"#,
        r#"{"_time":"1700000000000000000"}"#,
        r#"{"EventTime":"2023-11-14 22:13:20"}"#,
        r#"{"EventTime":"2023-11-14 18:13:20","UtcTime":"2023-11-14 22:13:20.000"}"#,
        r#"{"EventTime":"2023-11-14 18:13:20","@timestamp":"2023-11-14T22:13:20.000Z"}"#,
        r#"{"Event":{"System":{"TimeCreated":{"SystemTime":"2023-11-14T22:13:20.0000000Z"}}}}"#,
        r#"{"TimeCreated":"\/Date(1700000000000)\/"}"#,
        r#"{"msg":"a \"ts\":1600000000 \\","date":"Tue, 14 Nov 2023 22:13:20 GMT","ts":1700000000}"#,
        r#"{"ts":"soon","time":"2023-11-14T22:13:20Z"}"#,
        "1700000000.000000\tCNgrt04tHika5Pgpfi\t192.0.2.1\t54170",
        "1700000000.000 123 192.0.2.1 TCP_MISS/200",
        "\"1700000000\",\"192.0.2.1\"",
        "type=SYSCALL msg=audit(1700000000.000:24287): arch=c000003e",
        "date=2023-11-14 time=23:13:20 eventtime=1700000000000000000 tz=\"+0100\"",
        "<34>1 2023-11-14T22:13:20.000Z host su - ID47 - failed",
        "<165>1 2023-11-14T17:13:20.000000-05:00 host app 1 - - text",
        "<34>Nov 14 22:13:20 2023 host su: failed",
        "[Tue Nov 14 22:13:20.000000 2023] [core:error] [pid 1]",
        "Nov 14 2023 22:13:20: %ASA-6-302013: Built",
        "192.0.2.1 - frank [14/Nov/2023:15:13:20 -0700] \"GET / HTTP/1.0\" 200 2",
        "14-Nov-2023 22:13:20.000 queries: info: client @0x7f 192.0.2.1#53",
        "2023-11-14T22:13:20Z",
        "2023-11-14 22:13:20,000 INFO main",
        "2023-11-14 22:13:20 +0000 stdout",
        "2023-11-14 22:13:20 UTC [12] LOG",
        "\u{feff}2023/11/14 22:13:20 [error] 7#7: x",
        "ERROR [main] 2023-11-14T22:13:20.000 x",
        "20231114T221320Z x",
        "11/14/2023 22:13:20 PACKET 0000",
        "14/11/2023 22:13:20 x",
        "11/14/2023 10:13:20 PM 0E4C PACKET",
        "id=192.0.2.1;2023-11-14T22:13Z",
    ] {
        let expected = match record.strip_prefix("id=") {
            Some(_) => "2023-11-14T22:13:00.000Z",
            None => MOMENT,
        };
        assert_eq!(time(record).as_deref(), Some(expected), "{record}");
    }
}

#[test]
fn fractions_are_kept_to_the_microsecond() {
    for (record, expected) in [
        (r#"{"ts":1588205199.82437}"#, "2020-04-30T00:06:39.824370Z"),
        ("1700000000.5 x", "2023-11-14T22:13:20.500Z"),
        (
            "2023-11-14T22:13:20.1234567Z",
            "2023-11-14T22:13:20.123456Z",
        ),
        (r#"{"ts":1700000000123}"#, "2023-11-14T22:13:20.123Z"),
        (
            r#"{"ts":1700000000123456789}"#,
            "2023-11-14T22:13:20.123456Z",
        ),
    ] {
        assert_eq!(time(record).as_deref(), Some(expected), "{record}");
    }
}

#[test]
fn what_is_no_time_of_a_record_is_none() {
    for record in [
        "",
        "no time here",
        "{}",
        r#"{"ts":}"#,
        r#"{"ts":"2023-11-14"}"#,
        r#"{"ts":1}"#,
        r#"{"ts":-1700000000}"#,
        r#"{"ts":99999999999999999999}"#,
        r#"{"message":"2023-11-14T22:13:20Z"}"#,
        r#"{"ts"#,
        "1700000000.1.2 x",
        "17000000001 x",
        "x 1700000000 y",
        "192.0.2.1 x",
        "1985-11-14T22:13:20Z too old",
        "2026-11-21T12:00:01Z too young",
        "2023-02-30T22:13:20Z",
        "2023-11-14T25:13:20Z",
        "2023-11-14T22:13:201",
        "12023-11-14T22:13:20Z",
        "10/11/2023 22:13:20 one or the other",
        "Nov 14 22:13 short",
        "Nov 14 22:13:20x",
        "2023-11-14",
        "14/Nov/2023",
    ] {
        assert_eq!(time(record), None, "{record}");
    }
    let far = format!("{}2023-11-14T22:13:20Z", "x ".repeat(300));
    assert_eq!(time(far), None);
}

#[test]
fn a_time_without_a_year_is_the_last_such_moment() {
    for (record, expected) in [
        ("Nov 20 11:00:00 host app: x", "2026-11-20T11:00:00.000Z"),
        ("Nov 21 11:00:00 host app: x", "2026-11-21T11:00:00.000Z"),
        ("Nov 21 13:00:00 host app: x", "2025-11-21T13:00:00.000Z"),
        ("<13>Dec 31 23:59:60 host x", "2025-12-31T23:59:59.000Z"),
        ("Jan  1 00:00:00.25 host x", "2026-01-01T00:00:00.250Z"),
        ("Feb 29 00:00:00 host x", "2024-02-29T00:00:00.000Z"),
    ] {
        assert_eq!(time(record).as_deref(), Some(expected), "{record}");
    }
    let new_year = TimeOptions::utc("2026-12-31T23:30:00Z".parse().unwrap());
    let found = record_time(b"Jan  1 00:30:00 host x", &new_year);
    assert_eq!(found.unwrap().to_string(), "2027-01-01T00:30:00.000Z");
}

#[test]
fn times_without_a_zone_are_in_the_one_that_is_given() {
    let options = TimeOptions {
        zone: TimeZone::get("Europe/Zurich").unwrap(),
        ..options()
    };
    for (record, expected) in [
        ("2023-07-14 22:13:20 x", "2023-07-14T20:13:20.000Z"),
        ("2023-11-14 22:13:20 x", "2023-11-14T21:13:20.000Z"),
        ("2023-11-14 22:13:20Z x", MOMENT),
        ("Nov 14 22:13:20 x", "2026-11-14T21:13:20.000Z"),
        (r#"{"EventTime":"2023-11-14 23:13:20"}"#, MOMENT),
        (r#"{"UtcTime":"2023-11-14 22:13:20"}"#, MOMENT),
    ] {
        let found = record_time(record.as_bytes(), &options);
        assert_eq!(found.unwrap().to_string(), expected, "{record}");
    }
}

proptest! {
    #[test]
    fn any_bytes_have_a_plausible_time_or_none(record in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(record_time(&record, &options()).is_none_or(|time| time <= options().now));
    }

    #[test]
    fn what_jiff_prints_is_read(
        seconds in 631_152_000_i64..1_795_000_000,
        nanos in 0_i32..1_000_000_000,
        before in "[a-z \\[\"]{0,20}[ \\[\"]",
    ) {
        let moment = jiff::Timestamp::new(seconds, nanos).unwrap();
        let expected = kernel::Timestamp::from_micros(moment.as_microsecond());
        let text = format!("{before}{moment} more");
        prop_assert_eq!(record_time(text.as_bytes(), &options()), Some(expected));
        let zoned = moment.to_zoned(TimeZone::get("America/St_Johns").unwrap());
        let zoned = zoned.strftime("%d/%b/%Y:%H:%M:%S %z");
        let text = format!("192.0.2.1 - - [{zoned}] \"GET /\"");
        let whole = kernel::Timestamp::from_micros(seconds * 1_000_000);
        prop_assert_eq!(record_time(text.as_bytes(), &options()), Some(whole));
    }
}
