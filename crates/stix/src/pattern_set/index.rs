//! From the values of an object to the patterns that ask for them.

use std::collections::BTreeMap;

use super::{
    automata::{Automata, Expression},
    constants::{Constants, Place},
    grams::{Grams, Required},
    intervals::{Interval, Intervals},
    need::{Clue, Scale, Sign},
    number::{nearest, order_of_moment, order_of_number, order_of_text, widen},
    paths::{PathId, Paths},
    subject::{Encoding, addresses, as_text},
};
use crate::{
    Timestamp,
    json::{Kind, Value},
    pattern::{Literal, MatchError, Observed, Step, nfc},
};

/// Every clue of the set, by its path.
#[derive(Debug, Default)]
pub(super) struct Index {
    paths: Paths,
    constants: Constants,
    /// By the number of the path.
    entries: Vec<Entry>,
}

/// What is looked for at one path.
#[derive(Debug, Default)]
struct Entry {
    encoding: Encoding,
    /// Which kinds of constants there are, a bit each.
    constants: u8,
    others: Option<Box<Others>>,
}

/// What is looked for other than constants.
#[derive(Debug, Default)]
struct Others {
    present: Vec<u32>,
    spans: Vec<(Scale, Intervals)>,
    around: Vec<(Scale, Intervals)>,
    texts: Option<Grams>,
    automata: Option<Automata>,
}

/// The same while patterns are added.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    spans: BTreeMap<(PathId, Scale), Vec<Interval>>,
    around: BTreeMap<(PathId, Scale), Vec<Interval>>,
    texts: BTreeMap<PathId, Vec<Required>>,
    expressions: BTreeMap<PathId, Vec<Expression>>,
}

/// Kinds of constants, with a place of their own at each path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Constant {
    Text,
    Number,
    Boolean,
    Moment,
}

impl Constant {
    const COUNT: u32 = 4;

    fn number(self) -> u32 {
        match self {
            Self::Text => 0,
            Self::Number => 1,
            Self::Boolean => 2,
            Self::Moment => 3,
        }
    }

    fn at(self, path: PathId) -> Place {
        path.wrapping_mul(Self::COUNT).wrapping_add(self.number())
    }
}

impl Index {
    /// The number of the path, whose texts can then be added by [`Index::add_text`].
    pub(super) fn path(&mut self, object_type: &str, steps: &[Step]) -> PathId {
        let path = self.paths.intern(object_type, steps);
        while self.entries.len() < self.paths.len() {
            self.entries.push(Entry {
                encoding: Encoding::of(steps),
                ..Entry::default()
            });
        }
        path
    }

    /// Looks for one text. False when there is no room.
    #[must_use]
    pub(super) fn add_text(&mut self, path: PathId, text: &str, target: u32) -> bool {
        self.add_constant(path, Constant::Text, text.as_bytes(), target)
    }

    /// Looks for what the clue says. False when there is no room.
    #[must_use]
    pub(super) fn add(&mut self, clue: &Clue<'_>, target: u32, gathered: &mut Gathered) -> bool {
        let path = self.path(clue.object_type, clue.steps);
        // Places of constants are numbers of 32 bits as well.
        if widen(path) >= self.entries.len() || path >= u32::MAX / Constant::COUNT {
            return false;
        }
        match &clue.sign {
            Sign::Equal(literal) => return self.add_literal(path, literal, target),
            Sign::Between(scale, low, high) => {
                let interval = Interval {
                    low: *low,
                    high: *high,
                    target,
                };
                gathered
                    .spans
                    .entry((path, *scale))
                    .or_default()
                    .push(interval);
            }
            Sign::Around(scale, at) => {
                let interval = Interval {
                    low: *at,
                    high: *at,
                    target,
                };
                gathered
                    .around
                    .entry((path, *scale))
                    .or_default()
                    .push(interval);
            }
            Sign::Containing(text) => {
                let required = Required {
                    text: text.as_slice().into(),
                    target,
                };
                gathered.texts.entry(path).or_default().push(required);
            }
            Sign::Matching(text) => {
                let expression = Expression {
                    text: text.clone(),
                    target,
                };
                gathered
                    .expressions
                    .entry(path)
                    .or_default()
                    .push(expression);
            }
            Sign::Present => self.others(path, |others| others.present.push(target)),
        }
        true
    }

    /// Makes everything that was added be found.
    pub(super) fn index(&mut self, gathered: Gathered) {
        self.paths.index();
        self.constants.index();
        self.entries.shrink_to_fit();
        for ((path, scale), intervals) in gathered.spans {
            let intervals = Intervals::new(intervals);
            self.others(path, |others| others.spans.push((scale, intervals)));
        }
        for ((path, scale), intervals) in gathered.around {
            let intervals = Intervals::new(intervals);
            self.others(path, |others| others.around.push((scale, intervals)));
        }
        for (path, texts) in gathered.texts {
            self.others(path, |others| others.texts = Some(Grams::new(texts)));
        }
        for (path, expressions) in gathered.expressions {
            self.others(path, |others| {
                others.automata = Some(Automata::new(&expressions));
            });
        }
    }

