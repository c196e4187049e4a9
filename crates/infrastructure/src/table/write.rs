//! The register as a table that [`super::read`] takes in again.

use constituency::csv;

use super::{Column, Kind};
use crate::model::{Contact, Content, Dependency, Record, Service};

/// The cells of a line, by column.
type Cells = Vec<(Column, String)>;

/// All records: operators first, then services, then what these depend on and whom to call.
pub(crate) fn write(records: &[Record]) -> String {
    let mut out = String::new();
    csv::push_record(&mut out, Column::ALL.iter().map(|column| column.as_str()));
    for is_service in [false, true] {
        let of_kind = |record: &&Record| record.content.service().is_some() == is_service;
        for record in records.iter().filter(of_kind) {
            push(&mut out, &record_cells(record));
        }
    }
    for record in records {
        let depends = record.content.service().map(|one| one.depends.as_slice());
        for one in depends.unwrap_or_default() {
            push(&mut out, &dependency_cells(record, one));
        }
    }
    for record in records {
        for one in record.content.contacts() {
            push(&mut out, &contact_cells(record, one));
        }
    }
    out
}

fn push(out: &mut String, cells: &[(Column, String)]) {
    let row = Column::ALL.iter().map(|column| {
        let found = cells.iter().find(|(at, _)| at == column);
        found.map_or("", |(_, text)| text.as_str())
    });
    csv::push_record(out, row);
}

fn joined<T: ToString>(all: impl IntoIterator<Item = T>, between: &str) -> String {
    let all: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    all.join(between)
}

fn head(kind: Kind, record: &Record) -> Cells {
    vec![
        (Column::Row, kind.as_str().to_owned()),
        (Column::Key, record.id.to_string()),
    ]
}

fn record_cells(record: &Record) -> Cells {
    match &record.content {
        Content::Operator(one) => {
            let mut cells = head(Kind::Operator, record);
            cells.extend([
                (Column::Name, one.name.clone()),
                (Column::Countries, joined(one.country.as_ref(), " ")),
                (Column::Note, one.note.clone()),
            ]);
            cells
        }
        Content::Service(one) => service_cells(record, one),
    }
}

fn service_cells(record: &Record, one: &Service) -> Cells {
    let answers = one.assessment.answers.iter();
    let answers = answers.map(|(key, points)| format!("{key}={points}"));
    let mut cells = head(Kind::Service, record);
    cells.extend([
        (Column::Name, one.name.clone()),
        (Column::Operator, one.operator.to_string()),
        (Column::Sector, one.sector.clone()),
        (Column::Category, one.category.as_str().to_owned()),
        (Column::Countries, joined(&one.serves, " ")),
        (Column::Answers, joined(answers, " ")),
        (Column::Why, one.assessment.reason.clone()),
        (Column::Incidents, joined(&one.incidents, " ")),
        (Column::Note, one.note.clone()),
    ]);
    cells
}

fn dependency_cells(record: &Record, one: &Dependency) -> Cells {
    let mut cells = head(Kind::Dependency, record);
    cells.extend([
        (Column::Name, one.other.clone()),
        (Column::On, joined(one.service, "")),
        (Column::Countries, joined(one.country.as_ref(), " ")),
        (Column::Strength, one.strength.as_str().to_owned()),
        (Column::Hours, joined(one.hours, "")),
        (Column::Note, one.note.clone()),
    ]);
    cells
}

fn contact_cells(record: &Record, one: &Contact) -> Cells {
    let mut cells = head(Kind::Contact, record);
    cells.extend([
        (Column::Name, one.name.clone()),
        (Column::Role, one.role.clone()),
        (Column::Phones, one.phones.join(", ")),
        (Column::Mail, one.mail.clone()),
        (Column::Reached, one.hours.clone()),
        (Column::Languages, one.languages.join(" ")),
    ]);
    cells
}
