//! What an observation must contain for a comparison to be worth trying.

use std::fmt;

use super::{
    automata,
    grams::Grams,
    number::{nearest, order_of_moment, order_of_number, order_of_text},
    required::{is_plain, of_like, of_regex},
    subject::{addresses, as_text},
};
use crate::pattern::{Comparison, Literal, Proposition, Relation, Step, Test};

/// Why a pattern cannot be found by a constant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unindexed {
    /// `NOT` or `!=`: nearly every value passes.
    Negated,
    /// `LIKE` or `MATCHES` without a text of four bytes that every match contains.
    NoText,
    /// A path of more steps than are indexed.
    LongPath,
}

impl fmt::Display for Unindexed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Negated => "a negated comparison passes nearly every value",
            Self::NoText => "no text of four bytes occurs in every match",
            Self::LongPath => "the path has more than 64 steps",
        })
    }
}

/// What must be there: at least one of the clues.
#[derive(Debug)]
pub(super) struct Need<'p> {
    pub(super) clues: Vec<Clue<'p>>,
    /// Whether each clue on its own fulfils the comparison.
    pub(super) enough: bool,
    /// Whether some clue is there so often that the pattern counts as not indexed.
    pub(super) unindexed: Option<Unindexed>,
    /// About how often something is there that is none, in no unit.
    cost: u64,
}

/// Something at a path.
#[derive(Debug)]
pub(super) struct Clue<'p> {
    pub(super) object_type: &'p str,
    pub(super) steps: &'p [Step],
    pub(super) sign: Sign<'p>,
}

/// What a value at the path must be.
#[derive(Clone, Debug)]
pub(super) enum Sign<'p> {
    /// Equal to the constant.
    Equal(&'p Literal),
    /// Between the ends, both within.
    Between(Scale, u128, u128),
    /// A network that holds the one which begins here.
    Around(Scale, u128),
    /// Containing the text, ASCII letters in either case.
    Containing(Vec<u8>),
    /// One that the regular expression may match.
    Matching(Box<str>),
    /// Anything.
    Present,
}

/// What values are laid along.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Scale {
    Number,
    Moment,
    Text,
    AddressV4,
    AddressV6,
}

impl<'p> Need<'p> {
    /// Steps of a path that is looked for at most; longer ones are tried on each object of the type.
    pub(super) const STEPS_MAX: usize = 64;

    /// Recursion is as deep as the comparison.
    pub(super) fn of(comparison: &'p Comparison) -> Self {
        match comparison {
            Comparison::Test(proposition) => Self::of_test(proposition),
            Comparison::Or(operands) => operands.iter().map(Self::of).fold(Self::never(), Self::or),
            // All are of one object (§9.5), so any operand's need is the need of all.
            Comparison::And(operands) => {
                let mut best = Self::of_spans(operands);
                for operand in operands {
                    let need = Self::of(operand);
                    if best.as_ref().is_none_or(|best| need.cost < best.cost) {
                        best = Some(need);
                    }
                }
                // An AND of nothing holds for any object; no text says it.
                let mut best = best.unwrap_or_else(Self::never);
                best.enough &= operands.len() == 1;
                best
            }
        }
    }

    fn never() -> Self {
        Self {
            clues: Vec::new(),
            enough: true,
            unindexed: None,
            cost: 0,
        }
    }

    fn or(mut self, other: Self) -> Self {
        self.clues.extend(other.clues);
        self.enough &= other.enough;
        self.unindexed = self.unindexed.or(other.unindexed);
        self.cost = self.cost.saturating_add(other.cost);
        self
    }

    fn of_test(proposition: &'p Proposition) -> Self {
        let object_type = proposition.path.object_type.as_str();
        let steps = proposition.path.steps.as_slice();
        let one = |sign, cost| {
            Self::one(
                Clue {
                    object_type,
                    steps,
                    sign,
                },
                cost,
            )
        };
        if steps.len() > Self::STEPS_MAX {
            return Self::anything(object_type, &[], Unindexed::LongPath);
        }
        if proposition.negated {
            // Without EXISTS, a value must be there for its test to pass.
            let absent = matches!(proposition.test, Test::Exists);
            let steps = if absent { &[] } else { steps };
            return Self::anything(object_type, steps, Unindexed::Negated);
        }
        let equal = |literal| Self {
            enough: equal_is_enough(literal),
            ..one(Sign::Equal(literal), equal_cost(literal))
        };
        let need = match &proposition.test {
            Test::Compare(Relation::NotEqual, _) => {
                Some(Self::anything(object_type, steps, Unindexed::Negated))
            }
            Test::Compare(Relation::Equal, literal) => Some(equal(literal)),
            Test::In(literals) => Some(literals.iter().map(equal).fold(Self::never(), Self::or)),
            Test::Compare(relation, literal) => span(*relation, literal)
                .map(|(scale, low, high)| one(Sign::Between(scale, low, high), HALF_SPAN_COST)),
            Test::IsSubset(text) => addresses(text).map(|(scale, low, high)| {
                let bits = u64::from((high - low).checked_ilog2().unwrap_or(0));
                one(Sign::Between(scale, low, high), 2 + 2 * bits)
            }),
            Test::IsSuperset(text) => {
                addresses(text).map(|(scale, low, _)| one(Sign::Around(scale, low), SPAN_COST))
            }
            Test::Like(like) => Some(of_text(of_like(like), || automata::of_like(like), one)),
            Test::Matches(regex) => {
                let plain = || is_plain(regex).then(|| regex.as_str().into());
                Some(of_text(of_regex(regex).unwrap_or_default(), plain, one))
            }
            Test::Exists => Some(Self {
                enough: true,
                ..one(Sign::Present, PRESENT_COST)
            }),
        };
        // What no value fulfils, or what is no address and must be refused.
        need.unwrap_or_else(|| Self {
            enough: false,
            ..Self::never()
        })
    }

