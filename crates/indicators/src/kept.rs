//! What a block of a list brings, until it is its turn.

use formats_misp::Warninglist;
use matcher::{Indicator, Value};

use super::{Item, Problem, Sink, SinkError, Told};

/// All that was handed on, in its order.
#[derive(Debug, Default)]
pub(super) struct Kept {
    events: Vec<Event>,
    contexts: Vec<Context>,
}

#[derive(Debug)]
enum Event {
    Indicator {
        value: Value,
        id: Box<str>,
        /// The number of its context.
        context: usize,
        valid_from_us: Option<i64>,
        valid_until_us: Option<i64>,
    },
    /// A pattern, or a rule of the kind of this name.
    Text {
        kind_name: Option<&'static str>,
        text: Box<str>,
        id: Box<str>,
        context: usize,
        valid_from_us: Option<i64>,
        valid_until_us: Option<i64>,
    },
    Exclusions(Warninglist),
    Problem(Problem),
    Warning(Problem),
}

/// What indicators side by side mostly have in common.
#[derive(Debug, Eq, PartialEq)]
struct Context {
    source: Box<str>,
    marking: Option<Box<str>>,
    /// The same, as patterns and rules have it.
    label: Option<&'static str>,
    confidence: Option<u8>,
}

impl Kept {
    /// The number of a context: that of the last one, where it is the same.
    fn context(
        &mut self,
        source: &str,
        marking: Option<&str>,
        label: Option<&'static str>,
        confidence: Option<u8>,
    ) -> usize {
        let is_same = self.contexts.last().is_some_and(|last| {
            *last.source == *source
                && last.marking.as_deref() == marking
                && last.label == label
                && last.confidence == confidence
        });
        if !is_same {
            self.contexts.push(Context {
                source: source.into(),
                marking: marking.map(Into::into),
                label,
                confidence,
            });
        }
        self.contexts.len() - 1
    }

    fn text(&mut self, kind_name: Option<&'static str>, told: &Told<'_>) -> Event {
        Event::Text {
            kind_name,
            text: told.text.into(),
            id: told.id.into(),
            context: self.context(told.source, None, told.marking, told.confidence),
            valid_from_us: told.valid_from_us,
            valid_until_us: told.valid_until_us,
        }
    }

    /// Hands all of it on.
    pub(super) fn replay(self, sink: &mut dyn Sink) -> Result<(), SinkError> {
        let Self { events, contexts } = self;
        for event in events {
            match event {
                Event::Indicator {
                    value,
                    id,
                    context,
                    valid_from_us,
                    valid_until_us,
                } => {
                    let Some(context) = contexts.get(context) else {
                        continue;
                    };
                    sink.item(Item::Indicator(Indicator {
                        value,
                        id: (&*id).into(),
                        source: (&*context.source).into(),
                        marking: context.marking.as_deref().map(Into::into),
                        valid_from_us,
                        valid_until_us,
                        confidence: context.confidence,
                    }))?;
                }
                Event::Text {
                    kind_name,
                    text,
                    id,
                    context,
                    valid_from_us,
                    valid_until_us,
                } => {
                    let Some(context) = contexts.get(context) else {
                        continue;
                    };
                    let told = Told {
                        text: &text,
                        id: &id,
                        source: &context.source,
                        marking: context.label,
                        valid_from_us,
                        valid_until_us,
                        confidence: context.confidence,
                    };
                    sink.item(match kind_name {
                        Some(kind_name) => Item::Carried {
                            kind_name,
                            rule: told,
                        },
                        None => Item::Pattern(told),
                    })?;
                }
                Event::Exclusions(list) => sink.item(Item::Exclusions(list))?,
                Event::Problem(problem) => sink.problem(&problem),
                Event::Warning(warning) => sink.warning(&warning),
            }
        }
        Ok(())
    }
}

impl Sink for Kept {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        let event = match item {
            Item::Indicator(indicator) => Event::Indicator {
                context: self.context(
                    &indicator.source,
                    indicator.marking.as_deref(),
                    None,
                    indicator.confidence,
                ),
                id: (*indicator.id).into(),
                value: indicator.value,
                valid_from_us: indicator.valid_from_us,
                valid_until_us: indicator.valid_until_us,
            },
            Item::Pattern(told) => self.text(None, &told),
            Item::Carried { kind_name, rule } => self.text(Some(kind_name), &rule),
            Item::Exclusions(list) => Event::Exclusions(list),
        };
        self.events.push(event);
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.events.push(Event::Problem(problem.clone()));
    }

    fn warning(&mut self, warning: &Problem) {
        self.events.push(Event::Warning(warning.clone()));
    }
}
