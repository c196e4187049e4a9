//! Counts over the register: how many entries by sector, class, severity, region, month and so on.
//!
//! A count is made when it is asked for, of what the asking viewer may read, and is kept nowhere. What
//! an entry adds to counts is kept beside it as one short line ([`Fact`]), since the entries themselves
//! are long: 100,000 lines are read at once. An entry of several sectors or regions counts in each of
//! them, and once in the total.

mod count;
mod fact;
mod month;
mod question;

pub(crate) use count::count;
pub use count::{OnTime, Row, Spread, Table, Tally};
pub(crate) use fact::{Fact, rules};
pub use month::Month;
pub use question::{Question, Value};

use crate::model::words;

words! {
    /// By what entries are told apart.
    Dimension, "month, sector, class, level, region, cause, cross-border, determination, kind, stage, detection or duration", {
        /// The month, in UTC, in which it began, or as early as is known; the year where that alone is known.
        Month = "month",
        /// The sectors (NIS2).
        Sector = "sector",
        /// The class of RSIT.
        Class = "class",
        /// The level of severity.
        Level = "level",
        /// The regional groups of the United Nations to which the States concerned belong.
        Region = "region",
        /// Whether somebody meant it, by its class of RSIT.
        Cause = "cause",
        /// Whether it touches more than one State.
        CrossBorder = "cross-border",
        /// How sure it is that it happened.
        Determination = "determination",
        /// One event or a series.
        Kind = "kind",
        /// Where the work on it stands.
        Stage = "stage",
        /// The time from its beginning to its detection.
        Detection = "detection",
        /// The time from its beginning to its end.
        Duration = "duration",
    }
}

words! {
    /// A region: a regional group of the United Nations.
    Region, "african, asia-pacific, eastern-european, grulac, weog, other or unknown", {
        /// Group of African States.
        African = "african",
        /// Group of Asia-Pacific States.
        AsiaPacific = "asia-pacific",
        /// Eastern European Group.
        EasternEuropean = "eastern-european",
        /// Group of Latin American and Caribbean States.
        Grulac = "grulac",
        /// Western European and other States Group.
        Weog = "weog",
        /// A State that belongs to none.
        Other = "other",
        /// No State is named.
        Unknown = "unknown",
    }
}

words! {
    /// Whether somebody meant it.
    Cause, "malicious, not-malicious or unknown", {
        /// Somebody meant it.
        Malicious = "malicious",
        /// A mistake, a failure or a weakness that nobody used: the types misconfiguration and outage,
        /// and the classes vulnerable and test, of RSIT.
        NotMalicious = "not-malicious",
        /// It has no class, or the class `other`, or `availability` without a type.
        Unknown = "unknown",
    }
}

words! {
    /// How long something took.
    Span, "up-to-1h, up-to-24h, up-to-3d, up-to-7d, up-to-30d, up-to-180d, longer or unknown", {
        /// An hour at most.
        Hour = "up-to-1h",
        /// A day at most.
        Day = "up-to-24h",
        /// Three days at most.
        ThreeDays = "up-to-3d",
        /// A week at most.
        Week = "up-to-7d",
        /// 30 days at most.
        Month = "up-to-30d",
        /// 180 days at most.
        HalfYear = "up-to-180d",
        /// More than that.
        Longer = "longer",
        /// Not known, or not to the day.
        Unknown = "unknown",
    }
}

impl Span {
    /// The span of so many minutes.
    const fn of(minutes: Option<u32>) -> Self {
        const HOUR: u32 = 60;
        const DAY: u32 = 24 * HOUR;
        let Some(minutes) = minutes else {
            return Self::Unknown;
        };
        if minutes <= HOUR {
            Self::Hour
        } else if minutes <= DAY {
            Self::Day
        } else if minutes <= 3 * DAY {
            Self::ThreeDays
        } else if minutes <= 7 * DAY {
            Self::Week
        } else if minutes <= 30 * DAY {
            Self::Month
        } else if minutes <= 180 * DAY {
            Self::HalfYear
        } else {
            Self::Longer
        }
    }
}
