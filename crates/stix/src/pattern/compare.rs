//! Values of an object against the constants of a pattern (STIX 2.1 §9.6.2 to §9.6.4).

use std::cmp::Ordering;

use super::{
    Literal, Relation,
    bytes::{from_base64, from_hex},
};
use crate::{
    Timestamp,
    json::{Kind, Number, Value},
};

/// How the property that a path ends at holds its octets (§3.1: names end in `_bin` or `_hex`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Encoding {
    None,
    Base64,
    Hex,
}

impl Encoding {
    pub(super) fn of(key: &str) -> Self {
        if key.ends_with("_bin") {
            Self::Base64
        } else if key.ends_with("_hex") {
            Self::Hex
        } else {
            Self::None
        }
    }
}

/// A value as a pattern sees it.
#[derive(Debug)]
pub(super) enum Subject<'d> {
    Text(&'d str),
    Octets(Vec<u8>),
    Number(Number<'d>),
    Boolean(bool),
    /// What no constant compares with: null, a list, an object.
    Other,
}

impl<'d> Subject<'d> {
    /// Octets that cannot be read stay the text that they are.
    pub(super) fn new(value: Value<'d>, encoding: Encoding) -> Self {
        match value.kind() {
            Kind::String => {
                let text = value.as_str().unwrap_or_default();
                let octets = match encoding {
                    Encoding::None => None,
                    Encoding::Base64 => from_base64(text),
                    Encoding::Hex => from_hex(text),
                };
                octets.map_or(Self::Text(text), Self::Octets)
            }
            Kind::Number => value.as_number().map_or(Self::Other, Self::Number),
            Kind::Bool => value.as_bool().map_or(Self::Other, Self::Boolean),
            Kind::Null | Kind::Array | Kind::Object => Self::Other,
        }
    }
}

/// A constant made ready.
#[derive(Clone, Debug)]
pub(super) enum Constant {
    Text(String),
    Octets(Vec<u8>),
    Integer(Integer),
    Float(Float),
    Boolean(bool),
    Timestamp(Timestamp),
}

/// A whole number, and where the nearest double lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Integer {
    exact: i64,
    nearest: f64,
    /// The exact number against that double.
    against_nearest: Ordering,
}

/// A double, and its whole part if it has one that a JSON number could meet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Float {
    value: f64,
    /// Rounded towards zero.
    whole: Option<i128>,
}

impl Constant {
    pub(super) fn new(literal: &Literal) -> Self {
        match literal {
            Literal::Integer(exact) => Self::Integer(Integer::new(*exact)),
            Literal::Float(value) => Self::Float(Float::new(*value)),
            Literal::Boolean(truth) => Self::Boolean(*truth),
            Literal::String(text) => Self::Text(text.clone()),
            Literal::Binary(octets) | Literal::Hex(octets) => Self::Octets(octets.clone()),
            Literal::Timestamp(moment) => Self::Timestamp(*moment),
        }
    }

    /// How the subject lies to the constant; `None` where they cannot be compared. Of two booleans
    /// that differ, none is less.
    pub(super) fn order(&self, subject: &Subject<'_>) -> Option<Ordering> {
        match (subject, self) {
            // §9.6.2: by code points, which is the order of UTF-8, and without normalisation.
            (Subject::Text(text), Self::Text(constant)) => Some((*text).cmp(constant.as_str())),
            (Subject::Text(text), Self::Octets(octets)) => text_to_octets(text, octets),
            (Subject::Octets(octets), Self::Octets(constant)) => Some(octets.cmp(constant)),
            (Subject::Octets(octets), Self::Text(constant)) => {
                text_to_octets(constant, octets).map(Ordering::reverse)
            }
            (Subject::Text(text), Self::Timestamp(constant)) => Timestamp::parse(text)
                .ok()
                .map(|moment| moment.cmp(constant)),
            (Subject::Number(number), Self::Integer(constant)) => constant.order(*number),
            (Subject::Number(number), Self::Float(constant)) => constant.order(*number),
            (Subject::Boolean(truth), Self::Boolean(constant)) => {
                (truth == constant).then_some(Ordering::Equal)
            }
            _ => None,
        }
    }
}

/// What an order means for a relation. Values that cannot be compared are unequal and not ordered
/// (§9.6.1), with `NOT` before an ordering operator as without.
pub(super) fn fulfils(order: Option<Ordering>, relation: Relation, negated: bool) -> bool {
    let Some(order) = order else {
        return match relation {
            Relation::Equal => negated,
            Relation::NotEqual => !negated,
            _ => false,
        };
    };
    let plain = match relation {
        Relation::Equal => order.is_eq(),
        Relation::NotEqual => order.is_ne(),
        Relation::Less => order.is_lt(),
        Relation::LessOrEqual => order.is_le(),
        Relation::Greater => order.is_gt(),
        Relation::GreaterOrEqual => order.is_ge(),
    };
    plain != negated
}

