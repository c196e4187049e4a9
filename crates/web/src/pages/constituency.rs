//! What the constituency runs: assets, and the organisations whose lists are reviewed.

use access::{http::CsrfForm, policy::Act};
use axum::extract::{Path, Query, State};
use constituency::{
    Error,
    model::{Asset, Count, Filter, Form as FileForm, Invalid, Organisation},
    ops,
};
use kernel::{Cursor, Limit, PageRequest};

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse},
    go, nothing,
    reader::escaped,
    settings::form_of,
};
use crate::{
    views::{
        form::{Choice, Control, Field, Form},
        frame::{Flash, Link, Pager, Section, Tab},
        tables::{Cell, Find, Table, Tables},
    },
    words::Words,
};

/// Lines on a page.
pub(super) const ROWS: u16 = 50;

/// The pages of the room.
const TABS: [(&str, &str); 5] = [
    ("assets", "/constituency"),
    ("matches", "/constituency/matches"),
    ("calendar", "/constituency/calendar"),
    ("organisations", "/constituency/organisations"),
    ("imports", "/constituency/imports"),
];

/// A page of the room with nothing on it yet.
pub(super) async fn blank(
    house: &House,
    reader: &Reader,
    here: &str,
) -> Result<Tables, access::http::Refusal> {
    let w = reader.w;
    let tab = |(name, url): (&str, &str)| Tab {
        text: w.word("constituency-tab", name),
        url: url.to_owned(),
        count: None,
        here: name == here,
    };
    Ok(Tables {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        title: w.t("constituency"),
        intro: w.word("constituency-intro", here),
        crumbs: vec![Link {
            text: w.t("nav-incidents"),
            url: "/incidents".to_owned(),
        }],
        tabs: TABS.map(tab).to_vec(),
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

/// The page that is asked for.
pub(super) fn request(query: &Answers) -> PageRequest {
    PageRequest {
        after: query.of("after").parse().ok(),
        limit: Limit::new(ROWS).unwrap_or_default(),
    }
}

/// Where a list goes on, with what narrows it.
pub(super) fn pager(url: &str, query: &Answers, names: &[&str], next: Option<Cursor>) -> Pager {
    let mut kept = String::new();
    for name in names {
        if let Some(value) = query.given(name) {
            kept.extend(["&", *name, "=", escaped(&value).as_str()]);
        }
    }
    let bare = kept.trim_start_matches('&');
    Pager {
        first: query.given("after").map(|_| format!("{url}?{bare}")),
        next: next.map(|next| format!("{url}?after={next}{kept}")),
    }
}

/// A count as it is read.
pub(super) fn many(w: Words, count: Count) -> String {
    let number = u64::try_from(count.count).unwrap_or_default();
    if count.more {
        w.t1("count-more", "n", number)
    } else {
        w.number(&number)
    }
}

fn number(query: &Answers, name: &str) -> Option<i64> {
    query.of(name).parse().ok()
}

/// `GET /constituency`.
pub(super) async fn assets(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let filter = Filter {
        organisation: number(&query, "organisation"),
        product: number(&query, "product"),
        name: query.given("name"),
        retired: query.of("state") == "retired",
    };
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let found = ops::assets(ground, viewer, &filter, request(&query)).await?;
    let counted = ops::count(ground, viewer, &filter).await?;
    let mut page = blank(&house, &reader, "assets").await?;
    let hidden =
        |name: &str| Field::new(name, String::new(), Control::Hidden).value(query.of(name));
    let fields = ["organisation", "product"]
        .into_iter()
        .filter(|name| !query.of(name).is_empty())
        .map(hidden);
    let text = Field::new("name", w.t("asset-name-begins"), Control::Text).value(query.of("name"));
    let retired = Choice {
        value: "retired".to_owned(),
        text: w.t("asset-retired"),
        chosen: filter.retired,
    };
    let state = Field::new("state", w.t("asset-state"), Control::Select(vec![retired]));
    if reader.may(Act::ConstituencyEdit) {
        page.acts = export_links(w, &query);
    }
    page.find = Some(Find {
        action: "/constituency".to_owned(),
        fields: fields.chain([text, state]).collect(),
        clear: (filter != Filter::default()).then(|| "/constituency".to_owned()),
    });
    let rows = found.items.iter().map(|asset| {
        let organisation = format!("/constituency?organisation={}", asset.organisation.0);
        let product = format!("/constituency?product={}", asset.product.number);
        vec![
            Cell::text(&asset.name).below(&asset.tag),
            Cell::link(&asset.organisation.1, organisation),
            Cell::link(&asset.product.name, product).below(&asset.product.vendor),
            Cell::styled(&asset.version, "mono").below(retired_on(w, asset)),
            Cell::text(&asset.owner).below(&asset.place),
        ]
    });
    let heads = ["asset", "organisation", "product", "version", "owner"];
    page.tables = vec![Table {
        title: w.t1("assets-n", "n", many(w, counted)),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows: rows.collect(),
        empty: w.t("assets-empty"),
    }];
    let kept = ["organisation", "product", "name", "state"];
    page.pager = pager("/constituency", &query, &kept, found.next);
    draw(&page)
}

/// Since when an asset is retired, if it is.
fn retired_on(w: Words, asset: &Asset) -> String {
    asset.retired_at.map_or_else(String::new, |at| {
        w.t1("asset-retired-on", "day", w.date(&at))
    })
}

/// The list as it is narrowed, as files.
fn export_links(w: Words, query: &Answers) -> Vec<Link> {
    let mut kept = String::new();
    for name in ["organisation", "product", "name"] {
        if let Some(value) = query.given(name) {
            kept.extend(["&", name, "=", escaped(&value).as_str()]);
        }
    }
    if query.of("state") == "retired" {
        kept.push_str("&retired=true");
    }
    let link = |form: &str| Link {
        text: w.word("asset-export", form),
        url: format!("/api/v1/constituency/assets/file?form={form}{kept}"),
    };
    FileForm::ALL
        .iter()
        .map(|form| link(form.as_str()))
        .collect()
}

/// `GET /constituency/organisations`.
pub(super) async fn organisations(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let text = query.of("q");
    let found = ops::organisations(&house.ground, &reader.viewer, text).await?;
    let mut page = blank(&house, &reader, "organisations").await?;
    let field = Field::new("q", w.t("filter-text"), Control::Text).value(text);
    page.find = Some(Find {
        action: "/constituency/organisations".to_owned(),
        fields: vec![field],
        clear: (!text.is_empty()).then(|| "/constituency/organisations".to_owned()),
    });
    let rows = found.iter().map(|one| {
        vec![
            Cell::link(&one.name, url(one.number)),
            Cell::text(
                one.reviewed_on
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
            ),
            due(w, one),
        ]
    });
    let heads = ["organisation", "reviewed", "due"];
    page.tables = vec![Table {
        title: String::new(),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows: rows.collect(),
        empty: w.t("organisations-empty"),
    }];
    draw(&page)
}

fn url(number: i64) -> String {
    format!("/constituency/organisations/{number}")
}

/// When a review is due, and that it is late if it is.
fn due(w: Words, one: &Organisation) -> Cell {
    let late = one.review_due.plus(1).begins() <= w.now();
    let style = if late { "chip bad" } else { "" };
    Cell::styled(one.review_due.to_string(), style)
}

/// `GET /constituency/organisations/{number}`.
pub(super) async fn organisation(
    State(house): State<House>,
    reader: Reader,
    Path(number): Path<String>,
) -> Answer {
    let number = number.parse().map_err(|_no_number| nothing())?;
    organisation_page(&house, &reader, number, None).await
}

/// `POST /constituency/organisations/{number}`: its list was reviewed.
pub(super) async fn review(
    State(house): State<House>,
    reader: Reader,
    Path(number): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let number = number.parse().map_err(|_no_number| nothing())?;
    let done = match answers.of("held_on").parse() {
        Ok(day) => {
            let held = (day, answers.of("found"));
            ops::review(&house.ground, &reader.viewer, number, held).await
        }
        Err(_) => Err(Error::from(Invalid {
            field: "held_on",
            rule: "a day between 1970-01-01 and 2199-12-31",
        })),
    };
    match done {
        Ok(_) => Ok(go(&reader, &url(number), "saved")),
        Err(error) => organisation_page(&house, &reader, number, Some((answers, error))).await,
    }
}

fn review_form(reader: &Reader, number: i64) -> Form {
    let w = reader.w;
    let today = constituency::day::Day::of(w.now()).to_string();
    let fields = vec![
        Field::new("held_on", w.t("review-held-on"), Control::Day)
            .value(&today)
            .required()
            .short(),
        Field::new("found", w.t("review-found"), Control::Area(4)).longest(4_000),
    ];
    form_of(reader, &url(number), "review-record", fields)
}

async fn organisation_page(
    house: &House,
    reader: &Reader,
    number: i64,
    refused: Option<(Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let (found, reviews) = ops::organisation(&house.ground, &reader.viewer, number).await?;
    let filter = Filter {
        organisation: Some(number),
        ..Filter::default()
    };
    let counted = ops::count(&house.ground, &reader.viewer, &filter).await?;
    let mut page = blank(house, reader, "organisations").await?;
    page.title.clone_from(&found.name);
    let of = format!("organisation={number}");
    page.facts = vec![
        (
            w.word("constituency-tab", "assets"),
            Cell::link(many(w, counted), format!("/constituency?{of}")),
        ),
        (w.word("asset-head", "due"), due(w, &found)),
    ];
    for (name, path) in [("matches", "matches"), ("calendar", "calendar")] {
        page.acts.push(Link {
            text: w.word("constituency-tab", name),
            url: format!("/constituency/{path}?{of}"),
        });
    }
    let rows = reviews.iter().map(|one| {
        vec![
            Cell::text(one.held_on.to_string()),
            Cell::styled(&one.found, "pre"),
            Cell::text(super::incident_tabs::who(w, &one.by)),
        ]
    });
    let heads = ["reviewed", "found", "by"];
    page.tables = vec![Table {
        title: w.t("reviews"),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows: rows.collect(),
        empty: w.t("reviews-empty"),
    }];
    if reader.may(Act::ConstituencyEdit) {
        let mut form = review_form(reader, number);
        if let Some((answers, error)) = refused {
            answers.fill(&mut form);
            page.shell.flash = wrong(reader, &mut form, error)?;
        }
        page.forms = vec![(w.t("review-record"), form, false)];
    } else if let Some((_, error)) = refused {
        return Err(error.into());
    }
    draw(&page)
}

/// Puts a refusal where it belongs.
pub(super) fn wrong(
    reader: &Reader,
    form: &mut Form,
    error: impl Into<access::http::Refusal>,
) -> Result<Option<Flash>, access::http::Refusal> {
    let text = refuse(reader.w, form, error.into())?;
    Ok((!text.is_empty()).then_some(Flash { good: false, text }))
}

/// The rooms beside the register of incidents that the reader may enter. Who is not named in the one of
/// critical infrastructure is asked for the same way whether there is anything in it or not.
pub(super) async fn rooms(
    house: &House,
    reader: &Reader,
) -> Result<Vec<Link>, access::http::Refusal> {
    let w = reader.w;
    let link = |key: &str, url: &str| Link {
        text: w.t(key),
        url: url.to_owned(),
    };
    let mut rooms = vec![link("taxonomies", "/taxonomies")];
    if reader.may(Act::MailRead) && !reader.viewer.mode.is_exercise() {
        rooms.push(link("mails", super::mails::PAGE));
    }
    if reader.may(Act::ConstituencyRead) {
        rooms.push(link("constituency", "/constituency"));
    }
    let register = super::infrastructure::register(house);
    let rights = ::infrastructure::ops::rights(&register, &reader.viewer).await?;
    if rights.is_named {
        rooms.push(link("infrastructure", "/infrastructure"));
    }
    Ok(rooms)
}
