//! What the cells of a line mean. A column that the file does not have leaves what is there.

use incidents::model::Sector;
use kernel::{Country, InfrastructureId};

use super::super::{Column, Fault, Line, Wrong};
use crate::{
    model::{
        Assessment, Category, Contact, Dependency, Operator, Service, Strength, is_language,
        is_phone,
    },
    questions,
};

/// What stands between the entries of a list.
const BETWEEN: [char; 4] = [' ', ',', ';', '\n'];

pub(super) fn operator(line: &Line, of: &mut Operator) -> Result<(), Wrong> {
    line.text(Column::Name).clone_into(&mut of.name);
    if line.cell(Column::Countries).is_some() {
        of.country = country(line)?;
    }
    if let Some(note) = line.cell(Column::Note) {
        note.clone_into(&mut of.note);
    }
    Ok(())
}

pub(super) fn service(line: &Line, of: &mut Service) -> Result<(), Wrong> {
    line.text(Column::Name).clone_into(&mut of.name);
    if let Some(sector) = line.cell(Column::Sector) {
        if !sector.is_empty() && sector.parse::<Sector>().is_err() {
            return Err(line.wrong(Column::Sector, Fault::Word));
        }
        sector.clone_into(&mut of.sector);
    }
    if let Some(category) = line.cell(Column::Category) {
        of.category = match category {
            "" => Category::default(),
            word => Category::from_word(word)
                .ok_or_else(|| line.wrong(Column::Category, Fault::Word))?,
        };
    }
    if line.cell(Column::Countries).is_some() {
        of.serves = countries(line)?;
    }
    if let Some(note) = line.cell(Column::Note) {
        note.clone_into(&mut of.note);
    }
    if let Some(reason) = line.cell(Column::Why) {
        reason.clone_into(&mut of.assessment.reason);
    }
    if let Some(answers) = line.cell(Column::Answers) {
        let reason = std::mem::take(&mut of.assessment.reason);
        let answers = list(answers).map(|one| answer(line, one));
        of.assessment = Assessment {
            // The version is the one of the questionnaire that these are answers of.
            version: String::new(),
            answers: answers.collect::<Result<_, _>>()?,
            reason,
        };
    }
    if let Some(incidents) = line.cell(Column::Incidents) {
        let read = list(incidents).map(|one| {
            one.parse()
                .map_err(|_no_id| line.wrong(Column::Incidents, Fault::Incident))
        });
        of.incidents = read.collect::<Result<_, _>>()?;
    }
    Ok(())
}

pub(super) fn dependency(line: &Line, on: Option<InfrastructureId>) -> Result<Dependency, Wrong> {
    let other = line.text(Column::Name);
    match (on, other) {
        (None, "") => return Err(line.wrong(Column::On, Fault::Missing)),
        (Some(_), name) if !name.is_empty() => {
            return Err(line.wrong(Column::Name, Fault::Both));
        }
        _ => {}
    }
    let strength = match line.text(Column::Strength) {
        "" => Strength::default(),
        word => {
            Strength::from_word(word).ok_or_else(|| line.wrong(Column::Strength, Fault::Word))?
        }
    };
    let hours = match line.text(Column::Hours) {
        "" => None,
        text => {
            let read = text.parse::<u32>();
            Some(read.map_err(|_none| line.wrong(Column::Hours, Fault::Number))?)
        }
    };
    Ok(Dependency {
        service: on,
        other: other.to_owned(),
        country: country(line)?,
        strength,
        hours,
        note: line.text(Column::Note).to_owned(),
    })
}

pub(super) fn contact(line: &Line) -> Result<Contact, Wrong> {
    let name = line.text(Column::Name);
    if name.is_empty() {
        return Err(line.wrong(Column::Name, Fault::Missing));
    }
    let phones = line.text(Column::Phones).split([',', ';', '\n']);
    let phones: Vec<String> = phones
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect();
    if phones.len() > 10 || !phones.iter().all(|one| is_phone(one)) {
        return Err(line.wrong(Column::Phones, Fault::Phone));
    }
    let languages: Vec<String> = list(line.text(Column::Languages))
        .map(str::to_owned)
        .collect();
    if languages.len() > 20 || !languages.iter().all(|one| is_language(one)) {
        return Err(line.wrong(Column::Languages, Fault::Language));
    }
    Ok(Contact {
        name: name.to_owned(),
        role: line.text(Column::Role).to_owned(),
        phones,
        mail: line.text(Column::Mail).to_owned(),
        hours: line.text(Column::Reached).to_owned(),
        languages,
    })
}

/// The column of a field that a record refuses.
pub(super) fn column_of(field: &str) -> Option<Column> {
    match field {
        "serves" => Some(Column::Countries),
        "depends" => Some(Column::On),
        "incidents" => Some(Column::Incidents),
        "contacts" => Some(Column::Name),
        other => Column::from_word(other),
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(BETWEEN).filter(|one| !one.is_empty())
}

fn countries(line: &Line) -> Result<Vec<Country>, Wrong> {
    let read = |code: &str| {
        let code = code.to_uppercase().parse();
        code.map_err(|_none| line.wrong(Column::Countries, Fault::Country))
    };
    let mut found: Vec<Country> = list(line.text(Column::Countries))
        .map(read)
        .collect::<Result<_, _>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The one State that stands there.
fn country(line: &Line) -> Result<Option<Country>, Wrong> {
    match countries(line)?.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(line.wrong(Column::Countries, Fault::Country)),
    }
}

fn answer(line: &Line, text: &str) -> Result<(String, u8), Wrong> {
    let wrong = || line.wrong(Column::Answers, Fault::Answer);
    let (key, points) = text.split_once('=').ok_or_else(wrong)?;
    let points: u8 = points.parse().map_err(|_none| wrong())?;
    let asked = questions::questionnaire().map_err(|_unread| wrong())?;
    let question = asked.questions.iter().find(|one| one.key == key);
    let known = question.is_some_and(|one| one.answers.iter().any(|of| of.points == points));
    known.then(|| (key.to_owned(), points)).ok_or_else(wrong)
}
