//! Versions in an order.
//!
//! Makers number as they like; what most of them agree on is compared here:
//!
//! - an epoch before a colon counts first (`1:2.0` is after `9.0`);
//! - then the dotted numbers, as numbers of any length; missing ones are zero (`1.2` is `1.2.0`);
//! - then what follows, part by part: a tilde and words of a version to come (`dev`, `alpha`, `beta`,
//!   `rc` and their like) stand before the end, other words (`1.0.2k`, `sp1`) after it, and numbers
//!   after those, so that `1.2-4` is a later revision of `1.2`.
//!
//! A text without a digit is no version. Two versions that are written apart may be the same one.

use std::{cmp::Ordering, fmt, str::FromStr};

/// The longest version, in characters.
pub const CHARS_MAX: usize = 100;

/// Words of a version to come, the earliest first.
const COMING: [&[&str]; 5] = [
    &["dev", "snapshot", "nightly"],
    &["alpha"],
    &["beta"],
    &["m", "milestone", "preview", "pre"],
    &["rc", "cr"],
];

/// A version that can be compared with others.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Version {
    epoch: Number,
    /// Without zeros at the end.
    core: Vec<Number>,
    /// Ends with [`Part::End`], so that whatever stands before the end of another is before it.
    tail: Vec<Part>,
}

/// A number of any length.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Number(String);

/// A part of what follows the dotted numbers, in the order in which parts stand.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Part {
    Tilde,
    Coming(usize),
    End,
    Word(String),
    Number(Number),
}

/// A text that is no version.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is no version")]
pub struct NoVersion;

/// Versions that are affected: from one on, up to another.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Range {
    /// The first one; nothing for every one before the end.
    pub since: Option<Version>,
    /// The end; nothing where there is none.
    pub until: Option<Version>,
    /// Whether the end itself is affected.
    pub inclusive: bool,
}

/// Whether a version is affected, as far as that can be known.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// It lies in a range that somebody stated.
    InRange,
    /// Nobody stated the versions, or the asset's is not known.
    Unknown,
    /// Ranges are stated, and it lies in none.
    Outside,
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Number {
    /// Digits without zeros before them; zero is empty.
    fn new(digits: &str) -> Self {
        Self(digits.trim_start_matches('0').to_owned())
    }

    const fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let text = text.trim().to_lowercase();
        let has_digit = text.chars().any(|one| one.is_ascii_digit());
        if !has_digit || text.chars().count() > CHARS_MAX {
            return Err(NoVersion);
        }
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if is_number(epoch) => (Number::new(epoch), rest),
            _ => (Number::new(""), text.as_str()),
        };
        let bare = rest.strip_prefix("version").unwrap_or(rest).trim_start();
        let bare = match bare.strip_prefix('v') {
            Some(after) if after.starts_with(|one: char| one.is_ascii_digit()) => after,
            _ => bare,
        };
        let (core, rest) = core(bare);
        Ok(Self {
            epoch,
            core,
            tail: tail(rest),
        })
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The dotted numbers at the beginning, and what follows them.
fn core(text: &str) -> (Vec<Number>, &str) {
    let (mut numbers, mut rest) = (Vec::new(), text);
    loop {
        let (digits, after) = digits(rest);
        if digits.is_empty() {
            break;
        }
        numbers.push(Number::new(digits));
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|one: char| one.is_ascii_digit()) => rest = next,
            _ => {
                rest = after;
                break;
            }
        }
    }
    while numbers.last().is_some_and(Number::is_zero) {
        numbers.pop();
    }
    (numbers, rest)
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|one: char| !one.is_ascii_digit());
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

