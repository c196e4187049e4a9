//! The officers' list of reports, links for reporters, and the switch of the public address.

use access::http::CsrfForm;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{AppendHeaders, IntoResponse, Redirect},
};
use incidents::{
    intake::{
        model::{Code, Reference, ReportRow, ReportState},
        ops::officer,
    },
    model::Line,
};
use kernel::{Language, Limit, PageRequest};

use super::{
    Answer, House, Reader, draw,
    forms::Answers,
    go,
    report::{handle::page_of, keep_for, kept},
    settings::form_of,
};
use crate::{
    views::{
        form::{Choice, Control, Field},
        frame::{Pager, Section, Tab},
        reports::{MadeLink, ReportLine, Reports},
    },
    words::REPORT_WRITTEN,
};

/// Lines on a page.
const ROWS: u16 = 20;

/// What keeps the link that was just made, until the list shows it.
const MADE: &str = "report-made";
const MADE_SECONDS: u32 = 60;

/// `GET /reports`. A link that was just made is shown once.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    headers: HeaderMap,
    Query(query): Query<Answers>,
) -> Answer {
    let made = kept(reader.guest(), &headers, MADE).and_then(|made| made.split_once('.'));
    let made = made.and_then(|(reference, code)| {
        let (reference, code) = (reference.parse().ok()?, Code::typed(code)?);
        Some(link(&house, &reference, &code))
    });
    let forget = made
        .is_some()
        .then(|| keep_for(reader.guest(), MADE, "", 0));
    let page = page(&house, &reader, &query, made).await?;
    Ok(match forget {
        Some(forget) => (AppendHeaders([forget]), page).into_response(),
        None => page,
    })
}

fn link(house: &House, reference: &Reference, code: &Code) -> MadeLink {
    let (web_url, code) = (&house.web_url, code.to_text());
    MadeLink {
        reference: reference.to_string(),
        address: format!("{web_url}/report?code={code}"),
        code,
        open: format!("{web_url}/report/open"),
    }
}

/// `POST /reports/link`: makes a one-time link. It is led to the list, which shows it: whoever presses twice
/// is led there twice, with one link.
pub(super) async fn invite(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let note = Line::optional(Some(answers.of("note")), "note").map_err(incidents::Error::from)?;
    let language = Language::from_tag(answers.of("language")).unwrap_or_default();
    let (report, code) = officer::invite(&house.ground, &reader.viewer, note, language).await?;
    let made = format!("{}.{}", report.reference, code.to_text());
    let keep = keep_for(reader.guest(), MADE, &made, MADE_SECONDS);
    Ok((AppendHeaders([keep]), Redirect::to("/reports")).into_response())
}

/// `POST /reports/form`: the public address, on or off.
pub(super) async fn public(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let on = answers.of("public") == "on";
    officer::set_public(&house.ground, &reader.viewer, on).await?;
    Ok(go(&reader, "/reports", "saved"))
}

async fn page(house: &House, reader: &Reader, query: &Answers, made: Option<MadeLink>) -> Answer {
    let (w, viewer) = (reader.w, &reader.viewer);
    let state = query.of("state");
    let request = PageRequest {
        after: query.of("after").parse().ok(),
        limit: Limit::new(ROWS).unwrap_or_default(),
    };
    let chosen: Option<ReportState> = state.parse().ok();
    let found = officer::list(&house.ground, viewer, chosen, request).await?;
    let waiting = officer::waiting(&house.ground, viewer).await?;
    let base = chosen.map_or_else(
        || "/reports?".to_owned(),
        |one| format!("/reports?state={one}&"),
    );
    let tab = |one: Option<ReportState>| Tab {
        text: w.word("report-state", one.map_or("all", ReportState::as_str)),
        url: one.map_or_else(
            || "/reports".to_owned(),
            |one| format!("/reports?state={one}"),
        ),
        count: (one == Some(ReportState::Received)).then(|| u64::from(waiting)),
        here: one == chosen,
    };
    let all = ReportState::ALL.iter().copied().map(Some);
    let languages = REPORT_WRITTEN.map(|(language, _)| Choice {
        value: language.tag().to_owned(),
        text: w.word("report-language", language.tag()),
        chosen: language == w.language(),
    });
    let fields = vec![
        Field::new("note", w.t("report-link-note"), Control::Text)
            .hint(w.t("hint-report-link-note"))
            .longest(200),
        Field::new(
            "language",
            w.t("report-link-language"),
            Control::Select(languages.to_vec()),
        )
        .short()
        .required(),
    ];
    draw(&Reports {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        tabs: [None].into_iter().chain(all).map(tab).collect(),
        rows: found.items.iter().map(line).collect(),
        pager: Pager {
            first: request
                .after
                .map(|_| base.trim_end_matches(['?', '&']).to_owned()),
            next: found.next.map(|next| format!("{base}after={next}")),
        },
        invite: form_of(reader, "/reports/link", "report-link-make", fields),
        made,
        public: if viewer.mode.is_exercise() {
            None
        } else {
            Some(officer::is_public(&house.ground, viewer).await?)
        },
    })
}

fn line(row: &ReportRow) -> ReportLine {
    ReportLine {
        url: page_of(&row.reference),
        reference: row.reference.to_string(),
        title: row
            .title
            .clone()
            .or_else(|| row.note.clone())
            .unwrap_or_default(),
        kind: row.kind.map_or("", |kind| kind.as_str()),
        state: row.state.as_str(),
        door: row.door.as_str(),
        tlp: row.tlp,
        at: row.at,
    }
}
