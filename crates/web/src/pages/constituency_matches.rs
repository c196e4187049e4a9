//! Products that the catalogue of known exploited vulnerabilities may mean, and what is done about
//! them.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Multipart, Path, Query, State};
use constituency::{
    Error,
    model::Detail,
    names::Sure,
    ops::{self, Stated},
    version::Verdict,
};
use kernel::MatchId;

use super::{
    Answer, House, Reader,
    constituency::{blank, pager, request, wrong},
    constituency_plan::{forms, plan},
    constituency_ranges::{cve_form, named_table, versions},
    draw,
    forms::{Answers, choices, with_files},
    go, nothing,
    settings::form_of,
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Link},
        tables::{Cell, Find, Table},
    },
    words::Words,
};

pub(super) const LIST: &str = "/constituency/matches";

/// The page of a match.
pub(super) fn url(id: MatchId) -> String {
    format!("{LIST}/{id}")
}

fn sure(w: Words, sure: Sure) -> Cell {
    let style = match sure {
        Sure::Exact => "chip bad",
        Sure::Similar | Sure::Product => "chip warn",
        Sure::Vendor => "chip",
    };
    Cell::styled(w.word("sure", sure.as_str()), style)
}

/// `GET /constituency/matches`.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    list_page(&house, &reader, &query, None).await
}

/// `POST /constituency/matches`: takes the catalogue in.
pub(super) async fn import(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    let w = reader.w;
    let (_, files) = with_files(&reader, parts).await?;
    let none = Answers::default();
    let Some(file) = files.into_iter().next() else {
        let said = Flash {
            good: false,
            text: w.t("import-no-file"),
        };
        return list_page(&house, &reader, &none, Some(said)).await;
    };
    let said = match ops::import_kev(&house.ground, &reader.viewer, &file).await {
        Ok(done) => Flash {
            good: done.refused.is_empty(),
            text: format!(
                "{} {}",
                w.t3(
                    "kev-taken",
                    &("added", done.added),
                    &("changed", done.changed),
                    &("unchanged", done.unchanged),
                ),
                w.t2(
                    "kev-matched",
                    &("matched", done.matched),
                    &("refused", done.refused.len())
                ),
            ),
        },
        Err(error) => {
            let mut form = kev_form(&reader);
            let said = wrong(&reader, &mut form, error)?;
            let at_field = form.wrongs().next().map(|field| field.wrong.clone());
            let text = at_field.or(said.map(|said| said.text));
            Flash {
                good: false,
                text: text.unwrap_or_default(),
            }
        }
    };
    list_page(&house, &reader, &none, Some(said)).await
}

fn kev_form(reader: &Reader) -> Form {
    let w = reader.w;
    let file = Field::new("file", w.t("kev-file"), Control::File)
        .hint(w.t("hint-kev-file"))
        .required();
    form_of(reader, LIST, "kev-import", vec![file])
}

pub(super) async fn list_page(
    house: &House,
    reader: &Reader,
    query: &Answers,
    said: Option<Flash>,
) -> Answer {
    let w = reader.w;
    let wanted = (
        Sure::from_word(query.of("sure")),
        query.of("organisation").parse().ok(),
    );
    let found = ops::matches(&house.ground, &reader.viewer, wanted, request(query)).await?;
    let mut page = blank(house, reader, "matches").await?;
    if said.is_some() {
        page.shell.flash = said;
    }
    let words = Sure::ALL.map(Sure::as_str);
    let field = Field::new(
        "sure",
        w.t("match-sure"),
        Control::Select(choices(w, "sure", words)),
    );
    let organisation = Field::new("organisation", String::new(), Control::Hidden);
    page.find = Some(Find {
        action: LIST.to_owned(),
        fields: vec![
            field.value(query.of("sure")),
            organisation.value(query.of("organisation")),
        ],
        clear: (wanted != (None, None)).then(|| LIST.to_owned()),
    });
    let rows = found.items.iter().map(|one| {
        let mut product = Cell::text(&one.product.name).below(&one.product.vendor);
        product.url = format!("/constituency?product={}", one.product.number);
        vec![
            Cell::link(one.cve.as_str(), url(one.id)).below(&one.name),
            product,
            sure(w, one.sure),
            versions(w, one),
            Cell::text(one.added_on.to_string()).below(ransomware(w, one.is_ransomware)),
        ]
    });
    let heads = ["vulnerability", "product", "sure", "assets", "added"];
    page.tables = vec![Table {
        title: String::new(),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows: rows.collect(),
        empty: w.t("matches-empty"),
    }];
    page.pager = pager(LIST, query, &["sure", "organisation"], found.next);
    if reader.may(Act::ConstituencyEdit) {
        page.forms = vec![
            (w.t("kev-import"), kev_form(reader), false),
            (w.t("cve-import"), cve_form(reader), false),
        ];
    }
    draw(&page)
}

fn ransomware(w: Words, known: bool) -> String {
    if known {
        w.t("match-ransomware")
    } else {
        String::new()
    }
}

