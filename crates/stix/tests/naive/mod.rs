//! A second evaluator of patterns, written from the text of STIX 2.1 §9 with no thought of speed, to
//! check the first against. It shares nothing with that but the syntax tree.
//!
//! It tries every way to give observations to the `[ … ]` of a pattern, so it is for few of both.

use std::collections::BTreeSet;

use serde_json::Value;
use stix::{
    Timestamp,
    pattern::{
        Comparison, Literal, Observation, Pattern, Proposition, Qualifier, Relation, Step, Test,
    },
};

/// One observation: an observed-data object, and which of its `number_observed` it is.
type Instance = (usize, u64);

/// Whether the observations of a bundle fulfil a pattern.
pub(crate) fn matches(pattern: &Pattern, bundle: &Value) -> bool {
    let objects = bundle["objects"].as_array().unwrap();
    let observed: Vec<Seen<'_>> = objects
        .iter()
        .filter(|o| o["type"] == "observed-data")
        .map(|o| Seen::new(o, objects))
        .collect();
    !bindings(&pattern.expression, &observed).is_empty()
}

struct Seen<'a> {
    first: Timestamp,
    last: Timestamp,
    number: u64,
    /// Its objects by id.
    objects: Vec<(&'a str, &'a Value)>,
}

impl<'a> Seen<'a> {
    fn new(observed: &'a Value, all: &'a [Value]) -> Self {
        let moment = |name: &str| Timestamp::parse(observed[name].as_str().unwrap()).unwrap();
        let mut objects = Vec::new();
        for (key, object) in observed["objects"].as_object().into_iter().flatten() {
            objects.push((key.as_str(), object));
        }
        for id in observed["object_refs"].as_array().into_iter().flatten() {
            if let Some(object) = all.iter().find(|object| &object["id"] == id) {
                objects.push((id.as_str().unwrap(), object));
            }
        }
        Self {
            first: moment("first_observed"),
            last: moment("last_observed"),
            number: observed["number_observed"].as_u64().unwrap(),
            objects,
        }
    }
}

