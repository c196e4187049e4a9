//! Sightings of attributes.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full;
use kernel::{Viewer, boxed, uuid_v4};

use super::{
    org,
    part::attribute_in,
    search::masks,
    view::{event_in, with_orgs},
};
use crate::{
    Error,
    events::{
        model::{Asked, Fault, Filter, Org, Scope, Sighting, Terms, Which},
        moments,
        store::{
            self,
            write::{NewSighting, clean},
        },
    },
    ops::look::{self, seen_in},
};

/// The most attributes that are sighted at once, by their values.
pub const SIGHTED_MAX: u32 = 1_000;

/// What is said by a sighting.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Said {
    /// As MISP numbers it: 0 seen, 1 false positive, 2 expired.
    pub kind: i32,
    /// When, in seconds since 1970; now where nothing is said.
    pub date: Option<i64>,
    /// By what it was seen.
    pub source: String,
    /// Its UUID, where it has one already.
    pub uuid: Option<uuid::Uuid>,
    /// Who saw it, where another instance hands it on; else the viewer.
    pub organisation: Option<Box<full::Organisation>>,
}

/// Adds a sighting to an attribute, or to all attributes of some values. Gives the attributes' numbers.
#[boxed]
pub async fn sight(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    (which, values): (Option<Which>, &[String]),
    said: &Said,
) -> Result<Vec<i64>, Error> {
    policy::check_house(viewer, Act::IntelWrite)?;
    if !(0..=2).contains(&said.kind) {
        return Err(Fault::Invalid {
            field: "type",
            detail: "a sighting is of type 0, 1 or 2".to_owned(),
        }
        .into());
    }
    if moments::is_bad(said.date) {
        return Err(Fault::Invalid {
            field: "date_sighting",
            detail: "seconds since 1970 are expected, up to the year 9999".to_owned(),
        }
        .into());
    }
    let mut tx = ground.db.begin().await?;
    crate::store::lock_place(&mut tx).await?;
    let found = match which {
        Some(which) => {
            let (attribute, seen) = attribute_in(&mut tx, viewer, scope, which).await?;
            vec![(attribute.id, attribute.event, seen.event.slot)]
        }
        None => by_values(&mut tx, viewer, scope, values).await?,
    };
    let named = said.organisation.as_deref();
    let named = named.filter(|_| super::exchange::may_sync(viewer));
    let own = match org::named_in(&mut tx, ground, named).await? {
        Some(other) => other,
        None => org::own_in(&mut tx, ground, viewer).await?,
    };
    let now = ground.now().as_seconds();
    let mut sighted = Vec::new();
    for (attribute, event, slot) in found {
        if !writes(&mut tx, viewer, slot).await? {
            continue;
        }
        let about = (attribute, event);
        add(&mut tx, ground, (&own, said, now), about).await?;
        sighted.push(attribute);
    }
    if sighted.is_empty() && which.is_some() {
        return Err(Error::ReadOnly);
    }
    tx.commit().await?;
    Ok(sighted)
}

async fn by_values(
    tx: &mut Tx,
    viewer: &Viewer,
    scope: &Scope,
    values: &[String],
) -> Result<Vec<(i64, i64, i64)>, Error> {
    let shown = seen_in(tx, viewer, scope.as_place()).await?;
    let seen = masks(&shown);
    // A value is meant as it stands, whatever signs are in it.
    let any = values.iter().filter(|value| !value.contains('%'));
    let filter = Filter {
        value: Terms {
            any: any.cloned().collect(),
            ..Terms::default()
        },
        ..Filter::default()
    };
    if filter.value.is_empty() {
        return Ok(Vec::new());
    }
    let asked = Asked {
        after: 0,
        most: SIGHTED_MAX,
    };
    let rows = store::search::attributes(tx, &seen, (&filter, false), asked).await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.id, row.event, row.slot)).collect())
}

async fn writes(tx: &mut Tx, viewer: &Viewer, slot: i64) -> Result<bool, Error> {
    let collection = crate::store::collection::in_slot(tx, slot).await?;
    let Some(collection) = collection else {
        return Ok(false);
    };
    let shown = look::shown(tx, viewer, collection).await?;
    Ok(shown.is_some_and(|shown| shown.can_write))
}

async fn add(
    tx: &mut Tx,
    ground: &Ground,
    (own, said, now): (&Org, &Said, i64),
    (attribute, event): (i64, i64),
) -> Result<(), Error> {
    let date = said.date.unwrap_or(now);
    let uuid = said.uuid.unwrap_or_else(|| uuid_v4(&*ground.rng));
    let kind = u64::try_from(said.kind).unwrap_or_default();
    let body = full::Sighting {
        uuid: Some(uuid.to_string()),
        date_sighting: Some(date),
        source: Some(said.source.clone()),
        kind: full::SightingType::from_number(kind),
        ..full::Sighting::default()
    };
    let sighting = NewSighting {
        id: store::take_number(tx, &*ground.rng, "sighting").await?,
        attribute,
        uuid,
        org: own.id,
        kind: said.kind,
        date,
        source: clean(Some(&said.source)),
        body: serde_json::to_string(&body).unwrap_or_default(),
    };
    store::write::sightings(tx, event, &[sighting]).await?;
    store::write::sighted(tx, event, now).await?;
    Ok(())
}

/// Sightings of what the viewer sees: of an attribute, or of an event by number, a page of them.
#[boxed]
pub async fn sightings(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    (event, attribute): (Option<Which>, Option<Which>),
    asked: Asked,
) -> Result<Vec<(Sighting, Org)>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let rows = if let Some(which) = attribute {
        let (attribute, _) = attribute_in(&mut tx, viewer, scope, which).await?;
        let mut rows = store::read::sightings_of(&mut tx, &[attribute.id]).await?;
        rows.retain(|row| row.id > asked.after);
        rows
    } else if let Some(which) = event {
        let seen = event_in(&mut tx, viewer, scope, which).await?;
        let mask = seen.mask;
        let cut = (asked.after, asked.most);
        store::read::sightings_of_event(&mut tx, (seen.event.id, mask), cut).await?
    } else {
        Vec::new()
    };
    with_orgs(&mut tx, rows).await
}

/// Sightings of those of these attributes that the viewer sees.
#[boxed]
pub async fn sightings_of(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    ids: &[i64],
) -> Result<Vec<(Sighting, Org)>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = seen_in(&mut tx, viewer, scope.as_place()).await?;
    let filter = Filter {
        ids: ids.to_vec(),
        with_deleted: true,
        ..Filter::default()
    };
    let asked = Asked {
        after: 0,
        most: super::search::PAGE_MAX,
    };
    let rows = store::search::attributes(&mut tx, &masks(&shown), (&filter, false), asked).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let rows = store::read::sightings_of(&mut tx, &ids).await?;
    with_orgs(&mut tx, rows).await
}