    /// Calls `hit` with each target that a clue in the observation leads to, at least once.
    ///
    /// # Errors
    /// [`MatchError::SearchLimit`] when the paths lead to too many values.
    pub(super) fn search(
        &self,
        observed: &Observed<'_>,
        hit: &mut impl FnMut(u32),
    ) -> Result<(), MatchError> {
        for sco in observed.scos() {
            self.paths.walk(observed, sco, &mut |path, value| {
                if let Some(entry) = self.entries.get(widen(path)) {
                    self.look(path, entry, value, hit);
                }
            })?;
        }
        Ok(())
    }

    pub(super) fn paths(&self) -> usize {
        self.paths.len()
    }

    pub(super) fn constants(&self) -> usize {
        self.constants.len()
    }

    #[inline]
    fn look(&self, path: PathId, entry: &Entry, value: Value<'_>, hit: &mut impl FnMut(u32)) {
        let has = |constant: Constant| entry.constants & (1 << constant.number()) != 0;
        match value.kind() {
            Kind::String => {
                let text = entry.encoding.decoded(value.as_str().unwrap_or_default());
                if has(Constant::Text) {
                    self.constants
                        .equal(Constant::Text.at(path), text.as_bytes(), hit);
                }
                if has(Constant::Moment)
                    && let Ok(moment) = Timestamp::parse(&text)
                {
                    let key = order_of_moment(moment).to_le_bytes();
                    self.constants.equal(Constant::Moment.at(path), &key, hit);
                }
                if let Some(others) = &entry.others {
                    others.look_at_text(&text, hit);
                }
            }
            Kind::Number => {
                let number = value
                    .as_number()
                    .map_or(f64::NAN, crate::json::Number::as_f64);
                let Some(order) = order_of_number(number) else {
                    return;
                };
                if has(Constant::Number) {
                    self.constants
                        .equal(Constant::Number.at(path), &order.to_le_bytes(), hit);
                }
                if let Some(others) = &entry.others {
                    others.look_along(Scale::Number, order, hit);
                }
            }
            Kind::Bool => {
                if has(Constant::Boolean) {
                    let key = [u8::from(value.as_bool() == Some(true))];
                    self.constants.equal(Constant::Boolean.at(path), &key, hit);
                }
            }
            Kind::Null | Kind::Array | Kind::Object => {}
        }
        if let Some(others) = &entry.others {
            others.present.iter().for_each(|target| hit(*target));
        }
    }

    fn add_literal(&mut self, path: PathId, literal: &Literal, target: u32) -> bool {
        let number = |number: f64| order_of_number(number).map(u128::to_le_bytes);
        match literal {
            Literal::String(text) => self.add_text(path, text, target),
            Literal::Binary(octets) | Literal::Hex(octets) => {
                self.add_text(path, &as_text(octets), target)
            }
            Literal::Boolean(truth) => {
                self.add_constant(path, Constant::Boolean, &[u8::from(*truth)], target)
            }
            Literal::Timestamp(moment) => {
                let key = order_of_moment(*moment).to_le_bytes();
                self.add_constant(path, Constant::Moment, &key, target)
            }
            Literal::Integer(whole) => number(nearest(*whole))
                .is_some_and(|key| self.add_constant(path, Constant::Number, &key, target)),
            // Not a number is equal to nothing.
            Literal::Float(value) => number(*value)
                .is_none_or(|key| self.add_constant(path, Constant::Number, &key, target)),
        }
    }

    fn add_constant(&mut self, path: PathId, kind: Constant, key: &[u8], target: u32) -> bool {
        if let Some(entry) = self.entries.get_mut(widen(path)) {
            entry.constants |= 1 << kind.number();
        }
        self.constants.add(kind.at(path), key, target)
    }

    fn others(&mut self, path: PathId, change: impl FnOnce(&mut Others)) {
        if let Some(entry) = self.entries.get_mut(widen(path)) {
            change(entry.others.get_or_insert_default());
        }
    }
}

impl Others {
    fn look_at_text(&self, text: &str, hit: &mut impl FnMut(u32)) {
        if let Some(texts) = &self.texts {
            texts.within(nfc(text).as_bytes(), hit);
        }
        if let Some(automata) = &self.automata {
            automata.within(text, hit);
        }
        if self.spans.is_empty() && self.around.is_empty() {
            return;
        }
        let networks =
            |(scale, _): &(Scale, Intervals)| matches!(scale, Scale::AddressV4 | Scale::AddressV6);
        if (self.spans.iter().any(networks) || !self.around.is_empty())
            && let Some((scale, low, high)) = addresses(text)
        {
            self.look_along(scale, low, hit);
            for (_, intervals) in self.around.iter().filter(|(other, _)| *other == scale) {
                intervals.beginning_within(low, high, hit);
            }
        }
        if self.spans.iter().any(|(scale, _)| *scale == Scale::Moment)
            && let Ok(moment) = Timestamp::parse(text)
        {
            self.look_along(Scale::Moment, order_of_moment(moment), hit);
        }
        self.look_along(Scale::Text, order_of_text(text.as_bytes()), hit);
    }

    fn look_along(&self, scale: Scale, point: u128, hit: &mut impl FnMut(u32)) {
        for (_, intervals) in self.spans.iter().filter(|(other, _)| *other == scale) {
            intervals.holding(point, hit);
        }
    }
}
