//! One collection: what it holds, and who sees it.

pub(super) mod export;
pub(super) mod files;
pub(super) mod routes;
pub(super) mod search;
pub(super) mod settings;
pub(super) mod tools;

use access::{http::Refusal, model::Person, policy::Act};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, header},
};
use intel::{
    model::{Filter, Import, Listed, Reader as Named, Shown, Stage},
    ops,
};
use kernel::Tlp;

use super::{
    Answer, House, Reader,
    collections::{counts, cursor, url_of},
    draw,
    forms::{Answers, tlps},
    names,
    object::stix_text::{name_of, plain},
    reader::escaped,
    sharing,
};
use crate::views::{
    collections::{Collection, CollectionHead, ObjectFilters, ObjectRow},
    files::ImportRow,
    form::Choice,
    frame::{Pager, Section},
};

/// Lines on a page.
const ROWS: u32 = 50;
/// Imports beside the list.
const IMPORTS: usize = 5;

/// `GET /collections/{root}/{name}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
    Query(query): Query<Answers>,
    headers: HeaderMap,
) -> Answer {
    let (ground, viewer, w) = (&house.ground, &reader.viewer, reader.w);
    let place = (root.as_str(), name.as_str());
    let shown = ops::collection(ground, viewer, place.0, place.1).await?;
    let counts = counts(&house, &reader, place).await?;
    let (filter, filters) = asked(&query, counts.kinds());
    let before = query.of("before").parse().unwrap_or(i64::MAX);
    let text = filters.text.clone();
    let found = ops::find(ground, viewer, place, (&filter, &text), (before, ROWS)).await?;
    let head = head(&reader, &shown);
    let again = |before: Option<i64>| {
        let kept = ["q", "type", "tlp"].into_iter();
        let kept = kept.filter_map(|name| Some((name, query.given(name)?)));
        let mut pairs: Vec<String> = kept
            .map(|(name, value)| format!("{name}={}", escaped(&value)))
            .collect();
        pairs.extend(before.map(|before| format!("before={}", cursor(before))));
        format!("{}?{}", head.url, pairs.join("&"))
    };
    let pager = Pager {
        first: query.given("before").map(|_| again(None)),
        next: found.before.map(|before| again(Some(before))),
    };
    let imports = if head.can_write {
        ops::imports(ground, viewer, place.0, place.1).await?
    } else {
        Vec::new()
    };
    let rows = found.objects.iter().map(|object| row(&head.url, object));
    let events = intel::events::ops::newest(ground, viewer, place, "", (None, 1)).await?;
    let events = (!events.rows.is_empty()).then(|| format!("{}/events", head.url));
    draw(&Collection {
        w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        objects: counts.total(),
        counts: counts.0,
        events,
        seers: seers(&house, &reader, &shown).await?,
        shares: sharing::of_collection(&house, &reader, place).await?,
        taxii: format!(
            "{}/taxii2/{}/collections/{}/",
            origin(&reader, &headers),
            shown.collection.root,
            shown.collection.public.uuid()
        ),
        filters,
        rows: rows.collect(),
        searched: u64::try_from(found.searched).unwrap_or_default(),
        is_cut: found.before.is_some(),
        pager,
        imports: imports
            .iter()
            .take(IMPORTS)
            .map(|import| import_row(&root, import))
            .collect(),
        head,
    })
}

/// The head of the pages of a collection.
pub(super) fn head(reader: &Reader, shown: &Shown) -> CollectionHead {
    let settings = &shown.collection.settings;
    CollectionHead {
        url: url_of(shown),
        title: settings.title.to_string(),
        about: settings.description.to_string(),
        ceiling: settings.ceiling,
        unmarked: settings.unmarked,
        can_write: shown.can_write,
        can_manage: reader.may(Act::IntelManage),
    }
}

/// Where people reach the node, as their browser says.
pub(super) fn origin(reader: &Reader, headers: &HeaderMap) -> String {
    let scheme = if reader.guest().door.secure {
        "https"
    } else {
        "http"
    };
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let is_plain = |host: &&str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(fits)
    };
    format!(
        "{scheme}://{}",
        host.filter(is_plain).unwrap_or("localhost")
    )
}

fn asked(query: &Answers, kinds: Vec<(String, u64)>) -> (Filter, ObjectFilters) {
    let (kind, tlp) = (query.of("type"), query.of("tlp"));
    let label: Option<Tlp> = tlp.parse().ok();
    let filter = Filter {
        types: query.given("type").into_iter().collect(),
        labels: label.into_iter().collect(),
        ..Filter::default()
    };
    let types = kinds.into_iter().map(|(name, _)| Choice {
        chosen: name == kind,
        text: name.clone(),
        value: name,
    });
    let labels = tlps().into_iter().map(|choice| Choice {
        chosen: label.is_some_and(|label| choice.value == label.as_str()),
        ..choice
    });
    let text: String = query.of("q").chars().take(ops::SEARCH_CHARS_MAX).collect();
    let filters = ObjectFilters {
        is_any: !text.is_empty() || !kind.is_empty() || label.is_some(),
        text,
        types: types.collect(),
        labels: labels.collect(),
        before: query.of("before").to_owned(),
    };
    (filter, filters)
}

