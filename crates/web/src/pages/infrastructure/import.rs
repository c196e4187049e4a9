//! Tables of critical infrastructure that come in, looked at before they are taken.

use ::infrastructure::{
    Error,
    model::Rights,
    ops::{self, Looked, Seen, Step},
    table::{self, Column, Columns, Kind, Wrong},
};
use access::http::{CsrfForm, Refusal};
use axum::extract::{Multipart, Path, State};
use incidents::formats::decode;

use super::{
    LIST, blank, hidden, register,
    tables::{heads, number},
};
use crate::{
    pages::{
        Answer, House, Reader,
        constituency::wrong,
        draw,
        forms::{Answers, with_files},
        go, nothing,
        settings::form_of,
    },
    views::{
        form::{Choice, Control, Field, Form},
        frame::Flash,
        tables::{Cell, Table, Tables},
    },
    words::Words,
};

const PAGE: &str = "/infrastructure/import";
/// What is wrong and is told on the page.
const TOLD: usize = 200;

/// Whoever may not take a file in finds nothing here.
async fn may(house: &House, reader: &Reader) -> Result<(), Refusal> {
    let rights: Rights = ops::rights(&register(house), &reader.viewer).await?;
    if rights.may_edit && rights.may_export {
        Ok(())
    } else {
        Err(nothing())
    }
}

/// `GET /infrastructure/import`.
pub(crate) async fn start(State(house): State<House>, reader: Reader) -> Answer {
    may(&house, &reader).await?;
    first(&house, &reader, None).await
}

/// `POST /infrastructure/import`: looks at a file.
pub(crate) async fn upload(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    may(&house, &reader).await?;
    let (_, files) = with_files(&reader, parts).await?;
    let Some(file) = files.into_iter().next() else {
        let why = reader.w.t("import-no-file");
        return first(&house, &reader, Some(why)).await;
    };
    match decode::text(&file) {
        Ok(text) => look(&house, &reader, (text, Columns::new())).await,
        Err(remark) => {
            let why = reader
                .w
                .t1("incident-import-unreadable", "why", remark.to_string());
            first(&house, &reader, Some(why)).await
        }
    }
}

/// `POST /infrastructure/import/{step}`: looks at it again with other columns, or takes it in.
pub(crate) async fn step(
    State(house): State<House>,
    reader: Reader,
    Path(step): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    may(&house, &reader).await?;
    let (text, columns) = (answers.of("text").to_owned(), columns_of(&answers));
    match step.as_str() {
        "look" => look(&house, &reader, (text, columns)).await,
        "take" => {
            let register = register(&house);
            let table = (text.as_str(), &columns);
            match ops::import_csv(&register, &reader.viewer, table, Step::Take).await {
                Ok(done) if done.is_taken => Ok(go(&reader, LIST, "infrastructure-imported")),
                // The register has changed meanwhile, or somebody left a fault in it.
                Ok(done) => looked_page(&house, &reader, (&text, &done)).await,
                Err(error) => refused(&house, &reader, table, error).await,
            }
        }
        _ => Err(nothing()),
    }
}

fn columns_of(answers: &Answers) -> Columns {
    let chosen = |column: &Column| {
        let name = answers.given(&format!("column_{}", column.as_str()))?;
        Some((*column, name))
    };
    Column::ALL.iter().filter_map(chosen).collect()
}

async fn look(house: &House, reader: &Reader, (text, columns): (String, Columns)) -> Answer {
    let register = register(house);
    let table = (text.as_str(), &columns);
    match ops::import_csv(&register, &reader.viewer, table, Step::Look).await {
        Ok(looked) => looked_page(house, reader, (&text, &looked)).await,
        Err(error) => refused(house, reader, table, error).await,
    }
}

/// The first page again, with what is wrong with the whole file; where a column is not found that is
/// needed, the columns to choose from.
async fn refused(
    house: &House,
    reader: &Reader,
    (text, columns): (&str, &Columns),
    error: Error,
) -> Answer {
    let w = reader.w;
    let why = match &error {
        Error::Invalid(invalid) => {
            let Some(column) = Column::from_word(invalid.field) else {
                return Err(hidden(error));
            };
            let column = w.word("table-column", column.as_str());
            let why = w.t1("table-no-column", "column", column);
            let header = table::header(text);
            if header.iter().any(|name| !name.is_empty()) {
                return choose(house, reader, (text, columns, header), why).await;
            }
            why
        }
        Error::TooLarge { max } => w.t1("error-infrastructure-too-large", "max", *max),
        _ => {
            let mut form = file_form(reader);
            let flash = wrong(reader, &mut form, error)?;
            flash.map(|flash| flash.text).unwrap_or_default()
        }
    };
    first(house, reader, Some(why)).await
}

async fn page(house: &House, reader: &Reader) -> Result<Tables, Refusal> {
    let mut page = blank(house, reader, reader.w.t("infrastructure-import")).await?;
    page.intro = reader.w.t("infrastructure-import-intro");
    Ok(page)
}

fn file_form(reader: &Reader) -> Form {
    let w = reader.w;
    let file = Field::new("file", w.t("import-file"), Control::File)
        .hint(w.t("hint-infrastructure-file"))
        .required();
    form_of(reader, PAGE, "import-look", vec![file])
}

async fn first(house: &House, reader: &Reader, why: Option<String>) -> Answer {
    let w = reader.w;
    let mut page = page(house, reader).await?;
    let mut form = file_form(reader);
    if let Some(why) = why {
        form.refuse("file", why);
    }
    let about = |column: &Column| {
        vec![
            Cell::styled(column.as_str(), "mono"),
            Cell::text(w.word("table-column", column.as_str())),
        ]
    };
    page.tables = vec![Table {
        title: w.t("table-columns"),
        head: heads(w, &["column", "holds"]),
        rows: Column::ALL.iter().map(about).collect(),
        empty: String::new(),
    }];
    page.lead = Some((w.t("import-new"), form));
    draw(&page)
}

