//! Values: whether a warninglist has them, and which are too common to say much.

use access::{
    http::CsrfForm,
    policy::{Act, check_house},
};
use axum::extract::{Query, State};
use intel::{
    Error,
    model::Listing,
    ops::{self, COMMON_OVER, COUNT_MAX, Common, VALUES_MAX},
};

use super::{
    Answer, House, Reader, draw, forms::Answers, reader::escaped, remotes::count,
    settings::form_of, warninglists::page_of,
};
use crate::views::{
    form::{Control, Field},
    frame::{Link, Pager, Section},
    warninglists::{CheckedRow, CommonRow, ValuesCheck, ValuesCommon},
};

/// Common values on a page.
const ROWS: usize = 100;
/// The most characters of a question.
const ASKED_CHARS_MAX: u32 = 200_000;

/// What was asked and what came of it.
type Asked = Option<(Answers, Result<Vec<CheckedRow>, Error>)>;

/// `GET /values/check`.
pub(super) async fn blank(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, None).await
}

/// `POST /values/check`: values stand in no address, so that they come into no log.
pub(super) async fn check(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let values = answers.lines("values");
    let found = ops::check_values(&house.ground, &reader.viewer, &values).await;
    let rows = found.map(|found| {
        let each = values.iter().zip(&found);
        each.map(|(value, lists)| checked(value, lists)).collect()
    });
    page(&house, &reader, Some((answers, rows))).await
}

fn checked(value: &str, lists: &[Listing]) -> CheckedRow {
    let list = |one: &Listing| Link {
        text: one.name.clone(),
        url: page_of(one.number),
    };
    CheckedRow {
        value: value.to_owned(),
        lists: lists.iter().map(list).collect(),
        search: search(value),
    }
}

fn search(value: &str) -> String {
    format!("/collections/search?q={}", escaped(value))
}

async fn page(house: &House, reader: &Reader, asked: Asked) -> Answer {
    let w = reader.w;
    let all = ops::warninglists(&house.ground, &reader.viewer).await?;
    let values = Field::new("values", w.t("check-which"), Control::Area(8))
        .hint(w.t1("hint-check-which", "n", VALUES_MAX))
        .required()
        .longest(ASKED_CHARS_MAX);
    let mut form = form_of(reader, "/values/check", "check-values", vec![values]);
    let rows = match asked {
        None => Vec::new(),
        Some((answers, found)) => {
            answers.fill(&mut form);
            match found {
                Ok(rows) if rows.is_empty() => {
                    form.refuse("values", w.t("check-nothing"));
                    rows
                }
                Ok(rows) => rows,
                Err(Error::TooMany { max, .. }) => {
                    form.refuse("values", w.t1("check-too-many", "n", max));
                    Vec::new()
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let many = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    draw(&ValuesCheck {
        w,
        shell: reader.shell(house, Section::Intelligence).await?,
        form,
        listed: many(rows.iter().filter(|row| !row.lists.is_empty()).count()),
        checked: rows,
        enabled: many(all.iter().filter(|list| list.enabled).count()),
    })
}

/// `GET /values/common`.
pub(super) async fn common(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    check_house(&reader.viewer, Act::IntelRead)?;
    let from: usize = query.of("from").parse().unwrap_or_default();
    let all = ops::common(&house.ground, &reader.viewer).await?;
    let next = from.saturating_add(ROWS);
    let row = |one: &Common| CommonRow {
        value: one.value.clone(),
        kind: one.kind.clone(),
        entries: count(one.entries),
        is_more: one.entries >= COUNT_MAX,
        search: search(&one.value),
    };
    draw(&ValuesCommon {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        rows: all.iter().skip(from).take(ROWS).map(row).collect(),
        over: u64::try_from(COMMON_OVER).unwrap_or(u64::MAX),
        pager: Pager {
            first: (from > 0).then(|| "/values/common".to_owned()),
            next: all.get(next).map(|_| format!("/values/common?from={next}")),
        },
    })
}
