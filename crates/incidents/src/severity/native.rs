//! Scales of others, each in its own terms. Nothing here is ever computed from SEV-1, or the other way
//! round.

use std::fmt;

use crate::model::{Invalid, words};

/// What the weighted sum of the National Cyber Incident Scoring System comes to at least.
const NCISS_MIN: u32 = 325;
/// What it comes to at most.
const NCISS_MAX: u32 = 3_400;

/// From which score on each priority level holds.
const BANDS: [(u32, NcissBand); 6] = [
    (0, NcissBand::Baseline),
    (20, NcissBand::Low),
    (36, NcissBand::Medium),
    (51, NcissBand::High),
    (66, NcissBand::Severe),
    (81, NcissBand::Emergency),
];

words! {
    /// A category of the National Cyber Incident Scoring System of the United States.
    #[schema(as = incidents::NcissCategory)]
    Category, "a category of NCISS, such as functional", {
        /// Functional impact.
        Functional = "functional",
        /// Observed activity.
        Activity = "activity",
        /// Location of the observed activity.
        Location = "location",
        /// Actor characterization.
        Actor = "actor",
        /// Information impact.
        Information = "information",
        /// Recoverability.
        Recoverability = "recoverability",
        /// Cross-sector dependency.
        Dependency = "dependency",
        /// Potential impact.
        Potential = "potential",
    }
}

words! {
    /// A priority level of that system.
    NcissBand, "baseline, low, medium, high, severe or emergency", {
        /// Below 20.
        Baseline = "baseline",
        /// From 20.
        Low = "low",
        /// From 36.
        Medium = "medium",
        /// From 51.
        High = "high",
        /// From 66.
        Severe = "severe",
        /// From 81.
        Emergency = "emergency",
    }
}

words! {
    /// An answer of a test.
    YesNo, "yes, no or unknown", {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// Whether an incident is significant.
    Verdict, "significant, not-significant or open", {
        /// It is.
        Significant = "significant",
        /// It is not.
        NotSignificant = "not-significant",
        /// Not enough is known.
        Open = "open",
    }
}

/// One answer in a category.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Choice {
    /// Its word.
    pub word: &'static str,
    /// What it is worth, 0 to 100.
    pub value: u16,
}

macro_rules! choices {
    ($($word:literal $value:literal),+ $(,)?) => {
        &[$(Choice { word: $word, value: $value }),+]
    };
}

impl Category {
    /// What the category counts for.
    pub const fn weight(self) -> u16 {
        match self {
            Self::Functional | Self::Potential => 6,
            Self::Activity => 5,
            Self::Location | Self::Actor | Self::Recoverability => 4,
            Self::Dependency => 3,
            Self::Information => 2,
        }
    }

    /// The answers that it takes.
    pub const fn choices(self) -> &'static [Choice] {
        match self {
            Self::Functional => choices![
                "no-impact" 0, "no-impact-to-services" 20, "minimal-non-critical" 35,
                "minimal-critical" 40, "significant-non-critical" 50, "denial-non-critical" 60,
                "significant-critical" 70, "denial-critical-or-loss-of-control" 100,
            ],
            Self::Activity => choices![
                "none" 0, "prepare" 40, "engage" 70, "presence" 80, "effect" 100,
            ],
            Self::Location => choices![
                "business-dmz" 30, "business-network" 40, "unknown" 50,
                "business-network-management" 60, "critical-dmz" 70, "critical-management" 80,
                "critical-systems" 90, "safety-systems" 100,
            ],
            Self::Actor => choices![
                "hacktivist" 20, "unwitting-insider" 30, "criminal" 40, "unknown" 50,
                "witting-insider" 65, "apt" 80, "apt-targeted" 100,
            ],
            Self::Information => choices![
                "none" 0, "suspected" 10, "privacy" 20, "proprietary" 50,
                "destruction-non-critical" 60, "critical-systems-data" 70, "core-credential" 80,
                "destruction-critical" 100,
            ],
            Self::Recoverability => choices![
                "regular" 20, "supplemented" 40, "extended" 60, "not-recoverable" 100,
            ],
            Self::Dependency => choices![
                "energy" 100, "it" 80, "communications" 75, "transport" 75, "water" 60,
                "critical-manufacturing" 50, "government" 40, "banking" 35, "defence" 35,
                "commercial" 30, "health" 30, "dams" 25, "emergency-services" 25,
                "agriculture" 20, "chemical" 20, "nuclear" 15,
            ],
            Self::Potential => choices![
                "minimal" 0, "low" 25, "moderate" 50, "high" 75, "severe" 100,
            ],
        }
    }

    fn choice(self, word: &str) -> Result<&'static Choice, Invalid> {
        let mut choices = self.choices().iter();
        choices.find(|choice| choice.word == word).ok_or(Invalid {
            field: self.as_str(),
            rule: "one of the answers of that category",
        })
    }
}

