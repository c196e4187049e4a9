//! Files of incidents that come in, looked at before they are taken; and the formats that go out.

use access::{http::Refusal, policy::Act};
use axum::extract::{Multipart, Path, State};
use incidents::{
    formats::{
        csv::{self, Field as Column},
        decode, losses,
        model::{DateOrder, Fate, Format, Settings, Written},
        ops::{Foreseen, Report, export_one, import_text},
    },
    ops,
    state::Stage,
};
use kernel::{IncidentRef, Tlp};

use super::{
    import_why::{place, why},
    named,
};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, choices, refuse, tlps, with_files},
        incidents::countries,
        nothing,
        settings::form_of,
    },
    views::{
        form::{Choice, Control, Field, Form},
        frame::{Flash, Section},
        incident_import::{ColumnRow, FirstRow, IncidentExport, IncidentImport, Seen, ToldRow},
    },
    words::Words,
};

const ACTION: &str = "/incidents/import";
/// Documents that are told one by one on the page.
const TOLD: usize = 100;
/// Cells of a column that are shown, and how much of each.
const CELLS: (usize, usize) = (3, 40);

/// `GET /incidents/import`.
pub(crate) async fn blank(State(house): State<House>, reader: Reader) -> Answer {
    may(&reader)?;
    page(&house, &reader, start(&reader), None, None).await
}

/// `POST /incidents/import`: looks at a file, or takes it in.
pub(crate) async fn take(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    may(&reader)?;
    let (answers, files) = with_files(&reader, parts).await?;
    let text = match text_of(&answers, &files) {
        Ok(text) => text,
        Err(why) => {
            let mut form = start(&reader);
            answers.fill(&mut form);
            let said = match why {
                None => reader.w.t("import-no-file"),
                Some(detail) => unreadable(reader.w, &detail),
            };
            form.refuse("files", said);
            return page(&house, &reader, form, None, None).await;
        }
    };
    let settings = settings(&answers);
    let look = answers.of("step") != "import";
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let format: Option<Format> = answers.of("format").parse().ok();
    let done = import_text(ground, viewer, (&text, format), &settings, look).await;
    match done {
        Ok((format, report, first)) => {
            let columns = if format == Format::Csv && look {
                columns(&reader, &text, &settings)
            } else {
                Vec::new()
            };
            let seen = Seen {
                columns,
                text: if look { text } else { String::new() },
                ..seen(&reader, (format, !look), &report, &first)
            };
            let form = chosen(&reader, format, &answers);
            page(&house, &reader, form, Some(seen), None).await
        }
        Err(incidents::Error::ImportUnreadable { detail }) => {
            let mut form = start(&reader);
            answers.fill(&mut form);
            form.refuse("files", unreadable(reader.w, &detail));
            page(&house, &reader, form, None, None).await
        }
        Err(error) => {
            let mut form = start(&reader);
            answers.fill(&mut form);
            let said = refuse(reader.w, &mut form, error.into())?;
            page(&house, &reader, form, None, Some(said)).await
        }
    }
}

fn unreadable(w: Words, detail: &str) -> String {
    w.t1("incident-import-unreadable", "why", why(w, detail))
}

/// `GET /incidents/{id}/export`.
pub(crate) async fn formats(house: &House, reader: &Reader, id: IncidentRef) -> Answer {
    if !reader.may(Act::IncidentExport) {
        return Err(nothing());
    }
    let case = ops::view(&house.ground, &reader.viewer, id).await?;
    let url = format!("/incidents/{id}");
    let format = |format: &Written| {
        let lost = losses(*format).iter().map(|loss| loss.as_str()).collect();
        let file = format!("{url}/export/{format}");
        (format.as_str(), file, lost)
    };
    draw(&IncidentExport {
        w: reader.w,
        shell: reader.shell(house, Section::Incidents).await?,
        title: case.incident.facts.title.to_string(),
        tlp: case.incident.facts.tlp,
        formats: Written::ALL.iter().map(format).collect(),
        url,
    })
}

/// `GET /incidents/{id}/export/{format}`: the file.
pub(crate) async fn file(
    State(house): State<House>,
    reader: Reader,
    Path((id, format)): Path<(String, String)>,
) -> Answer {
    let id = named(&id)?;
    let format: Written = format.parse().map_err(|_unknown| nothing())?;
    let file = export_one(&house.ground, &reader.viewer, id, format).await?;
    Ok(incidents::formats::http::answer(&file, &id.to_string()))
}

fn may(reader: &Reader) -> Result<(), Refusal> {
    access::policy::check_house(&reader.viewer, Act::IncidentImport)
        .map_err(|refused| incidents::Error::Refused(refused).into())
}

/// What is in the files, or what went back unseen. Documents of several files follow one another.
fn text_of(answers: &Answers, files: &[Vec<u8>]) -> Result<String, Option<String>> {
    if files.is_empty() {
        let text = answers.of("text").to_owned();
        return Some(text).filter(|text| !text.is_empty()).ok_or(None);
    }
    let texts = files.iter().map(|bytes| decode::text(bytes));
    let texts: Vec<String> = texts
        .collect::<Result<_, _>>()
        .map_err(|remark| Some(remark.to_string()))?;
    let tables = texts
        .iter()
        .filter(|text| !text.trim_start().starts_with(['{', '[']));
    if texts.len() > 1 && tables.count() > 0 {
        return Err(Some("CSV".to_owned()));
    }
    Ok(texts.join("\n"))
}

