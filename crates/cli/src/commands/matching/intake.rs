//! Who takes what lists bring.

use std::ops::Range;

use indicators::{Exclusions, Item, Problem, Sink, SinkError, Told};
use matcher::{Breadth, Indicator, Kind, SetBuilder, Value};

use super::aim::Aim;
use crate::output;

/// Problems of one list that are printed, and as many warnings; the rest is counted.
const PROBLEMS_MAX: u64 = 10;

/// Takes what lists bring into a set.
pub(super) struct Intake {
    pub(super) builder: SetBuilder,
    pub(super) aim: Aim,
    /// Of the list that is read.
    problems: u64,
    warnings: u64,
    quiet: bool,
}

impl Intake {
    pub(super) fn new(builder: SetBuilder, aim: Aim, quiet: bool) -> Self {
        Self {
            builder,
            aim,
            problems: 0,
            warnings: 0,
            quiet,
        }
    }

    /// Another list begins.
    pub(super) fn begin(&mut self) {
        (self.problems, self.warnings) = (0, 0);
    }

    fn add(&mut self, indicator: &Indicator<'_>) -> Result<(), SinkError> {
        if self.aim.may_show(indicator) {
            self.builder.add(indicator)?;
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

    /// Says what is wrong, if it is one of the first so many of its sort.
    fn tell(&self, number: u64, what: &str, problem: &Problem) {
        if self.quiet || number > PROBLEMS_MAX + 1 {
            return;
        }
        if number > PROBLEMS_MAX {
            return output::note(format!("  {what}: and so on; the number of all follows"));
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
            Item::Exclusions(list) => Err(format!(
                "the warninglist {:?} must be a file of its own, not packed and not piped, so that it is \
                 known before the others are read",
                list.name
            )
            .into()),
        }
    }

    fn indicators(&mut self, packed: &SetBuilder, numbers: Range<u32>) -> Result<(), SinkError> {
        if self.aim.max_marking.is_none() {
            return Ok(self.builder.append(packed, numbers)?);
        }
        let mut all = packed.indicators(numbers);
        all.try_for_each(|indicator| self.add(&indicator))
    }

    fn problem(&mut self, problem: &Problem) {
        self.problems += 1;
        self.tell(self.problems, "left out", problem);
    }

    fn warning(&mut self, warning: &Problem) {
        self.warnings += 1;
        self.tell(self.warnings, "warning", warning);
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
