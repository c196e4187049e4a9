//! Galaxies and clusters as a viewer sees them: those of the house's library, and those that came
//! within events which he sees. What a cluster is that came within events is read from such an event,
//! never from one that he does not see.

use std::collections::BTreeSet;

use access::policy::{self, Act};
use audit::Ground;
use db::{Corrupt, Tx};
use formats_misp::{
    CLUSTER_TAG, cluster_named, cluster_tag,
    full::{self, GalaxyCluster},
};
use kernel::{Viewer, boxed};
use sha2::{Digest, Sha256};

use super::{curtain::Curtain, org::is_of_house, search::masks};
use crate::{
    Error,
    events::{
        model::{Scope, Tag, Which},
        store::{self, tag},
    },
    model::{Cluster, Galaxy},
    ops::look::seen_in,
    store::library,
};

/// The most clusters that are given at once.
pub const CLUSTERS_PAGE_MAX: i64 = 500;
/// What sorts behind all tags of clusters.
const BEHIND: &str = "misp-galaxy;";
/// Numbers from here on are made of names, for what stands in no library.
const OF_NAMES: i64 = 1 << 48;

const NO_GALAXY: Error = Error::NotFound { what: "galaxy" };
const NO_CLUSTER: Error = Error::NotFound {
    what: "GalaxyCluster",
};

/// A galaxy as a viewer sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SeenGalaxy {
    /// Its number.
    pub number: i64,
    /// The type of its clusters.
    pub kind: String,
    /// Whether the house took it in.
    pub in_library: bool,
    /// What it says of itself.
    pub record: full::Galaxy,
}

/// A cluster as a viewer sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SeenCluster {
    /// Its number.
    pub number: i64,
    /// The number of its galaxy.
    pub galaxy: i64,
    /// Whether the house took it in.
    pub in_library: bool,
    /// The tag that names it.
    pub tag: String,
    /// What it is.
    pub record: GalaxyCluster,
}

/// Where the next page of clusters begins: those of the library by number, then those of events by
/// tag.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClustersFrom {
    number: i64,
    library_done: bool,
    tag: Option<String>,
}

/// What is looked at in one transaction.
struct Looking<'l> {
    tx: Tx,
    viewer: &'l Viewer,
    /// Collections and labels that the viewer sees.
    seen: Vec<(i64, i32)>,
}

impl<'l> Looking<'l> {
    async fn open(ground: &Ground, viewer: &'l Viewer, scope: &Scope) -> Result<Self, Error> {
        policy::check_house(viewer, Act::IntelRead)?;
        let mut tx = ground.db.begin_read().await?;
        let shown = seen_in(&mut tx, viewer, scope.as_place()).await?;
        let seen = masks(&shown);
        Ok(Self { tx, viewer, seen })
    }

    async fn tags(&mut self, after: &str, before: &str, most: i64) -> Result<Vec<Tag>, Error> {
        let exercise = self.viewer.mode.is_exercise();
        let cut = (after, before, most);
        Ok(tag::between(&mut self.tx, exercise, &self.seen, cut).await?)
    }

    /// The galaxies of the house, which a guest is not told of.
    async fn library(&mut self) -> Result<Vec<SeenGalaxy>, Error> {
        if !is_of_house(self.viewer) {
            return Ok(Vec::new());
        }
        let all = library::galaxies(&mut self.tx).await?;
        Ok(all.into_iter().map(SeenGalaxy::from).collect())
    }

    async fn galaxies(&mut self) -> Result<Vec<SeenGalaxy>, Error> {
        let mut all = self.library().await?;
        let known: BTreeSet<String> = all.iter().map(|one| one.kind.clone()).collect();
        let mut after = CLUSTER_TAG.to_owned();
        // One step a type: what has the same type is passed over at once.
        while let Some(first) = self.tags(&after, BEHIND, 1).await?.into_iter().next() {
            let Some((kind, _)) = cluster_named(&first.name) else {
                after = first.name;
                continue;
            };
            after = behind(kind);
            if known.contains(kind) {
                continue;
            }
            let found = self.within(&first).await?;
            let record = found.map_or_else(|| bare(kind), |(galaxy, _)| galaxy);
            all.push(SeenGalaxy {
                number: number_of(kind),
                kind: kind.to_owned(),
                in_library: false,
                record,
            });
        }
        Ok(all)
    }

