//! The measures of harm.

use crate::model::{Unit, words};

words! {
    /// A measure of harm.
    Measure, "the id of a measure of harm, such as H-DWN", {
        /// Service-days lost.
        ServiceDays = "H-SDL",
        /// Person-service-days lost.
        PersonDays = "H-PSD",
        /// Downtime.
        Downtime = "H-DWN",
        /// Lost-capacity area.
        Area = "H-AUC",
        /// Care postponed.
        Postponed = "H-POST",
        /// Ambulance diversion.
        Diversion = "H-DIV",
        /// Load on neighbours.
        SpillOver = "H-SPILL-H",
        /// Excess deaths.
        ExcessDeaths = "H-ED",
        /// Burden of disease.
        Burden = "H-DALY",
        /// Records exposed.
        Records = "H-REC",
        /// Burden on staff.
        Staff = "H-STAFF",
        /// Backlog of entering records.
        Backlog = "H-BACK",
        /// Cost.
        Cost = "H-COST",
        /// Share of those hit beyond the border.
        CrossBorder = "H-XB",
        /// Cascade.
        Cascade = "H-CASC",
        /// Trust, and effects on the mind.
        Trust = "H-TRUST",
        /// Time before it was noticed.
        Dwell = "H-DWELL",
    }
}

impl Measure {
    /// How it is computed. `c(s,t)` is the capacity of service s at the time t, 0 the baseline.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::ServiceDays => "Σs w(s) ∫ max(0, 1 − c(s,t)/c(s,0)) dt",
            Self::PersonDays => "Σs N(s) ∫ max(0, 1 − c(s,t)/c(s,0)) dt",
            Self::Downtime => "t(restored) − t(onset), at 50, 90 and 100 % of capacity",
            Self::Area => "∫ (1 − C(t)) dt, C the weighted mean capacity",
            Self::Postponed => "number; Σ (new date − old date); never rescheduled",
            Self::Diversion => "Σ hours on diversion × hospitals; extra minutes",
            Self::SpillOver => "(visits during − visits before) / visits before, at units not hit",
            Self::ExcessDeaths => "observed − expected, with a 95 % interval",
            Self::Burden => "YLL + YLD",
            Self::Records => "number by kind of information and of loss; persons estimated",
            Self::Staff => "extra hours; absence",
            Self::Backlog => "days on paper × volume; day on which it was cleared",
            Self::Cost => "response, lost revenue, ransom, third parties, each by itself",
            Self::CrossBorder => {
                "named as hit outside of the State of origin / all that are named with their State"
            }
            Self::Cascade => "number hit, by order 1, 2, 3; lag",
            Self::Trust => "change in a survey; number asked, wording, sampling",
            Self::Dwell => "t(detected) − t(first compromise)",
        }
    }

    /// What it is stated in.
    pub const fn units(self) -> &'static str {
        match self {
            Self::ServiceDays => "service-day",
            Self::PersonDays => "person-day",
            Self::Downtime | Self::Dwell => "day",
            Self::Area => "full-outage-day",
            Self::Postponed => "number, person-day, percent",
            Self::Diversion => "hospital-hour, minute",
            Self::SpillOver | Self::CrossBorder => "percent",
            Self::ExcessDeaths => "death",
            Self::Burden => "DALY",
            Self::Records => "record, person",
            Self::Staff => "person-hour",
            Self::Backlog => "page, day",
            Self::Cost => "currency",
            Self::Cascade => "number, hour",
            Self::Trust => "point",
        }
    }

    /// True where figures of it that count different things may be added. Times, shares and
    /// differences never are.
    pub const fn is_additive(self) -> bool {
        match self {
            Self::ServiceDays
            | Self::PersonDays
            | Self::Postponed
            | Self::Diversion
            | Self::ExcessDeaths
            | Self::Burden
            | Self::Records
            | Self::Staff
            | Self::Backlog
            | Self::Cost => true,
            Self::Downtime
            | Self::Area
            | Self::SpillOver
            | Self::CrossBorder
            | Self::Cascade
            | Self::Trust
            | Self::Dwell => false,
        }
    }

    /// True where it can be stated in that unit.
    pub(crate) fn takes(self, unit: &Unit) -> bool {
        let time = matches!(
            unit.as_str(),
            "minute" | "hour" | "day" | "week" | "month" | "year"
        );
        match self {
            Self::Downtime | Self::Dwell => time,
            Self::Cost => unit.is_money() || unit.as_str() == "percent",
            Self::SpillOver | Self::CrossBorder => unit.as_str() == "percent",
            Self::ExcessDeaths => matches!(unit.as_str(), "death" | "patient" | "person"),
            _ => !unit.is_money(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_of_the_list_has_its_formula() {
        assert_eq!(Measure::ALL.len(), 17);
        for measure in Measure::ALL {
            assert!(!measure.formula().is_empty() && !measure.units().is_empty());
        }
    }

    #[test]
    fn downtime_is_a_time_cost_is_money_and_deaths_are_people() {
        let unit = |text: &str| text.parse::<Unit>().unwrap();
        assert!(Measure::Downtime.takes(&unit("day")));
        assert!(!Measure::Downtime.takes(&unit("hospital")));
        assert!(Measure::Cost.takes(&unit("USD")));
        assert!(!Measure::Cost.takes(&unit("hospital")));
        assert!(!Measure::Postponed.takes(&unit("USD")));
        assert!(Measure::ExcessDeaths.takes(&unit("death")));
        assert!(!Measure::ExcessDeaths.takes(&unit("percent")));
    }
}
