//! The columns of a table, by name or by what is in them.

use matcher::{Breadth, Kind, Value};

use super::{
    Domains,
    plain::is_comment,
    split::{Field, split},
    values::{Manner, values_of},
    words::{Meaning, Wanted, meaning, plain},
};

/// What stands in a column, or under a name in a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// The value, of a kind that another column may say.
    Value,
    /// A value of this kind.
    Typed(Wanted),
    /// A STIX pattern.
    Pattern,
    /// The kind of the value.
    Kind,
    Id,
    Source,
    Marking,
    /// Tags, parted by commas, among which the marking may be.
    Tags,
    Confidence,
    ValidFrom,
    ValidUntil,
    /// Whether it is to be looked for.
    ToIds,
    Other,
}

/// The role of a column or a member of this name.
pub(super) fn role_of(name: &str) -> Role {
    let mut buffer = [0; 64];
    let word = plain(name, &mut buffer).unwrap_or_default();
    match word {
        "value" | "indicator" | "indicators" | "ioc" | "iocs" | "iocvalue" | "indicatorvalue"
        | "observable" | "observablevalue" | "artifact" | "attributevalue" | "entry" => Role::Value,
        "type" | "ioctype" | "indicatortype" | "kind" | "algorithm" | "observabletype"
        | "valuetype" | "hashtype" | "attributetype" => Role::Kind,
        "id" | "iocid" | "indicatorid" | "uuid" | "guid" => Role::Id,
        "source" | "sourcename" | "provider" | "feed" | "metasource" => Role::Source,
        "tlp" | "marking" | "tlpmarking" | "tlplabel" | "trafficlight" => Role::Marking,
        "tags" | "tag" | "attributetag" | "eventtag" => Role::Tags,
        "confidence" | "confidencelevel" => Role::Confidence,
        "validfrom" | "notbefore" => Role::ValidFrom,
        "validuntil" | "validto" | "expires" | "expiry" | "expiration" | "expirationdate"
        | "expiresat" | "expiredat" | "notafter" => Role::ValidUntil,
        "toids" => Role::ToIds,
        "pattern" | "stixpattern" => Role::Pattern,
        _ => match meaning(word) {
            Meaning::Wanted(wanted) => Role::Typed(wanted),
            _ => Role::Other,
        },
    }
}

/// Of several columns with values only some are meant: the one that says so; else all but names of
/// files, which stand beside hashes to describe them.
pub(super) fn settle(roles: &mut [Role]) {
    let is_main = |role: &Role| matches!(role, Role::Value | Role::Pattern);
    let is_name = |role: &Role| *role == Role::Typed(Wanted::Kind(Kind::FileName));
    let is_typed = |role: &Role| matches!(role, Role::Typed(_));
    if roles.iter().any(is_main) {
        for role in roles.iter_mut().filter(|role| is_typed(role)) {
            *role = Role::Other;
        }
    } else if roles.iter().any(|role| is_typed(role) && !is_name(role)) {
        for role in roles.iter_mut().filter(|role| is_name(role)) {
            *role = Role::Other;
        }
    }
}

/// How a table is laid out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    pub(super) roles: Vec<Role>,
    /// The line of the header, from 1; 0 where there is none.
    pub(super) header_line: u64,
}

/// Lines that a layout is judged by.
const SAMPLE_LINES_MAX: usize = 200;

/// The layout of a table whose first lines these are; nothing where they are no table.
pub(super) fn layout(lines: &[&str]) -> Option<Layout> {
    let delimiters = [b',', b'\t', b';', b'|'];
    let sample = Sample::of(lines);
    let headed = delimiters
        .iter()
        .find_map(|&delimiter| sample.headed(delimiter));
    headed.or_else(|| {
        delimiters
            .iter()
            .find_map(|&delimiter| sample.bare(delimiter))
    })
}

