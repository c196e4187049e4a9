//! What is known of an object beside what it says itself: what relates it, who saw it, who has it.

use std::collections::{BTreeSet, HashMap};

use access::http::Refusal;
use intel::{
    model::{Cut, Filter, Listed, Shown, SightingCount, Sightings as Counted, State, identity_of},
    ops::{self, COMMON_OVER, Referrer, Relations},
};
use kernel::Timestamp;
use serde_json::Value;

use super::{
    kind_of,
    stix_text::{name_of, plain, references, shortened},
};
use crate::{
    pages::{House, Reader, collections::url, events, names, reader::escaped, sharing},
    views::{
        collections::CollectionHead,
        frame::Link,
        known::{Known, Life, RelatedObject, Relation, Sightings},
    },
    words::{Graph, Neighbour},
};

/// References of an object that are shown.
const REFERENCES: usize = 100;
/// Ids of one question.
const IDS: usize = 100;
/// Objects with the same values that are shown.
const RELATED: usize = 30;
/// Values of each of them, and values that are common or listed.
const VALUES: usize = 5;
/// The longest value, in characters.
const VALUE_CHARS_MAX: usize = 200;
/// Events behind an object.
const EVENTS: u32 = 20;

/// What a part of the page is made from.
struct Page<'p> {
    house: &'p House,
    reader: &'p Reader,
    head: &'p CollectionHead,
    place: (&'p str, &'p str),
    object: &'p Listed,
}

/// What is known of an object whose versions these are, the newest first.
pub(super) async fn known(
    house: &House,
    reader: &Reader,
    (head, shown): (&CollectionHead, &Shown),
    (versions, object): (&[Listed], &Listed),
) -> Result<Known, Refusal> {
    let (ground, viewer, id) = (&house.ground, &reader.viewer, &object.stix_id);
    let public = shown.collection.public.uuid().to_string();
    let page = Page {
        house,
        reader,
        head,
        place: (shown.collection.root.as_str(), &public),
        object,
    };
    let place = page.place;
    let referring = ops::referring(ground, viewer, place, id).await?;
    let relations = page.relations(&referring.objects).await?;
    let related = ops::related(ground, viewer, place, id).await?;
    let counted = ops::sightings(ground, viewer, place, id).await?;
    let behind = intel::events::ops::behind(ground, viewer, place, id, EVENTS).await?;
    let event = |event: &intel::events::model::Brief| Link {
        text: plain(&event.info),
        url: events::url_of(&head.url, event),
    };
    let steward = shown.collection.steward.as_ref();
    let mut known = Known {
        graph: page.graph(&relations),
        relations,
        more_relations: referring.more,
        is_complete: referring.complete && related.complete,
        sightings: page.sightings(&counted).await?,
        life: page.life().await?,
        holders: sharing::of_object(house, reader, place, id).await?,
        from: match steward {
            Some(party) => Some(names::all(house, reader).await.party(reader.w, party)),
            None => None,
        },
        events: behind.iter().map(event).collect(),
        moments: moments(versions, object, counted.seen),
        ..Known::default()
    };
    page.relate(&mut known, related).await?;
    Ok(known)
}

