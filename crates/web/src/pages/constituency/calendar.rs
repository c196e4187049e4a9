//! What is to be done about vulnerabilities, and until when.

use access::{http::CsrfForm, policy::Act};
use axum::extract::{Path, Query, State};
use constituency::{
    Error,
    day::Day,
    model::{Remedy, State as RemedyState},
    ops,
};
use kernel::RemedyId;

use super::{
    blank, pager,
    plan::{plan_fields, plan_of},
    request, wrong,
};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, choices},
        go, nothing,
        settings::form_of,
    },
    views::{
        form::{Control, Field},
        tables::{Cell, Find, Table},
        work::WorkLine,
    },
    words::Words,
};

const LIST: &str = "/constituency/calendar";

fn row(w: Words, one: &Remedy) -> Vec<Cell> {
    let today = Day::of(w.now());
    let late = one.plan.is_open(today) && one.plan.due_on < today;
    let due = Cell::styled(
        one.plan.due_on.to_string(),
        if late { "chip bad" } else { "" },
    );
    let until = one
        .plan
        .until
        .map(|day| w.t1("remedy-until-day", "day", day.to_string()));
    let asset = one.asset.as_ref().map(|(_, name)| name.clone());
    let style = match one.plan.state {
        RemedyState::Open => "chip warn",
        RemedyState::Done => "chip good",
        RemedyState::Accepted => "chip",
    };
    vec![
        Cell::link(one.cve.as_str(), format!("{LIST}/{}", one.id)).below(&one.plan.reason),
        Cell::text(&one.organisation.1).below(asset.unwrap_or_default()),
        due,
        Cell::styled(w.word("remedy", one.plan.state.as_str()), style)
            .below(until.unwrap_or_default()),
        Cell::text(&one.plan.owner),
    ]
}

fn table(w: Words, rows: Vec<Vec<Cell>>) -> Table {
    let heads = ["vulnerability", "organisation", "due", "state", "owner"];
    Table {
        title: String::new(),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows,
        empty: w.t("calendar-empty"),
    }
}

/// `GET /constituency/calendar`.
pub(crate) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let wanted = (
        RemedyState::from_word(query.of("state")),
        query.of("organisation").parse().ok(),
    );
    let found = ops::remedies(&house.ground, &reader.viewer, wanted, request(&query)).await?;
    let mut page = blank(&house, &reader, "calendar").await?;
    let states = RemedyState::ALL.iter().map(|state| state.as_str());
    let state = Field::new(
        "state",
        w.t("remedy-state"),
        Control::Select(choices(w, "remedy", states)),
    );
    let organisation = Field::new("organisation", String::new(), Control::Hidden);
    page.find = Some(Find {
        action: LIST.to_owned(),
        fields: vec![
            state.value(query.of("state")),
            organisation.value(query.of("organisation")),
        ],
        clear: (wanted != (None, None)).then(|| LIST.to_owned()),
    });
    page.tables = vec![table(
        w,
        found.items.iter().map(|one| row(w, one)).collect(),
    )];
    page.pager = pager(LIST, &query, &["state", "organisation"], found.next);
    draw(&page)
}

/// `GET /constituency/calendar/{id}`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let id = id.parse().map_err(|_no_id| nothing())?;
    page(&house, &reader, id, None).await
}

/// `POST /constituency/calendar/{id}`.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id: RemedyId = id.parse().map_err(|_no_id| nothing())?;
    let given = answers.of("version").parse().unwrap_or_default();
    let done = async {
        let plan = plan_of(&answers)?;
        ops::change(&house.ground, &reader.viewer, (id, given), plan).await
    };
    match done.await {
        Ok(_) => Ok(go(&reader, LIST, "saved")),
        Err(error) => page(&house, &reader, id, Some((answers, error))).await,
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    id: RemedyId,
    refused: Option<(Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let remedy = ops::remedy(&house.ground, &reader.viewer, id).await?;
    let mut page = blank(house, reader, "calendar").await?;
    page.title = remedy.cve.to_string();
    page.tables = vec![table(w, vec![row(w, &remedy)])];
    if reader.may(Act::ConstituencyEdit) {
        let version = Field::new("version", String::new(), Control::Hidden);
        let mut fields = vec![version.value(&remedy.version.to_string())];
        fields.extend(plan_fields(w, Some(&remedy.plan)));
        let mut form = form_of(reader, &format!("{LIST}/{id}"), "form-save", fields);
        if let Some((answers, error)) = refused {
            answers.fill(&mut form);
            page.shell.flash = wrong(reader, &mut form, error)?;
        }
        page.forms = vec![(w.t("remedy-change"), form, true)];
    } else if let Some((_, error)) = refused {
        return Err(error.into());
    }
    draw(&page)
}

/// What waits on the desk: lists to be reviewed, and what is to be mended.
pub(crate) async fn on_desk(
    house: &House,
    reader: &Reader,
) -> Result<Vec<WorkLine>, access::http::Refusal> {
    let found = ops::waiting(&house.ground, &reader.viewer).await?;
    let remedies = found.remedies.into_iter().map(|one| WorkLine {
        due: Some(one.plan.due_on.plus(1).begins()),
        kind: "remedy",
        what: one.cve.to_string(),
        title: one.organisation.1,
        url: format!("{LIST}/{}", one.id),
    });
    let reviews = found.reviews.into_iter().map(|one| WorkLine {
        due: Some(one.review_due.plus(1).begins()),
        kind: "review",
        what: reader.w.t("review-of-list"),
        title: one.name,
        url: format!("/constituency/organisations/{}", one.number),
    });
    Ok(remedies.chain(reviews).take(10).collect())
}