fn settings(answers: &Answers) -> Settings {
    let plain = Settings::default();
    let columns: Vec<Option<Column>> = (0..)
        .map_while(|at| answers.0.iter().find(|(name, _)| *name == column(at)))
        .map(|(_, field)| field.parse().ok())
        .collect();
    Settings {
        tlp: answers.of("tlp").parse().unwrap_or(plain.tlp),
        stage: answers.of("stage").parse().unwrap_or(plain.stage),
        crosswalk: answers.is_on("crosswalk"),
        dates: answers.of("dates").parse().unwrap_or(plain.dates),
        columns: Some(columns).filter(|columns| !columns.is_empty()),
    }
}

fn column(at: usize) -> String {
    format!("column-{at}")
}

/// The settings of every import.
fn fields(reader: &Reader) -> Vec<Field> {
    let w = reader.w;
    let stages: Vec<&str> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
    let orders: Vec<&str> = DateOrder::ALL.iter().map(|order| order.as_str()).collect();
    vec![
        Field::new("tlp", w.t("incident-import-tlp"), Control::Select(tlps()))
            .hint(w.t("hint-incident-import-tlp"))
            .required()
            .value(Tlp::default().as_str())
            .short(),
        Field::new(
            "stage",
            w.t("incident-import-stage"),
            Control::Select(choices(w, "investigation", stages)),
        )
        .hint(w.t("hint-incident-import-stage"))
        .required()
        .value(Stage::Closed.as_str())
        .short(),
        Field::new(
            "dates",
            w.t("incident-import-dates"),
            Control::Select(choices(w, "incident-dates", orders)),
        )
        .required()
        .value(DateOrder::Iso.as_str())
        .short(),
        Field::new("crosswalk", w.t("incident-import-crosswalk"), Control::Tick)
            .hint(w.t("hint-incident-import-crosswalk")),
    ]
}

/// The form that a file is chosen with.
fn start(reader: &Reader) -> Form {
    let w = reader.w;
    let mut all = vec![
        Field::new("files", w.t("incident-import-file"), Control::Files)
            .hint(w.t("hint-incident-import-file"))
            .required(),
    ];
    all.extend(fields(reader));
    form_of(reader, ACTION, "incident-import-look", all)
}

/// The same settings, as they were chosen, without a file.
fn chosen(reader: &Reader, format: Format, answers: &Answers) -> Form {
    let mut form = form_of(reader, ACTION, "incident-import-look", fields(reader));
    answers.fill(&mut form);
    let format = Field::new("format", String::new(), Control::Hidden).value(format.as_str());
    form.fields.push(format);
    form
}

async fn page(
    house: &House,
    reader: &Reader,
    form: Form,
    seen: Option<Seen>,
    said: Option<String>,
) -> Answer {
    let mut shell = reader.shell(house, Section::Incidents).await?;
    if let Some(text) = said.filter(|said| !said.is_empty()) {
        shell.flash = Some(Flash { good: false, text });
    }
    draw(&IncidentImport {
        w: reader.w,
        shell,
        form,
        seen,
    })
}

fn seen(
    reader: &Reader,
    (format, is_done): (Format, bool),
    report: &Report,
    first: &[Foreseen],
) -> Seen {
    let told = report.told.iter().take(TOLD).map(|told| ToldRow {
        place: place(reader.w, &told.place),
        fate: told.fate.as_str(),
        remarks: told
            .remarks
            .iter()
            .map(|one| (one.why.as_str(), one.at.clone(), why(reader.w, &one.detail)))
            .collect(),
    });
    let left = report.told.len().saturating_sub(TOLD);
    Seen {
        is_done,
        format: format.as_str(),
        text: String::new(),
        counts: Fate::ALL
            .iter()
            .map(|fate| (fate.as_str(), report.of(*fate)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        is_cut: report.is_cut,
        columns: Vec::new(),
        first: first.iter().map(|one| first_row(reader, one)).collect(),
        told: told.collect(),
        told_more: u64::try_from(left)
            .unwrap_or(u64::MAX)
            .saturating_add(report.told_more),
    }
}

fn first_row(reader: &Reader, one: &Foreseen) -> FirstRow {
    let facts = one.facts.as_ref();
    let text = |of: Option<String>| of.unwrap_or_default();
    FirstRow {
        place: place(reader.w, &one.told.place),
        fate: one.told.fate.as_str(),
        title: text(facts.map(|facts| facts.title.to_string())),
        victim: text(facts.and_then(|facts| Some(facts.organisation.as_ref()?.to_string()))),
        countries: text(facts.map(|facts| countries(reader.w, &facts.victims, facts.worldwide))),
        began: text(facts.and_then(|facts| Some(facts.period.from()?.to_string()))),
        tlp: facts.map(|facts| facts.tlp),
    }
}

/// The columns of a table, each with the field that it is taken for.
fn columns(reader: &Reader, text: &str, settings: &Settings) -> Vec<ColumnRow> {
    let Ok((table, fields)) = csv::read(text, settings) else {
        return Vec::new();
    };
    let (many, long) = CELLS;
    let row = |(at, (head, field)): (usize, (&String, &Option<Column>))| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        let cells: Vec<String> = cells
            .filter(|cell| !cell.trim().is_empty())
            .take(many)
            .map(|cell| cell.trim().chars().take(long).collect())
            .collect();
        let codes: Vec<&str> = Column::ALL.iter().map(|one| one.as_str()).collect();
        let mut choices: Vec<Choice> = choices(reader.w, "incident-field", codes);
        for choice in &mut choices {
            choice.chosen = field.is_some_and(|field| field.as_str() == choice.value);
        }
        ColumnRow {
            name: column(at),
            head: head.clone(),
            cells: cells.join(" · "),
            fields: choices,
        }
    };
    table
        .head
        .iter()
        .zip(&fields)
        .enumerate()
        .map(row)
        .collect()
}
