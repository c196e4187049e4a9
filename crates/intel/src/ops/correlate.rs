//! What has a value in common: from a value to objects, and from an object to others.

mod view;

use std::collections::BTreeMap;

use audit::Ground;
use kernel::{CollectionRef, Timestamp, Tlp, Viewer, boxed};
use matcher::Kind;

use super::{
    index::{COMMON_OVER, facts_of},
    look::collection_in,
    warn::listed_in,
};
use crate::{
    Error,
    model::{Invalid, Listing, Name, Relation},
    store::{common, value},
};
use view::Asked;
pub(super) use view::View;

/// The most values of a question.
pub const VALUES_MAX: usize = 1_000;
/// The most objects that one value leads to; more are counted.
pub const HITS_MAX: usize = COMMON_OVER;
/// Entries are counted up to here.
pub const COUNT_MAX: i64 = 10_000;
/// Common values that are listed.
const COMMON_SHOWN_MAX: usize = 1_000;
/// The longest value in bytes.
const VALUE_BYTES_MAX: usize = 8_192;

/// An object that has a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hit {
    /// The root of the collection.
    pub root: Name,
    /// The collection.
    pub collection: CollectionRef,
    /// The object's id.
    pub stix_id: String,
    /// Its type.
    pub kind: String,
    /// Its label.
    pub tlp: Tlp,
    /// When it was added.
    pub added: Timestamp,
    /// How the value that it has stands to the one that was asked for.
    pub relation: Relation,
    /// The value that it has, where it is another than the one that was asked for.
    pub value: Option<String>,
}

/// What is known of a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// As it was asked for.
    pub asked: String,
    /// What it was read as, in normal form; nothing for what cannot be looked for.
    pub read: Vec<(Kind, String)>,
    /// Objects, the newest first, but those that have the value itself before all others.
    pub hits: Vec<Hit>,
    /// How many entries have the value itself, as far as was counted.
    pub entries: i64,
    /// True if it is too common to say much; then hits are the first of many.
    pub common: bool,
    /// True if more objects than are shown have what is around it or within.
    pub more: bool,
    /// The warninglists that have it.
    pub listed: Vec<Listing>,
}

/// An answer about values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// In the order of the question.
    pub values: Vec<Known>,
    /// False while what was there before the index is not all in it.
    pub complete: bool,
}

/// An object that shares values with another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Related {
    /// One of its places.
    pub hit: Hit,
    /// The values that both have, or that stand to each other.
    pub values: Vec<(String, Relation)>,
}

/// What is related to an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Relations {
    /// Those with the most values in common first.
    pub objects: Vec<Related>,
    /// Values that are too common to lead anywhere.
    pub common: Vec<(String, i64)>,
    /// Values of the object that warninglists have.
    pub listed: Vec<(String, Vec<Listing>)>,
    /// Values that were not looked for, because the object has too many.
    pub left_out: usize,
    /// False while what was there before the index is not all in it.
    pub complete: bool,
}

/// A value that more entries have than one value may lead to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Common {
    /// Its kind.
    pub kind: String,
    /// Its normal form.
    pub value: String,
    /// How many entries have it, of those that the viewer sees and as far as was counted.
    pub entries: i64,
}

/// Looks values up, in any spelling: what has them, what lies around them, and with `within` what
/// lies in a network or below a name.
#[boxed]
pub async fn look_up(
    ground: &Ground,
    viewer: &Viewer,
    values: &[String],
    kind: Option<Kind>,
    within: bool,
) -> Result<Answer, Error> {
    if values.len() > VALUES_MAX {
        return Err(Error::TooMany {
            what: "values",
            max: VALUES_MAX,
        });
    }
    if values.iter().any(|value| value.len() > VALUE_BYTES_MAX) {
        return Err(Error::Invalid(Invalid {
            field: "values",
            rule: "at most 8,192 bytes each",
        }));
    }
    let mut tx = ground.db.begin_read().await?;
    let view = View::open(&mut tx, viewer).await?;
    let asked: Vec<_> = values.iter().map(|text| Asked::of(text, kind)).collect();
    let mut listed = listed_in(&mut tx, viewer, values).await?.into_iter();
    let mut answer = view.answer(&mut tx, &asked, within).await?;
    for known in &mut answer.values {
        known.listed = listed.next().unwrap_or_default();
    }
    Ok(answer)
}

/// What has values in common with an object, that lie around its own or in them.
#[boxed]
pub async fn related(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
) -> Result<Relations, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let missing = Error::NotFound { what: "object" };
    let at = (shown.collection.slot, shown.mask);
    let newest = value::newest(&mut tx, at, stix_id).await?;
    let facts = facts_of(&newest.ok_or(missing)?.body);
    let view = View::open(&mut tx, viewer).await?;
    let asked: Vec<_> = facts
        .values
        .iter()
        .take(VALUES_MAX)
        .map(|held| Asked {
            text: held.text.to_string(),
            read: vec![(held.kind, held.text.to_string())],
            keys: vec![(held.key.clone(), Relation::Equal)],
        })
        .collect();
    let texts: Vec<_> = asked.iter().map(|asked| asked.text.clone()).collect();
    let listed = listed_in(&mut tx, viewer, &texts).await?;
    let answer = view.answer(&mut tx, &asked, true).await?;
    let mut objects: BTreeMap<String, Related> = BTreeMap::new();
    let mut common = Vec::new();
    for known in answer.values {
        if known.common {
            common.push((known.asked, known.entries));
            continue;
        }
        for hit in known.hits.into_iter().filter(|hit| hit.stix_id != stix_id) {
            let value = hit.value.clone().unwrap_or_else(|| known.asked.clone());
            let relation = hit.relation;
            let same = objects
                .entry(hit.stix_id.clone())
                .or_insert_with(|| Related {
                    hit,
                    values: Vec::new(),
                });
            if !same.values.contains(&(value.clone(), relation)) {
                same.values.push((value, relation));
            }
        }
    }
    let mut objects: Vec<_> = objects.into_values().collect();
    objects.sort_by_key(|related| {
        (
            usize::MAX - related.values.len(),
            -related.hit.added.as_micros(),
        )
    });
    let listed = texts.into_iter().zip(listed);
    Ok(Relations {
        objects,
        common,
        listed: listed.filter(|(_, lists)| !lists.is_empty()).collect(),
        left_out: facts.values.len().saturating_sub(VALUES_MAX),
        complete: answer.complete,
    })
}

/// Values that more entries have, of those that the viewer sees, than one value may lead to.
#[boxed]
pub async fn common(ground: &Ground, viewer: &Viewer) -> Result<Vec<Common>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let view = View::open(&mut tx, viewer).await?;
    let over = i64::try_from(COMMON_OVER).unwrap_or(i64::MAX);
    let most = i64::try_from(COMMON_SHOWN_MAX).unwrap_or(i64::MAX);
    let found = common::seen(&mut tx, &view.sees, (over, COUNT_MAX), most).await?;
    let shown = |(kind, value, entries)| Common {
        kind,
        value,
        entries,
    };
    let mut shown: Vec<Common> = found.into_iter().map(shown).collect();
    shown.sort_by(|one, other| {
        other
            .entries
            .cmp(&one.entries)
            .then(one.value.cmp(&other.value))
    });
    Ok(shown)
}
