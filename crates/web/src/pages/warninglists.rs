//! Warninglists: which there are, taking one in, switching it, taking it out.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Multipart, Path, Query, State};
use intel::{
    Error,
    model::{Warninglist, list_kind_word},
    ops,
};
use kernel::Problem;

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse, with_files},
    go, nothing,
    remotes::count,
    settings::form_of,
};
use crate::views::{
    form::{Control, Field, Form},
    frame::{Flash, Pager, Section},
    warninglists::{Warninglist as ListPage, WarninglistRow, Warninglists},
};

/// Lists on a page.
const ROWS: usize = 50;
/// How much of what a list is about stands in a row, in characters.
const ABOUT_CHARS: usize = 200;

/// `GET /warninglists`.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let from = query.of("from").parse().unwrap_or_default();
    page(&house, &reader, from, None).await
}

/// `POST /warninglists`: takes files in, one after the other, up to the first that is refused.
pub(super) async fn import(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    let (_, files) = with_files(&reader, parts).await?;
    if files.is_empty() {
        let refused = Some((reader.w.t("warninglist-no-file"), None));
        return page(&house, &reader, 0, refused).await;
    }
    for (number, file) in files.into_iter().enumerate() {
        let taken = ops::import_warninglist(&house.ground, &reader.viewer, file).await;
        if let Err(error) = taken {
            let number = number.saturating_add(1);
            let said = reader.w.t1("warninglist-refused", "n", number);
            return page(&house, &reader, 0, Some((said, Some(error)))).await;
        }
    }
    Ok(go(&reader, "/warninglists", "warninglist-imported"))
}

/// `GET /warninglists/{number}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(number): Path<String>,
) -> Answer {
    let number: i64 = number.parse().map_err(|_no_number| nothing())?;
    let all = ops::warninglists(&house.ground, &reader.viewer).await?;
    let found = all.into_iter().find(|list| list.number == number);
    let list = found.ok_or_else(nothing)?;
    draw(&ListPage {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        row: WarninglistRow {
            about: list.description.clone(),
            ..row(&list)
        },
        can_manage: reader.may(Act::IntelManage),
        attributes: list.attributes,
    })
}

/// `POST /warninglists/{number}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((number, act)): Path<(String, String)>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let number: i64 = number.parse().map_err(|_no_number| nothing())?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let said = match act.as_str() {
        "on" => {
            ops::enable_warninglist(ground, viewer, number, true).await?;
            "warninglist-on"
        }
        "off" => {
            ops::enable_warninglist(ground, viewer, number, false).await?;
            "warninglist-off"
        }
        "remove" => {
            ops::delete_warninglist(ground, viewer, number).await?;
            "warninglist-removed"
        }
        _ => return Err(nothing()),
    };
    Ok(go(&reader, "/warninglists", said))
}

/// The page of a list.
pub(super) fn page_of(number: i64) -> String {
    format!("/warninglists/{number}")
}

fn row(list: &Warninglist) -> WarninglistRow {
    WarninglistRow {
        url: page_of(list.number),
        name: list.name.clone(),
        about: list.description.chars().take(ABOUT_CHARS).collect(),
        kind: list_kind_word(list.kind),
        version: list.version.to_string(),
        entries: count(list.entries),
        unusable: count(list.unusable),
        enabled: list.enabled,
        imported: list.imported_at,
    }
}

fn upload_form(reader: &Reader) -> Form {
    let w = reader.w;
    let files = Field::new("files", w.t("warninglist-files"), Control::Files)
        .hint(w.t("hint-warninglist-files"))
        .required();
    form_of(reader, "/warninglists", "warninglist-upload", vec![files])
}

async fn page(
    house: &House,
    reader: &Reader,
    from: usize,
    refused: Option<(String, Option<Error>)>,
) -> Answer {
    let w = reader.w;
    let all = ops::warninglists(&house.ground, &reader.viewer).await?;
    let mut shell = reader.shell(house, Section::Intelligence).await?;
    let mut upload = reader.may(Act::IntelManage).then(|| upload_form(reader));
    if let Some((said, error)) = refused {
        let Some(form) = &mut upload else {
            let none = || Problem::from(access::Error::Forged).into();
            return Err(error.map_or_else(none, Refusal::from));
        };
        let why = match error {
            None => said,
            Some(error) => format!("{said} {}", told(reader, error)?),
        };
        if !form.refuse("files", why.clone()) {
            shell.flash = Some(Flash {
                good: false,
                text: why,
            });
        }
    }
    let next = from.saturating_add(ROWS);
    let enabled = all.iter().filter(|list| list.enabled).count();
    let many = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    draw(&Warninglists {
        w,
        shell,
        rows: all.iter().skip(from).take(ROWS).map(row).collect(),
        counts: (many(all.len()), many(enabled)),
        pager: Pager {
            first: (from > 0).then(|| "/warninglists".to_owned()),
            next: all.get(next).map(|_| format!("/warninglists?from={next}")),
        },
        upload,
    })
}

/// Why a file was refused, with what was found in it.
fn told(reader: &Reader, error: Error) -> Result<String, Refusal> {
    let detail = match &error {
        Error::NoWarninglist { detail } => format!(" ({detail})"),
        _ => String::new(),
    };
    let mut none = form_of(reader, "", "form-save", Vec::new());
    Ok(refuse(reader.w, &mut none, error.into())? + &detail)
}