/// A rating by the National Cyber Incident Scoring System: an answer in each category. Text form:
/// their words, in the order of the categories.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Nciss(Vec<(Category, &'static Choice)>);

impl Nciss {
    /// The rating of these answers.
    pub fn new<'a>(answer: impl Fn(Category) -> &'a str) -> Result<Self, Invalid> {
        let answers = Category::ALL
            .iter()
            .map(|&category| Ok((category, category.choice(answer(category))?)));
        answers.collect::<Result<_, Invalid>>().map(Self)
    }

    /// The answers, in the order of the categories.
    pub fn answers(&self) -> impl Iterator<Item = (Category, &'static Choice)> {
        self.0.iter().copied()
    }

    /// How much it is above the least, of how much that can be.
    fn above(&self) -> (u32, u32) {
        let answers = self.answers();
        let sum: u32 = answers
            .map(|(category, choice)| u32::from(category.weight()) * u32::from(choice.value))
            .sum();
        let above = sum.clamp(NCISS_MIN, NCISS_MAX) - NCISS_MIN;
        (above, NCISS_MAX - NCISS_MIN)
    }

    /// The score, in tenths, rounded.
    pub fn score_tenths(&self) -> u32 {
        let (above, whole) = self.above();
        (above * 2_000 + whole) / (2 * whole)
    }

    /// The score, with one decimal; with a second one where it would be rounded up to the next level.
    pub fn score(&self) -> String {
        let (above, whole) = self.above();
        let tenths = self.score_tenths();
        if tenths * whole > above * 1_000 && BANDS.iter().any(|(from, _)| from * 10 == tenths) {
            let hundredths = above * 10_000 / whole;
            return format!("{}.{:02}", hundredths / 100, hundredths % 100);
        }
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// The priority level of the score, as exact as it is.
    pub fn band(&self) -> NcissBand {
        let (above, whole) = self.above();
        let reached = BANDS.iter().rev();
        reached
            .copied()
            .find(|(from, _)| above * 100 >= from * whole)
            .map_or(NcissBand::Baseline, |(_, band)| band)
    }
}

impl fmt::Display for Nciss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.answers().map(|(_, choice)| choice.word).collect();
        f.write_str(&words.join(" "))
    }
}

impl std::str::FromStr for Nciss {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let given: Vec<&str> = text.split(' ').collect();
        if given.len() != Category::ALL.len() {
            return Err(Invalid {
                field: "nciss",
                rule: "an answer in each of the eight categories",
            });
        }
        let answers = Category::ALL.iter().zip(given);
        let answers = answers.map(|(&category, word)| Ok((category, category.choice(word)?)));
        answers.collect::<Result<_, Invalid>>().map(Self)
    }
}

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident, $least:literal ..= $most:literal, $rule:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        pub struct $name(u8);

        impl $name {
            /// The one with that number.
            pub fn new(number: u8) -> Result<Self, Invalid> {
                if ($least..=$most).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(Invalid { field: "value", rule: $rule })
                }
            }

            /// All of them.
            pub fn all() -> impl Iterator<Item = Self> {
                ($least..=$most).map(Self)
            }

            /// The number.
            pub const fn number(self) -> u8 {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let number = text.parse().map_err(|_no_number| Invalid { field: "value", rule: $rule })?;
                Self::new(number)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

numbered! {
    /// A level of the Cyber Incident Severity Schema of the United States: 0 baseline, 5 emergency.
    Cisss, 0..=5, "a level of 0 to 5"
}

numbered! {
    /// A category of the National Cyber Security Centre of the United Kingdom: 1 national emergency,
    /// 6 localised.
    Ncsc, 1..=6, "a category of 1 to 6"
}

/// The test of a significant incident, Directive (EU) 2022/2555, article 23(3). Text form: both
/// answers, such as `yes unknown`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Nis2 {
    /// It caused, or can cause, severe operational disruption or financial loss (a).
    pub disruption: YesNo,
    /// It caused, or can cause, considerable damage to others (b).
    pub damage: YesNo,
}

impl Nis2 {
    /// What the test comes to: either condition is enough.
    pub const fn verdict(self) -> Verdict {
        match (self.disruption, self.damage) {
            (YesNo::Yes, _) | (_, YesNo::Yes) => Verdict::Significant,
            (YesNo::No, YesNo::No) => Verdict::NotSignificant,
            (YesNo::Unknown, _) | (_, YesNo::Unknown) => Verdict::Open,
        }
    }
}

impl fmt::Display for Nis2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.disruption, self.damage)
    }
}

impl std::str::FromStr for Nis2 {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (disruption, damage) = text.split_once(' ').ok_or(Invalid {
            field: "nis2",
            rule: "two answers: yes, no or unknown",
        })?;
        let answer = |text: &str, field| text.parse().map_err(|broken: Invalid| broken.at(field));
        Ok(Self {
            disruption: answer(disruption, "disruption")?,
            damage: answer(damage, "damage")?,
        })
    }
}

#[cfg(test)]
mod tests;
