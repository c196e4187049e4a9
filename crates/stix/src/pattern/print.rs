//! The printer. What it prints parses to the same tree.

use std::fmt;

use super::{
    Comparison, Literal, ObjectPath, Observation, Pattern, Proposition, QUALIFIERS_MAX, Qualifier,
    Relation, Step, Test,
    bytes::{to_base64, to_hex},
    lexer::{is_keyword, is_plain_key},
};

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An operand that binds no tighter than its list needs parentheses.
        let tight = |operand: &Self| matches!(operand, Self::Test(_) | Self::Qualified(..));
        match self {
            Self::Test(comparison) => write!(f, "[{comparison}]"),
            Self::And(operands) => write_list(f, " AND ", operands, tight),
            Self::Or(operands) => {
                let bare = |operand: &Self| tight(operand) || matches!(operand, Self::And(_));
                write_list(f, " OR ", operands, bare)
            }
            Self::FollowedBy(operands) => {
                let bare = |operand: &Self| !matches!(operand, Self::FollowedBy(_));
                write_list(f, " FOLLOWEDBY ", operands, bare)
            }
            Self::Qualified(inner, qualifier) => write_qualified(f, inner, qualifier),
        }
    }
}

/// Qualifiers stand behind what they qualify. Parentheses go where the grammar would refuse a
/// second one of the kind, or too many.
fn write_qualified(
    f: &mut fmt::Formatter<'_>,
    inner: &Observation,
    outermost: &Qualifier,
) -> fmt::Result {
    let mut qualifiers = vec![outermost];
    let mut base = inner;
    while let Observation::Qualified(inner, qualifier) = base {
        qualifiers.push(qualifier);
        base = inner;
    }
    qualifiers.reverse();
    let single = matches!(base, Observation::Test(_));
    let kind = |qualifier: &Qualifier| std::mem::discriminant(qualifier);
    let mut groups: Vec<Vec<&Qualifier>> = vec![Vec::new()];
    for qualifier in qualifiers {
        let first_group = groups.len() == 1;
        let full = groups.last().is_some_and(|group| {
            let second = group.iter().any(|other| kind(other) == kind(qualifier));
            group.len() >= QUALIFIERS_MAX || (single && first_group && second)
        });
        if full {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(qualifier);
        }
    }
    f.write_str(&"(".repeat(groups.len().saturating_sub(1)))?;
    if single {
        write!(f, "{base}")?;
    } else {
        write!(f, "({base})")?;
    }
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            f.write_str(")")?;
        }
        for qualifier in group {
            write!(f, " {qualifier}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(within) => {
                write!(f, "WITHIN {}", within.as_secs())?;
                if within.subsec_nanos() > 0 {
                    let digits = format!("{:09}", within.subsec_nanos());
                    write!(f, ".{}", digits.trim_end_matches('0'))?;
                }
                f.write_str(" SECONDS")
            }
            Self::Repeats(times) => write!(f, "REPEATS {times} TIMES"),
            Self::StartStop { start, stop } => write!(f, "START t'{start}' STOP t'{stop}'"),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test(proposition) => proposition.fmt(f),
            Self::And(operands) => write_list(f, " AND ", operands, |operand| {
                matches!(operand, Self::Test(_))
            }),
            Self::Or(operands) => write_list(f, " OR ", operands, |operand| {
                !matches!(operand, Self::Or(_))
            }),
        }
    }
}

fn write_list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    between: &str,
    operands: &[T],
    bare: impl Fn(&T) -> bool,
) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if bare(operand) {
            write!(f, "{operand}")?;
        } else {
            write!(f, "({operand})")?;
        }
    }
    Ok(())
}

impl fmt::Display for Proposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            negated,
            test,
        } = self;
        let not = if *negated { "NOT " } else { "" };
        match test {
            Test::Exists => write!(f, "{not}EXISTS {path}"),
            Test::Compare(relation, literal) => write!(f, "{path} {not}{relation} {literal}"),
            Test::In(literals) => {
                write!(f, "{path} {not}IN (")?;
                write_list(f, ", ", literals, |_| true)?;
                f.write_str(")")
            }
            Test::Like(text) => write!(f, "{path} {not}LIKE {}", Quoted(text)),
            Test::Matches(text) => write!(f, "{path} {not}MATCHES {}", Quoted(text)),
            Test::IsSubset(text) => write!(f, "{path} {not}ISSUBSET {}", Quoted(text)),
            Test::IsSuperset(text) => write!(f, "{path} {not}ISSUPERSET {}", Quoted(text)),
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl fmt::Display for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.object_type)?;
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) => {
                    if index > 0 {
                        f.write_str(".")?;
                    }
                    if is_plain_key(key) && !is_keyword(key) {
                        f.write_str(key)?;
                    } else {
                        write!(f, "{}", Quoted(key))?;
                    }
                }
                Step::Index(at) => write!(f, "[{at}]")?,
                Step::Any => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            // The grammar knows no exponent; a point makes it a float.
            Self::Float(number) => {
                let digits = number.to_string();
                let point = if digits.contains('.') { "" } else { ".0" };
                write!(f, "{digits}{point}")
            }
            Self::Boolean(truth) => write!(f, "{truth}"),
            Self::String(text) => write!(f, "{}", Quoted(text)),
            Self::Binary(octets) => write!(f, "b'{}'", to_base64(octets)),
            Self::Hex(octets) => write!(f, "h'{}'", to_hex(octets)),
            Self::Timestamp(moment) => write!(f, "t'{moment}'"),
        }
    }
}

/// A string with its apostrophes.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("'")?;
        for part in self.0.split_inclusive(['\'', '\\']) {
            let plain = part.strip_suffix(['\'', '\\']).unwrap_or(part);
            f.write_str(plain)?;
            if let Some(escaped) = part.chars().last().filter(|c| matches!(c, '\'' | '\\')) {
                write!(f, "\\{escaped}")?;
            }
        }
        f.write_str("'")
    }
}