impl Page<'_> {
    /// What the object refers to, and what is about it.
    async fn relations(&self, about: &[Referrer]) -> Result<Vec<Relation>, intel::Error> {
        let id = self.object.stix_id.as_str();
        let relation = |by: String, is_incoming, other: &str| Relation {
            by,
            is_incoming,
            kind: kind_of(other),
            id: other.to_owned(),
            name: String::new(),
            url: String::new(),
            via: String::new(),
            is_revoked: false,
        };
        let own = references(&self.object.body).into_iter().take(REFERENCES);
        let mut all: Vec<_> = own.map(|(by, other)| relation(by, false, &other)).collect();
        for one in about {
            let object: Value = serde_json::from_str(&one.body).unwrap_or_default();
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            let via = format!("{}/objects/{}", self.head.url, escaped(&one.stix_id));
            let ends = (text("source_ref"), text("target_ref"));
            let found = match (text("relationship_type"), ends) {
                (Some(by), (Some(source), Some(target))) => {
                    let is_incoming = target == id;
                    let other = if is_incoming { source } else { target };
                    relation(plain(by), is_incoming, other)
                }
                _ => relation("object_refs".to_owned(), true, &one.stix_id),
            };
            all.push(Relation {
                via: if found.id == one.stix_id {
                    String::new()
                } else {
                    via
                },
                is_revoked: one.is_revoked,
                ..found
            });
        }
        let ids: BTreeSet<String> = all.iter().map(|one| one.id.clone()).collect();
        let names = self.names(&ids.into_iter().collect::<Vec<_>>()).await?;
        for one in &mut all {
            if let Some(name) = names.get(&one.id) {
                one.name.clone_from(name);
                one.url = format!("{}/objects/{}", self.head.url, escaped(&one.id));
            }
            one.id = plain(&one.id);
        }
        Ok(all)
    }

    /// What those of these objects are called that the reader sees in this collection.
    async fn names(&self, ids: &[String]) -> Result<HashMap<String, String>, intel::Error> {
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let cut = Cut {
            after: i64::MAX,
            entries: 1_000,
        };
        let mut names = HashMap::new();
        for ids in ids.chunks(IDS) {
            let filter = Filter {
                ids: ids.to_vec(),
                ..Filter::default()
            };
            let page = ops::newest(ground, viewer, self.place, &filter, cut).await?;
            let found = page.content.into_iter();
            names.extend(found.map(|one| (one.stix_id, name_of(&one.body))));
        }
        Ok(names)
    }

    fn graph(&self, relations: &[Relation]) -> Option<Graph> {
        let neighbour = |one: &Relation| Neighbour {
            name: if one.name.is_empty() {
                one.id.clone()
            } else {
                one.name.clone()
            },
            about: format!("{} · {}", one.by, one.kind),
            is_incoming: one.is_incoming,
        };
        let neighbours: Vec<_> = relations.iter().map(neighbour).collect();
        let name = name_of(&self.object.body);
        let kind = kind_of(&self.object.stix_id);
        let called = if name.is_empty() { &kind } else { &name };
        let title = self.reader.w.t1("known-relations-graph", "name", called);
        Graph::draw((called, &kind), &neighbours, &title)
    }

    /// Adds objects with the same values, and which values are common or listed.
    async fn relate(&self, known: &mut Known, found: Relations) -> Result<(), intel::Error> {
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let all = ops::collections(ground, viewer, None).await?;
        let short = |value: &String| shortened(value, VALUE_CHARS_MAX);
        known.more_related = many(found.objects.len().saturating_sub(RELATED));
        for related in found.objects.iter().take(RELATED) {
            let hit = &related.hit;
            let place = url(hit.root.as_str(), &hit.collection.uuid().to_string());
            let mut titles = all
                .iter()
                .filter(|one| one.collection.public == hit.collection);
            let title = titles
                .next()
                .map(|one| one.collection.settings.title.to_string());
            let is_here = (
                hit.root.as_str(),
                hit.collection.uuid().to_string().as_str(),
            ) == self.place;
            let values = related.values.iter().take(VALUES);
            known.related.push(RelatedObject {
                url: format!("{place}/objects/{}", escaped(&hit.stix_id)),
                kind: plain(&hit.kind),
                id: plain(&hit.stix_id),
                collection: title.filter(|_| !is_here).unwrap_or_default(),
                tlp: hit.tlp,
                values: values.map(|(value, _)| short(value)).collect(),
                more_values: many(related.values.len().saturating_sub(VALUES)),
            });
        }
        let over = u64::try_from(COMMON_OVER).unwrap_or_default();
        let common = found.common.iter().take(VALUES);
        known.common = common.map(|(value, _)| (short(value), over)).collect();
        let listed = found.listed.iter().flat_map(|(value, lists)| {
            let lists = lists.iter();
            lists.map(move |list| (short(value), plain(&list.name)))
        });
        known.listed = listed.take(2 * VALUES).collect();
        known.values_left_out = many(found.left_out);
        Ok(())
    }

    async fn sightings(&self, counted: &Counted) -> Result<Sightings, intel::Error> {
        let parties = names::all(self.house, self.reader).await;
        let mut known: HashMap<String, String> = parties
            .parties
            .iter()
            .map(|(code, name)| (identity_of(code), name.clone()))
            .collect();
        let own = &self.reader.viewer.party;
        known
            .entry(identity_of(own))
            .or_insert_with(|| parties.party(self.reader.w, own).name);
        let others = counted.by_party.iter().map(|(identity, _)| identity);
        let others: Vec<_> = others
            .filter(|id| !known.contains_key(*id))
            .cloned()
            .collect();
        known.extend(self.names(&others).await?);
        let by_party = counted.by_party.iter().map(|(identity, count)| {
            let name = known.get(identity).filter(|name| !name.is_empty());
            (plain(name.unwrap_or(identity)), tally(*count))
        });
        let mut by_party: Vec<_> = by_party.collect();
        if counted.unnamed != SightingCount::default() {
            by_party.push((String::new(), tally(counted.unnamed)));
        }
        Ok(Sightings {
            parties: many(counted.parties),
            by_party,
            seen: counted.seen,
            more: counted.more,
            may_say: self.head.can_write && ops::can_be_sighted(&self.object.stix_id),
        })
    }

    /// Whether it holds now; nothing for what is no indicator.
    async fn life(&self) -> Result<Option<Life>, intel::Error> {
        if kind_of(&self.object.stix_id) != "indicator" {
            return Ok(None);
        }
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let (id, now) = (&self.object.stix_id, ground.now());
        let life = ops::life(ground, viewer, self.place, id, now).await?;
        let whole = |score: f64| format!("{score:.0}");
        Ok(Some(Life {
            state: match life.state {
                State::NotYet => "not-yet",
                other => other.as_str(),
            },
            score: life.score.map(|(score, base)| (whole(score), whole(base))),
        }))
    }
}

/// What happened to an object, the newest first.
fn moments(
    versions: &[Listed],
    newest: &Listed,
    seen: Option<(Timestamp, Timestamp)>,
) -> Vec<(Timestamp, &'static str)> {
    let body: Value = serde_json::from_str(&newest.body).unwrap_or_default();
    let moment = |name: &str| {
        let text = body.get(name).and_then(Value::as_str)?;
        text.parse::<Timestamp>().ok()
    };
    let created = moment("created");
    let mut all = Vec::new();
    all.extend(created.map(|at| (at, "created")));
    for version in versions {
        if version.is_revoked {
            all.push((version.version, "revoked"));
        } else if created.is_some_and(|created| created < version.version) {
            all.push((version.version, "modified"));
        }
    }
    all.extend(versions.last().map(|first| (first.added, "added")));
    all.extend(moment("valid_from").map(|at| (at, "valid-from")));
    all.extend(moment("valid_until").map(|at| (at, "valid-until")));
    if let Some((first, last)) = seen {
        all.push((first, "first-seen"));
        if last > first {
            all.push((last, "last-seen"));
        }
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all
}

fn tally(count: SightingCount) -> [u64; 3] {
    [count.seen, count.false_positives, count.expirations]
        .map(|count| u64::try_from(count).unwrap_or_default())
}

fn many(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