/// §9.6.4: a string is compared with octets as those of its code points, if all are below 256.
fn text_to_octets(text: &str, octets: &[u8]) -> Option<Ordering> {
    if text.chars().any(|c| u32::from(c) > 255) {
        return None;
    }
    Some(
        text.chars()
            .map(u32::from)
            .cmp(octets.iter().copied().map(u32::from)),
    )
}

impl Integer {
    fn new(exact: i64) -> Self {
        // The shortest way to the nearest double without a cast that may lose digits in silence.
        let nearest: f64 = exact.to_string().parse().unwrap_or_default();
        let against_nearest = Float::new(nearest)
            .whole
            .map_or(Ordering::Equal, |whole| i128::from(exact).cmp(&whole));
        Self {
            exact,
            nearest,
            against_nearest,
        }
    }

    /// How a JSON number lies to this one, exactly.
    fn order(&self, number: Number<'_>) -> Option<Ordering> {
        if number.is_integer() {
            if let Some(whole) = number.as_i64() {
                return Some(whole.cmp(&self.exact));
            }
            // Beyond 64 bits: the sign decides.
            let negative = number.as_text().starts_with('-');
            return Some(if negative {
                Ordering::Less
            } else {
                Ordering::Greater
            });
        }
        // A double other than the nearest lies beyond it, seen from the exact number.
        let order = number.as_f64().partial_cmp(&self.nearest)?;
        Some(order.then(self.against_nearest.reverse()))
    }
}

impl Float {
    fn new(value: f64) -> Self {
        // A float prints all its digits.
        Self {
            value,
            whole: format!("{:.0}", value.trunc()).parse().ok(),
        }
    }

    fn order(&self, number: Number<'_>) -> Option<Ordering> {
        if !number.is_integer() {
            return number.as_f64().partial_cmp(&self.value);
        }
        let (Ok(exact), Some(whole)) = (number.as_text().parse::<i128>(), self.whole) else {
            return number.as_f64().partial_cmp(&self.value);
        };
        let fraction = 0.0.partial_cmp(&self.value.fract())?;
        Some(exact.cmp(&whole).then(fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    fn order(json: &str, literal: &Literal) -> Option<Ordering> {
        let document = Document::parse(json.as_bytes()).unwrap();
        Constant::new(literal).order(&Subject::new(document.root(), Encoding::None))
    }

    #[test]
    fn whole_numbers_and_others_are_compared_exactly() {
        use Ordering::{Equal, Greater, Less};
        for (json, literal, expected) in [
            ("5", Literal::Integer(5), Equal),
            ("5.0", Literal::Integer(5), Equal),
            ("5e0", Literal::Integer(5), Equal),
            ("5", Literal::Float(5.0), Equal),
            ("5", Literal::Float(5.1), Less),
            ("5", Literal::Float(4.9), Greater),
            ("-5", Literal::Float(-5.1), Greater),
            ("-5", Literal::Float(-4.9), Less),
            ("0", Literal::Float(-0.5), Greater),
            // 2^53 + 1 has no double; the nearest is 2^53.
            (
                "9007199254740992.0",
                Literal::Integer(9_007_199_254_740_993),
                Less,
            ),
            (
                "9007199254740994.0",
                Literal::Integer(9_007_199_254_740_993),
                Greater,
            ),
            (
                "9007199254740993",
                Literal::Float(9_007_199_254_740_992.0),
                Greater,
            ),
            ("9223372036854775808", Literal::Integer(i64::MAX), Greater),
            ("9223372036854775808.0", Literal::Integer(i64::MAX), Greater),
            ("-9223372036854775809", Literal::Integer(i64::MIN), Less),
            ("1e400", Literal::Integer(i64::MAX), Greater),
            ("1e400", Literal::Float(f64::MAX), Greater),
        ] {
            assert_eq!(
                order(json, &literal),
                Some(expected),
                "{json} against {literal}"
            );
        }
    }

    #[test]
    fn values_of_other_types_are_not_compared() {
        for (json, literal) in [
            ("1", Literal::Boolean(true)),
            ("true", Literal::Integer(1)),
            ("\"1\"", Literal::Integer(1)),
            ("1", Literal::String("1".into())),
            ("null", Literal::String("null".into())),
            ("[\"a\"]", Literal::String("a".into())),
            ("\"soon\"", Literal::Timestamp(Timestamp::from_parts(0, 0))),
            ("\"ā\"", Literal::Hex(vec![1])),
        ] {
            assert_eq!(order(json, &literal), None, "{json} against {literal}");
        }
    }

    /// The order that §9.6.2 gives as its example.
    #[test]
    fn strings_are_ordered_by_code_point_and_not_normalised() {
        let sorted = ["o", "oz", "o\u{300}", "z", "\u{f2}"];
        for pair in sorted.windows(2) {
            let literal = Literal::String(pair[1].into());
            assert_eq!(
                order(&format!("\"{}\"", pair[0]), &literal),
                Some(Ordering::Less)
            );
        }
    }
}
