//! Rows as entries.

use kernel::{Country, Language, Tlp};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Field, Row, Table, guess, write::unescaped};
use crate::{
    formats::{
        classes,
        clean::{kept, line, prose},
        model::{DateOrder, Draft, Found, Key, Read, Remark, Settings, Why},
    },
    harm::Detail,
    model::{
        Bound, Dated, Determination, Facts, Grade, HarmFigure, Kind, Link, Period, Prose, Quantity,
        Rsit, Sector,
    },
    state::Stage,
};

/// Where the row is kept.
pub(super) const POINTER: &str = "/csv";

/// The table, and the field of each of its columns as the importer says or as they are guessed.
pub fn read(text: &str, settings: &Settings) -> Result<(Table, Vec<Option<Field>>), Remark> {
    let table = Table::parse(text)?;
    let Some(given) = settings.columns.clone() else {
        let guessed = guess(&table.head);
        return Ok((table, guessed));
    };
    if given.len() > table.head.len() {
        let detail = format!(
            "{} columns are named, the table has {}",
            given.len(),
            table.head.len()
        );
        return Err(Remark::new("columns", Why::Contradiction, detail));
    }
    for (at, field) in given.iter().enumerate() {
        let twice = given.iter().skip(at + 1).any(|other| other == field);
        if let (Some(field), true) = (field, twice) {
            let detail = format!("two columns are the field {field}");
            return Err(Remark::new("columns", Why::Contradiction, detail));
        }
    }
    let mut fields = given;
    fields.resize(table.head.len(), None);
    Ok((table, fields))
}

/// Every row as an entry.
pub fn rows(
    table: Table,
    fields: Vec<Option<Field>>,
    settings: &Settings,
) -> impl Iterator<Item = Found> + Send {
    let Table { head, rows, .. } = table;
    rows.into_iter().map(move |row| {
        let cells = Cells {
            row: &row,
            fields: &fields,
            head: &head,
        };
        let whole = json!({ "head": head, "cells": row.cells });
        Found {
            place: format!("line {}", row.line),
            name: cells
                .of(Field::Id)
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect(),
            sha256: Sha256::digest(whole.to_string()).into(),
            read: draft(&cells, whole, settings),
        }
    })
}

struct Cells<'t> {
    row: &'t Row,
    fields: &'t [Option<Field>],
    head: &'t [String],
}

impl Cells<'_> {
    /// What stands in the column of a field.
    fn of(&self, field: Field) -> Option<&str> {
        let at = self.fields.iter().position(|one| *one == Some(field))?;
        let cell = unescaped(self.row.cells.get(at)?.trim());
        (!cell.is_empty()).then_some(cell)
    }

    /// The name of the column of a field.
    fn at(&self, field: Field) -> &str {
        let at = self.fields.iter().position(|one| *one == Some(field));
        at.and_then(|at| self.head.get(at))
            .map_or(field.as_str(), String::as_str)
    }

    /// What stands there as a value; a remark where it is none.
    fn read<T>(
        &self,
        field: Field,
        wrong: &mut Vec<Remark>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let cell = self.of(field)?;
        let value = read(cell);
        if value.is_none() {
            let shown: String = cell.chars().take(80).collect();
            let detail = format!("{shown} is no {field}");
            wrong.push(Remark::new(self.at(field), Why::Unreadable, detail));
        }
        value
    }
}

fn draft(cells: &Cells<'_>, whole: Value, settings: &Settings) -> Read {
    let (mut wrong, mut remarks) = (Vec::new(), Vec::new());
    if cells.row.cells.len() > cells.head.len() {
        let detail = "the row has more cells than the table has columns";
        return Err(vec![Remark::new("", Why::Contradiction, detail)]);
    }
    let facts = facts(cells, settings, &mut wrong, &mut remarks);
    let stage = cells.read(Field::Stage, &mut wrong, |text| text.parse::<Stage>().ok());
    let mut harm = Vec::new();
    for (field, what, unit) in [
        (Field::Persons, "People affected", "person"),
        (Field::Records, "Records affected", "record"),
    ] {
        let figure = cells.read(field, &mut wrong, |text| figure(text, what, unit));
        harm.extend(figure);
    }
    let links = cells.read(Field::Address, &mut wrong, link);
    let exercise = cells.read(Field::Exercise, &mut wrong, yes);
    let tags = cells.read(Field::Classes, &mut wrong, classes::read);
    let Some(facts) = facts.filter(|_| wrong.is_empty()) else {
        return Err(wrong);
    };
    let key = match cells.of(Field::Id) {
        Some(id) => Key::of("csv", id),
        // A row without an id is known again by all that it says.
        None => Key::Named(whole.to_string()),
    };
    Ok(Box::new(Draft {
        key,
        facts,
        stage: stage.unwrap_or(settings.stage),
        timeline: Vec::new(),
        harm,
        statements: Vec::new(),
        links: links.into_iter().collect(),
        classes: tags.unwrap_or_default(),
        kept: Map::from_iter([(POINTER.to_owned(), whole)]),
        exercise: exercise.unwrap_or(false),
        remarks,
    }))
}