/// `GET /constituency/matches/{id}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
) -> Answer {
    let id = id.parse().map_err(|_no_id| nothing())?;
    page(&house, &reader, (id, &query), None).await
}

/// `POST /constituency/matches/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id: MatchId = id.parse().map_err(|_no_id| nothing())?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let done = match act.as_str() {
        "state" => {
            let stated = Stated {
                since: answers.of("since").to_owned(),
                until: answers.of("until").to_owned(),
                inclusive: answers.is_on("inclusive"),
                source: answers.of("source").to_owned(),
            };
            ops::state_versions(ground, viewer, id, stated).await
        }
        "plan" => plan(&house, &reader, id, &answers).await,
        back => match back
            .strip_prefix("back-")
            .and_then(|number| number.parse().ok())
        {
            Some(number) => ops::take_back(ground, viewer, id, number).await,
            None => return Err(nothing()),
        },
    };
    match done {
        Ok(()) => Ok(go(&reader, &url(id), "saved")),
        Err(error) => {
            let refused = Some((act.as_str(), answers, error));
            page(&house, &reader, (id, &Answers::default()), refused).await
        }
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    (id, query): (MatchId, &Answers),
    refused: Option<(&str, Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let detail = ops::look(&house.ground, &reader.viewer, id, request(query)).await?;
    let mut page = blank(house, reader, "matches").await?;
    let (one, entry) = (&detail.matched, &detail.vulnerability);
    page.title = one.cve.to_string();
    page.intro = w.word("sure-about", one.sure.as_str());
    page.crumbs.push(Link {
        text: w.word("constituency-tab", "matches"),
        url: LIST.to_owned(),
    });
    let due = one.due_on.map(|day| day.to_string()).unwrap_or_default();
    let catalogue = format!("{} · {}", entry.vendor, entry.product);
    page.facts = vec![
        (
            w.word("asset-head", "product"),
            Cell::text(&one.product.name).below(&one.product.vendor),
        ),
        (w.word("asset-head", "sure"), sure(w, one.sure)),
        (
            w.word("asset-head", "named"),
            Cell::text(catalogue).below(&entry.name),
        ),
        (
            w.word("asset-head", "about"),
            Cell::styled(&entry.about, "pre"),
        ),
        (
            w.word("asset-head", "action"),
            Cell::styled(&entry.action, "pre").below(&entry.notes),
        ),
        (
            w.word("asset-head", "added"),
            Cell::text(one.added_on.to_string()).below(ransomware(w, one.is_ransomware)),
        ),
        (w.word("asset-head", "due"), Cell::text(due)),
    ];
    let may = reader.may(Act::ConstituencyEdit);
    page.tables = tables(w, &detail, may);
    page.tables.insert(1, named_table(w, &detail.named));
    page.pager = pager(&url(id), query, &[], detail.assets.next);
    if may {
        page.forms = forms(reader, &detail);
        if let Some((act, answers, error)) = refused {
            let place = usize::from(act == "state");
            let (_, form, open) = page.forms.get_mut(place).ok_or_else(nothing)?;
            answers.fill(form);
            *open = true;
            page.shell.flash = wrong(reader, form, error)?;
        }
    } else if let Some((_, _, error)) = refused {
        return Err(Refusal::from(error));
    }
    draw(&page)
}

fn tables(w: Words, detail: &Detail, may: bool) -> Vec<Table> {
    let own = url(detail.matched.id);
    let heads = |names: &[&str]| {
        names
            .iter()
            .map(|name| w.word("asset-head", name))
            .collect()
    };
    let stated = detail.affected.iter().map(|one| {
        let until = if one.inclusive {
            "affected-to"
        } else {
            "affected-before"
        };
        let mut row = vec![
            Cell::styled(&one.since, "mono"),
            Cell::text(if one.until.is_empty() {
                String::new()
            } else {
                w.t1(until, "version", &one.until)
            }),
            Cell::text(&one.source),
        ];
        if may {
            row.push(Cell::press(
                format!("{own}/back-{}", one.number),
                w.t("affected-back"),
            ));
        }
        row
    });
    let rows = detail.assets.items.iter().map(|(asset, verdict)| {
        let style = match verdict {
            Verdict::InRange => "chip bad",
            Verdict::Unknown => "chip warn",
            Verdict::Outside => "chip good",
        };
        vec![
            Cell::text(&asset.name).below(&asset.place),
            Cell::link(
                &asset.organisation.1,
                format!("/constituency/organisations/{}", asset.organisation.0),
            ),
            Cell::styled(&asset.version, "mono"),
            Cell::styled(w.word("verdict", verdict.as_str()), style),
            Cell::text(&asset.owner),
        ]
    });
    vec![
        Table {
            title: w.t("affected"),
            head: heads(&["since", "until", "source", "press"]),
            rows: stated.collect(),
            empty: w.t("affected-empty"),
        },
        Table {
            title: w.word("constituency-tab", "assets"),
            head: heads(&["asset", "organisation", "version", "verdict", "owner"]),
            rows: rows.collect(),
            empty: w.t("assets-empty"),
        },
    ]
}
