//! Adding a server, and changing one.

use access::{
    http::CsrfForm,
    policy::{Act, check_house},
};
use axum::extract::{Path, Query, State};
use intel::{
    Error,
    model::{Direction, Remote, RemoteKind, Shown},
    ops,
};
use kernel::RemoteId;

use super::form::{self, WAYS, Way};
use crate::{
    pages::{Answer, House, Reader, draw, forms::Answers, go, nothing, remotes::page_of},
    views::{
        frame::{Flash, Link, Section},
        remotes::RemoteEdit,
    },
};

/// What was typed and refused.
type Refused = Option<(Answers, Error)>;

/// `GET /remotes/new`.
pub(crate) async fn blank(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    page(&house, &reader, way_of(&query), None, None).await
}

/// `POST /remotes/new`.
pub(crate) async fn add(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let Some(way) = way_of(&answers) else {
        return Err(nothing());
    };
    let made = async {
        let new = form::new(way, &answers)?;
        ops::add_remote(&house.remotes, &reader.viewer, new).await
    };
    match made.await {
        Ok(remote) => Ok(go(&reader, &page_of(remote.id), "remote-added")),
        Err(error) => page(&house, &reader, Some(way), None, Some((answers, error))).await,
    }
}

/// `GET /remotes/{id}/edit`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let remote = ops::remote(&house.remotes, &reader.viewer, named(&id)?).await?;
    let way = (remote.kind, remote.direction);
    page(&house, &reader, Some(way), Some(&remote), None).await
}

/// `POST /remotes/{id}/edit`.
pub(crate) async fn save(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let remote = ops::remote(&house.remotes, &reader.viewer, named(&id)?).await?;
    let changed = async {
        let change = form::change(&answers, &remote)?;
        ops::edit_remote(&house.remotes, &reader.viewer, remote.id, change).await
    };
    match changed.await {
        Ok(after) => {
            let waits = remote.settings.enabled && !after.settings.enabled;
            let said = if waits {
                "remote-saved-off"
            } else {
                "remote-saved"
            };
            Ok(go(&reader, &page_of(remote.id), said))
        }
        Err(error) => {
            // Whoever looks again at what has changed meanwhile does so on purpose.
            let now = ops::remote(&house.remotes, &reader.viewer, remote.id).await?;
            let way = (now.kind, now.direction);
            page(
                &house,
                &reader,
                Some(way),
                Some(&now),
                Some((answers, error)),
            )
            .await
        }
    }
}

pub(crate) fn named(id: &str) -> Result<RemoteId, access::http::Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

/// The way that a form or an address names, if there is one.
fn way_of(answers: &Answers) -> Option<Way> {
    let kind: RemoteKind = answers.of("kind").parse().ok()?;
    let direction: Direction = answers.of("direction").parse().ok()?;
    WAYS.into_iter().find(|way| *way == (kind, direction))
}

async fn page(
    house: &House,
    reader: &Reader,
    way: Option<Way>,
    now: Option<&Remote>,
    refused: Refused,
) -> Answer {
    check_house(&reader.viewer, Act::IntelManage)?;
    let w = reader.w;
    let held: Vec<Shown> = ops::collections(&house.ground, &reader.viewer, None).await?;
    let mut shell = reader.shell(house, Section::Intelligence).await?;
    let mut form = way.map(|way| form::form(reader, way, &held, now));
    if let (Some(form), Some((answers, error))) = (&mut form, refused) {
        let text = form::refused(w, form, &answers, error)?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
        if let (Some(remote), Some(field)) = (
            now,
            form.fields.iter_mut().find(|field| field.name == "version"),
        ) {
            field.value = remote.version.to_string();
        }
    }
    let spoken = house.remotes.kinds();
    let ways = WAYS.into_iter().filter(|(kind, _)| spoken.contains(kind));
    draw(&RemoteEdit {
        w,
        shell,
        page: now.map(|remote| Link {
            text: remote.settings.name.to_string(),
            url: page_of(remote.id),
        }),
        kind: way.map_or_else(String::new, |(kind, _)| kind.to_string()),
        direction: way.map_or_else(String::new, |(_, direction)| direction.to_string()),
        ways: ways
            .map(|(kind, direction)| (kind.as_str(), direction.as_str()))
            .collect(),
        has_collection: held.iter().any(|one| one.can_write),
        form,
    })
}