fn tail(text: &str) -> Vec<Part> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let (number, after) = digits(rest);
            parts.push(Part::Number(Number::new(number)));
            rest = after;
        } else if first.is_alphabetic() {
            let end = rest.find(|one: char| !one.is_alphabetic());
            let (word, after) = rest
                .split_at_checked(end.unwrap_or(rest.len()))
                .unwrap_or((rest, ""));
            parts.push(word_part(word));
            rest = after;
        } else {
            if first == '~' {
                parts.push(Part::Tilde);
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    parts.push(Part::End);
    parts
}

fn word_part(word: &str) -> Part {
    let coming = COMING.iter().position(|words| words.contains(&word));
    coming.map_or_else(|| Part::Word(word.to_owned()), Part::Coming)
}

impl Range {
    /// True if the version lies in it.
    pub fn contains(&self, version: &Version) -> bool {
        let begun = self.since.as_ref().is_none_or(|since| since <= version);
        let ended = self.until.as_ref().is_some_and(|until| {
            if self.inclusive {
                until < version
            } else {
                until <= version
            }
        });
        begun && !ended
    }
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InRange, Self::Unknown, Self::Outside];

    /// Of a version as somebody wrote it, by the ranges that are stated.
    pub fn of(version: &str, ranges: &[Range]) -> Self {
        match version.parse::<Version>() {
            Ok(version) if !ranges.is_empty() => {
                if ranges.iter().any(|range| range.contains(&version)) {
                    Self::InRange
                } else {
                    Self::Outside
                }
            }
            _ => Self::Unknown,
        }
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InRange => "in_range",
            Self::Unknown => "unknown",
            Self::Outside => "outside",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_stand_in_the_order_that_makers_mean() {
        let rising = [
            "0.9",
            "1.0~rc1",
            "1.0-dev",
            "1.0-alpha.1",
            "1.0-alpha.2",
            "1.0-beta",
            "1.0-rc.1",
            "1.0rc2",
            "1.0",
            "1.0a",
            "1.0.2",
            "1.0.2a",
            "1.0.2k",
            "1.0.2zg",
            "1.0.2-1",
            "1.0.10",
            "1.1",
            "9.9.9",
            "10.0",
            "10.0.19045.3803",
            "1:0.1",
        ];
        for pair in rising.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn the_same_version_is_written_in_several_ways() {
        for (one, other) in [
            ("1.2", "1.2.0.0"),
            ("v1.2", "1.2"),
            ("Version 01.02", "1.2"),
            ("0:3.4", "3.4"),
            ("2.0-RC1", "2.0rc1"),
            ("12.2(33)SXI", "12.2-33sxi"),
        ] {
            assert_eq!(version(one), version(other), "{one} {other}");
        }
    }

    #[test]
    fn what_names_no_version_is_none() {
        let long = "1.".repeat(CHARS_MAX);
        for text in ["", "*", "-", "unknown", "n/a", "latest", long.as_str()] {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
        }
    }

    #[test]
    fn a_verdict_is_given_only_where_versions_are_stated() {
        let range = |since: &str, until: &str, inclusive| Range {
            since: since.parse().ok(),
            until: until.parse().ok(),
            inclusive,
        };
        let ranges = [range("2.0", "2.4.50", false), range("", "1.3", true)];
        for (text, verdict) in [
            ("2.4.49", Verdict::InRange),
            ("2.4.50", Verdict::Outside),
            ("1.3", Verdict::InRange),
            ("1.3.1", Verdict::Outside),
            ("", Verdict::Unknown),
            ("latest", Verdict::Unknown),
        ] {
            assert_eq!(Verdict::of(text, &ranges), verdict, "{text}");
        }
        assert_eq!(Verdict::of("2.4.49", &[]), Verdict::Unknown);
    }

    fn written() -> impl Strategy<Value = String> {
        "([0-9]{1,2}:)?v?[0-9]{1,30}([.\\-+~_ ]?([0-9]{1,3}|[a-z]{1,3}|rc|beta|dev)){0,5}"
    }

    proptest! {
        #[test]
        fn the_order_is_one_order(a in written(), b in written(), c in written()) {
            let (a, b, c) = (version(&a), version(&b), version(&c));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
            prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        }

        #[test]
        fn numbers_count_as_numbers(a in 0_u64.., b in 0_u64.., zeros in 0_usize..4) {
            let padded = format!("{}{b}", "0".repeat(zeros));
            let (one, other) = (version(&format!("1.{a}")), version(&format!("1.{padded}")));
            prop_assert_eq!(one.cmp(&other), a.cmp(&b));
        }

        #[test]
        fn zeros_at_the_end_say_nothing(text in "[1-9][0-9]?(\\.[0-9]{1,3}){0,4}", more in 1_usize..4) {
            prop_assert_eq!(version(&text), version(&format!("{text}{}", ".0".repeat(more))));
        }

        #[test]
        fn what_comes_stands_before_what_is_there(text in "[1-9](\\.[0-9]{1,3}){0,4}", n in 0_u8..) {
            let there = version(&text);
            for word in ["dev", "alpha", "beta", "rc"] {
                let coming = version(&format!("{text}-{word}{n}"));
                prop_assert!(coming < there);
            }
            let (coming, later) = (format!("{text}~{n}"), format!("{text}a"));
            prop_assert!(version(&coming) < there);
            prop_assert!(version(&later) > there);
        }

        #[test]
        fn no_text_ends_the_program(text in "\\PC{0,120}") {
            let _read = text.parse::<Version>();
        }
    }
}
