//! What STIX 2.1 forbids beyond the grammar: found while parsing, so that it has a place.

use super::{
    Literal, ObjectPath, Step,
    error::{PatternError, PatternErrorKind},
};

/// The types of the objects that can fulfil an expression, sorted. Empty when not asked for.
#[derive(Default)]
pub(super) struct Types<'t>(Vec<&'t str>);

impl Types<'_> {
    pub(super) fn or(&mut self, more: Self) {
        self.0.extend(more.0);
        self.0.sort_unstable();
        self.0.dedup();
    }
}

/// The first violation so far.
pub(super) struct Conformance {
    asked: bool,
    first: Option<PatternError>,
}

impl Conformance {
    pub(super) fn unchecked() -> Self {
        Self {
            asked: false,
            first: None,
        }
    }

    pub(super) fn checked() -> Self {
        Self {
            asked: true,
            first: None,
        }
    }

    pub(super) fn verdict(self) -> Result<(), PatternError> {
        self.first.map_or(Ok(()), Err)
    }

    pub(super) fn types<'t>(&self, object_type: &'t str) -> Types<'t> {
        if self.asked {
            Types(vec![object_type])
        } else {
            Types::default()
        }
    }

    /// All operands of `AND` must be satisfiable with the same type of object (§9.5).
    pub(super) fn and<'t>(&mut self, a: Types<'t>, b: &Types<'t>, at: usize) -> Types<'t> {
        if !self.asked || a.0.is_empty() {
            return a;
        }
        let both: Vec<_> =
            a.0.into_iter()
                .filter(|name| b.0.binary_search(name).is_ok())
                .collect();
        if both.is_empty() {
            self.violation(PatternErrorKind::AndAcrossTypes, at);
        }
        Types(both)
    }

    /// A set's constants must be of one type (§9.6.1); whole numbers and others mix.
    pub(super) fn member(&mut self, first: Option<&Literal>, literal: &Literal, at: usize) {
        use std::mem::discriminant;
        let number = |literal: &Literal| matches!(literal, Literal::Integer(_) | Literal::Float(_));
        let alike = first.is_none_or(|first| {
            discriminant(first) == discriminant(literal) || (number(first) && number(literal))
        });
        if self.asked && !alike {
            self.violation(PatternErrorKind::MixedSet, at);
        }
    }

    /// A positive number is written without its sign (§9.2).
    pub(super) fn number(&mut self, text: &str, at: usize) {
        const PLUS: &str = "a positive number is written without a plus";
        if self.asked && text.starts_with('+') {
            self.violation(PatternErrorKind::BadLiteral(PLUS.into()), at);
        }
    }

    /// A constant that is compared with a known hash must look like one.
    pub(super) fn hash(&mut self, path: &ObjectPath, literal: &Literal, at: usize) {
        if !self.asked {
            return;
        }
        let hashes = Step::Key("hashes".into());
        let (Literal::String(text), Some(Step::Key(algorithm))) = (literal, path.steps.last())
        else {
            return;
        };
        if path.steps.contains(&hashes) && !is_hash(algorithm, text) {
            self.violation(
                PatternErrorKind::BadHash {
                    algorithm: algorithm.clone(),
                },
                at,
            );
        }
    }

    fn violation(&mut self, kind: PatternErrorKind, at: usize) {
        self.first.get_or_insert_with(|| kind.at(at));
    }
}

/// Whether a text can be a hash of the algorithm, by its length and characters. An algorithm that
/// the vocabulary (§10.7 and what was in use before it) does not have may be anything.
fn is_hash(algorithm: &str, text: &str) -> bool {
    let name: String = algorithm
        .to_ascii_uppercase()
        .chars()
        .filter(|c| *c != '-')
        .collect();
    let digits = match name.as_str() {
        "MD5" => 32,
        "RIPEMD160" | "SHA1" => 40,
        "SHA224" | "SHA3224" => 56,
        "SHA256" | "SHA3256" => 64,
        "SHA384" | "SHA3384" => 96,
        "SHA512" | "SHA3512" | "WHIRLPOOL" => 128,
        "SSDEEP" => {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+' | ':' | '.');
            return (1..=128).contains(&text.len()) && text.chars().all(allowed);
        }
        _ => return true,
    };
    text.len() == digits && text.chars().all(|c| c.is_ascii_hexdigit())
}
