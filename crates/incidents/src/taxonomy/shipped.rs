//! Taxonomies and cross-walks that ship with the program.

use super::{Code, Entry, Relation, Taxonomy, Walk, WalkRow};
use crate::{
    formats::veris::{Term, to_rsit},
    model::{Line, RSIT_VERSION, Rsit, SECTOR_VERSION, Sector},
};

static ISO: &str = include_str!("../../../../data/taxonomies/iso-27035.tsv");

/// RSIT, which stands in the facts of an incident.
pub const RSIT: &str = "rsit";
/// The sectors of NIS2, which stand in the facts of an incident.
pub const SECTORS: &str = "nis2-sectors";
/// The categories of ISO/IEC 27035.
pub const ISO_27035: &str = "iso-27035";
/// The version of the list of those categories.
pub const ISO_VERSION: &str = "2016";
/// VERIS, as its enumerations are imported.
pub const VERIS: &str = "veris";

/// What ships, with its entries, in order.
pub fn all() -> Vec<(Taxonomy, Vec<Entry>)> {
    [
        rsit(),
        of(
            (SECTORS, SECTOR_VERSION),
            "Sectors of Directive (EU) 2022/2555 (NIS2)",
            ("https://eur-lex.europa.eu/eli/dir/2022/2555/oj", None),
            Sector::all().map(|sector| (sector.as_str().to_owned(), sector.name().to_owned())),
        ),
        of(
            (ISO_27035, ISO_VERSION),
            "Categories of incidents, ISO/IEC 27035-2 (informative annex)",
            ("https://www.iso.org/standard/62071.html", None),
            ISO.lines()
                .skip(2)
                .filter_map(|line| line.split_once('\t'))
                .map(|(code, name)| (code.to_owned(), name.to_owned())),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn rsit() -> Option<(Taxonomy, Vec<Entry>)> {
    of(
        (RSIT, RSIT_VERSION),
        "Reference Security Incident Taxonomy",
        (
            "https://github.com/enisaeu/Reference-Security-Incident-Taxonomy-Task-Force",
            Some("CC0-1.0"),
        ),
        Rsit::all().map(|class| (class.to_string(), class.name().to_owned())),
    )
}

/// A taxonomy of a table of the program, whose codes name what they are below before a slash.
fn of(
    (name, version): (&str, &str),
    title: &str,
    (source, licence): (&str, Option<&str>),
    entries: impl Iterator<Item = (String, String)>,
) -> Option<(Taxonomy, Vec<Entry>)> {
    let entry = |(code, words): (String, String)| {
        let parent = code
            .split_once('/')
            .and_then(|(above, _)| above.parse().ok());
        Some(Entry {
            parent,
            code: code.parse().ok()?,
            name: words.parse().ok()?,
            about: None,
        })
    };
    let entries: Vec<Entry> = entries.map(entry).collect::<Option<_>>()?;
    let taxonomy = Taxonomy {
        name: name.parse().ok()?,
        version: version.parse().ok()?,
        title: title.to_owned(),
        source: Some(source.to_owned()),
        licence: licence.map(str::to_owned),
        entries: i64::try_from(entries.len()).unwrap_or(i64::MAX),
        imported: None,
    };
    Some((taxonomy, entries))
}

/// The one of that name and version, if it ships.
#[cfg(test)]
pub(crate) fn find(name: &super::Name, version: &super::Version) -> Option<(Taxonomy, Vec<Entry>)> {
    let is_it = |one: &Taxonomy| one.name == *name && one.version == *version;
    all().into_iter().find(|(one, _)| is_it(one))
}

/// The cross-walks that ship, with their rows.
pub fn walks() -> Vec<(Walk, Vec<WalkRow>)> {
    veris().into_iter().collect()
}

/// What an import of VERIS offers, as a cross-walk.
fn veris() -> Option<(Walk, Vec<WalkRow>)> {
    let row = |(term, class): (&Term, Rsit)| {
        let (action, variety) = (term.action, term.variety);
        let (from, relation) = if variety.is_empty() {
            (format!("action.{action}"), Relation::Related)
        } else {
            let from = format!("action.{action}.variety/{variety}");
            (from, Relation::Broad)
        };
        let note = match (variety, term.attribute) {
            ("Ransomware", _) => Some("RSIT counts encryption by ransomware here".to_owned()),
            (_, "") => None,
            (_, attribute) => Some(format!("where attribute.{attribute} is said")),
        };
        let note = Line::optional(note.as_deref(), "note");
        let from: Code = from.parse().ok()?;
        Some(WalkRow {
            from,
            to: class.to_string().parse().ok()?,
            relation,
            note: note.ok()?,
        })
    };
    let rows: Vec<WalkRow> = to_rsit().map(row).collect::<Option<_>>()?;
    let walk = Walk {
        name: "veris-to-rsit".parse().ok()?,
        version: "2".parse().ok()?,
        from: (VERIS.parse().ok()?, None),
        to: (RSIT.parse().ok()?, Some(RSIT_VERSION.parse().ok()?)),
        source: Some("Comity, by the definitions of both".to_owned()),
        licence: None,
        rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        imported: None,
    };
    Some((walk, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_there_whole() {
        let all = all();
        let found: Vec<(&str, &str, usize)> = all
            .iter()
            .map(|(one, entries)| (one.name.as_str(), one.version.as_str(), entries.len()))
            .collect();
        let expected = [
            ("rsit", "1003", 50),
            ("nis2-sectors", "5", 18),
            ("iso-27035", "2016", 13),
        ];
        assert_eq!(found, expected);
        assert!(ISO.starts_with(&format!("# {ISO_27035} {ISO_VERSION}\n")));
    }

    #[test]
    fn shipped_cross_walks_lead_to_classes_that_ship() {
        let walks = walks();
        assert_eq!(walks.len(), 1);
        for (walk, rows) in &walks {
            let (to, version) = (&walk.to.0, walk.to.1.as_ref().unwrap());
            let (_, entries) = find(to, version).unwrap();
            for row in rows {
                assert!(entries.iter().any(|entry| entry.code == row.to), "{row:?}");
            }
        }
    }
}
