//! Recording that something was seen, and counting who saw it.

use std::collections::{BTreeMap, BTreeSet};

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{Timestamp, Tlp, Viewer, boxed, uuid_v4};
use matcher::{Breadth, detect};
use serde_json::{Value, json};

use super::{
    correlate::View,
    import::{Giver, adding},
    look::{collection_in, writable_in},
};
use crate::{
    Error,
    intake::Reader,
    model::{
        Class, Collection, Invalid, Key, NewSighting, Seen, Shown, Sighted, SightingCount,
        SightingKind, Sightings, identity_of,
    },
    record,
    store::{sighting, value},
};

/// Objects that one value is a sighting of.
const OBJECTS_MAX: usize = 100;
/// Sightings of one object that are counted, the newest first.
const COUNTED_MAX: i64 = 10_000;
/// Identities and locations of a sighting.
const WHERE_MAX: usize = 100;

/// Records sightings as objects of the collection, which are shared as all others are. Gives their
/// ids: one for an object, one for each object that has the value.
#[boxed]
pub async fn sight(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    new: NewSighting,
) -> Result<Vec<String>, Error> {
    check(&new)?;
    let mut tx = ground.db.begin().await?;
    let shown = writable_in(&mut tx, viewer, (root, name), Act::IntelWrite).await?;
    let targets = targets(&mut tx, &shown, &new.of).await?;
    let said: Vec<Value> = targets
        .iter()
        .map(|(of, tlp)| object(ground, viewer, &new, (of, *tlp)))
        .collect();
    let ids: Vec<_> = said
        .iter()
        .filter_map(|object| Some(object.get("id")?.as_str()?.to_owned()))
        .collect();
    let text = json!(said).to_string();
    let batch = Reader::new(text.as_bytes()).next(OBJECTS_MAX)?;
    let giver = Giver::of(viewer);
    let outcome = adding::add_in(
        &mut tx,
        ground,
        adding::Target {
            collection: &shown.collection,
            sees: shown.mask,
            giver: &giver,
        },
        batch.unwrap_or_default(),
    );
    if let Some(refusal) = outcome.await?.refusals.into_iter().next() {
        return Err(Error::NotRecorded {
            detail: refusal.detail,
        });
    }
    if new.unnamed {
        for id in &ids {
            sighting::keep_unnamed(&mut tx, id, &identity_of(&viewer.party)).await?;
        }
    }
    let collection: &Collection = &shown.collection;
    record::sighted(
        &mut tx,
        ground,
        viewer,
        (collection, new.kind.as_str(), ids.len()),
    )
    .await?;
    tx.commit().await?;
    Ok(ids)
}

/// Who saw an object, of what the viewer sees in all collections.
#[boxed]
pub async fn sightings(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
) -> Result<Sightings, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    visible(&mut tx, &shown, stix_id).await?;
    let view = View::open(&mut tx, viewer).await?;
    let most = COUNTED_MAX + 1;
    let mut all = sighting::of(&mut tx, stix_id, &view.sees, most).await?;
    let counted = usize::try_from(COUNTED_MAX).unwrap_or(usize::MAX);
    let mut answer = Sightings {
        more: all.len() > counted,
        ..Sightings::default()
    };
    all.truncate(counted);
    // Whom this node remembers for those who named nobody, people of the house are told.
    let tells = access::policy::visible(viewer, access::policy::Area::Intel).open_mask
        & (1 << Tlp::AmberStrict.code())
        != 0;
    let mut parties = BTreeSet::new();
    let mut named: BTreeMap<String, SightingCount> = BTreeMap::new();
    for said in all {
        let Some(kind) = SightingKind::from_code(said.kind) else {
            continue;
        };
        answer.total.add(kind, said.count);
        if kind == SightingKind::Seen {
            let (first, last) = (said.first_at, said.last_at);
            let (first, last) = (Timestamp::from_micros(first), Timestamp::from_micros(last));
            let known = answer.seen.get_or_insert((first, last));
            *known = (known.0.min(first), known.1.max(last));
        }
        let hidden = said.unnamed.as_ref().filter(|_| said.author.is_empty());
        parties.insert(hidden.unwrap_or(&said.author).clone());
        let told = hidden.filter(|_| tells).unwrap_or(&said.author);
        if told.is_empty() {
            answer.unnamed.add(kind, said.count);
        } else {
            named.entry(told.clone()).or_default().add(kind, said.count);
        }
    }
    answer.parties = parties.len();
    answer.by_party = named.into_iter().collect();
    Ok(answer)
}

fn check(new: &NewSighting) -> Result<(), Invalid> {
    let bad = |field, rule| Err(Invalid { field, rule });
    if !(1..=Sighted::COUNT_MAX).contains(&new.count) {
        return bad("count", "from 1 to 999,999,999");
    }
    if new.kind != SightingKind::Seen && new.count != 1 {
        return bad("count", "1 for what is said, and not seen");
    }
    if new.first_seen > new.last_seen {
        return bad("first_seen", "not after last_seen");
    }
    if new.where_sighted.len() > WHERE_MAX {
        return bad("where_sighted", "at most 100");
    }
    let place = |id: &String| {
        let id = stix::Id::parse(id);
        id.is_ok_and(|id| matches!(id.object_type(), "identity" | "location"))
    };
    if !new.where_sighted.iter().all(place) {
        return bad("where_sighted", "ids of identities and locations");
    }
    if new.unnamed && !new.where_sighted.is_empty() {
        return bad("where_sighted", "nothing, if nobody is to be named");
    }
    Ok(())
}

