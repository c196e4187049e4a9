//! What an entry adds to counts, as one line.

use std::sync::LazyLock;

use kernel::{RegionalGroup, Timestamp};
use sha2::{Digest, Sha256};

use super::{Cause, Region, Span, month::Began};
use crate::{
    clocks::{Clocks, Due},
    error::Error,
    model::{Dated, Determination, Facts, Fidelity, Incident, Kind, Rsit, Sector},
    severity::Level,
    state::Stage,
};

/// Rises when a line is written in another way, or the same facts give another line.
const FORMAT: u32 = 3;
const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const MICROS_A_MINUTE: i64 = 60_000_000;

/// The classes, by which a line names one.
pub(super) static CLASSES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let classes = Rsit::all().filter(|rsit| rsit.kind().is_none());
    classes.map(Rsit::class).collect()
});
/// The sectors, by which a line names some.
pub(super) static SECTORS: LazyLock<Vec<Sector>> = LazyLock::new(|| Sector::all().collect());

/// What an entry adds to counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Fact {
    pub(super) began: Began,
    pub(super) kind: Kind,
    pub(super) stage: Stage,
    pub(super) determination: Determination,
    /// The number of its class.
    pub(super) class: Option<u32>,
    pub(super) cause: Cause,
    /// The number of its level.
    pub(super) level: Option<u32>,
    pub(super) cross_border: Option<bool>,
    /// Minutes from its beginning to its detection.
    pub(super) detection: Option<u32>,
    /// Minutes from its beginning to its end.
    pub(super) duration: Option<u32>,
    /// A bit for each sector.
    pub(super) sectors: u32,
    /// A bit for each region.
    pub(super) regions: u32,
    /// How many reports were filed in time, and how many late.
    pub(super) filed: (u32, u32),
    /// When those are due that are not filed, in minutes since 1970.
    pub(super) due: Vec<u32>,
}

/// By which rules lines are written: another number where they are written in another way, or the
/// tables whose places they name are others.
pub(crate) fn rules() -> i64 {
    let mut hasher = Sha256::new();
    for class in CLASSES.iter() {
        hasher.update(class);
        hasher.update([0]);
    }
    for sector in SECTORS.iter() {
        hasher.update(sector.as_str());
        hasher.update([1]);
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let [a, b, c, ..] = hash;
    i64::from(u32::from_be_bytes([0, a, b, c])) << 16 | i64::from(FORMAT)
}

impl Fact {
    pub(crate) fn of(
        incident: &Incident,
        level: Option<Level>,
        clocks: &Clocks,
    ) -> Result<Self, Error> {
        let facts = &incident.facts;
        let (mut filed, mut due) = ((0, 0), Vec::new());
        for stage in clocks.reckoned()? {
            let Due::At(end) = stage.due else { continue };
            if stage.filed.is_some() && !stage.has_term() {
                continue;
            }
            match stage.filed {
                Some(at) if at > end => filed.1 += 1,
                Some(_) => filed.0 += 1,
                None => due.push(minutes(end)),
            }
        }
        Ok(Self {
            began: Began::of(facts.earliest(), incident.created_at),
            kind: facts.kind,
            stage: incident.status.stage(),
            determination: facts.determination,
            class: facts.rsit.and_then(|rsit| {
                let at = CLASSES.iter().position(|&class| class == rsit.class())?;
                u32::try_from(at).ok()
            }),
            cause: cause(facts.rsit),
            level: level.map(|level| u32::from(level.number())),
            cross_border: facts.cross_border,
            detection: between(facts.period.from(), facts.detected),
            duration: between(facts.period.from(), facts.period.to()),
            sectors: bits(SECTORS.iter().map(|sector| facts.sectors.contains(sector))),
            regions: regions(facts),
            filed,
            due,
        })
    }

    pub(super) fn region(&self, region: Region) -> bool {
        let at = Region::ALL.iter().position(|&one| one == region);
        at.is_some_and(|at| self.regions >> at & 1 == 1)
    }

    pub(super) const fn detected_within(&self) -> Span {
        Span::of(self.detection)
    }

    pub(super) const fn lasted(&self) -> Span {
        Span::of(self.duration)
    }

    /// The line that says all of it, in letters, digits, hyphens and low lines.
    pub(crate) fn to_line(&self) -> String {
        let mut line = Line(String::with_capacity(32));
        line.push(self.began.number(), 3);
        line.push(place(Kind::ALL, self.kind), 1);
        line.push(place(Stage::ALL, self.stage), 1);
        line.push(place(Determination::ALL, self.determination), 1);
        line.push(self.class.map_or(0, |class| class + 1), 1);
        line.push(place(Cause::ALL, self.cause), 1);
        line.push(self.level.map_or(0, |level| level + 1), 1);
        line.push(self.cross_border.map_or(0, |is| 1 + u32::from(is)), 1);
        for minutes in [self.detection, self.duration] {
            // 64⁴ minutes are 31 years; what is longer is told as that.
            let longest = 64_u32.pow(4) - 1;
            line.push(minutes.map_or(0, |minutes| (minutes + 1).min(longest)), 4);
        }
        line.push(self.sectors, 6);
        line.push(self.regions, 2);
        line.push(self.filed.0.min(63), 1);
        line.push(self.filed.1.min(63), 1);
        for &minutes in &self.due {
            line.push(minutes, 6);
        }
        line.0
    }

    /// The fact that a line says. None for a line that was written by other rules.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        let mut line = line.as_bytes();
        let mut next = |digits: usize| take(&mut line, digits);
        let began = Began::from_number(next(3)?);
        let kind = *Kind::ALL.get(index(next(1)?))?;
        let stage = *Stage::ALL.get(index(next(1)?))?;
        let determination = *Determination::ALL.get(index(next(1)?))?;
        let class = next(1)?.checked_sub(1);
        let cause = *Cause::ALL.get(index(next(1)?))?;
        let level = next(1)?.checked_sub(1);
        let cross_border = next(1)?.checked_sub(1).map(|is| is == 1);
        let detection = next(4)?.checked_sub(1);
        let duration = next(4)?.checked_sub(1);
        let sectors = next(6)?;
        let regions = next(2)?;
        let filed = (next(1)?, next(1)?);
        let mut due = Vec::new();
        while !line.is_empty() {
            due.push(take(&mut line, 6)?);
        }
        Some(Self {
            began,
            kind,
            stage,
            determination,
            class,
            cause,
            level,
            cross_border,
            detection,
            duration,
            sectors,
            regions,
            filed,
            due,
        })
    }
}