fn facts(
    cells: &Cells<'_>,
    settings: &Settings,
    wrong: &mut Vec<Remark>,
    remarks: &mut Vec<Remark>,
) -> Option<Facts> {
    let order = settings.dates;
    let mut day = |field| cells.read(field, wrong, |text| date(text, order));
    let (from, to) = (day(Field::From), day(Field::To));
    let (detected, reported) = (day(Field::Detected), day(Field::Reported));
    let text = cells.of(Field::PeriodText);
    let text = text.and_then(|text| line(text, cells.at(Field::PeriodText), remarks));
    let period = kept(
        Period::new(from, to, text),
        cells.at(Field::To),
        Why::Contradiction,
        wrong,
    );
    if let (Some(from), Some(detected)) = (from, detected)
        && detected.last() < from.first()
    {
        let detail = format!("{detected} lies before {from}, when it began");
        remarks.push(Remark::new(
            cells.at(Field::Detected),
            Why::Contradiction,
            detail,
        ));
    }
    let Some(title) = cells
        .of(Field::Title)
        .or_else(|| cells.of(Field::Organisation))
        .and_then(|text| line(text, cells.at(Field::Title), remarks))
    else {
        let detail = "the row has no title and names no organisation";
        wrong.push(Remark::new(cells.at(Field::Title), Why::Missing, detail));
        return None;
    };
    let organisation = cells.of(Field::Organisation);
    let sector_text = cells.of(Field::SectorText);
    let description = cells.of(Field::Description);
    Some(Facts {
        kind: cells
            .read(Field::Kind, wrong, |text| text.to_lowercase().parse().ok())
            .unwrap_or(Kind::Incident),
        title,
        description: description.map_or_else(Prose::default, |text| {
            prose(text, cells.at(Field::Description), remarks)
        }),
        victims: cells
            .read(Field::Country, wrong, countries)
            .unwrap_or_default(),
        worldwide: cells.read(Field::Worldwide, wrong, yes).unwrap_or(false),
        organisation: organisation
            .and_then(|text| line(text, cells.at(Field::Organisation), remarks)),
        sectors: cells
            .read(Field::Sector, wrong, sectors)
            .unwrap_or_default(),
        sector_text: sector_text.and_then(|text| line(text, cells.at(Field::SectorText), remarks)),
        rsit: cells.read(Field::Class, wrong, class),
        period: period?,
        detected,
        reported,
        determination: cells
            .read(Field::Determination, wrong, |text| {
                text.to_lowercase().parse().ok()
            })
            .unwrap_or(Determination::Suspected),
        tlp: cells
            .of(Field::Tlp)
            .map_or(settings.tlp, |text| Tlp::from_foreign(Some(text))),
        pap: cells.read(Field::Pap, wrong, |text| text.parse().ok()),
        named: Vec::new(),
        cross_border: cells.read(Field::CrossBorder, wrong, yes),
    })
}

/// Whether a cell says yes or no.
fn yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Items of a cell, parted by semicolons, bars or commas.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '|', ','])
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn countries(text: &str) -> Option<Vec<Country>> {
    // A name may have a comma in it.
    if let Some(one) = country(text.trim()) {
        return Some(vec![one]);
    }
    items(text).map(country).collect()
}

/// A State by its code or by its name in any of the six languages.
pub(in crate::formats) fn country(text: &str) -> Option<Country> {
    let code = text.to_uppercase();
    let named = |country: &Country| {
        Language::ALL
            .into_iter()
            .any(|language| country.name(language).to_lowercase() == text.to_lowercase())
    };
    code.parse().ok().or_else(|| Country::all().find(named))
}

fn sectors(text: &str) -> Option<Vec<Sector>> {
    let sector = |item: &str| {
        let plain = item.to_lowercase().replace([' ', '_'], "-");
        let named = |sector: &Sector| sector.name().to_lowercase() == item.to_lowercase();
        plain.parse().ok().or_else(|| Sector::all().find(named))
    };
    items(text).map(sector).collect()
}

fn class(text: &str) -> Option<Rsit> {
    let named = |rsit: &Rsit| rsit.name().to_lowercase() == text.to_lowercase();
    text.to_lowercase()
        .parse()
        .ok()
        .or_else(|| Rsit::all().find(named))
}

fn figure(text: &str, what: &str, unit: &str) -> Option<HarmFigure> {
    let count = text.parse::<Quantity>().ok()?;
    let figure = HarmFigure {
        what: what.parse().ok()?,
        measure: None,
        bound: Bound::Exact(count),
        unit: unit.parse().ok()?,
        grade: Grade::C,
        source: None,
        note: None,
        detail: Detail::default(),
    };
    figure.checked().ok()
}

/// An address of the web as a link.
pub(in crate::formats) fn link(text: &str) -> Option<Link> {
    let web = text.starts_with("https://") || text.starts_with("http://");
    Some(Link {
        kind: "url".parse().ok()?,
        target: text.parse().ok().filter(|_| web)?,
        label: text.parse().ok()?,
    })
}

/// A date as the register writes it; with slashes, points or hyphens in the order that was said.
fn date(text: &str, order: DateOrder) -> Option<Dated> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let (first, second, year) = match parts.as_slice() {
        [first, second, year] if year.len() == 4 => (first, second, year),
        _ => return None,
    };
    let (day, month) = match order {
        DateOrder::Iso => return None,
        DateOrder::DayFirst => (first, second),
        DateOrder::MonthFirst => (second, first),
    };
    format!("{year}-{month:0>2}-{day:0>2}").parse().ok()
}
