//! Galaxies and their clusters that the house takes in.

use std::collections::{BTreeMap, BTreeSet};

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::{ClusterFile, Limits, read_clusters, read_galaxy};
use kernel::{Viewer, boxed, chain};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::{
    Error,
    events::ops::sees_house,
    model::{Cluster, Galaxy, Invalid},
    record,
    store::library as store,
};

/// The most bytes of a galaxy, or of its clusters.
pub const GALAXY_BYTES_MAX: usize = 64 << 20;
/// The most galaxies.
pub const GALAXIES_MAX: usize = 1_000;
/// The most clusters of one, and relations of them.
const CLUSTERS_MAX: u64 = 500_000;
/// The longest type, name and tag, in characters.
const NAME_CHARS_MAX: usize = 255;

const MISSING: Error = Error::NotFound { what: "galaxy" };

/// A galaxy that was taken in, and how.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TakenGalaxy {
    /// The galaxy.
    pub galaxy: Galaxy,
    /// True if it was not there.
    pub added: bool,
    /// Clusters that were left out, since another has their name or id.
    pub doubles: usize,
}

/// All galaxies that the house took in, by number; none to a guest, for they are the house's.
#[boxed]
pub async fn galaxies(ground: &Ground, viewer: &Viewer) -> Result<Vec<Galaxy>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if !sees_house(viewer) {
        return Ok(Vec::new());
    }
    let mut tx = ground.db.begin_read().await?;
    Ok(store::galaxies(&mut tx).await?)
}

/// Takes in what a galaxy is, a file of `galaxies/`, or its clusters, a file of `clusters/`, in place
/// of what is older. Clusters need their galaxy.
#[boxed]
pub async fn import_galaxy(
    ground: &Ground,
    viewer: &Viewer,
    bytes: Vec<u8>,
) -> Result<TakenGalaxy, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    if bytes.len() > GALAXY_BYTES_MAX {
        return Err(Error::TooMany {
            what: "bytes",
            max: GALAXY_BYTES_MAX,
        });
    }
    let read = spawn_blocking(move || read(&bytes)).await;
    let read = read.map_err(|_ended| Error::Unreadable {
        detail: "the program ended while it was read".to_owned(),
    })??;
    let mut tx = ground.db.begin().await?;
    crate::store::lock_place(&mut tx).await?;
    let taken = match read {
        Read::Galaxy(new) => take_galaxy(&mut tx, *new).await?,
        Read::Clusters(file) => take_clusters(&mut tx, file).await?,
    };
    let mut taken = taken;
    taken.galaxy.imported_at = ground.now();
    store::put_galaxy(&mut tx, &taken.galaxy).await?;
    let code = "intel.galaxy_imported";
    record::galaxy(&mut tx, ground, viewer, code, &taken.galaxy).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Takes a galaxy out with its clusters. What events say of them stays.
#[boxed]
pub async fn delete_galaxy(ground: &Ground, viewer: &Viewer, number: i64) -> Result<(), Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin().await?;
    let all = store::galaxies(&mut tx).await?;
    let galaxy = all.into_iter().find(|one| one.number == number);
    let galaxy = galaxy.ok_or(MISSING)?;
    store::delete_galaxy(&mut tx, number).await?;
    let code = "intel.galaxy_deleted";
    record::galaxy(&mut tx, ground, viewer, code, &galaxy).await?;
    tx.commit().await?;
    Ok(())
}

async fn take_galaxy(tx: &mut Tx, mut new: Galaxy) -> Result<TakenGalaxy, Error> {
    let all = store::galaxies(tx).await?;
    if all
        .iter()
        .any(|one| one.uuid == new.uuid && one.kind != new.kind)
    {
        return Err(Error::Taken {
            name: new.uuid.to_string(),
        });
    }
    let old = all.iter().find(|one| one.kind == new.kind);
    match old {
        Some(old) if old.version > new.version => {
            return Err(Error::Older {
                given: new.version,
                current: old.version,
            });
        }
        Some(old) => {
            new.number = old.number;
            (new.clusters, new.cluster_version) = (old.clusters, old.cluster_version);
        }
        None if all.len() >= GALAXIES_MAX => {
            return Err(Error::TooMany {
                what: "galaxies",
                max: GALAXIES_MAX,
            });
        }
        None => new.number = crate::events::take_numbers(tx, "galaxy", 1).await?,
    }
    Ok(TakenGalaxy {
        added: old.is_none(),
        galaxy: new,
        doubles: 0,
    })
}

