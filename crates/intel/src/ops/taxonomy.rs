//! Taxonomies: families of tags that the house takes in and offers.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::{Limits, Taxonomy as Source, full, read_taxonomy};
use kernel::{Viewer, boxed, chain};

use crate::{
    Error,
    events::ops::{number_in, sees_house},
    model::{Invalid, Taxonomy, TaxonomyTag},
    record,
    store::library as store,
};

/// The most bytes of a taxonomy.
pub const TAXONOMY_BYTES_MAX: usize = 8 << 20;
/// The most taxonomies.
pub const TAXONOMIES_MAX: usize = 1_000;
/// The most tags of one.
const TAGS_MAX: usize = 50_000;
/// The longest namespace and tag, in characters, as tags of MISP are at most.
const NAME_CHARS_MAX: usize = 255;
/// Tags that are numbered at once.
const BATCH: usize = 1_000;

/// A taxonomy that was taken in, and how.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TakenTaxonomy {
    /// The taxonomy.
    pub taxonomy: Taxonomy,
    /// True if it was not there.
    pub added: bool,
    /// Tags that were left out, since no tag has such a name.
    pub left_out: usize,
}

/// All taxonomies, by namespace; none to a guest, for they are the house's.
#[boxed]
pub async fn taxonomies(ground: &Ground, viewer: &Viewer) -> Result<Vec<Taxonomy>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if !sees_house(viewer) {
        return Ok(Vec::new());
    }
    let mut tx = ground.db.begin_read().await?;
    Ok(store::taxonomies(&mut tx).await?)
}

/// A taxonomy by its number or namespace, with all that its file says.
#[boxed]
pub async fn taxonomy(
    ground: &Ground,
    viewer: &Viewer,
    name: &str,
) -> Result<(Taxonomy, Source), Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if !sees_house(viewer) {
        return Err(MISSING);
    }
    let mut tx = ground.db.begin_read().await?;
    let all = store::taxonomies(&mut tx).await?;
    let named = |one: &Taxonomy| one.namespace == name || one.number.to_string() == name;
    let found = all.into_iter().find(named).ok_or(MISSING)?;
    let source = store::taxonomy_source(&mut tx, found.number).await?;
    let source = source.ok_or(MISSING)?;
    let unreadable = |_cause| db::Corrupt::new("misp_taxonomy", "source", &found.number);
    let source = read_taxonomy(source.as_bytes(), &Limits::default()).map_err(unreadable)?;
    Ok((found, source))
}

const MISSING: Error = Error::NotFound { what: "taxonomy" };

/// What enabled taxonomies say of tags; nothing to a guest.
#[boxed]
pub async fn tags_known(
    ground: &Ground,
    viewer: &Viewer,
    names: &[&str],
) -> Result<Vec<(i64, TaxonomyTag)>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if !sees_house(viewer) {
        return Ok(Vec::new());
    }
    let mut tx = ground.db.begin_read().await?;
    Ok(store::tags_known(&mut tx, names).await?)
}

/// Takes in a taxonomy, a file `machinetag.json`, in place of an older one of the same namespace. The
/// tags of a new one are offered from then on; one that was there stays as
/// enabled as it was.
#[boxed]
pub async fn import_taxonomy(
    ground: &Ground,
    viewer: &Viewer,
    bytes: Vec<u8>,
) -> Result<TakenTaxonomy, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    if bytes.len() > TAXONOMY_BYTES_MAX {
        return Err(too_many("bytes", TAXONOMY_BYTES_MAX));
    }
    let text = String::from_utf8(bytes).map_err(|error| Error::NoTaxonomy {
        detail: error.to_string(),
    })?;
    let source = read_taxonomy(text.as_bytes(), &Limits::default());
    let source = source.map_err(|error| Error::NoTaxonomy {
        detail: chain(&error),
    })?;
    let (mut taxonomy, tags, left_out) = read(&source)?;
    taxonomy.imported_at = ground.now();
    let mut tx = ground.db.begin().await?;
    crate::store::lock_place(&mut tx).await?;
    let all = store::taxonomies(&mut tx).await?;
    let old = all
        .iter()
        .find(|known| known.namespace == taxonomy.namespace);
    match old {
        Some(old) if old.version > taxonomy.version => {
            return Err(Error::Older {
                given: taxonomy.version,
                current: old.version,
            });
        }
        Some(old) => {
            (taxonomy.number, taxonomy.enabled) = (old.number, old.enabled);
            store::delete_taxonomy(&mut tx, old.number).await?;
        }
        None if all.len() >= TAXONOMIES_MAX => {
            return Err(too_many("taxonomies", TAXONOMIES_MAX));
        }
        None => {
            let number = crate::events::take_numbers(&mut tx, "taxonomy", 1).await?;
            taxonomy.number = number;
        }
    }
    let known: Vec<_> = tags.iter().map(|(tag, _)| tag.clone()).collect();
    store::insert_taxonomy(&mut tx, &taxonomy, (&text, &known)).await?;
    number(&mut tx, ground, tags).await?;
    let code = "intel.taxonomy_imported";
    record::taxonomy(&mut tx, ground, viewer, code, &taxonomy).await?;
    tx.commit().await?;
    Ok(TakenTaxonomy {
        added: old.is_none(),
        taxonomy,
        left_out,
    })
}

