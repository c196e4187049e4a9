//! Moments as lists write them.

use kernel::Timestamp;

const DAY_US: i64 = 86_400_000_000;

/// The moment in microseconds since 1970: RFC 3339, `2026-01-31 12:00:00` (in UTC, with `UTC` behind
/// it or not), a day, or seconds or milliseconds since 1970. A day as an end lasts until its end.
pub(super) fn moment_us(text: &str, is_end: bool) -> Option<i64> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match (digits, text.len()) {
        (true, 9 | 10) => return text.parse::<i64>().ok()?.checked_mul(1_000_000),
        (true, 13) => return text.parse::<i64>().ok()?.checked_mul(1_000),
        _ => {}
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_micros());
    }
    let bare = text.strip_suffix("UTC").unwrap_or(text).trim_end();
    if let Ok(moment) = format!("{bare}Z").parse::<Timestamp>() {
        return Some(moment.as_micros());
    }
    let day: Timestamp = format!("{bare}T00:00:00Z").parse().ok()?;
    let later = if is_end { DAY_US } else { 0 };
    Some(day.as_micros() + later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_the_same_moment() {
        for text in [
            "2023-11-14T22:13:20Z",
            "2023-11-14 22:13:20",
            "2023-11-14 22:13:20 UTC",
            "2023-11-15T00:13:20+02:00",
            "2023-11-14T22:13:20",
            "1700000000",
            "1700000000000",
        ] {
            assert_eq!(
                moment_us(text, false),
                Some(1_700_000_000_000_000),
                "{text}"
            );
        }
        assert_eq!(moment_us("1970-01-02", false), Some(DAY_US));
        assert_eq!(moment_us("1970-01-02", true), Some(2 * DAY_US));
        for text in ["", "soon", "2023-13-01", "31/01/2026", "17"] {
            assert_eq!(moment_us(text, false), None, "{text}");
        }
    }
}