async fn take_clusters(tx: &mut Tx, file: ReadClusters) -> Result<TakenGalaxy, Error> {
    let all = store::galaxies(tx).await?;
    let galaxy = all.into_iter().find(|one| one.kind == file.kind);
    let Some(mut galaxy) = galaxy else {
        return Err(Error::NoGalaxyOf { kind: file.kind });
    };
    if galaxy.cluster_version > file.version {
        return Err(Error::Older {
            given: file.version,
            current: galaxy.cluster_version,
        });
    }
    let known = store::cluster_numbers(tx, galaxy.number).await?;
    let added = known.is_empty();
    let known: BTreeMap<Uuid, i64> = known.into_iter().collect();
    let fresh = file
        .clusters
        .iter()
        .filter(|one| !known.contains_key(&one.uuid));
    let mut next = crate::events::take_numbers(tx, "cluster", fresh.count()).await?;
    let mut clusters = file.clusters;
    for cluster in &mut clusters {
        cluster.galaxy = galaxy.number;
        cluster.number = if let Some(number) = known.get(&cluster.uuid) {
            *number
        } else {
            next += 1;
            next - 1
        };
    }
    store::delete_clusters(tx, galaxy.number).await?;
    store::insert_clusters(tx, &clusters).await?;
    galaxy.cluster_version = file.version;
    galaxy.clusters = i64::try_from(clusters.len()).unwrap_or(i64::MAX);
    Ok(TakenGalaxy {
        galaxy,
        added,
        doubles: file.doubles,
    })
}

/// What a file is.
enum Read {
    Galaxy(Box<Galaxy>),
    Clusters(ReadClusters),
}

struct ReadClusters {
    kind: String,
    version: i64,
    clusters: Vec<Cluster>,
    doubles: usize,
}

/// The member by which a file of clusters is known.
#[derive(serde::Deserialize)]
struct Shape {
    values: Option<serde::de::IgnoredAny>,
}

fn read(bytes: &[u8]) -> Result<Read, Error> {
    let limits = Limits {
        parts_max: CLUSTERS_MAX,
        ..Limits::default()
    };
    let none = |detail: String| Error::NoGalaxy { detail };
    let shape: Shape = serde_json::from_slice(bytes).map_err(|error| none(error.to_string()))?;
    if shape.values.is_some() {
        let file = read_clusters(bytes, &limits).map_err(|error| none(chain(&error)))?;
        return clusters(file).map(Read::Clusters);
    }
    let record = read_galaxy(bytes, &limits).map_err(|error| none(chain(&error)))?;
    let kind = checked("type", record.kind.clone())?;
    Ok(Read::Galaxy(Box::new(Galaxy {
        number: 0,
        uuid: uuid(record.uuid.as_deref())?,
        name: checked("name", record.name.clone())?,
        version: version(record.version.as_deref()),
        kind,
        cluster_version: 0,
        clusters: 0,
        imported_at: kernel::Timestamp::from_micros(0),
        record,
    })))
}

fn clusters(file: ClusterFile) -> Result<ReadClusters, Error> {
    let kind = checked("type", Some(file.kind))?;
    let version = version(file.version.as_deref());
    let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let mut clusters = Vec::with_capacity(file.clusters.len());
    let mut doubles = 0;
    for record in file.clusters {
        let uuid = uuid(record.uuid.as_deref())?;
        let tag = checked("value", record.tag_name.clone())?;
        if names.contains(&tag) || !ids.insert(uuid) {
            doubles += 1;
            continue;
        }
        names.insert(tag.clone());
        clusters.push(Cluster {
            number: 0,
            galaxy: 0,
            uuid,
            tag,
            record,
        });
    }
    Ok(ReadClusters {
        kind,
        version,
        clusters,
        doubles,
    })
}

fn checked(field: &'static str, text: Option<String>) -> Result<String, Error> {
    let text = text.unwrap_or_default();
    let fits = |text: &String| {
        let chars = text.chars().count();
        (1..=NAME_CHARS_MAX).contains(&chars) && !text.chars().any(char::is_control)
    };
    let rule = "1 to 255 characters, the tag that is made of it too";
    let invalid = Error::Invalid(Invalid { field, rule });
    Some(text).filter(fits).ok_or(invalid)
}

fn uuid(text: Option<&str>) -> Result<Uuid, Error> {
    let read = text.and_then(|text| Uuid::try_parse(text).ok());
    read.ok_or(Error::Invalid(Invalid {
        field: "uuid",
        rule: "a UUID",
    }))
}

fn version(text: Option<&str>) -> i64 {
    text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}
