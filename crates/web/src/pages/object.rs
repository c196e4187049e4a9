//! One object of a collection: rendered, with its versions and what it refers to.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Path, State};
use intel::{
    model::{Cut, Filter, Listed, NewSighting, Seen, Shown, SightingKind, Spec},
    ops,
};

use super::{
    Answer, House, Reader, collection::head, collections::url_of, draw, forms::Answers, go,
    nothing, reader::escaped,
};
use crate::views::{
    collections::{CollectionHead, Object, ObjectShown, ObjectVersion},
    frame::{Link, Section},
};

mod known;
pub(super) mod stix_text;

use known::known;
use stix_text::{facts, name_of, pretty};

/// Versions that are shown.
const VERSIONS: u32 = 50;
/// Collections that are asked whether they have it too.
const ELSEWHERE: usize = 50;

/// `GET /collections/{root}/{name}/objects/{id}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((root, name, id)): Path<(String, String, String)>,
) -> Answer {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let place = (root.as_str(), name.as_str());
    let shown = ops::collection(ground, viewer, place.0, place.1).await?;
    let filter = Filter {
        ids: vec![id.clone()],
        ..Filter::everything()
    };
    let cut = Cut {
        after: i64::MAX,
        entries: VERSIONS,
    };
    let versions = ops::newest(ground, viewer, place, &filter, cut).await?;
    let newest = Filter {
        ids: vec![id.clone()],
        ..Filter::default()
    };
    let newest = ops::newest(ground, viewer, place, &newest, cut).await?;
    let newest = newest.content.into_iter().next();
    let is_deleted = ops::is_deleted(ground, viewer, place, &id).await?;
    if newest.is_none() && !is_deleted {
        return Err(nothing());
    }
    let head = head(&reader, &shown);
    let object = match &newest {
        Some(object) => {
            let about = (&head, &shown);
            Some(shown_of(&house, &reader, about, &versions.content, object).await?)
        }
        None => None,
    };
    let version = |one: &Listed| ObjectVersion {
        version: one.version,
        added: one.added,
        tlp: one.tlp,
        spec: match one.spec {
            Spec::V20 => "2.0",
            Spec::V21 => "2.1",
        },
    };
    draw(&Object {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        url: format!("{}/objects/{}", head.url, escaped(&id)),
        versions: versions.content.iter().map(version).collect(),
        elsewhere: elsewhere(&house, &reader, &shown, &id).await?,
        may_delete: head.can_write && reader.may(Act::IntelDelete),
        shown: object,
        head,
        id,
    })
}

/// `POST /collections/{root}/{name}/objects/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((root, name, id, act)): Path<(String, String, String, String)>,
    CsrfForm(_answers): CsrfForm<Answers>,
) -> Answer {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let place = (root.as_str(), name.as_str());
    let page = format!(
        "/collections/{}/{}/objects/{}",
        escaped(&root),
        escaped(&name),
        escaped(&id)
    );
    match act.as_str() {
        "delete" => {
            ops::delete(ground, viewer, place, &id, &Filter::everything()).await?;
            Ok(go(&reader, &page, "object-deleted"))
        }
        "restore" => {
            ops::restore(ground, viewer, place, &id).await?;
            let list = format!("/collections/{}/{}", escaped(&root), escaped(&name));
            Ok(go(&reader, &list, "object-restored"))
        }
        _ => {
            let kind = SightingKind::from_word(&act.replace('-', "_")).ok_or_else(nothing)?;
            let now = ground.now();
            let said = NewSighting {
                of: Seen::Object(id),
                kind,
                count: 1,
                first_seen: now,
                last_seen: now,
                where_sighted: Vec::new(),
                tlp: None,
                unnamed: false,
            };
            ops::sight(ground, viewer, place, said).await?;
            Ok(go(&reader, &page, "object-sighted"))
        }
    }
}

async fn shown_of(
    house: &House,
    reader: &Reader,
    about: (&CollectionHead, &Shown),
    versions: &[Listed],
    object: &Listed,
) -> Result<ObjectShown, Refusal> {
    Ok(ObjectShown {
        kind: kind_of(&object.stix_id),
        name: name_of(&object.body),
        tlp: object.tlp,
        is_marked: object.body.contains("\"object_marking_refs\""),
        is_revoked: object.is_revoked,
        added: object.added,
        facts: facts(&object.body),
        json: pretty(&object.body),
        known: known(house, reader, about, (versions, object)).await?,
    })
}

/// The type of an object, by its id.
pub(super) fn kind_of(id: &str) -> String {
    id.split("--").next().unwrap_or_default().to_owned()
}

/// Other collections that have the object, of those that the reader sees.
async fn elsewhere(
    house: &House,
    reader: &Reader,
    here: &Shown,
    id: &str,
) -> Result<Vec<Link>, intel::Error> {
    let all = ops::collections(&house.ground, &reader.viewer, None).await?;
    let others = all
        .iter()
        .filter(|one| one.collection.id != here.collection.id);
    let filter = Filter {
        ids: vec![id.to_owned()],
        ..Filter::default()
    };
    let cut = Cut {
        after: i64::MAX,
        entries: 1,
    };
    let mut links = Vec::new();
    for other in others.take(ELSEWHERE) {
        let public = other.collection.public.uuid().to_string();
        let place = (other.collection.root.as_str(), public.as_str());
        let page = ops::newest(&house.ground, &reader.viewer, place, &filter, cut).await?;
        if !page.content.is_empty() {
            links.push(Link {
                text: other.collection.settings.title.to_string(),
                url: format!("{}/objects/{}", url_of(other), escaped(id)),
            });
        }
    }
    Ok(links)
}
