//! Moments as servers write them.

use kernel::Timestamp;

const SECOND: i64 = 1_000_000;

/// A moment, and whether it was written with a fraction of a second.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Moment {
    pub(super) at: Timestamp,
    pub(super) has_fraction: bool,
}

impl Moment {
    /// A moment in RFC 3339, with or without a fraction, a blank in the place of the `T`, or a zone.
    pub(super) fn parse(text: &str) -> Option<Self> {
        const LONGEST: usize = 64;
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        let read: Result<jiff::Timestamp, _> = text.parse();
        let read = read.or_else(|_no_zone| format!("{text}Z").parse());
        Some(Self {
            at: Timestamp::from_micros(read.ok()?.as_microsecond()),
            has_fraction: text.contains('.'),
        })
    }

    /// From where everything is asked again that may have been added at this moment too.
    pub(super) fn before(self) -> Timestamp {
        let step = if self.has_fraction { 1 } else { SECOND };
        Timestamp::from_micros(self.at.as_micros().saturating_sub(step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_others_write_them() {
        let micros = |text: &str| Moment::parse(text).map(|moment| moment.at.as_micros());
        let at = Some(1_795_219_200_500_000);
        assert_eq!(micros("2026-11-21T00:00:00.5Z"), at);
        assert_eq!(micros("2026-11-21T00:00:00.500000+00:00"), at);
        assert_eq!(micros("2026-11-21 00:00:00.500Z"), at);
        assert_eq!(micros(" 2026-11-21T00:00:00.500000 "), at);
        assert_eq!(micros("2026-11-21T00:00:00Z"), Some(1_795_219_200_000_000));
        for bad in ["", "now", "2026-13-01T00:00:00Z", &"0".repeat(100)] {
            assert_eq!(micros(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_whole_second_is_asked_again_where_no_fraction_is_given() {
        let before = |text: &str| Moment::parse(text).unwrap().before().to_string();
        assert_eq!(before("2026-11-21T00:00:01Z"), "2026-11-21T00:00:00.000Z");
        assert_eq!(
            before("2026-11-21T00:00:01.5Z"),
            "2026-11-21T00:00:01.499999Z"
        );
    }
}
