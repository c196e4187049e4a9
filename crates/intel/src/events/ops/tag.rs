//! Tags: their numbers, and which there are.

use std::collections::{BTreeMap, BTreeSet};

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full;
use kernel::{Viewer, boxed};

use super::org::is_of_house;
use crate::{
    Error,
    events::{
        model::{Fault, Scope, Tag},
        store::{self, write::clean},
    },
    ops::look::seen_in,
};

/// The most tags that are read at once.
pub const TAGS_PAGE_MAX: u32 = 1_000;
/// The longest name of a tag, in characters.
const NAME_CHARS_MAX: usize = 255;
/// The colour of a tag that has none.
const COLOUR: &str = "#ffffff";

/// Tags that people made, those of what the viewer sees, and, for people of the house, those of enabled
/// taxonomies, by number.
#[boxed]
pub async fn tags(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    after: i64,
) -> Result<Vec<Tag>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let seen = seen_in(&mut tx, viewer, scope.as_place()).await?;
    let seen: Vec<_> = seen
        .iter()
        .map(|shown| (shown.collection.slot, shown.mask))
        .collect();
    let which = (viewer.mode.is_exercise(), is_of_house(viewer));
    let cut = (after, i64::from(TAGS_PAGE_MAX));
    Ok(store::tag::seen(&mut tx, which, &seen, cut).await?)
}

/// Makes a tag. One that is there is given back.
#[boxed]
pub async fn add_tag(
    ground: &Ground,
    viewer: &Viewer,
    name: &str,
    colour: Option<&str>,
) -> Result<Tag, Error> {
    policy::check_house(viewer, Act::IntelWrite)?;
    let mut tx = ground.db.begin().await?;
    crate::store::lock_place(&mut tx).await?;
    let mut tag = full::Tag {
        name: Some(checked(name)?),
        colour: colour.map(str::to_owned),
        ..full::Tag::default()
    };
    number_in(&mut tx, ground, viewer.mode.is_exercise(), vec![&mut tag]).await?;
    let name = tag.name.unwrap_or_default();
    let exercise = viewer.mode.is_exercise();
    let found = store::tag::by_names(&mut tx, exercise, &[&name]).await?;
    let found = found.into_iter().next();
    let found = found.ok_or(Error::NotFound { what: "tag" })?;
    store::tag::made(&mut tx, found.id).await?;
    tx.commit().await?;
    Ok(found)
}

/// The name of a tag, if it can be one.
pub(super) fn checked(name: &str) -> Result<String, Fault> {
    let name = clean(Some(name)).trim().to_owned();
    let short = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
    if !short || name.chars().any(char::is_control) {
        return Err(Fault::Invalid {
            field: "name",
            detail: "a tag has a name of 1 to 255 characters and no control characters".to_owned(),
        });
    }
    Ok(name)
}

/// Sets the numbers of tags; names that are not known yet get one. What has no name that can be one
/// stays without.
pub(crate) async fn number_in(
    tx: &mut Tx,
    ground: &Ground,
    exercise: bool,
    tags: Vec<&mut full::Tag>,
) -> Result<(), Error> {
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for tag in &tags {
        if let Some(Ok(name)) = tag.name.as_deref().map(checked) {
            let colour = tag.colour.as_deref().filter(|text| is_colour(text));
            wanted.insert(name, colour.unwrap_or(COLOUR).to_owned());
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = wanted.keys().map(String::as_str).collect();
    let found = store::tag::by_names(tx, exercise, &names).await?;
    let known: BTreeSet<_> = found.iter().map(|tag| tag.name.clone()).collect();
    let missing = wanted.iter().filter(|(name, _)| !known.contains(*name));
    let mut new: Vec<_> = missing
        .map(|(name, colour)| Tag {
            id: 0,
            name: name.clone(),
            colour: colour.clone(),
        })
        .collect();
    let numbers = store::take_scattered(tx, &*ground.rng, "tag", new.len()).await?;
    for (id, tag) in numbers.into_iter().zip(&mut new) {
        tag.id = id;
    }
    store::tag::insert(tx, (exercise, false), &new).await?;
    let ids: BTreeMap<_, _> = found
        .into_iter()
        .chain(new)
        .map(|tag| (tag.name, tag.id))
        .collect();
    for tag in tags {
        let id = tag.name.as_deref().map(checked).and_then(Result::ok);
        let id = id.and_then(|name| ids.get(&name).copied());
        tag.id = id.and_then(|id| u64::try_from(id).ok());
    }
    Ok(())
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#');
    digits.is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