    /// The galaxy and the cluster that a tag names, as the newest event has them that has the tag and
    /// is seen.
    async fn within(&mut self, tag: &Tag) -> Result<Option<(full::Galaxy, GalaxyCluster)>, Error> {
        let newest = tag::newest_with(&mut self.tx, tag.id, &self.seen).await?;
        let Some((event, attribute)) = newest else {
            return Ok(None);
        };
        let curtain = Curtain::before(self.viewer);
        let galaxies = if attribute == 0 {
            let row = store::read::event(&mut self.tx, event).await?;
            let row = row.ok_or(Error::NotFound { what: "event" })?;
            let bad = |_cause| Corrupt::new("misp_event", "head", &row.id);
            let head: full::Event = serde_json::from_str(&curtain.shown(&row.head)).map_err(bad)?;
            head.galaxies
        } else {
            let row = store::read::attribute(&mut self.tx, attribute).await?;
            let row = row.ok_or(Error::NotFound { what: "attribute" })?;
            let bad = |_cause| Corrupt::new("misp_attribute", "body", &row.id);
            let body: full::Attribute =
                serde_json::from_str(&curtain.shown(&row.body)).map_err(bad)?;
            body.galaxies
        };
        let named = |cluster: &GalaxyCluster| {
            let kind = cluster.kind.as_deref().unwrap_or_default();
            let value = cluster.value.as_deref().unwrap_or_default();
            let name = cluster.tag_name.clone();
            name.unwrap_or_else(|| cluster_tag(kind, value)) == tag.name
        };
        for mut galaxy in galaxies {
            let clusters = std::mem::take(&mut galaxy.clusters);
            if let Some(cluster) = clusters.into_iter().find(named) {
                return Ok(Some((galaxy, cluster)));
            }
        }
        Ok(None)
    }

    /// The cluster that a tag names which stands in no library.
    async fn of_events(&mut self, tag: &Tag, galaxy: i64) -> Result<SeenCluster, Error> {
        let found = self.within(tag).await?;
        let (kind, value) = cluster_named(&tag.name).unwrap_or_default();
        let record = found.map_or_else(
            || GalaxyCluster {
                kind: Some(kind.to_owned()),
                value: Some(value.to_owned()),
                ..GalaxyCluster::default()
            },
            |(_, cluster)| cluster,
        );
        Ok(SeenCluster {
            number: number_of(&tag.name),
            galaxy,
            in_library: false,
            tag: tag.name.clone(),
            record,
        })
    }

    /// Those of these tags that name no cluster of the library.
    async fn not_in_library(&mut self, mut tags: Vec<Tag>) -> Result<Vec<Tag>, Error> {
        if is_of_house(self.viewer) {
            let names: Vec<_> = tags.iter().map(|tag| tag.name.as_str()).collect();
            let known = library::named(&mut self.tx, &names).await?;
            let known: BTreeSet<String> = known.into_iter().collect();
            tags.retain(|tag| !known.contains(&tag.name));
        }
        Ok(tags)
    }

    async fn in_library(&mut self, which: Which) -> Result<Option<SeenCluster>, Error> {
        if !is_of_house(self.viewer) {
            return Ok(None);
        }
        let found = match which {
            Which::Id(number) => library::cluster_by_number(&mut self.tx, number).await?,
            Which::Uuid(uuid) => library::cluster_by_uuid(&mut self.tx, uuid).await?,
        };
        Ok(found.map(SeenCluster::from))
    }
}

/// Galaxies: those of the library, then those that only events have.
#[boxed]
pub async fn seen_galaxies(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
) -> Result<Vec<SeenGalaxy>, Error> {
    Looking::open(ground, viewer, scope).await?.galaxies().await
}

