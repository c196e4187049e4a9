//! What a block of a list brings, until it is its turn.

use formats_misp::Warninglist;
use matcher::SetBuilder;

use super::{Item, Problem, Sink, SinkError, Told};

/// All that was handed on, in its order.
#[derive(Debug, Default)]
pub(super) struct Kept {
    indicators: SetBuilder,
    /// All else, with how many indicators came before.
    others: Vec<(u32, Other)>,
}

#[derive(Debug)]
enum Other {
    /// A pattern, or a rule of the kind of this name.
    Text {
        kind_name: Option<&'static str>,
        text: Box<str>,
        id: Box<str>,
        source: Box<str>,
        marking: Option<&'static str>,
        valid_from_us: Option<i64>,
        valid_until_us: Option<i64>,
        confidence: Option<u8>,
    },
    Exclusions(Warninglist),
    Problem(Problem),
    Warning(Problem),
}

impl Other {
    fn text(kind_name: Option<&'static str>, told: &Told<'_>) -> Self {
        Self::Text {
            kind_name,
            text: told.text.into(),
            id: told.id.into(),
            source: told.source.into(),
            marking: told.marking,
            valid_from_us: told.valid_from_us,
            valid_until_us: told.valid_until_us,
            confidence: told.confidence,
        }
    }

    fn replay(self, sink: &mut dyn Sink) -> Result<(), SinkError> {
        match self {
            Self::Text {
                kind_name,
                text,
                id,
                source,
                marking,
                valid_from_us,
                valid_until_us,
                confidence,
            } => {
                let told = Told {
                    text: &text,
                    id: &id,
                    source: &source,
                    marking,
                    valid_from_us,
                    valid_until_us,
                    confidence,
                };
                sink.item(match kind_name {
                    Some(kind_name) => Item::Carried {
                        kind_name,
                        rule: told,
                    },
                    None => Item::Pattern(told),
                })?;
            }
            Self::Exclusions(list) => sink.item(Item::Exclusions(list))?,
            Self::Problem(problem) => sink.problem(&problem),
            Self::Warning(warning) => sink.warning(&warning),
        }
        Ok(())
    }
}

impl Kept {
    /// Hands all of it on.
    pub(super) fn replay(self, sink: &mut dyn Sink) -> Result<(), SinkError> {
        let Self { indicators, others } = self;
        let mut done = 0;
        for (before, other) in others {
            if done < before {
                sink.indicators(&indicators, done..before)?;
                done = before;
            }
            other.replay(sink)?;
        }
        sink.indicators(&indicators, done..u32::MAX)
    }

    fn push(&mut self, other: Other) {
        let before = u32::try_from(self.indicators.len()).unwrap_or(u32::MAX);
        self.others.push((before, other));
    }
}

impl Sink for Kept {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        match item {
            Item::Indicator(indicator) => _ = self.indicators.add(&indicator)?,
            Item::Pattern(told) => self.push(Other::text(None, &told)),
            Item::Carried { kind_name, rule } => self.push(Other::text(Some(kind_name), &rule)),
            Item::Exclusions(list) => self.push(Other::Exclusions(list)),
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.push(Other::Problem(problem.clone()));
    }

    fn warning(&mut self, warning: &Problem) {
        self.push(Other::Warning(warning.clone()));
    }
}