/// An object in a list.
pub(super) fn row(collection: &str, object: &Listed) -> ObjectRow {
    let kind = object.stix_id.split("--").next().unwrap_or_default();
    ObjectRow {
        url: format!("{collection}/objects/{}", escaped(&object.stix_id)),
        kind: kind.to_owned(),
        name: name_of(&object.body),
        id: object.stix_id.clone(),
        tlp: object.tlp,
        added: object.added,
        is_revoked: object.is_revoked,
        collection: String::new(),
    }
}

/// How an import stands.
pub(super) fn import_row(root: &str, import: &Import) -> ImportRow {
    let number = |number: i64| u64::try_from(number).unwrap_or_default();
    let state = match (import.stage, import.ended_at, &import.failure) {
        (Stage::Receiving, ..) => "receiving",
        (Stage::Waiting, ..) => "waiting",
        (Stage::Begun, None, _) => "running",
        (Stage::Begun, Some(_), None) => "complete",
        (Stage::Begun, Some(_), Some(_)) => "cut",
    };
    ImportRow {
        url: format!("/imports/{}/{}", escaped(root), import.id),
        source: plain(&import.source),
        form: import.form.clone(),
        state,
        at: import.requested_at,
        read: number(import.added + import.known + import.refused),
        added: number(import.added),
        known: number(import.known),
        refused: number(import.refused),
        failure: import.failure.clone().unwrap_or_default(),
    }
}

/// Who sees a collection, in sentences. Whoever may not manage it learns no names.
pub(super) async fn seers(
    house: &House,
    reader: &Reader,
    shown: &Shown,
) -> Result<Vec<String>, Refusal> {
    let public = shown.collection.public.uuid().to_string();
    if !reader.may(Act::IntelManage) {
        return Ok(vec![reader.w.t("seers-house")]);
    }
    let root = shown.collection.root.as_str();
    let named = ops::readers(&house.ground, &reader.viewer, root, &public).await?;
    let mut seers = sentences(house, reader, shown.collection.settings.ceiling, &named).await?;
    let (ground, collection) = (&house.ground, shown.collection.public);
    for remote in ops::pushed_to(ground, &reader.viewer, collection).await? {
        let settings = &remote.settings;
        seers.push(reader.w.t3(
            "seers-remote",
            &("name", settings.name.as_str()),
            &("host", settings.address.host()),
            &("tlp", settings.label.as_str()),
        ));
    }
    Ok(seers)
}

/// Who would see a collection that names these.
pub(super) async fn sentences(
    house: &House,
    reader: &Reader,
    ceiling: Tlp,
    named: &[(Named, bool)],
) -> Result<Vec<String>, Refusal> {
    let w = reader.w;
    let mut seers = vec![w.t("seers-house")];
    let (mut groups, mut single) = (Vec::new(), Vec::new());
    for (one, _) in named {
        let called = called(house, reader, one).await?;
        if one.is_one() {
            single.push(called.clone());
        }
        if matches!(one, Named::Party(_) | Named::Circle(_)) {
            groups.push(called);
        } else {
            seers.push(w.t1("seers-named", "name", called));
        }
    }
    if !groups.is_empty() {
        seers.push(w.t1("seers-parties", "names", groups.join(", ")));
    }
    if ceiling == Tlp::Red {
        seers.push(if single.is_empty() {
            w.t("seers-red-nobody")
        } else {
            w.t1("seers-red", "names", single.join(", "))
        });
    }
    Ok(seers)
}

/// What a user is called where others choose: two people may have one name.
pub(super) fn person_name(person: &Person) -> String {
    if person.display.as_str() == person.name.as_str() {
        person.name.to_string()
    } else {
        format!("{} ({})", person.display.as_str(), person.name)
    }
}

/// What somebody is called.
pub(super) async fn called(
    house: &House,
    reader: &Reader,
    named: &Named,
) -> Result<String, Refusal> {
    let w = reader.w;
    Ok(match named {
        Named::Party(code) => names::all(house, reader).await.party(w, code).name,
        Named::Circle(id) => {
            let circles = directory::ops::list_circles(&house.ground, &reader.viewer).await;
            let circles = circles.map(|(circles, _)| circles).unwrap_or_default();
            let found = circles.iter().find(|one| one.version().id == *id);
            found.map_or_else(
                || id.to_string(),
                |one| {
                    let version = one.version();
                    let members: Vec<String> = version.joined().map(ToString::to_string).collect();
                    format!("{} ({})", version.name, members.join(", "))
                },
            )
        }
        Named::User(id) => {
            let people = access::ops::people(&house.ground, &reader.viewer).await;
            let people = people.unwrap_or_default();
            let found = people.iter().find(|person| person.id == *id);
            found.map_or_else(|| id.to_string(), person_name)
        }
        Named::Key(id) => id.to_string(),
    })
}