struct Sample<'l> {
    /// The comments before the first row, with their line numbers.
    comments: Vec<(u64, &'l str)>,
    rows: Vec<(u64, &'l str)>,
}

impl<'l> Sample<'l> {
    fn of(lines: &[&'l str]) -> Self {
        let mut sample = Self {
            comments: Vec::new(),
            rows: Vec::new(),
        };
        for (&line, number) in lines.iter().zip(1..) {
            let line = line.trim_end();
            if line.trim().is_empty() {
            } else if is_comment(line.trim_start().as_bytes()) {
                if sample.rows.is_empty() {
                    sample.comments.push((number, line.trim_start()));
                }
            } else if sample.rows.len() < SAMPLE_LINES_MAX {
                sample.rows.push((number, line));
            }
        }
        sample
    }

    /// A header in the last comment or in the first row.
    fn headed(&self, delimiter: u8) -> Option<Layout> {
        let (first_line, first) = *self.rows.first()?;
        let columns = fields(first, delimiter).len();
        let comments = self.comments.iter().rev().filter_map(|&(line, text)| {
            let text = text.trim_start_matches('#').trim_start();
            // Zeek begins the line of names so.
            let text = text.strip_prefix("fields\t").unwrap_or(text);
            let roles = header(text, delimiter)?;
            (roles.len() == columns && columns > 1).then_some((line, roles))
        });
        let row = || {
            let roles = header(first, delimiter)?;
            let of_values = fields(first, delimiter)
                .iter()
                .any(|field| is_value(&field.text()));
            (!of_values).then_some((first_line, roles))
        };
        let (header_line, mut roles) = comments.into_iter().next().or_else(row)?;
        settle(&mut roles);
        Some(Layout {
            delimiter,
            roles,
            header_line,
        })
    }

    /// No header: the column that has values most often.
    fn bare(&self, delimiter: u8) -> Option<Layout> {
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|(_, row)| fields(row, delimiter))
            .collect();
        let columns = rows.iter().map(Vec::len).max().filter(|count| *count > 1)?;
        let usual = rows.iter().map(Vec::len).find(|count| *count > 1)?;
        let alike = rows.iter().filter(|row| row.len() == usual).count();
        if alike * 10 < rows.len() * 9 {
            return None;
        }
        let share = |wanted: &dyn Fn(&str) -> bool, column: usize| {
            let texts = rows.iter().filter_map(|row| row.get(column));
            texts.filter(|field| wanted(&field.text())).count()
        };
        let best = (0..columns)
            .map(|column| (share(&is_value, column), column))
            .max_by_key(|&(count, column)| (count, columns - column));
        let (count, value) = best?;
        // White space parts the columns of a plain list, whose first holds the value.
        if count * 2 < rows.len() || (delimiter == b'\t' && value == 0) {
            return None;
        }
        let is_kind = |text: &str| meaning(text) != Meaning::Unknown;
        let kind = (0..columns)
            .find(|&column| column != value && share(&is_kind, column) * 10 >= rows.len() * 9);
        let roles = (0..columns).map(|column| {
            if column == value {
                Role::Value
            } else if Some(column) == kind {
                Role::Kind
            } else {
                Role::Other
            }
        });
        Some(Layout {
            delimiter,
            roles: roles.collect(),
            header_line: 0,
        })
    }
}

/// The roles of a header; nothing where no column of it has values.
fn header(line: &str, delimiter: u8) -> Option<Vec<Role>> {
    let fields = fields(line, delimiter);
    let roles: Vec<_> = fields
        .iter()
        .map(|field| role_of(field.text().trim_matches(['#', '"', ' '])))
        .collect();
    let has_values = roles
        .iter()
        .any(|role| matches!(role, Role::Value | Role::Typed(_) | Role::Pattern));
    has_values.then_some(roles)
}

fn fields(line: &str, delimiter: u8) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    if !split(line, delimiter, false, &mut fields) {
        fields.clear();
        split(line, delimiter, true, &mut fields);
    }
    fields
}

/// Whether a text is a value by its shape.
pub(super) fn is_value(text: &str) -> bool {
    let manner = Manner {
        breadth: Breadth::Narrow,
        domains: Domains::Exact,
    };
    let mut values: Vec<Value> = Vec::new();
    values_of(text, Wanted::Any, manner, &mut values).is_ok()
}