/// Gives the tags of a taxonomy their numbers, in real and in exercise data.
async fn number(
    tx: &mut Tx,
    ground: &Ground,
    tags: Vec<(TaxonomyTag, Option<String>)>,
) -> Result<(), Error> {
    let named = tags.into_iter().map(|(tag, colour)| full::Tag {
        name: Some(tag.name),
        colour,
        ..full::Tag::default()
    });
    let mut tags: Vec<_> = named.collect();
    for exercise in [false, true] {
        for some in tags.chunks_mut(BATCH) {
            number_in(tx, ground, exercise, some.iter_mut().collect()).await?;
        }
    }
    Ok(())
}

/// Says whether the tags of a taxonomy are offered.
#[boxed]
pub async fn enable_taxonomy(
    ground: &Ground,
    viewer: &Viewer,
    number: i64,
    enabled: bool,
) -> Result<Taxonomy, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin().await?;
    let mut taxonomy = known(&mut tx, number).await?;
    store::enable_taxonomy(&mut tx, number, enabled).await?;
    taxonomy.enabled = enabled;
    let code = "intel.taxonomy_enabled";
    record::taxonomy(&mut tx, ground, viewer, code, &taxonomy).await?;
    tx.commit().await?;
    Ok(taxonomy)
}

/// Takes a taxonomy out. Tags that something has stay.
#[boxed]
pub async fn delete_taxonomy(ground: &Ground, viewer: &Viewer, number: i64) -> Result<(), Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin().await?;
    let taxonomy = known(&mut tx, number).await?;
    store::delete_taxonomy(&mut tx, number).await?;
    let code = "intel.taxonomy_deleted";
    record::taxonomy(&mut tx, ground, viewer, code, &taxonomy).await?;
    tx.commit().await?;
    Ok(())
}

async fn known(tx: &mut Tx, number: i64) -> Result<Taxonomy, Error> {
    let mut all = store::taxonomies(tx).await?.into_iter();
    all.find(|one| one.number == number).ok_or(MISSING)
}

const fn too_many(what: &'static str, max: usize) -> Error {
    Error::TooMany { what, max }
}

/// A taxonomy, its tags with their colours, and how many were left out.
type ReadTaxonomy = (Taxonomy, Vec<(TaxonomyTag, Option<String>)>, usize);

/// A taxonomy as it is stored.
fn read(source: &Source) -> Result<ReadTaxonomy, Error> {
    let fits = |text: &str| {
        let chars = text.chars().count();
        (1..=NAME_CHARS_MAX).contains(&chars) && !text.chars().any(char::is_control)
    };
    if !fits(&source.namespace) {
        return Err(Error::Invalid(Invalid {
            field: "namespace",
            rule: "1 to 255 characters",
        }));
    }
    let (mut tags, mut left_out) = (Vec::new(), 0);
    for entry in source.entries() {
        if !fits(&entry.name) {
            left_out += 1;
            continue;
        }
        let tag = TaxonomyTag {
            expanded: entry.expanded.replace('\0', ""),
            numerical: entry.term.numerical_value,
            name: entry.name,
        };
        tags.push((tag, entry.term.colour.clone()));
    }
    if tags.len() > TAGS_MAX {
        return Err(too_many("tags", TAGS_MAX));
    }
    let version = source.version.and_then(|it| i64::try_from(it).ok());
    let taxonomy = Taxonomy {
        number: 0,
        namespace: source.namespace.clone(),
        description: source.description.replace('\0', ""),
        version: version.unwrap_or(0),
        exclusive: source.exclusive,
        enabled: true,
        tags: i64::try_from(tags.len()).unwrap_or(i64::MAX),
        imported_at: kernel::Timestamp::from_micros(0),
    };
    Ok((taxonomy, tags, left_out))
}
