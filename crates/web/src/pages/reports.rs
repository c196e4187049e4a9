//! The officers' list of reports, links for reporters, and the switch of the public address.

use access::http::CsrfForm;
use axum::extract::{Query, State};
use incidents::{
    intake::{
        model::{ReportRow, ReportState},
        ops::officer,
    },
    model::Line,
};
use kernel::{Language, Limit, PageRequest};

use super::{
    Answer, House, Reader, draw, forms::Answers, go, report::handle::page_of, settings::form_of,
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

/// `GET /reports`.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    page(&house, &reader, &query, None).await
}

/// `POST /reports/link`: makes a one-time link, which is shown once.
pub(super) async fn invite(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let note = Line::optional(Some(answers.of("note")), "note").map_err(incidents::Error::from)?;
    let language = Language::from_tag(answers.of("language")).unwrap_or_default();
    let made = officer::invite(&house.ground, &reader.viewer, note, language).await?;
    let (report, code) = (made.0, made.1.to_text());
    let web_url = &house.web_url;
    let made = MadeLink {
        reference: report.reference.to_string(),
        address: format!("{web_url}/report?code={code}"),
        code,
        open: format!("{web_url}/report/open"),
    };
    page(&house, &reader, &Answers::default(), Some(made)).await
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
