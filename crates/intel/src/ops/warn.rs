//! Warninglists: taking them in, and holding values against them.

use std::{
    collections::{BTreeSet, HashMap},
    io::Cursor,
    sync::Arc,
};

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::{Limits, ListKind, read_warninglist};
use indicators::Within;
use kernel::{Viewer, boxed, chain, uuid_v4};
use tokio::task::spawn_blocking;

use crate::{
    Error,
    events::ops::sees_house,
    listed::{self, Ready},
    model::{Invalid, Key, Listing, Warninglist},
    record,
    store::warninglist as store,
};

/// The most bytes of a list.
pub const WARNINGLIST_BYTES_MAX: usize = 128 << 20;
/// The most lists.
pub const WARNINGLISTS_MAX: usize = 1_000;
/// The longest name and description in characters.
const TEXT_CHARS_MAX: usize = 10_000;

/// All lists, by name. A guest is told of none: the lists are the house's.
#[boxed]
pub async fn warninglists(ground: &Ground, viewer: &Viewer) -> Result<Vec<Warninglist>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if !sees_house(viewer) {
        return Ok(Vec::new());
    }
    let mut tx = ground.db.begin_read().await?;
    let all = store::list(&mut tx).await?;
    Ok(all.into_iter().map(|(list, _)| list).collect())
}

/// Takes in a list in MISP's format, in place of one of the same name. A new one is held against
/// values from then on; one that was there stays as enabled as it was.
#[boxed]
pub async fn import_warninglist(
    ground: &Ground,
    viewer: &Viewer,
    bytes: Vec<u8>,
) -> Result<Warninglist, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    if bytes.len() > WARNINGLIST_BYTES_MAX {
        return Err(Error::TooMany {
            what: "bytes",
            max: WARNINGLIST_BYTES_MAX,
        });
    }
    let read = spawn_blocking(move || read(bytes)).await;
    let mut new = read.map_err(|_ended| Error::Unreadable {
        detail: "the program ended while it was read".to_owned(),
    })??;
    new.list.imported_at = ground.now();
    let mut tx = ground.db.begin().await?;
    // Whoever adds objects and whoever changes lists wait for each other: lists change rarely.
    crate::store::lock_place(&mut tx).await?;
    let all = store::list(&mut tx).await?;
    let old = all.iter().find(|(list, _)| list.name == new.list.name);
    if old.is_none() && all.len() >= WARNINGLISTS_MAX {
        return Err(Error::TooMany {
            what: "warninglists",
            max: WARNINGLISTS_MAX,
        });
    }
    if let Some((old, _)) = old {
        new.list.enabled = old.enabled;
        store::delete(&mut tx, old.number).await?;
    }
    let highest = all.iter().map(|(list, _)| list.number).max().unwrap_or(0);
    new.list.number = old.map_or(highest + 1, |(list, _)| list.number);
    store::insert(&mut tx, &new.list, &new.prefixes).await?;
    store::insert_keys(&mut tx, new.list.number, &new.keys).await?;
    store::insert_texts(&mut tx, new.list.number, &new.texts).await?;
    changed(&mut tx, ground).await?;
    let code = "intel.warninglist_imported";
    record::warninglist(&mut tx, ground, viewer, code, &new.list).await?;
    tx.commit().await?;
    Ok(new.list)
}

/// Says whether values are held against a list.
#[boxed]
pub async fn enable_warninglist(
    ground: &Ground,
    viewer: &Viewer,
    number: i64,
    enabled: bool,
) -> Result<Warninglist, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin().await?;
    let mut list = known(&mut tx, number).await?;
    store::enable(&mut tx, number, enabled).await?;
    list.enabled = enabled;
    changed(&mut tx, ground).await?;
    let code = "intel.warninglist_enabled";
    record::warninglist(&mut tx, ground, viewer, code, &list).await?;
    tx.commit().await?;
    Ok(list)
}

/// Takes a list out.
#[boxed]
pub async fn delete_warninglist(
    ground: &Ground,
    viewer: &Viewer,
    number: i64,
) -> Result<(), Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin().await?;
    let list = known(&mut tx, number).await?;
    store::delete(&mut tx, number).await?;
    changed(&mut tx, ground).await?;
    let code = "intel.warninglist_deleted";
    record::warninglist(&mut tx, ground, viewer, code, &list).await?;
    tx.commit().await?;
    Ok(())
}

/// The enabled lists that have each of the values, which may be in any spelling. None for a guest.
#[boxed]
pub async fn check_values(
    ground: &Ground,
    viewer: &Viewer,
    values: &[String],
) -> Result<Vec<Vec<Listing>>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if values.len() > super::VALUES_MAX {
        return Err(Error::TooMany {
            what: "values",
            max: super::VALUES_MAX,
        });
    }
    let mut tx = ground.db.begin_read().await?;
    listed_in(&mut tx, viewer, values).await
}

/// A value of an attribute, or a part of it, that a list has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedValue {
    /// The value.
    pub value: String,
    /// The list.
    pub list: Listing,
}

