//! Comparisons made ready: constants normalised, expressions compiled, once.

use std::{cmp::Ordering, collections::HashSet};

use super::{
    Comparison, Literal, ObjectPath, Proposition, Relation, Step, Test,
    address::Network,
    compare::{Constant, Encoding, Subject, fulfils},
    error::MatchError,
    like::Like,
    matcher::Limits,
    observed::{Observed, Sco},
    path::{Hops, any_value},
    regex::Regex,
};
use crate::json::Value;

/// A comparison expression (what stands within brackets) made ready.
#[derive(Debug)]
pub struct CompiledComparison {
    node: Node,
}

#[derive(Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Test(CompiledProposition),
}

/// A path and the test of what lies there.
#[derive(Debug)]
pub(crate) struct CompiledProposition {
    path: ObjectPath,
    test: CompiledTest,
}

/// The test of one value.
#[derive(Debug)]
pub(crate) struct CompiledTest {
    negated: bool,
    encoding: Encoding,
    check: Check,
}

#[derive(Debug)]
enum Check {
    Compare(Relation, Constant),
    /// Strings apart, so that a long list costs one look.
    In {
        texts: HashSet<String>,
        others: Vec<Constant>,
    },
    Like(Like),
    Matches(Box<Regex>),
    IsSubset(Network),
    IsSuperset(Network),
    Exists,
}

impl CompiledComparison {
    /// Makes a comparison ready.
    ///
    /// # Errors
    /// [`MatchError`] for a regular expression or address that cannot be used.
    pub fn new(comparison: &Comparison, limits: &Limits) -> Result<Self, MatchError> {
        Ok(Self {
            node: Node::new(comparison, limits)?,
        })
    }

    /// Whether one observation fulfils it: one of its objects does, which must be the same for all
    /// operands of an `AND` (§9.5).
    ///
    /// # Errors
    /// [`MatchError`] when a limit stopped the search.
    pub fn holds(&self, observed: &Observed<'_>) -> Result<bool, MatchError> {
        let mut hops = Hops::new();
        for sco in observed.scos() {
            if self.node.holds(observed, sco, &mut hops)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Node {
    /// Recursion is as deep as the tree.
    fn new(comparison: &Comparison, limits: &Limits) -> Result<Self, MatchError> {
        let all = |operands: &[Comparison]| {
            operands
                .iter()
                .map(|operand| Self::new(operand, limits))
                .collect::<Result<_, _>>()
        };
        Ok(match comparison {
            Comparison::And(operands) => Self::And(all(operands)?),
            Comparison::Or(operands) => Self::Or(all(operands)?),
            Comparison::Test(proposition) => {
                Self::Test(CompiledProposition::new(proposition, limits)?)
            }
        })
    }

    fn holds<'d>(
        &self,
        observed: &Observed<'d>,
        sco: &Sco<'d>,
        hops: &mut Hops,
    ) -> Result<bool, MatchError> {
        match self {
            Self::And(operands) => {
                for operand in operands {
                    if !operand.holds(observed, sco, hops)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(operands) => {
                for operand in operands {
                    if operand.holds(observed, sco, hops)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Test(proposition) => proposition.holds(observed, sco, hops),
        }
    }
}

impl CompiledProposition {
    pub(crate) fn new(proposition: &Proposition, limits: &Limits) -> Result<Self, MatchError> {
        let test = CompiledTest::new(proposition, limits)?;
        Ok(Self {
            path: proposition.path.clone(),
            test,
        })
    }

    /// Whether any value at the path passes; of an object of another type none does.
    pub(crate) fn holds<'d>(
        &self,
        observed: &Observed<'d>,
        sco: &Sco<'d>,
        hops: &mut Hops,
    ) -> Result<bool, MatchError> {
        if sco.object_type != self.path.object_type {
            return Ok(false);
        }
        let steps = &self.path.steps;
        if let Check::Exists = self.test.check {
            let found = any_value(observed, sco.value, steps, hops, &mut |_| Ok(true))?;
            return Ok(found != self.test.negated);
        }
        any_value(observed, sco.value, steps, hops, &mut |value| {
            self.test.holds(value)
        })
    }
}

impl CompiledTest {
    pub(crate) fn new(proposition: &Proposition, limits: &Limits) -> Result<Self, MatchError> {
        let network = |text: &str| {
            Network::parse(text).ok_or_else(|| MatchError::Address { text: text.into() })
        };
        let check = match &proposition.test {
            Test::Compare(relation, literal) => Check::Compare(*relation, Constant::new(literal)),
            Test::In(literals) => {
                let text = |literal: &Literal| match literal {
                    Literal::String(text) => Some(text.clone()),
                    _ => None,
                };
                Check::In {
                    texts: literals.iter().filter_map(text).collect(),
                    others: literals.iter().map(Constant::new).collect(),
                }
            }
            Test::Like(text) => Check::Like(Like::new(text)),
            Test::Matches(text) => Check::Matches(Box::new(Regex::new(text, limits)?)),
            Test::IsSubset(text) => Check::IsSubset(network(text)?),
            Test::IsSuperset(text) => Check::IsSuperset(network(text)?),
            Test::Exists => Check::Exists,
        };
        let encoding = match proposition.path.steps.last() {
            Some(Step::Key(key)) => Encoding::of(key),
            _ => Encoding::None,
        };
        Ok(Self {
            negated: proposition.negated,
            encoding,
            check,
        })
    }

    /// Whether one value passes.
    pub(crate) fn holds(&self, value: Value<'_>) -> Result<bool, MatchError> {
        let subject = Subject::new(value, self.encoding);
        let plain = match &self.check {
            Check::Compare(relation, constant) => {
                return Ok(fulfils(constant.order(&subject), *relation, self.negated));
            }
            Check::In { texts, others } => match &subject {
                Subject::Text(text) if texts.contains(*text) => true,
                // The other texts differ.
                Subject::Text(_) if texts.len() == others.len() => false,
                _ => others
                    .iter()
                    .any(|other| other.order(&subject) == Some(Ordering::Equal)),
            },
            Check::Like(like) => match &subject {
                Subject::Text(text) => like.matches(text)?,
                Subject::Octets(octets) => like.matches_octets(octets)?,
                _ => false,
            },
            Check::Matches(regex) => match &subject {
                Subject::Text(text) => regex.matches(text)?,
                Subject::Octets(octets) => regex.matches_octets(octets)?,
                _ => false,
            },
            Check::IsSubset(network) => {
                address(&subject).is_some_and(|inner| network.contains(inner))
            }
            Check::IsSuperset(network) => {
                address(&subject).is_some_and(|outer| outer.contains(*network))
            }
            Check::Exists => true,
        };
        Ok(plain != self.negated)
    }
}

fn address(subject: &Subject<'_>) -> Option<Network> {
    match subject {
        Subject::Text(text) => Network::parse(text),
        _ => None,
    }
}
