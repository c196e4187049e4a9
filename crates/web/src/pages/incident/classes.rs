//! The classes of an incident, and what cross-walks say of them.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Path, Query, State};
use incidents::{
    Error,
    model::Incident,
    ops as register,
    taxonomy::{Class, Name, Suggestion, Tag, Version, ops},
};
use kernel::IncidentRef;

use super::named;
use crate::{
    pages::{
        Answer, House, Reader,
        constituency::wrong,
        draw,
        forms::Answers,
        go,
        incidents::of_class,
        reader::escaped,
        settings::form_of,
        taxonomies::{blank, tables::url},
    },
    views::{
        form::{Choice, Control, Field, Form},
        frame::{Flash, Link},
        tables::{Cell, Table},
    },
    words::Words,
};

fn here(id: IncidentRef) -> String {
    format!("/incidents/{id}/classes")
}

/// `GET /incidents/{id}/classes`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    page(&house, &reader, named(&id)?, None).await
}

/// `POST /incidents/{id}/classes`: a class from the form.
pub(crate) async fn add(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    match give(&house, &reader, id, &answers).await {
        Ok(_) => Ok(go(&reader, &here(id), "saved")),
        Err(error) => page(&house, &reader, id, Some((answers, error))).await,
    }
}

/// `POST /incidents/{id}/classes/adopt`: a class that a cross-walk led to, as somebody decided.
pub(crate) async fn adopt(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    give(&house, &reader, id, &query).await?;
    Ok(go(&reader, &here(id), "saved"))
}

/// `POST /incidents/{id}/classes/remove`.
pub(crate) async fn remove(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let (name, version) = taxonomy(&query)?;
    let class = (&name, &version, query.of("code"));
    ops::unclassify(&house.ground, &reader.viewer, id, class).await?;
    Ok(go(&reader, &here(id), "saved"))
}

async fn give(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Incident, Error> {
    let (name, version) = taxonomy(answers)?;
    let class = (&name, &version, answers.of("code"));
    ops::classify(&house.ground, &reader.viewer, id, class).await
}

/// The taxonomy that is meant: name and version, parted by a space where a list was chosen from.
fn taxonomy(answers: &Answers) -> Result<(Name, Version), Error> {
    let (name, version) = match answers.of("taxonomy").split_once(' ') {
        Some(both) => both,
        None => (answers.of("taxonomy"), answers.of("version")),
    };
    Ok((name.parse()?, version.parse()?))
}

async fn page(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    refused: Option<(Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let case = register::view(ground, viewer, id).await?;
    let told = ops::suggestions(ground, viewer, id).await?;
    let crumb = Link {
        text: case.incident.facts.title.to_string(),
        url: format!("/incidents/{id}"),
    };
    let may_edit = reader.may(Act::IncidentEdit);
    let mut page = blank(house, reader, w.t("classes"), vec![crumb]).await?;
    page.intro = w.t("classes-intro");
    let taxonomies = Link {
        text: w.t("taxonomies"),
        url: "/taxonomies".to_owned(),
    };
    page.acts = vec![taxonomies];
    let has_rsit = case.incident.facts.rsit.is_some();
    page.tables = vec![
        classes_table(w, id, &case.classes, may_edit),
        suggestions_table(w, id, &told, (may_edit, has_rsit)),
    ];
    if may_edit {
        let mut form = form(house, reader, id).await?;
        let open = refused.is_some();
        if let Some((answers, error)) = refused {
            answers.fill(&mut form);
            if let Some(flash) = wrong(reader, &mut form, error)? {
                page.shell.flash = Some(Flash { ..flash });
            }
        }
        page.forms = vec![(w.t("class-add"), form, open)];
    }
    draw(&page)
}

async fn form(house: &House, reader: &Reader, id: IncidentRef) -> Result<Form, Refusal> {
    let w = reader.w;
    let all = ops::taxonomies(&house.ground, &reader.viewer).await?;
    let choice = |one: &incidents::taxonomy::Taxonomy| Choice {
        value: format!("{} {}", one.name, one.version),
        text: format!("{} {}", one.name, one.version),
        chosen: false,
    };
    let choices = all.iter().map(choice).collect();
    let fields = vec![
        Field::new("taxonomy", w.t("class-taxonomy"), Control::Select(choices)).required(),
        Field::new("code", w.t("class-code"), Control::Text)
            .hint(w.t("class-code-hint"))
            .required()
            .longest(500),
    ];
    Ok(form_of(reader, &here(id), "class-add", fields))
}

fn query_of(class: &Class) -> String {
    let (name, version) = (class.taxonomy.as_str(), class.version.as_str());
    let code = class.code.as_str();
    let [name, version, code] = [name, version, code].map(escaped);
    format!("taxonomy={name}&version={version}&code={code}")
}

fn cells_of(class: &Class) -> [Cell; 2] {
    let taxonomy = format!("{} {}", class.taxonomy, class.version);
    [
        Cell::link(class.code.as_str(), of_class(&Tag::from(class))).below(class.name.as_str()),
        Cell::link(taxonomy, url(&class.taxonomy, &class.version)),
    ]
}

fn classes_table(w: Words, id: IncidentRef, classes: &[Class], may_edit: bool) -> Table {
    let row = |class: &Class| {
        let mut row = cells_of(class).to_vec();
        if may_edit {
            let to = format!("{}/remove?{}", here(id), query_of(class));
            row.push(Cell::press(to, w.t("class-remove")));
        }
        row
    };
    let mut head = vec![w.t("class"), w.t("class-taxonomy")];
    if may_edit {
        head.push(w.t("class-change"));
    }
    Table {
        title: w.t("classes-given"),
        head,
        rows: classes.iter().map(row).collect(),
        empty: w.t("classes-empty"),
    }
}

/// What cross-walks lead to. RSIT stands once: another class of it is taken by an edit alone.
fn suggestions_table(
    w: Words,
    id: IncidentRef,
    told: &[Suggestion],
    (may_edit, has_rsit): (bool, bool),
) -> Table {
    let row = |one: &Suggestion| {
        let walk = format!("{} {}", one.walk.0, one.walk.1);
        let why = [one.note.as_deref(), one.source.as_deref()];
        let why: Vec<&str> = why.into_iter().flatten().collect();
        let from = format!("{}: {}", one.from.taxonomy, one.from.code);
        let [class, taxonomy] = cells_of(&one.class);
        let mut row = vec![
            class,
            taxonomy,
            Cell::text(w.word("relation", one.relation.as_str())).below(from),
            Cell::text(walk).below(why.join(" · ")),
        ];
        if may_edit {
            let is_rsit = one.class.taxonomy.as_str() == "rsit";
            row.push(if is_rsit && has_rsit {
                Cell::text(w.t("class-has-rsit"))
            } else {
                let to = format!("{}/adopt?{}", here(id), query_of(&one.class));
                Cell::press(to, w.t("class-adopt"))
            });
        }
        row
    };
    let names = ["class", "class-taxonomy", "class-relation", "crosswalk"];
    let mut head: Vec<String> = names.map(|name| w.t(name)).to_vec();
    if may_edit {
        head.push(w.t("class-change"));
    }
    Table {
        title: w.t("classes-suggested"),
        head,
        rows: told.iter().map(row).collect(),
        empty: w.t("classes-none-suggested"),
    }
}