struct Line(String);

impl Line {
    /// The number in so many digits, the highest first; what does not fit is not written.
    fn push(&mut self, number: u32, digits: u32) {
        for digit in (0..digits).rev() {
            let value = number.checked_shr(6 * digit).unwrap_or(0) & 63;
            let letter = DIGITS.get(index(value)).copied().unwrap_or(b'0');
            self.0.push(char::from(letter));
        }
    }
}

fn take(line: &mut &[u8], digits: usize) -> Option<u32> {
    let (number, rest) = line.split_at_checked(digits)?;
    *line = rest;
    number.iter().try_fold(0_u32, |sum, &letter| {
        let value = match letter {
            b'0'..=b'9' => letter - b'0',
            b'A'..=b'Z' => letter - b'A' + 10,
            b'a'..=b'z' => letter - b'a' + 36,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        Some(sum << 6 | u32::from(value))
    })
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn place<T: Copy + PartialEq>(all: &[T], one: T) -> u32 {
    let at = all.iter().position(|&other| other == one);
    at.and_then(|at| u32::try_from(at).ok()).unwrap_or(0)
}

fn bits(all: impl Iterator<Item = bool>) -> u32 {
    (0..32)
        .zip(all)
        .fold(0, |sum, (at, is)| sum | u32::from(is) << at)
}

fn minutes(at: Timestamp) -> u32 {
    u32::try_from(at.as_micros().div_euclid(MICROS_A_MINUTE)).unwrap_or(0)
}

/// The minutes between two dates that are known to the day at least. Where a day alone is known, one
/// and the same day is up to a day.
fn between(first: Option<Dated>, last: Option<Dated>) -> Option<u32> {
    let (first, last) = (first?, last?);
    let coarse = |dated: Dated| matches!(dated.fidelity(), Fidelity::Year | Fidelity::Month);
    let to_the_day = |dated: Dated| dated.fidelity() == Fidelity::Day;
    if coarse(first) || coarse(last) {
        return None;
    }
    let minutes = (last.first().as_micros() - first.first().as_micros()) / MICROS_A_MINUTE;
    if to_the_day(first) || to_the_day(last) {
        // The hour is not known: whole days, and the first of them counts.
        let days = last.first().as_micros().div_euclid(MICROS_A_MINUTE * 1_440)
            - first
                .first()
                .as_micros()
                .div_euclid(MICROS_A_MINUTE * 1_440);
        return u32::try_from(days.max(0) * 1_440)
            .ok()
            .filter(|_| days >= 0)
            .map(|minutes| minutes.max(1_440));
    }
    u32::try_from(minutes).ok()
}

fn cause(rsit: Option<Rsit>) -> Cause {
    let Some(rsit) = rsit else {
        return Cause::Unknown;
    };
    match (rsit.class(), rsit.kind()) {
        ("vulnerable" | "test", _) | ("availability", Some("misconfiguration" | "outage")) => {
            Cause::NotMalicious
        }
        ("other", _) | ("availability", None) => Cause::Unknown,
        _ => Cause::Malicious,
    }
}

fn regions(facts: &Facts) -> u32 {
    let region = |group: Option<RegionalGroup>| match group {
        Some(RegionalGroup::African) => Region::African,
        Some(RegionalGroup::AsiaPacific) => Region::AsiaPacific,
        Some(RegionalGroup::EasternEuropean) => Region::EasternEuropean,
        Some(RegionalGroup::Grulac) => Region::Grulac,
        Some(RegionalGroup::Weog) => Region::Weog,
        None => Region::Other,
    };
    let mut found: Vec<Region> = facts
        .victims
        .iter()
        .map(|one| region(one.group()))
        .collect();
    if facts.worldwide && found.is_empty() {
        found.extend(&[
            Region::African,
            Region::AsiaPacific,
            Region::EasternEuropean,
            Region::Grulac,
            Region::Weog,
        ]);
    }
    if found.is_empty() {
        found.push(Region::Unknown);
    }
    bits(Region::ALL.iter().map(|one| found.contains(one)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dated(text: &str) -> Option<Dated> {
        text.parse().ok()
    }

    #[test]
    fn a_time_is_told_only_where_both_ends_are_known_to_the_day() {
        let minutes = |first, last| between(dated(first), dated(last));
        assert_eq!(minutes("2024-05-08T10:00Z", "2024-05-08T10:45Z"), Some(45));
        assert_eq!(minutes("2024-05-08", "2024-05-08T10:45Z"), Some(1_440));
        assert_eq!(minutes("2024-05-08", "2024-05-10"), Some(2 * 1_440));
        assert_eq!(minutes("2024-05-08T23:00Z", "2024-05-09"), Some(1_440));
        assert_eq!(minutes("2024-05", "2024-05-10"), None);
        assert_eq!(
            minutes("2024-05-10", "2024-05-08"),
            None,
            "detected before it began"
        );
        assert_eq!(minutes("2024-05-10T10:00Z", "2024-05-10T09:00Z"), None);
    }

    #[test]
    fn what_nobody_meant_is_told_by_the_class() {
        let of = |text: &str| cause(text.parse().ok());
        assert_eq!(of("malicious-code"), Cause::Malicious);
        assert_eq!(of("availability/ddos"), Cause::Malicious);
        assert_eq!(of("availability/outage"), Cause::NotMalicious);
        assert_eq!(of("availability"), Cause::Unknown);
        assert_eq!(of("vulnerable/weak-crypto"), Cause::NotMalicious);
        assert_eq!(cause(None), Cause::Unknown);
    }

    #[test]
    fn sectors_and_regions_have_room_in_a_line() {
        assert!(SECTORS.len() <= 32 && Region::ALL.len() <= 12 && CLASSES.len() < 63);
    }

    proptest! {
        #[test]
        fn a_line_says_all_of_a_fact(
            (began, class, level) in (0_u32..200_000, 0_u32..12, 0_u32..6),
            (detection, duration) in (any::<Option<u16>>(), any::<Option<u16>>()),
            (sectors, regions) in (any::<u32>(), 0_u32..128),
            filed in (0_u32..64, 0_u32..64),
            due in proptest::collection::vec(any::<u32>(), 0..4),
            (has_class, has_level, cross_border) in (any::<bool>(), any::<bool>(), any::<Option<bool>>()),
            cause in 0_usize..3,
        ) {
            let fact = Fact {
                began: Began::from_number(began),
                kind: Kind::Campaign,
                stage: Stage::Closed,
                determination: Determination::FalsePositive,
                class: has_class.then_some(class),
                cause: Cause::ALL[cause],
                level: has_level.then_some(level),
                cross_border,
                detection: detection.map(u32::from),
                duration: duration.map(u32::from),
                sectors,
                regions,
                filed,
                due,
            };
            let line = fact.to_line();
            prop_assert_eq!(Fact::from_line(&line), Some(fact));
            prop_assert_eq!(Fact::from_line(line.strip_suffix(|_| true).unwrap()), None);
        }

        #[test]
        fn no_line_is_too_odd_to_be_refused(line in "\\PC{0,60}") {
            if let Some(fact) = Fact::from_line(&line) {
                prop_assert_eq!(fact.to_line().len(), line.len());
            }
        }
    }
}