/// Every set of observations that fulfils an expression (§9.5).
fn bindings(expression: &Observation, observed: &[Seen<'_>]) -> BTreeSet<BTreeSet<Instance>> {
    match expression {
        Observation::Test(comparison) => observed
            .iter()
            .enumerate()
            .filter(|(_, seen)| seen.objects.iter().any(|(_, o)| holds(comparison, o, seen)))
            .flat_map(|(at, seen)| {
                (0..seen.number).map(move |number| BTreeSet::from([(at, number)]))
            })
            .collect(),
        // AND: both, on different observations.
        Observation::And(operands) => fold(operands, observed, |_, _| true),
        // OR: one of them.
        Observation::Or(operands) => operands
            .iter()
            .flat_map(|operand| bindings(operand, observed))
            .collect(),
        // FOLLOWEDBY: both, on different observations, of which those of the right side can be
        // later than, or at the time of, those of the left side.
        Observation::FollowedBy(operands) => fold(operands, observed, |left, right| {
            left.iter().all(|(l, _)| {
                right
                    .iter()
                    .all(|(r, _)| observed[*l].first <= observed[*r].last)
            })
        }),
        Observation::Qualified(inner, qualifier) => {
            let inner = bindings(inner, observed);
            match qualifier {
                // WITHIN: all occur, or were observed, within so long: some stretch of that length,
                // its end not counted, has a part in the time of each.
                Qualifier::Within(within) => inner
                    .into_iter()
                    .filter(|binding| {
                        binding.iter().any(|(start, _)| {
                            let start = observed[*start].last;
                            binding.iter().all(|(at, _)| {
                                let seen = &observed[*at];
                                seen.last >= start && seen.first.since(start) < *within
                            })
                        })
                    })
                    .collect(),
                // REPEATS: so many times, each match a different observation.
                Qualifier::Repeats(times) => {
                    let mut together = BTreeSet::from([BTreeSet::new()]);
                    for _ in 0..*times {
                        together = join(&together, &inner, |_, _| true);
                    }
                    together
                }
                // START: at or after. STOP: before.
                Qualifier::StartStop { start, stop } => inner
                    .into_iter()
                    .filter(|binding| {
                        start < stop
                            && binding.iter().all(|(at, _)| {
                                observed[*at].last >= *start && observed[*at].first < *stop
                            })
                    })
                    .collect(),
            }
        }
    }
}

fn fold(
    operands: &[Observation],
    observed: &[Seen<'_>],
    fits: impl Fn(&BTreeSet<Instance>, &BTreeSet<Instance>) -> bool,
) -> BTreeSet<BTreeSet<Instance>> {
    let mut together = bindings(&operands[0], observed);
    for operand in &operands[1..] {
        together = join(&together, &bindings(operand, observed), &fits);
    }
    together
}

/// The unions of a set of each, if they have nothing in common and fit.
fn join(
    left: &BTreeSet<BTreeSet<Instance>>,
    right: &BTreeSet<BTreeSet<Instance>>,
    fits: impl Fn(&BTreeSet<Instance>, &BTreeSet<Instance>) -> bool,
) -> BTreeSet<BTreeSet<Instance>> {
    let mut joined = BTreeSet::new();
    for l in left {
        for r in right {
            if l.is_disjoint(r) && fits(l, r) {
                joined.insert(l | r);
            }
        }
    }
    joined
}

/// Whether one object fulfils a comparison (§9.6).
fn holds(comparison: &Comparison, object: &Value, seen: &Seen<'_>) -> bool {
    match comparison {
        Comparison::And(operands) => operands.iter().all(|operand| holds(operand, object, seen)),
        Comparison::Or(operands) => operands.iter().any(|operand| holds(operand, object, seen)),
        Comparison::Test(proposition) => {
            if object["type"] != proposition.path.object_type.as_str() {
                return false;
            }
            let values = values(object, &proposition.path.steps, seen);
            if proposition.test == Test::Exists {
                return values.is_empty() == proposition.negated;
            }
            values.into_iter().any(|value| passes(proposition, value))
        }
    }
}

/// The values that a path leads to (§9.7).
fn values<'a>(object: &'a Value, steps: &[Step], seen: &Seen<'a>) -> Vec<&'a Value> {
    let mut values = vec![object];
    let mut name = String::new();
    for step in steps {
        let mut next = Vec::new();
        for value in values {
            match step {
                Step::Key(key) => {
                    // The reference is followed when something is asked of what it refers to.
                    let refers = name.ends_with("_ref");
                    let target = seen
                        .objects
                        .iter()
                        .find(|(id, _)| Some(*id) == value.as_str());
                    let holder = match (refers && value.is_string(), target) {
                        (true, Some((_, target))) => target,
                        (true, None) => continue,
                        (false, _) => value,
                    };
                    next.extend(holder.get(key));
                }
                Step::Index(at) => next.extend(
                    value
                        .as_array()
                        .and_then(|items| items.get(usize::try_from(*at).unwrap())),
                ),
                Step::Any => next.extend(value.as_array().into_iter().flatten()),
            }
        }
        values = next;
        match step {
            Step::Key(key) => name.clone_from(key),
            // An item of a list of references is a reference.
            _ if name.ends_with("_refs") => name = "_ref".into(),
            _ => name = String::new(),
        }
    }
    values
}

/// Whether a value passes a test (§9.6.1).
fn passes(proposition: &Proposition, value: &Value) -> bool {
    let key = match proposition.path.steps.last() {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    let value = Operand::of_value(value, key);
    let plain = match &proposition.test {
        Test::Exists => true,
        Test::Compare(relation, literal) => {
            let literal = Operand::of_literal(literal);
            let Some(order) = order(&value, &literal) else {
                // Not comparable: different, and in no order.
                return match relation {
                    Relation::Equal => proposition.negated,
                    Relation::NotEqual => !proposition.negated,
                    _ => false,
                };
            };
            match relation {
                Relation::Equal => order == 0,
                Relation::NotEqual => order != 0,
                Relation::Less => order < 0,
                Relation::LessOrEqual => order <= 0,
                Relation::Greater => order > 0,
                Relation::GreaterOrEqual => order >= 0,
            }
        }
        Test::In(literals) => literals
            .iter()
            .any(|literal| order(&value, &Operand::of_literal(literal)) == Some(0)),
        Test::Like(like) => {
            let like: Vec<char> = like.chars().collect();
            let narrow = like.iter().all(|c| u32::from(*c) < 256);
            value
                .characters(narrow)
                .is_some_and(|text| is_like(&text, &like))
        }
        Test::Matches(regex) => {
            let narrow = regex.chars().all(|c| u32::from(c) < 256);
            // Only simple expressions are generated, on which all engines agree.
            value.characters(narrow).is_some_and(|text| {
                let text: String = text.into_iter().collect();
                fancy_regex::Regex::new(regex)
                    .unwrap()
                    .is_match(&text)
                    .unwrap()
            })
        }
        Test::IsSubset(outer) => match &value {
            Operand::Text(text) => is_subset(text, outer),
            _ => false,
        },
        Test::IsSuperset(inner) => match &value {
            Operand::Text(text) => is_subset(inner, text),
            _ => false,
        },
    };
    plain != proposition.negated
}

#[derive(Debug)]
enum Operand {
    Text(String),
    Octets(Vec<u8>),
    Number(f64),
    Boolean(bool),
    Moment(Timestamp),
    Other,
}

impl Operand {
    fn of_value(value: &Value, key: &str) -> Self {
        match value {
            Value::String(text) if key.ends_with("_hex") => {
                unhex(text).map_or(Self::Text(text.clone()), Self::Octets)
            }
            Value::String(text) => Self::Text(text.clone()),
            Value::Number(number) => Self::Number(number.as_f64().unwrap()),
            Value::Bool(truth) => Self::Boolean(*truth),
            _ => Self::Other,
        }
    }

    fn of_literal(literal: &Literal) -> Self {
        match literal {
            Literal::Integer(number) => Self::Number(number.to_string().parse().unwrap()),
            Literal::Float(number) => Self::Number(*number),
            Literal::Boolean(truth) => Self::Boolean(*truth),
            Literal::String(text) => Self::Text(text.clone()),
            Literal::Binary(octets) | Literal::Hex(octets) => Self::Octets(octets.clone()),
            Literal::Timestamp(moment) => Self::Moment(*moment),
        }
    }

    /// What LIKE and MATCHES look at.
    fn characters(&self, narrow: bool) -> Option<Vec<char>> {
        match self {
            Self::Text(text) => Some(text.chars().collect()),
            Self::Octets(octets) if narrow => Some(octets.iter().map(|o| char::from(*o)).collect()),
            _ => None,
        }
    }
}

/// Below, at or above zero; none if the two cannot be compared.
fn order(value: &Operand, constant: &Operand) -> Option<i8> {
    use Operand::{Boolean, Moment, Number, Octets, Text};
    let signed = |order: std::cmp::Ordering| match order {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    };
    let octets = |text: &str| -> Option<Vec<u8>> {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect()
    };
    match (value, constant) {
        (Text(a), Text(b)) => Some(signed(a.chars().cmp(b.chars()))),
        (Octets(a), Octets(b)) => Some(signed(a.cmp(b))),
        (Text(a), Octets(b)) => Some(signed(octets(a)?.cmp(b))),
        (Octets(a), Text(b)) => Some(signed(a.cmp(&octets(b)?))),
        (Number(a), Number(b)) => a.partial_cmp(b).map(signed),
        (Boolean(a), Boolean(b)) => (a == b).then_some(0),
        (Text(a), Moment(b)) => Timestamp::parse(a).ok().map(|a| signed(a.cmp(b))),
        _ => None,
    }
}

fn is_like(text: &[char], like: &[char]) -> bool {
    match like {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|skipped| is_like(&text[skipped..], rest)),
        [wanted, rest @ ..] => {
            text.first().is_some_and(|c| *wanted == '_' || wanted == c) && is_like(&text[1..], rest)
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(
        digits
            .chunks(2)
            .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
            .collect(),
    )
}

/// Whether each address of one network is in the other, bit by bit.
fn is_subset(inner: &str, outer: &str) -> bool {
    let (Some(inner), Some(outer)) = (bits(inner), bits(outer)) else {
        return false;
    };
    inner.0 == outer.0 && inner.1.starts_with(&outer.1)
}

/// The length of the family's addresses, and the bits of the prefix.
fn bits(text: &str) -> Option<(usize, Vec<bool>)> {
    let (address, prefix) = text
        .split_once('/')
        .map_or((text, None), |(a, p)| (a, Some(p)));
    let octets: Vec<u8> = match address.parse().ok()? {
        std::net::IpAddr::V4(address) => address.octets().into(),
        std::net::IpAddr::V6(address) => address.octets().into(),
    };
    let all: Vec<bool> = octets
        .iter()
        .flat_map(|o| (0..8).map(move |b| o >> (7 - b) & 1 == 1))
        .collect();
    let prefix = prefix.map_or(Some(all.len()), |prefix| prefix.parse().ok())?;
    Some((all.len(), all.get(..prefix)?.to_vec()))
}
