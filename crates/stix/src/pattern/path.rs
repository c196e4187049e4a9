//! From an object along a path to values (STIX 2.1 §9.7).

use super::{Step, error::MatchError, observed::Observed};
use crate::json::Value;

/// Values that one path may visit in one observation at most: references can form circles, and
/// lists of them multiply with each `[*]`.
const VISITS_MAX: u64 = 1_000_000;

/// What the value in hand refers to.
#[derive(Clone, Copy)]
enum Reference {
    None,
    /// The id of an object: the property's name ends in `_ref`.
    One,
    /// A list of ids: the name ends in `_refs`.
    List,
}

impl Reference {
    fn of(key: &str) -> Self {
        if key.ends_with("_ref") {
            Self::One
        } else if key.ends_with("_refs") {
            Self::List
        } else {
            Self::None
        }
    }
}

/// Whether any value at the path fulfils the test.
pub(crate) fn any_value<'d>(
    observed: &Observed<'d>,
    object: Value<'d>,
    steps: &[Step],
    test: &mut dyn FnMut(Value<'d>) -> Result<bool, MatchError>,
) -> Result<bool, MatchError> {
    let mut walk = Walk {
        observed,
        visits: 0,
        test,
    };
    walk.on(object, Reference::None, steps)
}

struct Walk<'w, 'd> {
    observed: &'w Observed<'d>,
    visits: u64,
    test: &'w mut dyn FnMut(Value<'d>) -> Result<bool, MatchError>,
}

impl<'d> Walk<'_, 'd> {
    /// Recursion is as deep as there are `[*]` in the path.
    fn on(
        &mut self,
        mut value: Value<'d>,
        mut reference: Reference,
        mut steps: &[Step],
    ) -> Result<bool, MatchError> {
        while let [step, rest @ ..] = steps {
            self.visits = self.visits.saturating_add(1);
            if self.visits > VISITS_MAX {
                return Err(MatchError::SearchLimit {
                    steps_max: VISITS_MAX,
                });
            }
            steps = rest;
            let next = match step {
                Step::Key(key) => {
                    let holder = self.holder(value, reference);
                    reference = Reference::of(key);
                    holder.and_then(|holder| holder.get(key))
                }
                Step::Index(at) => {
                    reference = reference.item();
                    usize::try_from(*at)
                        .ok()
                        .and_then(|at| value.items().nth(at))
                }
                Step::Any => {
                    for item in value.items() {
                        if self.on(item, reference.item(), rest)? {
                            return Ok(true);
                        }
                    }
                    None
                }
            };
            match next {
                Some(next) => value = next,
                None => return Ok(false),
            }
        }
        (self.test)(value)
    }

    /// What a key is looked up in: where the value refers to an object, that (§9.7.4).
    fn holder(&self, value: Value<'d>, reference: Reference) -> Option<Value<'d>> {
        match (reference, value.as_str()) {
            (Reference::One, Some(id)) => self.observed.referenced(id),
            _ => Some(value),
        }
    }
}

impl Reference {
    fn item(self) -> Self {
        match self {
            Self::List => Self::One,
            Self::None | Self::One => Self::None,
        }
    }
}