/// A page of the clusters of a galaxy, and where the next one begins.
#[boxed]
pub async fn seen_clusters(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    galaxy: &SeenGalaxy,
    mut from: ClustersFrom,
) -> Result<(Vec<SeenCluster>, Option<ClustersFrom>), Error> {
    let mut looking = Looking::open(ground, viewer, scope).await?;
    let most = CLUSTERS_PAGE_MAX;
    let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count == most);
    if galaxy.in_library && is_of_house(viewer) && !from.library_done {
        let cut = (from.number, most);
        let page = library::clusters(&mut looking.tx, galaxy.number, cut).await?;
        from.number = page.last().map_or(from.number, |last| last.number);
        from.library_done = !is_full(page.len());
        return Ok((
            page.into_iter().map(SeenCluster::from).collect(),
            Some(from),
        ));
    }
    let begin = format!("{CLUSTER_TAG}{}=", galaxy.kind);
    let after = from.tag.unwrap_or(begin);
    let tags = looking.tags(&after, &behind(&galaxy.kind), most).await?;
    let next = is_full(tags.len()).then(|| ClustersFrom {
        tag: tags.last().map(|last| last.name.clone()),
        library_done: true,
        ..ClustersFrom::default()
    });
    let mut page = Vec::new();
    for tag in looking.not_in_library(tags).await? {
        page.push(looking.of_events(&tag, galaxy.number).await?);
    }
    Ok((page, next))
}

/// A cluster, and its galaxy.
#[boxed]
pub async fn seen_cluster(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<(SeenCluster, SeenGalaxy), Error> {
    let mut looking = Looking::open(ground, viewer, scope).await?;
    let found = match looking.in_library(which).await? {
        Some(found) => found,
        None => among_events(&mut looking, which).await?,
    };
    let (kind, _) = cluster_named(&found.tag).unwrap_or_default();
    let galaxies = looking.galaxies().await?;
    let galaxy = galaxies.into_iter().find(|one| one.kind == kind);
    let galaxy = galaxy.ok_or(NO_GALAXY)?;
    let cluster = SeenCluster {
        galaxy: galaxy.number,
        ..found
    };
    Ok((cluster, galaxy))
}

async fn among_events(looking: &mut Looking<'_>, which: Which) -> Result<SeenCluster, Error> {
    let mut after = CLUSTER_TAG.to_owned();
    loop {
        let tags = looking.tags(&after, BEHIND, CLUSTERS_PAGE_MAX).await?;
        let Some(last) = tags.last() else {
            return Err(NO_CLUSTER);
        };
        after.clone_from(&last.name);
        for tag in looking.not_in_library(tags).await? {
            match which {
                Which::Id(number) if number == number_of(&tag.name) => {
                    return looking.of_events(&tag, 0).await;
                }
                Which::Id(_) => {}
                Which::Uuid(uuid) => {
                    let found = looking.of_events(&tag, 0).await?;
                    let named = found.record.uuid.as_deref();
                    let named = named.and_then(|text| uuid::Uuid::try_parse(text).ok());
                    if named == Some(uuid) {
                        return Ok(found);
                    }
                }
            }
        }
    }
}

impl From<Galaxy> for SeenGalaxy {
    fn from(galaxy: Galaxy) -> Self {
        Self {
            number: galaxy.number,
            kind: galaxy.kind,
            in_library: true,
            record: galaxy.record,
        }
    }
}

impl From<Cluster> for SeenCluster {
    fn from(cluster: Cluster) -> Self {
        Self {
            number: cluster.number,
            galaxy: cluster.galaxy,
            in_library: true,
            tag: cluster.tag,
            record: cluster.record,
        }
    }
}

/// What sorts behind all tags of this type.
fn behind(kind: &str) -> String {
    // The sign behind `=`.
    format!("{CLUSTER_TAG}{kind}>")
}

fn bare(kind: &str) -> full::Galaxy {
    full::Galaxy {
        name: Some(kind.to_owned()),
        kind: Some(kind.to_owned()),
        ..full::Galaxy::default()
    }
}

/// The number of what stands in no library: of its name, so that it is the same for everybody and at
/// all times.
fn number_of(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    let low = digest.iter().take(6).fold(0_i64, |number, byte| {
        number.saturating_mul(256).saturating_add(i64::from(*byte))
    });
    OF_NAMES.saturating_add(low)
}
