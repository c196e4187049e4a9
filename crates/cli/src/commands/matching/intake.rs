//! Who takes what lists bring.

use cli::indicators::{Exclusions, Item, Problem, Sink, SinkError, Told};
use matcher::{Breadth, Indicator, Kind, SetBuilder, Value};

use super::aim::Aim;
use crate::output;

/// Problems of one list that are printed; the rest is counted.
const PROBLEMS_MAX: u64 = 10;

/// Takes what lists bring into a set.
pub(super) struct Intake {
    pub(super) builder: SetBuilder,
    pub(super) aim: Aim,
    /// Indicators whose marking is too strict.
    pub(super) hidden: u64,
    /// Problems of the list that is read.
    pub(super) problems: u64,
    quiet: bool,
}

impl Intake {
    pub(super) fn new(builder: SetBuilder, aim: Aim, quiet: bool) -> Self {
        Self {
            builder,
            aim,
            hidden: 0,
            problems: 0,
            quiet,
        }
    }

    fn add(&mut self, indicator: &Indicator<'_>) -> Result<(), SinkError> {
        if self.aim.may_show(indicator) {
            self.builder.add(indicator)?;
        } else {
            self.hidden += 1;
        }
        Ok(())
    }

    /// A pattern or a rule, which is kept as it is.
    fn carry(&mut self, kind: Kind, told: &Told<'_>) -> Result<(), SinkError> {
        let value = Value::parse(kind, told.text, Breadth::Any)?;
        let mut indicator = Indicator::new(value, told.id, told.source);
        indicator.marking = told.marking.map(Into::into);
        indicator.valid_from_us = told.valid_from_us;
        indicator.valid_until_us = told.valid_until_us;
        indicator.confidence = told.confidence;
        self.add(&indicator)
    }

    fn tell(&mut self, what: &str, problem: &Problem) {
        self.problems += 1;
        if self.quiet || self.problems > PROBLEMS_MAX + 1 {
            return;
        }
        if self.problems > PROBLEMS_MAX {
            return output::note("  and so on; the number of all follows");
        }
        let hint = problem.reason.hint();
        output::note(format!("  {what}: {problem}: {hint}"));
    }
}

impl Sink for Intake {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        match item {
            Item::Indicator(indicator) => self.add(&indicator),
            Item::Pattern(told) => self.carry(Kind::StixPattern, &told),
            Item::Carried { kind_name, rule } => match kind_name.parse() {
                Ok(kind) => self.carry(kind, &rule),
                Err(error) => Err(Box::new(error)),
            },
            // Those that are files of their own were read before the others.
            Item::Exclusions(_) => Ok(()),
        }
    }

    fn problem(&mut self, problem: &Problem) {
        self.tell("left out", problem);
    }

    fn warning(&mut self, warning: &Problem) {
        self.tell("warning", warning);
    }
}

/// Takes what warninglists say.
#[derive(Default)]
pub(super) struct Gathered(pub(super) Exclusions);

impl Sink for Gathered {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        if let Item::Exclusions(list) = item {
            self.0.add(&list);
        }
        Ok(())
    }

    fn problem(&mut self, _problem: &Problem) {}

    fn warning(&mut self, _warning: &Problem) {}
}
