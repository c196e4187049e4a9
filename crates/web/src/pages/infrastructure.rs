//! The register of critical infrastructure. Whoever is not named finds nothing under any of these
//! addresses.

pub(super) mod form;
pub(super) mod import;
pub(super) mod people;
pub(super) mod tables;

use ::infrastructure::{
    Error, Register, graph,
    model::{Content, Record, Rights},
    ops,
};
use access::http::{CsrfForm, Refusal};
use axum::extract::{Path, State};
use kernel::{IncidentRef, InfrastructureId, ProblemKind};

use self::{
    form::{content_of, operator_fields, parts_forms, service_fields},
    tables::{
        Head, contacts_table, country, depends_table, heads, named, number, picture, reach_table,
        sector, shown,
    },
};
use super::{
    Answer, House, Reader, constituency::wrong, draw, forms::Answers, go, nothing,
    settings::form_of,
};
use crate::{
    views::{
        frame::{Link, Pager, Section},
        tables::{Cell, Table, Tables},
    },
    words::Words,
};

pub(super) const LIST: &str = "/infrastructure";

/// The register of this house.
pub(super) fn register(house: &House) -> Register {
    Register {
        ground: house.ground.clone(),
        data_key: house.exchange.data_key.clone(),
    }
}

/// The page of a record.
pub(super) fn url(id: InfrastructureId) -> String {
    format!("{LIST}/{id}")
}

/// Who is not named hears what he hears of any address that leads nowhere.
pub(super) fn hidden(error: Error) -> Refusal {
    let refusal = Refusal::from(error);
    if refusal.0.kind == ProblemKind::NotFound {
        nothing()
    } else {
        refusal
    }
}

pub(super) async fn blank(
    house: &House,
    reader: &Reader,
    title: String,
) -> Result<Tables, Refusal> {
    let w = reader.w;
    Ok(Tables {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        title,
        intro: String::new(),
        crumbs: vec![
            Link {
                text: w.t("nav-incidents"),
                url: "/incidents".to_owned(),
            },
            Link {
                text: w.t("infrastructure"),
                url: LIST.to_owned(),
            },
        ],
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: Vec::new(),
        find: None,
        picture: None,
        lead: None,
        tables: Vec::new(),
        pager: Pager::default(),
        forms: Vec::new(),
    })
}

/// What the reader may do here. Whoever is not named goes no further.
async fn rights(house: &House, reader: &Reader) -> Result<Rights, Refusal> {
    let rights = ops::rights(&register(house), &reader.viewer).await?;
    if rights.is_named {
        Ok(rights)
    } else {
        Err(nothing())
    }
}

/// Where what an incident hits stands, for readers of the register, whether anything is hit or not.
pub(super) async fn hits(
    house: &House,
    reader: &Reader,
    incident: IncidentRef,
) -> Result<Option<String>, Refusal> {
    let rights = ops::rights(&register(house), &reader.viewer).await?;
    Ok(rights
        .is_named
        .then(|| format!("{LIST}/incidents/{incident}")))
}

/// `GET /infrastructure`.
pub(super) async fn list(State(house): State<House>, reader: Reader) -> Answer {
    let rights = rights(&house, &reader).await?;
    list_page(&house, &reader, rights, None).await
}

/// `POST /infrastructure`: a new operator or service.
pub(super) async fn add(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let rights = rights(&house, &reader).await?;
    let register = register(&house);
    let done = match content_of(&answers, None) {
        Ok(content) => ops::create(&register, &reader.viewer, content).await,
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(made) => Ok(go(&reader, &url(made.id), "saved")),
        Err(error) => list_page(&house, &reader, rights, Some((answers, error))).await,
    }
}

