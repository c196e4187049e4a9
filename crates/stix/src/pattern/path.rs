//! From an object along a path to values (STIX 2.1 §9.7).

use super::{Step, error::MatchError, observed::Observed};
use crate::json::Value;

/// References that one comparison may follow in one observation at most. They can form circles, and
/// each object of an observation can lead to all others.
const HOPS_MAX: u64 = 1_000_000;

/// The references that are left to follow.
pub(crate) struct Hops(u64);

impl Hops {
    pub(crate) fn new() -> Self {
        Self(HOPS_MAX)
    }

    fn take(&mut self) -> Result<(), MatchError> {
        let left = self.0.checked_sub(1);
        self.0 = left.ok_or(MatchError::SearchLimit {
            steps_max: HOPS_MAX,
        })?;
        Ok(())
    }
}

/// Whether any value at the path fulfils the test.
pub(crate) fn any_value<'d>(
    observed: &Observed<'d>,
    object: Value<'d>,
    steps: &[Step],
    hops: &mut Hops,
    test: &mut dyn FnMut(Value<'d>) -> Result<bool, MatchError>,
) -> Result<bool, MatchError> {
    let mut walk = Walk { observed, hops };
    let start = Place {
        value: object,
        reference: Reference::None,
    };
    let Some((place, rest)) = walk.straight(start, steps)? else {
        return Ok(false);
    };
    // What is left is nothing, or begins with `[*]`.
    let Some((_, rest)) = rest.split_first() else {
        return test(place.value);
    };
    if rest.contains(&Step::Any) {
        for place in walk.spread(place, rest)? {
            if test(place.value)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    for item in place.items() {
        if let Some((place, _)) = walk.straight(item, rest)?
            && test(place.value)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Walk<'w, 'd> {
    observed: &'w Observed<'d>,
    hops: &'w mut Hops,
}

/// A value that the path led to.
#[derive(Clone, Copy)]
struct Place<'d> {
    value: Value<'d>,
    reference: Reference,
}

/// What a value refers to.
#[derive(Clone, Copy)]
enum Reference {
    None,
    /// The id of an object: the property's name ends in `_ref`.
    One,
    /// A list of ids: the name ends in `_refs`.
    List,
}

impl<'d> Walk<'_, 'd> {
    /// As far as the first `[*]`, or to the end.
    fn straight<'s>(
        &mut self,
        mut place: Place<'d>,
        mut steps: &'s [Step],
    ) -> Result<Option<(Place<'d>, &'s [Step])>, MatchError> {
        while let Some((step, rest)) = steps.split_first() {
            let next = match step {
                Step::Any => break,
                Step::Key(key) => self.member(place, key)?,
                Step::Index(at) => usize::try_from(*at)
                    .ok()
                    .and_then(|at| place.items().nth(at)),
            };
            let Some(next) = next else { return Ok(None) };
            place = next;
            steps = rest;
        }
        Ok(Some((place, steps)))
    }

    /// The places behind a `[*]` and steps with more of those. References may lead to one value in
    /// many ways, so each is taken once after every `[*]`: else circles would multiply.
    fn spread(&mut self, start: Place<'d>, steps: &[Step]) -> Result<Vec<Place<'d>>, MatchError> {
        let mut places: Vec<_> = start.items().collect();
        let mut steps = steps;
        loop {
            let mut ends = Vec::with_capacity(places.len());
            let mut left = steps;
            for place in places {
                if let Some((place, rest)) = self.straight(place, steps)? {
                    ends.push(place);
                    left = rest;
                }
            }
            let (Some((_, rest)), false) = (left.split_first(), ends.is_empty()) else {
                return Ok(ends);
            };
            ends.sort_unstable_by_key(Place::address);
            ends.dedup_by_key(|place| place.address());
            places = ends.into_iter().flat_map(Place::items).collect();
            steps = rest;
        }
    }

    /// The member of that name. It is looked up in what the value refers to, if it does (§9.7.4).
    fn member(&mut self, place: Place<'d>, key: &str) -> Result<Option<Place<'d>>, MatchError> {
        let holder = match (place.reference, place.value.as_str()) {
            (Reference::One, Some(id)) => {
                self.hops.take()?;
                self.observed.referenced(id)
            }
            _ => Some(place.value),
        };
        let value = holder.and_then(|holder| holder.get(key));
        Ok(value.map(|value| Place {
            value,
            reference: Reference::of(key),
        }))
    }
}

impl<'d> Place<'d> {
    /// The items of a list; those of a list of references are references.
    fn items(self) -> impl Iterator<Item = Self> + use<'d> {
        let reference = match self.reference {
            Reference::List => Reference::One,
            Reference::None | Reference::One => Reference::None,
        };
        self.value
            .items()
            .map(move |value| Self { value, reference })
    }

    /// Where the value lies in memory: equal for one list reached twice, and only for that, since
    /// no two lists begin at one byte.
    fn address(&self) -> usize {
        self.value.raw().as_ptr().addr()
    }
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