    fn one(clue: Clue<'p>, cost: u64) -> Self {
        Self {
            clues: vec![clue],
            enough: false,
            unindexed: None,
            cost,
        }
    }

    fn anything(object_type: &'p str, steps: &'p [Step], why: Unindexed) -> Self {
        let clue = Clue {
            object_type,
            steps,
            sign: Sign::Present,
        };
        Self {
            unindexed: Some(why),
            ..Self::one(clue, UNINDEXED_COST)
        }
    }

    /// The spans of one property that AND binds together, where the path leads to one value at most.
    fn of_spans(operands: &'p [Comparison]) -> Option<Self> {
        let mut spans: Vec<(&Proposition, Scale, u128, u128)> = Vec::new();
        for operand in operands {
            let Comparison::Test(proposition) = operand else {
                continue;
            };
            let Test::Compare(relation, literal) = &proposition.test else {
                continue;
            };
            let equality = matches!(relation, Relation::Equal | Relation::NotEqual);
            let steps = &proposition.path.steps;
            let many = steps.len() > Self::STEPS_MAX || steps.contains(&Step::Any);
            if equality || proposition.negated || many {
                continue;
            }
            let Some((scale, low, high)) = span(*relation, literal) else {
                continue;
            };
            let same = |(other, its, _, _): &(&Proposition, Scale, u128, u128)| {
                *its == scale && other.path == proposition.path
            };
            let known = spans.iter().position(same).and_then(|at| spans.get_mut(at));
            if let Some((_, _, before_low, before_high)) = known {
                *before_low = low.max(*before_low);
                *before_high = high.min(*before_high);
            } else if spans.len() < SPANS_MAX {
                spans.push((proposition, scale, low, high));
            }
        }
        let closed = |(_, _, low, high): &&(_, _, u128, u128)| *low > 0 && *high < u128::MAX;
        let (proposition, scale, low, high) = spans.iter().find(closed)?;
        if low > high {
            return Some(Self::never());
        }
        let path = &proposition.path;
        let sign = Sign::Between(*scale, *low, *high);
        let clue = Clue {
            object_type: &path.object_type,
            steps: &path.steps,
            sign,
        };
        Some(Self {
            clues: vec![clue],
            enough: false,
            unindexed: None,
            cost: SPAN_COST,
        })
    }
}

/// Different properties whose spans are put together.
const SPANS_MAX: usize = 16;
const SPAN_COST: u64 = 100;
const HALF_SPAN_COST: u64 = 1_000;
const PRESENT_COST: u64 = 10_000;
const UNINDEXED_COST: u64 = 1_000_000;

fn of_text<'p>(
    text: Vec<u8>,
    expression: impl FnOnce() -> Option<Box<str>>,
    one: impl Fn(Sign<'p>, u64) -> Need<'p>,
) -> Need<'p> {
    if text.len() < Grams::TEXT_BYTES_MIN {
        let sign = expression().map_or(Sign::Present, Sign::Matching);
        return Need {
            unindexed: Some(Unindexed::NoText),
            ..one(sign, UNINDEXED_COST)
        };
    }
    let cost = 4 + 64 / u64::try_from(text.len()).unwrap_or(u64::MAX);
    one(Sign::Containing(text), cost)
}

/// Numbers are found by the nearest double, which stands for others as well from 2⁵³ on.
fn equal_is_enough(literal: &Literal) -> bool {
    const EXACT: u64 = 1 << 53;
    match literal {
        Literal::Integer(number) => number.unsigned_abs() < EXACT,
        Literal::Float(number) => number.abs() < 9_007_199_254_740_992.0,
        _ => true,
    }
}

fn equal_cost(literal: &Literal) -> u64 {
    match literal {
        Literal::Boolean(_) => 5_000,
        Literal::Integer(_) => 4,
        _ => 1,
    }
}

/// Where a value must lie to pass, ends within; none where no value can.
fn span(relation: Relation, literal: &Literal) -> Option<(Scale, u128, u128)> {
    let (scale, at) = place(literal)?;
    Some(match relation {
        Relation::Less | Relation::LessOrEqual => (scale, 0, at),
        Relation::Greater | Relation::GreaterOrEqual => (scale, at, u128::MAX),
        Relation::Equal | Relation::NotEqual => return None,
    })
}

fn place(literal: &Literal) -> Option<(Scale, u128)> {
    let number = |number: f64| Some((Scale::Number, order_of_number(number)?));
    match literal {
        Literal::Integer(whole) => number(nearest(*whole)),
        Literal::Float(value) => number(*value),
        Literal::Timestamp(moment) => Some((Scale::Moment, order_of_moment(*moment))),
        Literal::String(text) => Some((Scale::Text, order_of_text(text.as_bytes()))),
        Literal::Binary(octets) | Literal::Hex(octets) => {
            Some((Scale::Text, order_of_text(as_text(octets).as_bytes())))
        }
        // Booleans have no order.
        Literal::Boolean(_) => None,
    }
}
