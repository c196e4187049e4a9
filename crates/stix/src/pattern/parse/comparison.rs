//! What stands between brackets: comparisons, paths and constants.

use super::{Parser, whole};
use crate::pattern::{
    Comparison, Literal, ObjectPath, Proposition, Relation, Step, Test,
    conform::Types,
    error::{PatternError, PatternErrorKind},
    lexer::{Token, is_keyword, is_plain_key},
};

impl<'t> Parser<'t, '_> {
    pub(super) fn comparison_or(&mut self) -> Result<(Comparison, Types<'t>), PatternError> {
        let (first, mut types) = self.comparison_and()?;
        if !self.is_word("OR") {
            return Ok((first, types));
        }
        let mut operands = vec![first];
        while self.take_word("OR")? {
            let (operand, more) = self.comparison_and()?;
            operands.push(operand);
            types.or(more);
        }
        Ok((Comparison::Or(operands), types))
    }

    fn comparison_and(&mut self) -> Result<(Comparison, Types<'t>), PatternError> {
        let (first, mut types) = self.comparison()?;
        if !self.is_word("AND") {
            return Ok((first, types));
        }
        let mut operands = vec![first];
        loop {
            let at = self.at;
            if !self.take_word("AND")? {
                return Ok((Comparison::And(operands), types));
            }
            let (operand, more) = self.comparison()?;
            operands.push(operand);
            types = self.conformance.and(types, &more, at);
        }
    }

    fn comparison(&mut self) -> Result<(Comparison, Types<'t>), PatternError> {
        if self.token == Token::Symbol('(') {
            self.open()?;
            let inner = self.comparison_or()?;
            self.close("\")\", AND or OR")?;
            return Ok(inner);
        }
        self.count()?;
        let not_exists = self.take_word("NOT")?;
        if not_exists && !self.is_word("EXISTS") {
            const HINT: &str = "NOT stands before EXISTS, or between the path and the operator";
            return Err(PatternErrorKind::Hint(HINT).at(self.at));
        }
        if self.take_word("EXISTS")? {
            let (path, types) = self.path()?;
            let proposition = Proposition {
                path,
                negated: not_exists,
                test: Test::Exists,
            };
            return Ok((Comparison::Test(proposition), types));
        }
        let (path, types) = self.path()?;
        let negated = self.take_word("NOT")?;
        let test = self.test(&path)?;
        Ok((
            Comparison::Test(Proposition {
                path,
                negated,
                test,
            }),
            types,
        ))
    }

    fn test(&mut self, path: &ObjectPath) -> Result<Test, PatternError> {
        if let Token::Relation(relation) = self.token {
            self.bump()?;
            let at = self.at;
            let literal = self.literal()?;
            let ordered = !matches!(relation, Relation::Equal | Relation::NotEqual);
            if ordered && matches!(literal, Literal::Boolean(_)) {
                const HINT: &str = "true and false have no order, compare with = or !=";
                return Err(PatternErrorKind::Hint(HINT).at(at));
            }
            self.conformance.hash(path, &literal, at);
            return Ok(Test::Compare(relation, literal));
        }
        if self.take_word("IN")? {
            return self.set(path).map(Test::In);
        }
        if self.take_word("LIKE")? {
            return self.string().map(Test::Like);
        }
        if self.take_word("MATCHES")? {
            return self.string().map(Test::Matches);
        }
        if self.take_word("ISSUBSET")? {
            return self.string().map(Test::IsSubset);
        }
        if self.take_word("ISSUPERSET")? {
            return self.string().map(Test::IsSuperset);
        }
        Err(self.expected("a comparison operator"))
    }

    fn set(&mut self, path: &ObjectPath) -> Result<Vec<Literal>, PatternError> {
        self.symbol('(', "\"(\"")?;
        let mut literals = Vec::new();
        if self.token == Token::Symbol(')') {
            self.bump()?;
            return Ok(literals);
        }
        loop {
            self.count()?;
            let at = self.at;
            let literal = self.literal()?;
            self.conformance.hash(path, &literal, at);
            self.conformance.member(literals.first(), &literal, at);
            literals.push(literal);
            if self.token != Token::Symbol(',') {
                self.symbol(')', "\",\" or \")\"")?;
                return Ok(literals);
            }
            self.bump()?;
        }
    }

    fn path(&mut self) -> Result<(ObjectPath, Types<'t>), PatternError> {
        let Token::Word(object_type) = self.token else {
            return Err(self.expected("the type of an object"));
        };
        if is_keyword(object_type) {
            return Err(self.expected("the type of an object"));
        }
        self.bump()?;
        self.symbol(':', "\":\" and a property")?;
        let mut steps = vec![self.key()?];
        loop {
            self.count()?;
            match self.token {
                Token::Symbol('.') => {
                    self.bump()?;
                    steps.push(self.key()?);
                }
                Token::Symbol('[') => {
                    self.bump()?;
                    steps.push(self.index()?);
                    self.symbol(']', "\"]\"")?;
                }
                _ => break,
            }
        }
        let types = self.conformance.types(object_type);
        Ok((
            ObjectPath {
                object_type: object_type.into(),
                steps,
            },
            types,
        ))
    }

    fn key(&mut self) -> Result<Step, PatternError> {
        if let Token::String(_) = self.token {
            return self.string().map(Step::Key);
        }
        let Token::Word(word) = self.token else {
            return Err(self.expected("a property"));
        };
        let hint = if is_keyword(word) {
            "a property with the name of a keyword stands between apostrophes"
        } else if !is_plain_key(word) {
            "a property with a hyphen in its name stands between apostrophes"
        } else {
            self.bump()?;
            return Ok(Step::Key(word.into()));
        };
        Err(PatternErrorKind::Hint(hint).at(self.at))
    }

    fn index(&mut self) -> Result<Step, PatternError> {
        if self.token == Token::Symbol('*') {
            self.bump()?;
            return Ok(Step::Any);
        }
        let Token::Number(text) = self.token else {
            return Err(self.expected("\"*\" or the place of an item, from 0"));
        };
        let index = whole(text).and_then(|text| text.parse().ok());
        let index = index.ok_or_else(|| self.expected("the place of an item, from 0"))?;
        self.bump()?;
        Ok(Step::Index(index))
    }

    fn string(&mut self) -> Result<String, PatternError> {
        if let Token::String(text) = &mut self.token {
            let text = std::mem::take(text);
            self.bump()?;
            return Ok(text);
        }
        Err(self.expected("a string between apostrophes"))
    }

    fn literal(&mut self) -> Result<Literal, PatternError> {
        let at = self.at;
        let bad = |what: &str| PatternErrorKind::BadLiteral(what.into()).at(at);
        if let Token::Number(text) = self.token {
            self.conformance.number(text, at);
        }
        let literal = match &mut self.token {
            Token::String(text) => Literal::String(std::mem::take(text)),
            Token::Binary(octets) => Literal::Binary(std::mem::take(octets)),
            Token::Hex(octets) => Literal::Hex(std::mem::take(octets)),
            Token::Timestamp(moment) => Literal::Timestamp(*moment),
            Token::Word("true") => Literal::Boolean(true),
            Token::Word("false") => Literal::Boolean(false),
            Token::Number(text) if text.contains('.') => {
                let number = text.parse().ok().filter(|number: &f64| number.is_finite());
                Literal::Float(number.ok_or_else(|| bad("a number too large for a double"))?)
            }
            Token::Number(text) => {
                let text = whole(text).ok_or_else(|| bad("a whole number has no leading zeros"))?;
                let number = text.parse();
                Literal::Integer(number.map_err(|_range| bad("a number of more than 64 bits"))?)
            }
            _ => return Err(self.expected("a constant, strings between apostrophes")),
        };
        self.bump()?;
        Ok(literal)
    }
}