/// The objects that are sighted, with their labels.
async fn targets(tx: &mut Tx, shown: &Shown, of: &Seen) -> Result<Vec<(String, Tlp)>, Error> {
    let text = match of {
        Seen::Object(id) => {
            if !can_be_sighted(id) {
                return Err(Error::Invalid(Invalid {
                    field: "object",
                    rule: "an object that can be seen; an observable is seen by its value",
                }));
            }
            let tlp = visible(tx, shown, id).await?;
            return Ok(vec![(id.clone(), tlp)]);
        }
        Seen::Value(text) => text,
    };
    let value = detect(text, Breadth::Narrow).and_then(Result::ok);
    let value = value.ok_or(Invalid {
        field: "value",
        rule: "an address, a name, a URL, a hash or the like",
    })?;
    let key = Key::of(&value);
    let slot = shown.collection.slot;
    let sees = value::Sees::new([(slot, shown.mask)]);
    let most = i64::try_from(OBJECTS_MAX).unwrap_or(i64::MAX);
    let found = value::range(tx, (&key, &key), &sees, most + 1).await?;
    if found.len() > OBJECTS_MAX {
        return Err(Error::TooMany {
            what: "objects with this value",
            max: OBJECTS_MAX,
        });
    }
    let targets: BTreeMap<String, Tlp> = found
        .into_iter()
        .filter(|found| can_be_sighted(&found.stix_id))
        .map(|found| (found.stix_id, Class::from_code(found.class).tlp))
        .collect();
    if targets.is_empty() {
        return Err(Error::NotFound {
            what: "object with this value",
        });
    }
    Ok(targets.into_iter().collect())
}

/// The label of the newest version of an object that the viewer sees.
async fn visible(tx: &mut Tx, shown: &Shown, stix_id: &str) -> Result<Tlp, Error> {
    let newest = value::newest(tx, (shown.collection.slot, shown.mask), stix_id).await?;
    let tlp = newest.map(|newest| Class::from_code(newest.class).tlp);
    tlp.ok_or(Error::NotFound { what: "object" })
}

/// Sightings are of domain objects alone (STIX 2.1 §5.2), known or custom.
pub fn can_be_sighted(stix_id: &str) -> bool {
    const DOMAIN: [&str; 19] = [
        "attack-pattern",
        "campaign",
        "course-of-action",
        "grouping",
        "identity",
        "incident",
        "indicator",
        "infrastructure",
        "intrusion-set",
        "location",
        "malware",
        "malware-analysis",
        "note",
        "observed-data",
        "opinion",
        "report",
        "threat-actor",
        "tool",
        "vulnerability",
    ];
    let kind = stix_id.split("--").next().unwrap_or_default();
    DOMAIN.contains(&kind) || kind.starts_with("x-")
}

/// The object that says so. It is marked at least as strictly as what it is about, whose id it tells.
fn object(ground: &Ground, viewer: &Viewer, new: &NewSighting, (of, tlp): (&str, Tlp)) -> Value {
    let id = uuid_v4(&*ground.rng);
    let now = ground.now().to_string();
    let tlp = new.tlp.map_or(tlp, |asked| asked.max(tlp));
    let mut object = json!({
        "spec_version": "2.1",
        "created": now,
        "modified": now,
        "object_marking_refs": [marking(tlp)],
    });
    let identity = identity_of(&viewer.party);
    let own = if new.unnamed {
        Vec::new()
    } else {
        vec![identity.clone()]
    };
    let places = if new.where_sighted.is_empty() {
        own
    } else {
        new.where_sighted.clone()
    };
    let said = match new.kind {
        SightingKind::Seen => json!({
            "type": "sighting",
            "id": format!("sighting--{id}"),
            "sighting_of_ref": of,
            "count": new.count,
            "first_seen": new.first_seen.to_string(),
            "last_seen": new.last_seen.to_string(),
        }),
        kind => json!({
            "type": "opinion",
            "id": format!("opinion--{id}"),
            "object_refs": [of],
            "opinion": "strongly-disagree",
            "explanation": kind.explanation(),
            "created": new.last_seen.to_string(),
            "modified": new.last_seen.to_string(),
        }),
    };
    if let (Some(object), Value::Object(said)) = (object.as_object_mut(), said) {
        object.extend(said);
        if new.kind == SightingKind::Seen && !places.is_empty() {
            object.insert("where_sighted_refs".to_owned(), json!(places));
        }
        if !new.unnamed {
            object.insert("created_by_ref".to_owned(), json!(identity));
        }
    }
    object
}

fn marking(tlp: Tlp) -> &'static str {
    use stix::marking::Tlp as Marking;
    match tlp {
        Tlp::Clear => Marking::Clear.marking_id(),
        Tlp::Green => Marking::Green.marking_id(),
        Tlp::Amber => Marking::Amber.marking_id(),
        Tlp::AmberStrict => Marking::AmberStrict.marking_id(),
        Tlp::Red => Marking::Red.marking_id(),
    }
}
