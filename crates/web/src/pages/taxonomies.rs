//! Taxonomies of classes, and cross-walks between them.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    routing::{get, post},
};
use incidents::{
    Error,
    taxonomy::{
        FILE_BYTES_MAX, Name, Version,
        http::{given, table_answer},
        ops::{self, Asked, Report, State as Standing},
    },
};

use super::{
    Answer, House, Reader,
    constituency::wrong,
    draw,
    forms::{Answers, with_files},
    go, incident_classes,
    reader::escaped,
    settings::form_of,
    taxonomies_tables::{
        entries_table, facts, heads, report_tables, taxonomies_table, url, walk_url, walks_table,
    },
};
use crate::views::{
    form::{Control, Field, Form},
    frame::{Flash, Link, Pager, Section},
    tables::{Cell, Find, Table, Tables},
};

pub(super) const LIST: &str = "/taxonomies";
/// A file, and what a form says beside it.
const BODY_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;

/// The pages of taxonomies, and of the classes of an incident.
pub(super) fn pages() -> Router<House> {
    Router::new()
        .route(
            LIST,
            get(list)
                .post(import)
                .layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .route("/taxonomies/{name}/{version}", get(show))
        .route("/taxonomies/{name}/{version}/remove", post(remove))
        .route("/crosswalks/{name}/{version}", get(crosswalk))
        .route("/crosswalks/{name}/{version}/csv", get(walk_table))
        .route("/crosswalks/{name}/{version}/remove", post(remove_walk))
        .route(
            "/incidents/{id}/classes",
            get(incident_classes::show).post(incident_classes::add),
        )
        .route(
            "/incidents/{id}/classes/adopt",
            post(incident_classes::adopt),
        )
        .route(
            "/incidents/{id}/classes/remove",
            post(incident_classes::remove),
        )
}

/// A page of this part with nothing on it yet.
pub(super) async fn blank(
    house: &House,
    reader: &Reader,
    title: String,
    crumbs: Vec<Link>,
) -> Result<Tables, Refusal> {
    let w = reader.w;
    let first = Link {
        text: w.t("nav-incidents"),
        url: "/incidents".to_owned(),
    };
    Ok(Tables {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        title,
        intro: String::new(),
        crumbs: std::iter::once(first).chain(crumbs).collect(),
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: Vec::new(),
        find: None,
        picture: None,
        tables: Vec::new(),
        pager: Pager::default(),
        forms: Vec::new(),
        forms_first: false,
    })
}

/// `GET /taxonomies`.
async fn list(State(house): State<House>, reader: Reader) -> Answer {
    list_page(&house, &reader, None, (None, None)).await
}

/// `POST /taxonomies`: imports a file, or looks at it only.
async fn import(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    let (answers, files) = with_files(&reader, parts).await?;
    let mut form = import_form(&reader);
    answers.fill(&mut form);
    // What was looked at goes back with the form, so that nobody chooses the file twice.
    let held = answers.given("held").map(String::into_bytes);
    let chosen = files.into_iter().next();
    let other = held.is_some() && chosen.is_some();
    let Some(file) = chosen.or(held) else {
        form.refuse("file", reader.w.t("import-no-file"));
        return list_page(&house, &reader, Some(form), (None, None)).await;
    };
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let look = other || answers.is_on("preview");
    let given = given(
        answers.given("name").as_deref(),
        answers.given("version").as_deref(),
    );
    let done = match given.map_err(Error::from) {
        Ok(given) if look => {
            let seen = ops::look(ground, viewer, &file, &given).await;
            seen.map(|(report, text)| (report, Some(text)))
        }
        Ok(given) => {
            let done = ops::import(ground, viewer, &file, &given).await;
            done.map(|report| (report, None))
        }
        Err(error) => Err(error),
    };
    match done {
        Ok((report, Some(text))) => {
            let form = seen_form(&reader, &report, &text);
            list_page(&house, &reader, Some(form), (Some(report), None)).await
        }
        Ok((report, None)) => {
            let to = if report.is_walk {
                LIST.to_owned()
            } else {
                url(&report.name, &report.version)
            };
            Ok(go(&reader, &to, "saved"))
        }
        Err(error) => {
            let flash = wrong(&reader, &mut form, error)?;
            list_page(&house, &reader, Some(form), (None, flash)).await
        }
    }
}

/// The form behind a look: it holds what was looked at, and takes it in unless another file is chosen.
fn seen_form(reader: &Reader, report: &Report, text: &str) -> Form {
    let w = reader.w;
    let mut form = import_form(reader);
    if !matches!(report.state, Standing::New | Standing::Beside) {
        return form;
    }
    for field in &mut form.fields {
        match field.name.as_str() {
            "file" => {
                field.required = false;
                field.hint = w.t("taxonomy-hint-held");
            }
            "preview" => field.value.clear(),
            _ => {}
        }
    }
    let held = Field::new("held", String::new(), Control::Hidden);
    form.fields.push(held.value(text));
    form
}

fn import_form(reader: &Reader) -> Form {
    let w = reader.w;
    let optional = |name: &str| {
        Field::new(name, w.word("taxonomy-field", name), Control::Text)
            .hint(w.word("taxonomy-hint", name))
            .longest(64)
            .short()
    };
    let fields = vec![
        Field::new("file", w.t("import-file"), Control::File)
            .hint(w.t("taxonomy-hint-file"))
            .required(),
        optional("name"),
        optional("version"),
        Field::new("preview", w.t("taxonomy-field-preview"), Control::Tick)
            .hint(w.t("taxonomy-hint-preview"))
            .value("on"),
    ];
    form_of(reader, LIST, "taxonomy-import", fields)
}

async fn list_page(
    house: &House,
    reader: &Reader,
    form: Option<Form>,
    (report, flash): (Option<Report>, Option<Flash>),
) -> Answer {
    let w = reader.w;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let all = ops::taxonomies(ground, viewer).await?;
    let walks = ops::walks(ground, viewer).await?;
    let mut page = blank(house, reader, w.t("taxonomies"), Vec::new()).await?;
    page.intro = w.t("taxonomies-intro");
    if flash.is_some() {
        page.shell.flash = flash;
    }
    if let Some(report) = &report {
        page.tables.extend(report_tables(w, report));
    }
    page.tables.push(taxonomies_table(w, &all));
    page.tables.push(walks_table(w, &walks));
    if reader.may(Act::IncidentImport) {
        let open = form.is_some();
        let form = form.unwrap_or_else(|| import_form(reader));
        page.forms = vec![(w.t("taxonomy-import-new"), form, open)];
    }
    draw(&page)
}

fn at(name: &str, version: &str) -> Result<(Name, Version), Refusal> {
    let parse = || Some((name.parse().ok()?, version.parse().ok()?));
    parse().ok_or_else(super::nothing)
}

/// `GET /taxonomies/{name}/{version}`.
async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((name, version)): Path<(String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let (name, version) = at(&name, &version)?;
    let asked = Asked {
        text: query.of("q").to_owned(),
        after: query.of("after").parse().unwrap_or(0),
        limit: None,
    };
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let found = ops::entries(ground, viewer, (&name, Some(&version)), &asked).await?;
    let (taxonomy, entries, next) = found;
    let list = Link {
        text: w.t("taxonomies"),
        url: LIST.to_owned(),
    };
    let title = format!("{name} {version}");
    let mut page = blank(&house, &reader, title, vec![list]).await?;
    page.intro.clone_from(&taxonomy.title);
    page.facts = facts(w, &taxonomy);
    let here = url(&name, &version);
    let field = Field::new("q", w.t("taxonomy-find"), Control::Text).value(&asked.text);
    page.find = Some(Find {
        action: here.clone(),
        fields: vec![field],
        clear: (!asked.text.is_empty()).then(|| here.clone()),
    });
    page.tables = vec![entries_table(w, &name, &entries)];
    let kept = match asked.text.as_str() {
        "" => String::new(),
        text => format!("&q={}", escaped(text)),
    };
    page.pager = Pager {
        first: (asked.after > 0).then(|| format!("{here}?{}", kept.trim_start_matches('&'))),
        next: next.map(|next| format!("{here}?after={next}{kept}")),
    };
    if taxonomy.imported.is_some() && reader.may(Act::IncidentImport) {
        let form = form_of(
            &reader,
            &format!("{here}/remove"),
            "taxonomy-remove",
            Vec::new(),
        );
        page.forms = vec![(w.t("taxonomy-remove"), form, false)];
    }
    draw(&page)
}

/// `POST /taxonomies/{name}/{version}/remove`.
async fn remove(
    State(house): State<House>,
    reader: Reader,
    Path((name, version)): Path<(String, String)>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let (name, version) = at(&name, &version)?;
    ops::remove(&house.ground, &reader.viewer, (&name, &version)).await?;
    Ok(go(&reader, LIST, "saved"))
}

/// `GET /crosswalks/{name}/{version}`.
async fn crosswalk(
    State(house): State<House>,
    reader: Reader,
    Path((name, version)): Path<(String, String)>,
) -> Answer {
    let w = reader.w;
    let (name, version) = at(&name, &version)?;
    let (walk, rows) = ops::walk(&house.ground, &reader.viewer, (&name, &version)).await?;
    let list = Link {
        text: w.t("taxonomies"),
        url: LIST.to_owned(),
    };
    let mut page = blank(&house, &reader, format!("{name} {version}"), vec![list]).await?;
    page.intro = w.t("crosswalk-intro");
    page.acts = vec![Link {
        text: w.t("crosswalk-export"),
        url: format!("{}/csv", walk_url(&walk)),
    }];
    let source = walk.source.clone().unwrap_or_default();
    let mut head = walks_table(w, std::slice::from_ref(&walk));
    head.title = String::new();
    if let Some(first) = head.rows.first_mut().and_then(|row| row.first_mut()) {
        *first = Cell::text(walk.name.as_str()).below(source);
    }
    let row = |row: &incidents::taxonomy::WalkRow| {
        let note = row.note.as_ref().map(ToString::to_string);
        vec![
            Cell::styled(row.from.as_str(), "mono"),
            Cell::styled(row.to.as_str(), "mono"),
            Cell::text(w.word("relation", row.relation.as_str())).below(note.unwrap_or_default()),
        ]
    };
    let table = Table {
        title: w.t("crosswalk-rows"),
        head: heads(w, &["from", "to", "relation"]),
        rows: rows.iter().map(row).collect(),
        empty: String::new(),
    };
    page.tables = vec![head, table];
    if walk.imported.is_some() && reader.may(Act::IncidentImport) {
        let action = format!("{}/remove", walk_url(&walk));
        let form = form_of(&reader, &action, "crosswalk-remove", Vec::new());
        page.forms = vec![(w.t("crosswalk-remove"), form, false)];
    }
    draw(&page)
}

/// `GET /crosswalks/{name}/{version}/csv`: the file.
async fn walk_table(
    State(house): State<House>,
    reader: Reader,
    Path((name, version)): Path<(String, String)>,
) -> Answer {
    let (name, version) = at(&name, &version)?;
    let (walk, rows) = ops::walk(&house.ground, &reader.viewer, (&name, &version)).await?;
    Ok(table_answer(&walk, &rows))
}

/// `POST /crosswalks/{name}/{version}/remove`.
async fn remove_walk(
    State(house): State<House>,
    reader: Reader,
    Path((name, version)): Path<(String, String)>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let (name, version) = at(&name, &version)?;
    ops::remove_walk(&house.ground, &reader.viewer, (&name, &version)).await?;
    Ok(go(&reader, LIST, "saved"))
}
