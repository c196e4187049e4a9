//! Where all readers hand what they find: wishes are applied here, and everything is counted.

use formats_misp::Warninglist;
use kernel::Tlp;
use matcher::{Indicator, Value, ValueError};

use super::{
    Domains, Item, Options, Place, Problem, ReadError, Reason, Report, Sink, Told,
    item::label,
    kept::Kept,
    special,
    values::{Manner, values_of},
    words::Wanted,
};

/// What is known of an entry beside its value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About<'e> {
    pub(super) id: &'e str,
    /// The source that the list names for it.
    pub(super) source: Option<&'e str>,
    pub(super) marking: Option<Tlp>,
    pub(super) valid_from_us: Option<i64>,
    pub(super) valid_until_us: Option<i64>,
    pub(super) confidence: Option<u8>,
}

/// Why an entry is left out unread.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum LeftOut {
    Revoked,
    NotForMatching,
}

/// Takes entries, hands them on and counts them.
pub(super) struct Intake<'a> {
    pub(super) options: &'a Options<'a>,
    pub(super) source: &'a str,
    sink: &'a mut dyn Sink,
    pub(super) report: Report,
    /// The values of one entry; kept for the next.
    values: Vec<Value>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        options: &'a Options<'a>,
        report: Report,
        sink: &'a mut dyn Sink,
        source: &'a str,
    ) -> Self {
        Self {
            options,
            source,
            sink,
            report,
            values: Vec::new(),
        }
    }

    /// Takes the values of a text. `place` is asked where something is wrong alone.
    pub(super) fn text(
        &mut self,
        text: &str,
        wanted: Wanted,
        about: &About<'_>,
        place: impl Fn() -> Place,
    ) -> Result<(), ReadError> {
        let usual = match wanted {
            Wanted::Host => Domains::Exact,
            _ => Domains::Tree,
        };
        let manner = Manner {
            breadth: self.options.breadth,
            domains: self.options.domains.unwrap_or(usual),
        };
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        let found = values_of(text, wanted, manner, &mut values);
        let taken = match found {
            Ok(port_dropped) => {
                self.report.ports_dropped += u64::from(port_dropped);
                self.values(values.drain(..), text, about, place)
            }
            Err(reason) => self.problem(place(), text, reason),
        };
        self.values = values;
        taken
    }

    /// Takes values that are one entry.
    pub(super) fn values(
        &mut self,
        values: impl Iterator<Item = Value>,
        text: &str,
        about: &About<'_>,
        place: impl Fn() -> Place,
    ) -> Result<(), ReadError> {
        self.report.read += 1;
        if self.is_expired(about) {
            self.report.left.expired += 1;
            return Ok(());
        }
        let mut listed = true;
        for value in values {
            let exclusions = self.options.exclusions;
            if exclusions.is_some_and(|exclusions| exclusions.listed(&value).is_some()) {
                continue;
            }
            listed = false;
            if let Some((address, bits)) = value.network()
                && let Some(name) = special::range_of(address, bits)
            {
                self.warn(place(), text, Reason::Special(name));
            }
            self.report.indicators += 1;
            let indicator = Indicator {
                value,
                id: about.id.into(),
                source: about.source.unwrap_or(self.source).into(),
                marking: self.marking(about).map(Into::into),
                valid_from_us: about.valid_from_us,
                valid_until_us: about.valid_until_us,
                confidence: about.confidence,
            };
            self.hand_on(Item::Indicator(indicator))?;
        }
        if listed {
            self.report.left.listed += 1;
        } else {
            self.report.taken += 1;
        }
        Ok(())
    }

    /// Takes a pattern that has to be evaluated.
    pub(super) fn pattern(&mut self, text: &str, about: &About<'_>) -> Result<(), ReadError> {
        self.report.read += 1;
        if self.is_expired(about) {
            self.report.left.expired += 1;
            return Ok(());
        }
        self.report.taken += 1;
        self.report.patterns += 1;
        let told = self.told(text, about);
        self.hand_on(Item::Pattern(told))
    }

    /// Takes a rule that others carry out.
    pub(super) fn rule(
        &mut self,
        kind_name: &'static str,
        text: &str,
        about: &About<'_>,
    ) -> Result<(), ReadError> {
        self.report.read += 1;
        if self.is_expired(about) {
            self.report.left.expired += 1;
            return Ok(());
        }
        self.report.taken += 1;
        self.report.carried += 1;
        let rule = self.told(text, about);
        self.hand_on(Item::Carried { kind_name, rule })
    }

    pub(super) fn warninglist(&mut self, list: Warninglist) -> Result<(), ReadError> {
        self.report.warninglists += 1;
        self.hand_on(Item::Exclusions(list))
    }

    /// Counts an entry that is left out.
    pub(super) fn leave_out(&mut self, why: LeftOut) {
        self.report.read += 1;
        match why {
            LeftOut::Revoked => self.report.left.revoked += 1,
            LeftOut::NotForMatching => self.report.left.not_for_matching += 1,
        }
    }

    /// Reports an entry that cannot be taken.
    pub(super) fn problem(
        &mut self,
        place: Place,
        text: &str,
        reason: Reason,
    ) -> Result<(), ReadError> {
        self.report.read += 1;
        if matches!(reason, Reason::Value(ValueError::Broad { .. })) {
            self.report.left.broad += 1;
        } else {
            self.report.left.unreadable += 1;
        }
        let problem = Problem::new(place, text, reason);
        self.report.note(&problem);
        self.sink.problem(&problem);
        if self.options.strict {
            return Err(ReadError::Strict(problem));
        }
        Ok(())
    }

    /// Reports what is taken and may be a mistake.
    pub(super) fn warn(&mut self, place: Place, text: &str, reason: Reason) {
        self.report.warned += 1;
        self.sink.warning(&Problem::new(place, text, reason));
    }

    fn told<'t>(&self, text: &'t str, about: &About<'t>) -> Told<'t>
    where
        'a: 't,
    {
        Told {
            text,
            id: about.id,
            source: about.source.unwrap_or(self.source),
            marking: self.marking(about),
            valid_from_us: about.valid_from_us,
            valid_until_us: about.valid_until_us,
            confidence: about.confidence,
        }
    }

    fn marking(&self, about: &About<'_>) -> Option<&'static str> {
        about.marking.or(self.options.marking).map(label)
    }

    fn is_expired(&self, about: &About<'_>) -> bool {
        let until = about.valid_until_us;
        !self.options.include_expired
            && until.is_some_and(|until| until <= self.options.now.as_micros())
    }

    /// Takes in what another one has kept, and what it counted.
    pub(super) fn replay(&mut self, kept: Kept, report: &Report) -> Result<(), ReadError> {
        self.report.add(report);
        kept.replay(self.sink).map_err(ReadError::Sink)
    }

    fn hand_on(&mut self, item: Item<'_>) -> Result<(), ReadError> {
        self.sink.item(item).map_err(ReadError::Sink)
    }
}
