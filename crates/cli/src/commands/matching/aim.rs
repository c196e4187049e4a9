//! Which indicators count in a search.

use indicators::Exclusions;
use kernel::{Timestamp, Tlp};
use matcher::Indicator;

/// What is not looked for, or not shown.
#[derive(Debug, Default)]
pub(super) struct Aim {
    /// The strictest marking that may be shown.
    pub(super) max_marking: Option<Tlp>,
    /// By when indicators must still hold; none where expired ones are taken.
    pub(super) holds_at: Option<Timestamp>,
    /// What is mostly no threat.
    pub(super) exclusions: Exclusions,
}

impl Aim {
    /// Whether it is looked for.
    pub(super) fn wants(&self, indicator: &Indicator<'_>) -> bool {
        let is_over = |until: i64| self.holds_at.is_some_and(|now| until <= now.as_micros());
        self.may_show(indicator)
            && !indicator.valid_until_us.is_some_and(is_over)
            && self.exclusions.listed(&indicator.value).is_none()
    }

    /// Whether its marking lets it be shown. What has none is AMBER+STRICT.
    pub(super) fn may_show(&self, indicator: &Indicator<'_>) -> bool {
        let marking = Tlp::from_foreign(indicator.marking.as_deref());
        self.max_marking.is_none_or(|max| marking <= max)
    }
}

#[cfg(test)]
mod tests {
    use matcher::{Breadth, Kind, Value};

    use super::*;

    #[test]
    fn nothing_stricter_or_older_or_unmarked_is_wanted() {
        let value = Value::parse(Kind::Domain, "evil.example", Breadth::Narrow).unwrap();
        let with = |marking: Option<&'static str>, until| {
            let mut indicator = Indicator::new(value.clone(), "", "");
            indicator.marking = marking.map(Into::into);
            indicator.valid_until_us = until;
            indicator
        };
        let aim = Aim {
            max_marking: Some(Tlp::Amber),
            holds_at: Some(Timestamp::from_micros(100)),
            exclusions: Exclusions::default(),
        };
        assert!(aim.wants(&with(Some("TLP:AMBER"), Some(101))));
        assert!(!aim.wants(&with(Some("TLP:AMBER"), Some(100))));
        assert!(!aim.wants(&with(Some("TLP:AMBER+STRICT"), None)));
        assert!(!aim.wants(&with(None, None)), "unmarked is not clear");
        assert!(!aim.wants(&with(Some("internal"), None)));
        assert!(Aim::default().wants(&with(None, Some(1))));
    }
}