async fn list_page(
    house: &House,
    reader: &Reader,
    rights: Rights,
    refused: Option<(Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let records = ops::list(&register(house), &reader.viewer)
        .await
        .map_err(hidden)?;
    let mut page = blank(house, reader, w.t("infrastructure")).await?;
    page.crumbs.truncate(1);
    page.intro = w.t("infrastructure-intro");
    if rights.may_export && rights.may_edit {
        page.acts.push(Link {
            text: w.t("infrastructure-import"),
            url: format!("{LIST}/import"),
        });
    }
    if rights.may_export {
        for (form, path) in [("json", "file"), ("csv", "table")] {
            page.acts.push(Link {
                text: w.word("infrastructure-export", form),
                url: format!("/api/v1/infrastructure/{path}"),
            });
        }
    }
    page.tables = list_tables(w, &records);
    if rights.may_edit {
        let operator = form_of(reader, LIST, "operator-add", operator_fields(reader, None));
        let service = form_of(
            reader,
            LIST,
            "service-add",
            service_fields(reader, &records, None),
        );
        page.forms = vec![
            (w.t("operator-add"), operator, false),
            (w.t("service-add"), service, false),
        ];
    }
    if let Some((answers, error)) = refused {
        let place = usize::from(answers.of("kind") == "service");
        let Some((_, form, open)) = page.forms.get_mut(place) else {
            return Err(hidden(error));
        };
        answers.fill(form);
        *open = true;
        page.shell.flash = wrong(reader, form, error)?;
    }
    draw(&page)
}

/// The services, and the operators.
fn list_tables(w: Words, records: &[Record]) -> Vec<Table> {
    let name = |id| named(records, id);
    let mut records: Vec<&Record> = records.iter().collect();
    records.sort_by_key(|record| (record.content.name().to_lowercase(), record.id));
    let services = records.iter().filter_map(|record| {
        let service = record.content.service()?;
        Some(vec![
            Cell::link(&service.name, url(record.id)).below(name(service.operator)),
            Cell::text(sector(w, service)),
            Cell::styled(w.word("category", service.category.as_str()), "chip"),
            Cell::text(number(w, service.depends.len())),
            Cell::text(number(w, service.incidents.len())),
        ])
    });
    let operators = records.iter().filter_map(|record| match &record.content {
        Content::Service(_) => None,
        Content::Operator(operator) => Some(vec![
            Cell::link(&operator.name, url(record.id)),
            Cell::text(country(w, operator)),
            Cell::text(number(w, operator.contacts.len())),
        ]),
    });
    vec![
        Table {
            title: w.t("services"),
            head: heads(
                w,
                &["service", "sector", "category", "depends", "incidents"],
            ),
            rows: services.collect(),
            empty: w.t("services-empty"),
        },
        Table {
            title: w.t("operators"),
            head: heads(w, &["operator", "country", "contacts"]),
            rows: operators.collect(),
            empty: w.t("operators-empty"),
        },
    ]
}

/// `GET /infrastructure/{id}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let id = id.parse().map_err(|_no_id| nothing())?;
    let rights = rights(&house, &reader).await?;
    page(&house, &reader, (id, rights), None).await
}

/// `POST /infrastructure/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id: InfrastructureId = id.parse().map_err(|_no_id| nothing())?;
    let rights = rights(&house, &reader).await?;
    let (register, viewer) = (register(&house), &reader.viewer);
    let done = match act.as_str() {
        "remove" => ops::remove(&register, viewer, id)
            .await
            .map(|()| LIST.to_owned()),
        "incident" | "no-incident" => {
            let given = answers.of("incident");
            let given = given
                .rsplit('/')
                .find(|part| part.starts_with("incident--"))
                .unwrap_or(given);
            let incident: IncidentRef = if let Ok(incident) = given.parse() {
                incident
            } else {
                let rule = "the id of an incident, or the address of its page";
                let field = "incident";
                let error = ::infrastructure::model::Invalid { field, rule };
                let refused = Some((act, answers, error.into()));
                return page(&house, &reader, (id, rights), refused).await;
            };
            let linked = ops::link(&register, viewer, id, (incident, act == "incident")).await;
            linked.map(|_| url(id))
        }
        "save" | "contacts" | "depends" | "answers" => {
            save(&register, &reader, id, (&act, &answers))
                .await
                .map(|_| url(id))
        }
        other => match other
            .strip_prefix("no-depends-")
            .and_then(|at| at.parse().ok())
        {
            Some(at) => without(&register, &reader, id, at).await.map(|_| url(id)),
            None => return Err(nothing()),
        },
    };
    match done {
        Ok(to) => Ok(go(&reader, &to, "saved")),
        Err(error) => page(&house, &reader, (id, rights), Some((act, answers, error))).await,
    }
}

