//! Tables of taxonomies and cross-walks.

use incidents::taxonomy::{
    Entry, Name, Tag, Taxonomy, Version, Walk,
    ops::{Part, Report},
};

use super::LIST;
use crate::{
    pages::{incident::tabs::who, incidents::of_class, reader::escaped},
    views::tables::{Cell, Table},
    words::Words,
};

/// The page of a version of a taxonomy.
pub(crate) fn url(name: &Name, version: &Version) -> String {
    format!("{LIST}/{name}/{}", escaped(version.as_str()))
}

pub(super) fn walk_url(walk: &Walk) -> String {
    format!(
        "/crosswalks/{}/{}",
        walk.name,
        escaped(walk.version.as_str())
    )
}

pub(crate) fn heads(w: Words, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| w.word("taxonomy-head", name))
        .collect()
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn whence(w: Words, imported: Option<&(String, kernel::Timestamp)>) -> Cell {
    match imported {
        None => Cell::styled(w.t("taxonomy-ships"), "chip"),
        Some((by, at)) => Cell::text(who(w, by)).below(w.ago(at).to_string()),
    }
}

pub(super) fn taxonomies_table(w: Words, all: &[Taxonomy]) -> Table {
    let row = |one: &Taxonomy| {
        vec![
            Cell::link(one.name.as_str(), url(&one.name, &one.version)).below(&one.title),
            Cell::text(one.version.as_str()),
            Cell::text(w.number(&number(one.entries))),
            whence(w, one.imported.as_ref()),
        ]
    };
    Table {
        title: w.t("taxonomies-held"),
        head: heads(w, &["name", "version", "entries", "by"]),
        rows: all.iter().map(row).collect(),
        empty: String::new(),
    }
}

pub(super) fn walks_table(w: Words, walks: &[Walk]) -> Table {
    let end = |(name, version): &(Name, Option<Version>)| match version {
        Some(version) => format!("{name} {version}"),
        None => name.to_string(),
    };
    let row = |walk: &Walk| {
        vec![
            Cell::link(walk.name.as_str(), walk_url(walk))
                .below(walk.source.clone().unwrap_or_default()),
            Cell::text(walk.version.as_str()),
            Cell::text(end(&walk.from)),
            Cell::text(end(&walk.to)),
            Cell::text(w.number(&number(walk.rows))),
            whence(w, walk.imported.as_ref()),
        ]
    };
    Table {
        title: w.t("crosswalks"),
        head: heads(w, &["name", "version", "from", "to", "rows", "by"]),
        rows: walks.iter().map(row).collect(),
        empty: String::new(),
    }
}

/// What an import would do, table by table.
pub(super) fn report_tables(w: Words, report: &Report) -> Vec<Table> {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let against = report.against.as_ref().map_or("", Version::as_str);
    let state = w.word("taxonomy-state", report.state.as_str());
    let first = vec![
        Cell::text(report.name.as_str()).below(&report.title),
        Cell::text(report.version.as_str()),
        Cell::text(w.number(&count(report.entries))),
        Cell::text(state).below(against),
    ];
    let mut tables = vec![Table {
        title: w.t("taxonomy-would"),
        head: heads(w, &["name", "version", "entries", "state"]),
        rows: vec![first],
        empty: String::new(),
    }];
    let parts: [(&str, &Part); 3] = [
        ("taxonomy-added", &report.added),
        ("taxonomy-changed", &report.changed),
        ("taxonomy-gone", &report.gone),
    ];
    for (word, part) in parts {
        if part.count == 0 {
            continue;
        }
        let row =
            |(code, name): &(String, String)| vec![Cell::styled(code, "mono"), Cell::text(name)];
        tables.push(Table {
            title: w.t1(word, "n", count(part.count)),
            head: heads(w, &["code", "words"]),
            rows: part.named.iter().map(row).collect(),
            empty: String::new(),
        });
    }
    if report.left_out.count > 0 {
        let row =
            |(at, why): &(String, &'static str)| vec![Cell::styled(at, "mono"), Cell::text(*why)];
        tables.push(Table {
            title: w.t1("taxonomy-left-out", "n", count(report.left_out.count)),
            head: heads(w, &["at", "why"]),
            rows: report.left_out.named.iter().map(row).collect(),
            empty: String::new(),
        });
    }
    tables
}

pub(crate) fn facts(w: Words, one: &Taxonomy) -> Vec<(String, Cell)> {
    let mut facts = vec![(
        w.word("taxonomy-head", "entries"),
        Cell::text(w.number(&number(one.entries))),
    )];
    let told = [("source", &one.source), ("licence", &one.licence)];
    for (word, text) in told {
        if let Some(text) = text {
            facts.push((w.word("taxonomy-head", word), Cell::text(text)));
        }
    }
    facts.push((
        w.word("taxonomy-head", "by"),
        whence(w, one.imported.as_ref()),
    ));
    facts
}

/// The entries of a taxonomy, each leading to the incidents of its class.
pub(super) fn entries_table(w: Words, of: &Name, entries: &[Entry]) -> Table {
    let row = |one: &Entry| {
        let about = one.about.as_ref().map(ToString::to_string);
        let tag = Tag::from((of.clone(), one.code.clone()));
        vec![
            Cell::link(one.code.as_str(), of_class(&tag)),
            Cell::text(one.name.as_str()).below(about.unwrap_or_default()),
            Cell::text(one.parent.as_ref().map_or("", |above| above.as_str())),
        ]
    };
    Table {
        title: String::new(),
        head: heads(w, &["code", "words", "parent"]),
        rows: entries.iter().map(row).collect(),
        empty: w.t("taxonomy-none-found"),
    }
}