/// The enabled lists that have each of these attributes of MISP, by type and value; of one with two
/// parts, those that have a part of it. None for a guest: the lists are the house's.
#[boxed]
pub async fn listed_attributes(
    ground: &Ground,
    viewer: &Viewer,
    attributes: &[(&str, &str)],
) -> Result<Vec<Vec<ListedValue>>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let parts = attributes.iter().map(|(kind, value)| {
        let split = formats_misp::composite(kind, value);
        let parts = split.map(|parts| {
            let meant = parts.into_iter().filter(|(kind, _)| *kind != "port");
            meant.map(|(_, part)| part.to_owned()).collect()
        });
        parts.unwrap_or_else(|| vec![(*value).to_owned()])
    });
    let parts: Vec<Vec<String>> = parts.collect();
    let mut tx = ground.db.begin_read().await?;
    let found = listed_in(&mut tx, viewer, &parts.concat()).await?;
    let mut found = found.into_iter();
    let listed = parts.into_iter().map(|parts| {
        let parts = parts.into_iter().zip(found.by_ref());
        let hits = parts.flat_map(|(value, lists)| {
            let hit = move |list| ListedValue {
                value: value.clone(),
                list,
            };
            lists.into_iter().map(hit)
        });
        hits.collect()
    });
    Ok(listed.collect())
}

/// [`check_values`] as part of a larger transaction.
pub(crate) async fn listed_in(
    tx: &mut Tx,
    viewer: &Viewer,
    values: &[String],
) -> Result<Vec<Vec<Listing>>, Error> {
    let ready = ready(tx).await?;
    if ready.is_empty() || !sees_house(viewer) {
        return Ok(values.iter().map(|_| Vec::new()).collect());
    }
    let checked: Vec<_> = values.iter().map(|text| ready.checked(text)).collect();
    let keys: BTreeSet<_> = checked.iter().flat_map(|checked| &checked.keys).collect();
    let keys: Vec<Key> = keys.into_iter().cloned().collect();
    let mut lists: HashMap<Key, Vec<i64>> = HashMap::new();
    for (key, list) in store::listed(tx, &keys).await? {
        lists.entry(key).or_default().push(list);
    }
    let answer = checked.iter().map(|checked| {
        let found = checked.keys.iter().filter_map(|key| lists.get(key));
        ready.lists_of(checked, &found.flatten().copied().collect())
    });
    Ok(answer.collect())
}

/// The enabled lists, made ready once for each change.
async fn ready(tx: &mut Tx) -> Result<Arc<Ready>, Error> {
    let token = (tx.database(), store::token(tx).await?);
    if !token.1.is_empty()
        && let Some(ready) = listed::kept(&token)
    {
        return Ok(ready);
    }
    let mut lists = Vec::new();
    for (list, prefixes) in store::list(tx).await? {
        if list.enabled {
            let entries = store::texts(tx, list.number).await?;
            lists.push((list, prefixes, entries));
        }
    }
    let made = spawn_blocking(move || Ready::new(lists)).await;
    let ready = made.map_err(|_ended| Error::Unreadable {
        detail: "the program ended while lists were read".to_owned(),
    })?;
    let ready = Arc::new(ready);
    if !token.1.is_empty() {
        listed::keep(token, &ready);
    }
    Ok(ready)
}

async fn known(tx: &mut Tx, number: i64) -> Result<Warninglist, Error> {
    let mut all = store::list(tx).await?.into_iter();
    let found = all.find(|(list, _)| list.number == number);
    let missing = Error::NotFound {
        what: "warninglist",
    };
    found.map(|(list, _)| list).ok_or(missing)
}

async fn changed(tx: &mut Tx, ground: &Ground) -> Result<(), Error> {
    let token = uuid_v4(&*ground.rng);
    Ok(store::set_token(tx, token.as_bytes()).await?)
}

/// A list that was read.
struct New {
    list: Warninglist,
    prefixes: Vec<(u8, u8)>,
    keys: Vec<Key>,
    texts: Vec<String>,
}

fn read(bytes: Vec<u8>) -> Result<New, Error> {
    let limits = Limits::default();
    let source = read_warninglist(Cursor::new(bytes), &limits);
    let source = source.map_err(|error| Error::NoWarninglist {
        detail: chain(&error),
    })?;
    let name = source.name.trim().to_owned();
    let long = |text: &str| text.chars().count() > TEXT_CHARS_MAX || text.contains('\0');
    if name.is_empty() || long(&name) || long(&source.description) {
        return Err(Error::Invalid(Invalid {
            field: "name",
            rule: "a name, and a description of at most 10,000 characters",
        }));
    }
    let total = source.list.len();
    let within = matches!(source.kind, ListKind::Substring | ListKind::Regex);
    let bytes: usize = source.list.iter().map(String::len).sum();
    if within && bytes > Within::BYTES_MAX {
        return Err(Error::TooMany {
            what: "bytes of substrings and expressions",
            max: Within::BYTES_MAX,
        });
    }
    let mut unusable = listed::unusable(source.kind, &source.list);
    let (mut keys, mut texts) = (BTreeSet::new(), Vec::new());
    if within {
        texts = source
            .list
            .iter()
            .map(|entry| entry.replace('\0', "\u{fffd}"))
            .collect();
    } else {
        for entry in &source.list {
            match listed::key_of(source.kind, entry) {
                Some(key) => {
                    keys.insert(key);
                }
                None => unusable += 1,
            }
        }
    }
    let networks = keys.iter().filter_map(Key::as_network);
    let family = |v4| if v4 { 4 } else { 6 };
    let prefixes: BTreeSet<(u8, u8)> = networks
        .map(|(address, bits)| (family(address.is_ipv4()), bits))
        .collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(New {
        list: Warninglist {
            number: 0,
            name,
            version: source
                .version
                .and_then(|it| i64::try_from(it).ok())
                .unwrap_or(0),
            description: source.description,
            kind: source.kind,
            attributes: source.matching_attributes,
            enabled: true,
            entries: count(total),
            unusable: count(unusable),
            imported_at: kernel::Timestamp::from_micros(0),
        },
        prefixes: prefixes.into_iter().collect(),
        keys: keys.into_iter().collect(),
        texts,
    })
}
