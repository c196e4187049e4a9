//! Cross-walks as tables: a head, then one row a step.
//!
//! The columns are `from_taxonomy`, `from_version`, `from`, `to_taxonomy`, `to_version`, `to`, `relation`,
//! `source` and `note`, in any order. All rows lead from one taxonomy to one other; the table says not what
//! the cross-walk is called, nor its version.

use std::collections::BTreeSet;

use super::{
    Code, ENTRIES_MAX, NAME_CHARS_MAX, Name, Version, Walk, WalkRow, error::TaxonomyFault,
    read::Given,
};
use crate::{
    formats::csv::{Table, cell, unescaped},
    model::{Invalid, Line},
};

const COLUMNS: [&str; 9] = [
    "from_taxonomy",
    "from_version",
    "from",
    "to_taxonomy",
    "to_version",
    "to",
    "relation",
    "source",
    "note",
];
/// How many faults are told of one file; the rest are counted.
const FAULTS_MAX: usize = 20;

/// What is wrong with a table, line by line.
#[derive(Debug, Default)]
pub(super) struct Faults {
    named: Vec<(String, String)>,
    more: usize,
}

impl Faults {
    /// Something is wrong there.
    pub(super) fn add(&mut self, at: String, detail: String) {
        if self.named.len() < FAULTS_MAX {
            self.named.push((at, detail));
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// All of it as one fault: the first, and behind it the others with their lines.
    pub(super) fn told(self) -> Result<(), TaxonomyFault> {
        let mut named = self.named.into_iter();
        let Some((at, mut detail)) = named.next() else {
            return Ok(());
        };
        for (at, more) in named {
            detail = format!("{detail}; {at}: {more}");
        }
        if self.more > 0 {
            detail = format!("{detail}; and {} more", self.more);
        }
        Err(TaxonomyFault::unreadable(at, detail))
    }
}

/// A cross-walk with the line of each of its rows.
pub(super) type Read = (Walk, Vec<WalkRow>, Vec<usize>);

/// Whether a table is one of a cross-walk.
pub(super) fn is_walk(table: &Table) -> bool {
    ["from", "to", "relation"]
        .iter()
        .all(|name| column(table, name).is_some())
}

fn column(table: &Table, name: &str) -> Option<usize> {
    let is_it = |head: &String| head.trim().eq_ignore_ascii_case(name);
    table.head.iter().position(is_it)
}

/// The cross-walk of a table. All that is wrong with it is told at once.
pub(super) fn read(table: &Table, given: &Given) -> Result<Read, TaxonomyFault> {
    let missing = |field: &str| {
        let detail = format!("a table says no {field}: say it with the import");
        TaxonomyFault::unreadable(field, detail)
    };
    let mut faults = Faults::default();
    for remark in &table.remarks {
        faults.add(remark.at.clone(), remark.detail.clone());
    }
    if table.rows.is_empty() || table.rows.len() > ENTRIES_MAX {
        let detail = format!("{} rows; 1 to {ENTRIES_MAX} are taken in", table.rows.len());
        return Err(TaxonomyFault::unreadable("line 1", detail));
    }
    let mut reader = Reader::new(table);
    let mut rows = Vec::with_capacity(table.rows.len());
    let mut lines = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        if let Some((row, line)) = reader.row(at, &mut faults) {
            rows.push(row);
            lines.push(line);
        }
    }
    faults.told()?;
    let name = given.name.clone().ok_or_else(|| missing("name"))?;
    let version = given.version.clone().ok_or_else(|| missing("version"))?;
    let ends = reader.ends.ok_or_else(|| missing("from_taxonomy"))?;
    let walk = Walk {
        name,
        version,
        from: ends.0,
        to: ends.1,
        source: reader.source.map(|source| source.to_string()),
        licence: None,
        rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        imported: None,
    };
    Ok((walk, rows, lines))
}

/// A taxonomy, and its version where that is said.
type End = (Name, Option<Version>);

/// A row, from where to where it leads, and its source.
type Stated = (WalkRow, (End, End), Option<Line<NAME_CHARS_MAX>>);

struct Reader<'t> {
    table: &'t Table,
    columns: [Option<usize>; COLUMNS.len()],
    /// From where to where the rows before led.
    ends: Option<(End, End)>,
    source: Option<Line<NAME_CHARS_MAX>>,
    known: BTreeSet<(Code, Code)>,
}

impl<'t> Reader<'t> {
    fn new(table: &'t Table) -> Self {
        Self {
            table,
            columns: COLUMNS.map(|name| column(table, name)),
            ends: None,
            source: None,
            known: BTreeSet::new(),
        }
    }

