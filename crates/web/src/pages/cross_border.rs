//! What a single point of contact looks at: the incidents that cross borders.

use axum::extract::{Query, State};
use incidents::{
    Error,
    clocks::{Due, Reckoned},
    reporting::contact::{Crossing, Passed, crossings},
};
use kernel::{Limit, PageRequest};

use super::{Answer, House, Reader, draw, forms::Answers, incident_clocks::stage_of};
use crate::{
    views::{
        frame::{Link, Pager, Section},
        tables::{Cell, Table, Tables},
    },
    words::{Fidelity, Words},
};

const URL: &str = "/incidents/cross-border";
/// Incidents on a page.
const ROWS: u16 = 25;

/// `GET /incidents/cross-border`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let request = PageRequest {
        after: query.of("after").parse().ok(),
        limit: Limit::new(ROWS).unwrap_or_default(),
    };
    let page = crossings(&house.ground, &reader.viewer, request).await?;
    let rows = page.items.iter().map(|one| row(w, one));
    let head = ["crossing-incident", "crossing-due", "crossing-passed"];
    draw(&Tables {
        w,
        shell: reader.shell(&house, Section::Incidents).await?,
        title: w.t("crossings"),
        intro: w.t("crossings-intro"),
        crumbs: vec![Link {
            text: w.t("nav-incidents"),
            url: "/incidents".to_owned(),
        }],
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: Vec::new(),
        find: None,
        picture: None,
        tables: vec![Table {
            title: String::new(),
            head: head.map(|key| w.t(key)).into(),
            rows: rows.collect::<Result<_, _>>()?,
            empty: w.t("crossings-empty"),
        }],
        pager: Pager {
            first: request.after.map(|_| URL.to_owned()),
            next: page.next.map(|next| format!("{URL}?after={next}")),
        },
        forms: Vec::new(),
        forms_first: false,
    })
}

fn row(w: Words, one: &Crossing) -> Result<Vec<Cell>, Error> {
    let facts = &one.incident.facts;
    let states = facts.victims.iter();
    let states: Vec<&str> = states.map(|state| state.name(w.language())).collect();
    let state = w.word("investigation", one.incident.status.stage().as_str());
    let below = [state, states.join(&w.t("comma"))];
    let below: Vec<String> = below.into_iter().filter(|one| !one.is_empty()).collect();
    let reckoned = one.clocks.reckoned()?;
    let late = reckoned
        .iter()
        .any(|stage| stage.filed.is_none() && stage.is_late(w.now()));
    let reports: Vec<String> = reckoned.iter().map(|stage| due(w, stage)).collect();
    let passed: Vec<String> = one.passed.iter().map(|passed| gone(w, passed)).collect();
    let reports = Cell::styled(reports.join("\n"), "pre");
    let url = format!("/incidents/{}", one.incident.public);
    Ok(vec![
        Cell::link(facts.title.to_string(), url).below(below.join(" · ")),
        if late {
            reports.below(w.t("clock-is-overdue"))
        } else {
            reports
        },
        Cell::styled(passed.join("\n"), "pre"),
    ])
}

fn due(w: Words, one: &Reckoned) -> String {
    let what = stage_of(w, &one.regime.key, &one.stage.key);
    let state = match (&one.due, one.filed) {
        (_, Some(at)) => w.t1("crossing-filed", "when", w.dated_to(&at, &Fidelity::Minute)),
        (Due::At(end), None) => w.t1(
            "crossing-due-at",
            "when",
            w.dated_to(end, &Fidelity::Minute),
        ),
        (Due::Promptly(_), None) => w.t("clock-is-promptly"),
        (Due::Waits(_), None) if one.stage.is_on_request() => w.t("clock-is-unasked"),
        (Due::Waits(_), None) => w.t("clock-is-waiting"),
    };
    format!("{what}: {state}")
}

fn gone(w: Words, one: &Passed) -> String {
    let stage = stage_of(w, one.regime.as_str(), one.stage.as_str());
    let part = one
        .part
        .map(|part| format!(" · {}", w.word("submission-part", part.as_str())));
    let (to, at) = (&one.authority, w.dated_to(&one.at, &Fidelity::Minute));
    format!("{at} · {to} · {stage}{}", part.unwrap_or_default())
}