async fn looked_page(house: &House, reader: &Reader, (text, looked): (&str, &Looked)) -> Answer {
    let w = reader.w;
    let mut page = page(house, reader).await?;
    let counted = w.t3(
        "import-counted",
        &("taken", looked.done.created),
        &("changed", looked.done.changed),
        &("unchanged", looked.done.unchanged),
    );
    let faults = looked.wrong.len() + looked.wrong_more;
    page.facts = vec![
        (w.word("infrastructure-head", "would"), Cell::text(counted)),
        (
            w.word("infrastructure-head", "wrong"),
            Cell::styled(
                number(w, faults),
                if faults > 0 { "chip bad" } else { "chip good" },
            ),
        ),
    ];
    let unread = looked.header.iter().filter(|name| {
        let mut read = looked.columns.values();
        !name.is_empty() && read.all(|one| one != *name)
    });
    let unread: Vec<&str> = unread.map(String::as_str).collect();
    if !unread.is_empty() {
        page.facts.push((
            w.word("infrastructure-head", "unread"),
            Cell::text(unread.join(&w.t("comma"))),
        ));
    }
    if faults > 0 {
        page.shell.flash = Some(Flash {
            good: false,
            text: w.t("table-has-wrongs"),
        });
        page.tables.push(wrong_table(w, &looked.wrong, faults));
    }
    page.tables.push(lines_table(w, &looked.lines));
    if faults == 0 {
        let form = step_form(
            reader,
            ("take", "infrastructure-take"),
            (text, looked),
            true,
        );
        page.forms.push((w.t("infrastructure-take"), form, true));
    }
    let again = step_form(reader, ("look", "import-look-again"), (text, looked), false);
    page.forms.push((w.t("table-columns"), again, faults > 0));
    page.forms
        .push((w.t("import-new"), file_form(reader), false));
    draw(&page)
}

/// The columns of a file, to be chosen before anything of it can be looked at.
async fn choose(
    house: &House,
    reader: &Reader,
    (text, columns, header): (&str, &Columns, Vec<String>),
    why: String,
) -> Answer {
    let w = reader.w;
    let mut page = page(house, reader).await?;
    page.shell.flash = Some(Flash {
        good: false,
        text: why,
    });
    let columns = if columns.is_empty() {
        table::guess(&header)
    } else {
        columns.clone()
    };
    let looked = Looked {
        header,
        columns,
        ..Looked::default()
    };
    let again = step_form(
        reader,
        ("look", "import-look-again"),
        (text, &looked),
        false,
    );
    page.forms.push((w.t("table-columns"), again, true));
    page.forms
        .push((w.t("import-new"), file_form(reader), false));
    draw(&page)
}

/// The form that goes on with the same text: with its columns as they are, or to be chosen.
fn step_form(
    reader: &Reader,
    (step, word): (&str, &str),
    (text, looked): (&str, &Looked),
    hidden: bool,
) -> Form {
    let w = reader.w;
    let column = |column: &Column| {
        let chosen = looked.columns.get(column).map_or("", String::as_str);
        let choice = |name: &String| Choice {
            value: name.clone(),
            text: name.clone(),
            chosen: name == chosen,
        };
        let control = if hidden {
            Control::Hidden
        } else {
            let mut names: Vec<&String> = looked.header.iter().collect();
            names.sort();
            names.dedup();
            Control::Select(names.into_iter().map(choice).collect())
        };
        let name = format!("column_{}", column.as_str());
        let mut field = Field::new(&name, w.word("table-column", column.as_str()), control);
        chosen.clone_into(&mut field.value);
        field.short()
    };
    let text = Field::new("text", String::new(), Control::Hidden).value(text);
    let fields = std::iter::once(text)
        .chain(Column::ALL.iter().map(column))
        .collect();
    form_of(reader, &format!("{PAGE}/{step}"), word, fields)
}

fn wrong_table(w: Words, wrong: &[Wrong], all: usize) -> Table {
    let row = |one: &Wrong| {
        let column = one
            .column
            .map(|column| w.word("table-column", column.as_str()));
        vec![
            Cell::text(one.line.to_string()),
            Cell::text(column.unwrap_or_default()),
            Cell::text(w.word("table-fault", one.fault.as_str())),
        ]
    };
    let title = if all > TOLD {
        w.t1("table-wrong-first", "n", TOLD)
    } else {
        w.t("table-wrong")
    };
    Table {
        title,
        head: heads(w, &["line", "column", "why"]),
        rows: wrong.iter().take(TOLD).map(row).collect(),
        empty: String::new(),
    }
}

fn lines_table(w: Words, lines: &[Seen]) -> Table {
    let row = |one: &Seen| {
        // What is depended on, by whom; a service, of whom; somebody to call, for what.
        let (name, of) = match one.kind {
            Kind::Operator => (&one.name, ""),
            Kind::Service => (&one.name, one.other.as_str()),
            Kind::Dependency if one.other.is_empty() => (&one.name, one.record.as_str()),
            Kind::Dependency => (&one.other, one.record.as_str()),
            Kind::Contact => (&one.name, one.record.as_str()),
        };
        vec![
            Cell::text(one.line.to_string()),
            Cell::text(w.word("table-row", one.kind.as_str())),
            Cell::text(name),
            Cell::text(of),
        ]
    };
    Table {
        title: w.t("import-preview"),
        head: heads(w, &["line", "row", "name", "record"]),
        rows: lines.iter().map(row).collect(),
        empty: w.t("table-no-lines"),
    }
}
