//! Entries as rows. What a spreadsheet would run as a formula is written as text.

use kernel::is_formula;

use super::Field;
use crate::{
    formats::classes,
    harm::sum::stated,
    model::{Case, Dated, Line},
};

/// The columns, in order.
pub const HEAD: &[Field] = Field::ALL;

/// The head of the table.
pub fn head() -> String {
    let names: Vec<&str> = HEAD.iter().map(|field| field.as_str()).collect();
    format!("{}\r\n", names.join(","))
}

/// An entry as a row.
pub fn write(case: &Case) -> String {
    let cells: Vec<String> = HEAD
        .iter()
        .map(|field| cell(&value(case, *field)))
        .collect();
    format!("{}\r\n", cells.join(","))
}

fn value(case: &Case, field: Field) -> String {
    let facts = &case.incident.facts;
    let words = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let date = |date: Option<Dated>| date.map(|date| date.to_string()).unwrap_or_default();
    match field {
        Field::Id => case.incident.public.to_string(),
        Field::Title => facts.title.to_string(),
        Field::Description => facts.description.to_string(),
        Field::Organisation => words(facts.organisation.as_ref().map(Line::as_str)),
        Field::Country => joined(&facts.victims),
        Field::Sector => joined(&facts.sectors),
        Field::SectorText => words(facts.sector_text.as_ref().map(Line::as_str)),
        Field::Class => facts.rsit.map(|rsit| rsit.to_string()).unwrap_or_default(),
        Field::Classes => classes::joined(case),
        Field::From => date(facts.period.from()),
        Field::To => date(facts.period.to()),
        Field::PeriodText => words(facts.period.text()),
        Field::Detected => date(facts.detected),
        Field::Reported => date(facts.reported),
        Field::Determination => facts.determination.to_string(),
        Field::Stage => case.incident.status.stage().as_str().to_owned(),
        Field::Tlp => facts.tlp.to_string(),
        Field::Pap => facts.pap.map(|pap| pap.to_string()).unwrap_or_default(),
        Field::Kind => facts.kind.to_string(),
        Field::CrossBorder => facts
            .cross_border
            .map(|one| one.to_string())
            .unwrap_or_default(),
        Field::Worldwide => facts.worldwide.to_string(),
        Field::Exercise => case.incident.mode.is_exercise().to_string(),
        Field::Persons => figure(case, "person"),
        Field::Records => figure(case, "record"),
        Field::Address => {
            let mut links = case.links.iter();
            let link = links.find(|link| link.kind.as_str() == "url");
            words(link.map(|link| link.target.as_str()))
        }
    }
}

/// The figure in this unit, where one alone is stated.
fn figure(case: &Case, unit: &str) -> String {
    let count = stated(case, unit).map(|count| count.to_string());
    count.unwrap_or_default()
}

fn joined<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.join(";")
}

/// A cell: text that would be a formula begins with an apostrophe.
pub(crate) fn cell(text: &str) -> String {
    let guarded = if is_formula(text) || text.starts_with('\'') {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains(['"', ',', ';', '\n', '\r', '|', '\t']) || guarded.starts_with(' ') {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// A cell without the apostrophe that keeps it from being a formula.
pub(crate) fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| is_formula(rest) || rest.starts_with('\''))
        .unwrap_or(cell)
}