    /// What stands in a column of a row; nothing where nothing does.
    fn cell(&self, at: usize, name: &str) -> Option<&'t str> {
        let place = COLUMNS.iter().position(|known| *known == name)?;
        let column = self.columns.get(place).copied().flatten()?;
        let cell = self.table.rows.get(at)?.cells.get(column)?;
        Some(unescaped(cell.trim())).filter(|cell| !cell.is_empty())
    }

    /// A row and its line; nothing where something is wrong with it, which is told.
    fn row(&mut self, at: usize, faults: &mut Faults) -> Option<(WalkRow, usize)> {
        let line = self.table.rows.get(at)?.line;
        let mut wrong = |detail: String| faults.add(format!("line {line}"), detail);
        let read = self.read_row(at).map_err(&mut wrong).ok()?;
        let (row, ends, source) = read;
        if let Some(before) = self.ends.as_ref().filter(|before| **before != ends) {
            let end = |end: &End| match &end.1 {
                Some(version) => format!("{} {version}", end.0),
                None => end.0.to_string(),
            };
            let (from, to) = (end(&before.0), end(&before.1));
            wrong(format!(
                "the rows before it lead from {from} to {to}; one cross-walk has one of each"
            ));
            return None;
        }
        let other =
            |before: &Line<NAME_CHARS_MAX>| source.as_ref().is_some_and(|one| one != before);
        if self.source.as_ref().is_some_and(other) {
            wrong("another source than in the rows before it; say it in the note".to_owned());
            return None;
        }
        if !self.known.insert((row.from.clone(), row.to.clone())) {
            wrong("leads from and to the same classes as a row before it".to_owned());
            return None;
        }
        self.ends = Some(ends);
        self.source = self.source.take().or(source);
        Some((row, line))
    }

    fn read_row(&self, at: usize) -> Result<Stated, String> {
        let needed = |name: &'static str| {
            let cell = self.cell(at, name);
            cell.ok_or_else(|| format!("{name} is missing"))
        };
        let unfit = |name: &'static str| move |broken: Invalid| format!("{name}: {}", broken.rule);
        let end = |taxonomy: &'static str, version: &'static str| {
            let stated = self.cell(at, version).map(str::parse).transpose();
            let name: Name = needed(taxonomy)?.parse().map_err(unfit(taxonomy))?;
            Ok::<End, String>((name, stated.map_err(unfit(version))?))
        };
        let ends = (
            end("from_taxonomy", "from_version")?,
            end("to_taxonomy", "to_version")?,
        );
        let row = WalkRow {
            from: needed("from")?.parse().map_err(unfit("from"))?,
            to: needed("to")?.parse().map_err(unfit("to"))?,
            relation: needed("relation")?.parse().map_err(unfit("relation"))?,
            note: Line::optional(self.cell(at, "note"), "note").map_err(unfit("note"))?,
        };
        let source = Line::optional(self.cell(at, "source"), "source");
        Ok((row, ends, source.map_err(unfit("source"))?))
    }
}

/// A cross-walk as a table, which comes in again as it is.
pub fn write(walk: &Walk, rows: &[WalkRow]) -> String {
    let version = |version: &Option<Version>| version.as_ref().map(ToString::to_string);
    let (from, to) = (version(&walk.from.1), version(&walk.to.1));
    let mut text = format!("{}\r\n", COLUMNS.join(","));
    for row in rows {
        let note = row.note.as_ref().map(ToString::to_string);
        let cells = [
            Some(walk.from.0.as_str()),
            from.as_deref(),
            Some(row.from.as_str()),
            Some(walk.to.0.as_str()),
            to.as_deref(),
            Some(row.to.as_str()),
            Some(row.relation.as_str()),
            walk.source.as_deref(),
            note.as_deref(),
        ];
        let cells = cells.map(|text| cell(text.unwrap_or_default()));
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::shipped;

    fn given() -> Given {
        Given {
            name: "ours".parse().ok(),
            version: "1".parse().ok(),
        }
    }

    fn parsed(text: &str) -> Result<Read, TaxonomyFault> {
        read(&Table::parse(text).unwrap(), &given())
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (walk, rows) in shipped::walks() {
            let (read, again, lines) = parsed(&write(&walk, &rows)).unwrap();
            assert_eq!(again, rows);
            assert_eq!(
                (&read.from, &read.to, &read.source, read.rows),
                (&walk.from, &walk.to, &walk.source, walk.rows)
            );
            assert_eq!(lines.first(), Some(&2));
        }
    }

    #[test]
    fn every_line_that_is_wrong_is_told() {
        let text = "from_taxonomy,from_version,from,to_taxonomy,to_version,to,relation,source\n\
                    a,1,x,b,,y,exact,us\n\
                    a,1,x,b,,y,close,us\n\
                    a,1,z,b,,y,same,\n\
                    a,2,z,b,,y,exact,us\n\
                    a,1,,b,,y,exact,us\n\
                    a,1,q,b,,y,exact,them\n";
        let TaxonomyFault::Unreadable { at, detail } = parsed(text).unwrap_err() else {
            panic!("another fault");
        };
        assert_eq!(at, "line 3");
        for part in [
            "same classes as a row before it",
            "line 4: relation: exact, close",
            "line 5: the rows before it lead from a 1 to b",
            "line 6: from is missing",
            "line 7: another source",
        ] {
            assert!(detail.contains(part), "no {part} in {detail}");
        }
        let many = "a,1,x,b,,y,no,\n".repeat(50);
        let head = "from_taxonomy,from_version,from,to_taxonomy,to_version,to,relation,source\n";
        let fault = parsed(&format!("{head}{many}")).unwrap_err();
        assert!(fault.to_string().contains("and 30 more"), "{fault}");
    }

    #[test]
    fn a_table_says_not_what_it_is_called() {
        let text = "from_taxonomy,from,to_taxonomy,to,relation\na,x,b,y,exact\n";
        let table = Table::parse(text).unwrap();
        assert!(is_walk(&table));
        let fault = read(&table, &Given::default()).unwrap_err();
        assert!(fault.to_string().contains("name"), "{fault}");
        let (walk, ..) = parsed(text).unwrap();
        assert_eq!((walk.from.1, walk.source), (None, None));
        assert!(!is_walk(&Table::parse("code,parent\na,\n").unwrap()));
    }
}