async fn save(
    register: &Register,
    reader: &Reader,
    id: InfrastructureId,
    (act, answers): (&str, &Answers),
) -> Result<Record, Error> {
    let (before, _) = ops::view(register, &reader.viewer, id).await?;
    let given = answers.of("version").parse().unwrap_or_default();
    let content = form::part_of(act, answers, before.content)?;
    ops::change(register, &reader.viewer, (id, given), content).await
}

/// The service without one of the things that it depends on.
async fn without(
    register: &Register,
    reader: &Reader,
    id: InfrastructureId,
    at: usize,
) -> Result<Record, Error> {
    let (before, _) = ops::view(register, &reader.viewer, id).await?;
    let Content::Service(mut service) = before.content else {
        return Err(Error::NotFound);
    };
    if at >= service.depends.len() {
        return Err(Error::NotFound);
    }
    service.depends.remove(at);
    let changed = Content::Service(service);
    ops::change(register, &reader.viewer, (id, before.version), changed).await
}

async fn page(
    house: &House,
    reader: &Reader,
    (id, rights): (InfrastructureId, Rights),
    refused: Option<(String, Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let viewed = ops::view(&register(house), &reader.viewer, id).await;
    let (record, records) = viewed.map_err(hidden)?;
    let mut page = blank(house, reader, record.content.name().to_owned()).await?;
    page.facts = shown(w, &record, &records)?;
    if let Some(service) = record.content.service() {
        page.tables
            .push(depends_table(w, (id, service), &records, rights.may_edit));
        let reach = graph::reach(&records, &[id]);
        let head = if service.incidents.is_empty() {
            Head::If
        } else {
            Head::Hit
        };
        page.picture = picture(w, &records, (head, &reach));
        page.tables.push(reach_table(w, &records, (head, &reach)));
    }
    page.tables
        .push(contacts_table(w, record.content.contacts()));
    if rights.may_edit {
        page.forms = parts_forms(reader, &record, &records)?;
        if let Some((act, answers, error)) = refused {
            let found = page
                .forms
                .iter_mut()
                .find(|(_, form, _)| form.action.ends_with(&format!("/{act}")));
            let Some((_, form, open)) = found else {
                return Err(hidden(error));
            };
            answers.fill(form);
            *open = true;
            page.shell.flash = wrong(reader, form, error)?;
        }
    } else if let Some((_, _, error)) = refused {
        return Err(hidden(error));
    }
    draw(&page)
}

/// `GET /infrastructure/incidents/{incident}`: what an incident hit, and what depends on that.
pub(super) async fn hit(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let w = reader.w;
    let incident: IncidentRef = id.parse().map_err(|_no_id| nothing())?;
    let hit = ops::hit(&register(&house), &reader.viewer, incident)
        .await
        .map_err(hidden)?;
    let mut page = blank(&house, &reader, w.t("infrastructure-hit")).await?;
    page.intro = w.t("infrastructure-hit-intro");
    page.acts = vec![Link {
        text: w.t("infrastructure-incident"),
        url: format!("/incidents/{incident}"),
    }];
    let reach = (Head::Hit, &hit.reach);
    page.picture = picture(w, &hit.records, reach);
    page.tables = vec![reach_table(w, &hit.records, reach)];
    draw(&page)
}
