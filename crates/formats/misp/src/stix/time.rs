//! Moments of both sides.

use stix::Timestamp;

/// A number of seconds since 1970 as STIX writes it.
pub(super) fn of_seconds(seconds: i64) -> String {
    /// The last second of the year 9999.
    const SECONDS_MAX: i64 = 253_402_300_799;
    Timestamp::from_parts(seconds.clamp(0, SECONDS_MAX), 0).to_string()
}

/// A moment as MISP writes it, such as `2026-01-31T10:00:00.000000+00:00`.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    if let Ok(moment) = Timestamp::parse(&text) {
        return Some(moment);
    }
    let (local, offset) = match text.rfind(['+', '-']).filter(|at| *at > "2026-01-31".len()) {
        Some(at) => text.split_at_checked(at)?,
        None if text.len() == "2026-01-31".len() => {
            return Timestamp::parse(&format!("{text}T00:00:00Z")).ok();
        }
        None => (&*text, "+00:00"),
    };
    let moment = Timestamp::parse(&format!("{local}Z")).ok()?;
    let digits = offset.replace(':', "");
    let (sign, digits) = digits.split_at_checked(1)?;
    let (hours, minutes) = digits.split_at_checked(2)?;
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().unwrap_or(0) * 60;
    let seconds = if sign == "-" { -seconds } else { seconds };
    Some(Timestamp::from_parts(
        moment.seconds().saturating_sub(seconds),
        moment.nanos(),
    ))
}

/// As MISP writes it.
pub(super) fn misp(moment: Timestamp) -> String {
    let text = Timestamp::from_parts(moment.seconds(), 0).to_string();
    let whole = text.split('.').next().unwrap_or_default();
    format!("{whole}.{:06}+00:00", moment.nanos() / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_misp_are_read_with_their_offsets() {
        for (text, expected) in [
            (
                "2026-01-31T10:00:00.000000+00:00",
                "2026-01-31T10:00:00.000Z",
            ),
            ("2026-01-31T10:00:00.5+02:00", "2026-01-31T08:00:00.500Z"),
            ("2026-01-31 10:00:00-0130", "2026-01-31T11:30:00.000Z"),
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00.000Z"),
            ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ] {
            let moment = parse(text).unwrap();
            assert_eq!(moment.to_string(), expected);
            assert_eq!(parse(&misp(moment)), Some(moment));
        }
        assert!(
            ["", "yesterday", "2026-01-31T10:00:00+x"]
                .iter()
                .all(|text| parse(text).is_none())
        );
    }
}
