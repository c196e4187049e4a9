//! What of a batch becomes entries, and what classes the entries of its objects have then.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use audit::Ground;
use db::Tx;
use kernel::{Tlp, hex};

use super::super::index;
use crate::{
    Error,
    intake::{Batch, Incoming},
    model::{ALL_LABELS, Class, Collection, Holds, Outcome, Refusal, Spec},
    ops::changed_in,
    store::{
        self,
        entry::{self, Content, New},
    },
};

/// A version of an object that the collection has or is about to have.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) version: i64,
    pub(crate) place: i64,
    pub(crate) spec: Spec,
    pub(crate) tlp: Tlp,
    pub(crate) sha256: Vec<u8>,
    /// Its class as it is stored; nothing for one that is new.
    pub(crate) stored: Option<i32>,
    /// Whether who hands objects in may know of it.
    pub(crate) is_told: bool,
}

/// Where objects go, and which labels who hands them in sees there. What is marked more strictly does
/// not exist for him: what he is told is the same as if it were not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'c> {
    pub(crate) collection: &'c Collection,
    pub(crate) sees: i32,
}

impl<'c> Target<'c> {
    /// For who is told everything.
    pub(crate) const fn whole(collection: &'c Collection) -> Self {
        Self {
            collection,
            sees: ALL_LABELS,
        }
    }

    const fn sees(&self, tlp: Tlp) -> bool {
        self.sees & (1 << tlp.code()) != 0
    }
}

/// Adds what can be added. Of objects that are refused the others know nothing.
pub(crate) async fn add_in(
    tx: &mut Tx,
    ground: &Ground,
    into: Target<'_>,
    batch: Batch,
) -> Result<Outcome, Error> {
    let slot = into.collection.slot;
    let last = store::lock_place(tx).await?;
    let mut next = ground.now().as_micros().max(last + 1);
    let ids: BTreeSet<_> = batch
        .objects
        .iter()
        .map(|new| new.stix_id.as_str())
        .collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let deleted = deleted_of(tx, slot, &ids).await?;
    let mut versions = versions_of(tx, slot, &ids).await?;
    into.tell(&mut versions);
    let mut outcome = Outcome {
        refusals: batch.refusals,
        ..Outcome::default()
    };
    let mut taken: Vec<(&Incoming, i64)> = Vec::new();
    for incoming in &batch.objects {
        let known = versions.entry(incoming.stix_id.clone()).or_default();
        let deleted = deleted.get(&incoming.stix_id).copied();
        let (tlp, judged) = into.judge(incoming, deleted, known);
        match judged {
            Judged::Known => outcome.known += 1,
            Judged::Refused(code, detail) => {
                outcome.refusals.push(incoming.refusal(code, detail));
            }
            Judged::Unseen(place) => {
                outcome.added += 1;
                taken.extend(place.map(|place| (incoming, place)));
            }
            Judged::New => {
                outcome.added += 1;
                known.push(Held::next(incoming, tlp, next));
                taken.push((incoming, next));
                next += 1;
            }
        }
    }
    outcome.refusals.sort_by_key(|refusal| refusal.place);
    if outcome.added > 0 {
        write(tx, into.collection, &taken, &versions).await?;
        store::move_place(tx, next - 1).await?;
        changed_in(tx, ground, into.collection, false).await?;
    }
    Ok(outcome)
}

/// What is to be done with an object.
pub(crate) enum Judged {
    New,
    Known,
    /// Nothing, and who hands it in is told that it was added: he may not know that it stands at this
    /// place already, or that it was deleted.
    Unseen(Option<i64>),
    /// A stable code, and what is wrong in words.
    Refused(&'static str, &'static str),
}

impl Target<'_> {
    /// Says which versions may be known of.
    pub(crate) fn tell(&self, versions: &mut HashMap<String, Vec<Held>>) {
        for held in versions.values_mut().flatten() {
            held.is_told = self.sees(held.tlp);
        }
    }

    /// The label that an object gets, and what is to be done with it where these versions are known, and
    /// it was deleted under a label.
    pub(crate) fn judge(
        &self,
        incoming: &Incoming,
        deleted: Option<Tlp>,
        known: &mut [Held],
    ) -> (Tlp, Judged) {
        let settings = &self.collection.settings;
        let tlp = incoming.label(settings.unmarked);
        let told = || known.iter().filter(|held| held.is_told);
        let judged = if deleted.is_some_and(|label| self.sees(label)) {
            Judged::Refused("intel.deleted", "it was deleted from this collection")
        } else if tlp > settings.ceiling {
            Judged::Refused(
                "intel.ceiling",
                "it is marked above the ceiling of this collection",
            )
        } else if incoming.is_made && told().next().is_some() {
            Judged::Known
        } else {
            judge(incoming, told())
        };
        if !matches!(judged, Judged::New) {
            return (tlp, judged);
        }
        let same = |held: &&mut Held| {
            let version = incoming
                .version
                .is_none_or(|version| version == held.version);
            !held.is_told && held.tlp == tlp && version && held.sha256 == incoming.sha256
        };
        if let Some(held) = known.iter_mut().find(same) {
            held.is_told = true;
            return (tlp, Judged::Unseen(Some(held.place)));
        }
        if deleted.is_some() && !self.sees(tlp) {
            return (tlp, Judged::Unseen(None));
        }
        (tlp, judged)
    }
}

impl Held {
    /// A version that is about to stand at a place.
    pub(crate) fn next(incoming: &Incoming, tlp: Tlp, place: i64) -> Self {
        Self {
            version: incoming.version.unwrap_or(place),
            place,
            spec: incoming.spec,
            tlp,
            sha256: incoming.sha256.to_vec(),
            stored: None,
            is_told: true,
        }
    }
}

fn judge<'h>(incoming: &Incoming, mut known: impl Iterator<Item = &'h Held>) -> Judged {
    let same_content = |had: &Held| had.sha256 == incoming.sha256;
    let Some(version) = incoming.version else {
        let had = known.any(same_content);
        return if had { Judged::Known } else { Judged::New };
    };
    let mut same_version = known
        .filter(|had| had.version == version && had.spec == incoming.spec)
        .peekable();
    if same_version.peek().is_none() {
        Judged::New
    } else if same_version.any(|had| had.sha256 == incoming.sha256) {
        Judged::Known
    } else {
        Judged::Refused(
            "intel.conflict",
            "this version is here already with other content",
        )
    }
}

impl Incoming {
    /// The object, refused.
    pub(crate) fn refusal(&self, code: &str, detail: &str) -> Refusal {
        Refusal {
            place: self.place,
            stix_id: self.stix_id.clone(),
            version: self.version_text.clone(),
            code: code.to_owned(),
            detail: detail.to_owned(),
        }
    }
}

/// Which of some objects were deleted from a collection, and the labels of what was.
pub(crate) async fn deleted_of(
    tx: &mut Tx,
    slot: i64,
    ids: &[&str],
) -> Result<HashMap<String, Tlp>, Error> {
    let rows = entry::deleted(tx, slot, ids).await?;
    let label = |(id, code)| (id, Tlp::from_code(code));
    Ok(rows.into_iter().map(label).collect())
}

/// The versions that a collection has of some objects.
pub(crate) async fn versions_of(
    tx: &mut Tx,
    slot: i64,
    ids: &[&str],
) -> Result<HashMap<String, Vec<Held>>, Error> {
    let mut versions: HashMap<String, Vec<Held>> = HashMap::new();
    for row in entry::present(tx, slot, ids).await? {
        let class = Class::from_code(row.class);
        versions.entry(row.stix_id).or_default().push(Held {
            version: row.version,
            place: row.added,
            spec: class.spec,
            tlp: class.tlp,
            sha256: row.sha256,
            stored: Some(row.class),
            is_told: true,
        });
    }
    Ok(versions)
}

/// The loosest label of some versions: who sees it knew of the object.
pub(crate) fn loosest(versions: &[Held]) -> Tlp {
    let label = versions.iter().map(|held| held.tlp).min();
    label.unwrap_or(Tlp::Red)
}

/// The class that each of the versions of one object has, by its place. Of two that say that they are
/// the same version, the first that came is the newer one: nobody takes its place who did not see it.
pub(crate) fn classes(versions: &[Held]) -> BTreeMap<i64, Class> {
    let order = |held: &Held| (held.version, Reverse(held.place));
    let class = |held: &Held| {
        let alike = |other: &&Held| other.spec == held.spec && other.place != held.place;
        let labels = |of: &dyn Fn(&&Held) -> bool| {
            let found: Vec<_> = versions.iter().filter(of).map(|other| other.tlp).collect();
            Holds::of(held.tlp, found.into_iter())
        };
        Class {
            tlp: held.tlp,
            newest: labels(&|other| alike(other) && order(other) > order(held)),
            oldest: labels(&|other| {
                alike(other) && (other.version, other.place) < (held.version, held.place)
            }),
            top: labels(&|other| other.spec > held.spec),
            spec: held.spec,
        }
    };
    versions
        .iter()
        .map(|held| (held.place, class(held)))
        .collect()
}

/// Changes of the numbers of entries, by type and class.
#[derive(Debug, Default)]
pub(crate) struct Counted(BTreeMap<(String, i32), i64>);

impl Counted {
    /// One entry more or less.
    pub(crate) fn change(&mut self, kind: &str, class: i32, by: i64) {
        for kind in [kind, ""] {
            *self.0.entry((kind.to_owned(), class)).or_default() += by;
        }
    }

    pub(crate) async fn write(self, tx: &mut Tx, slot: i64) -> Result<(), Error> {
        let changes: Vec<_> = self
            .0
            .into_iter()
            .filter(|(_, by)| *by != 0)
            .map(|((kind, class), by)| (kind, class, by))
            .collect();
        Ok(entry::count(tx, slot, &changes).await?)
    }
}

async fn write(
    tx: &mut Tx,
    collection: &Collection,
    taken: &[(&Incoming, i64)],
    versions: &HashMap<String, Vec<Held>>,
) -> Result<(), Error> {
    let exercise = collection.mode.is_exercise();
    let numbers = write_contents(tx, exercise, taken).await?;
    let mut counted = Counted::default();
    let mut changed = Vec::new();
    let mut news = Vec::new();
    let mut seen = BTreeSet::new();
    for (incoming, place) in taken {
        let id = incoming.stix_id.as_str();
        let Some(all) = versions.get(id) else {
            continue;
        };
        let classes = classes(all);
        if seen.insert(id) {
            for version in all {
                let class = classes.get(&version.place).map(|class| class.code());
                if let (Some(stored), Some(class)) = (version.stored, class)
                    && stored != class
                {
                    changed.push((version.place, class));
                    counted.change(&incoming.kind, stored, -1);
                    counted.change(&incoming.kind, class, 1);
                }
            }
        }
        let is_new = |held: &Held| held.place == *place && held.stored.is_none();
        let Some(class) = classes.get(place).filter(|_| all.iter().any(is_new)) else {
            continue;
        };
        counted.change(&incoming.kind, class.code(), 1);
        news.push(New {
            added: *place,
            class: *class,
            object: numbers.get(place).copied().unwrap_or(*place),
            kind: &incoming.kind,
            stix_id: id,
            version: incoming.version.unwrap_or(*place),
            bytes: incoming.body.len(),
        });
    }
    entry::reclass(tx, collection.slot, &changed).await?;
    entry::insert(tx, collection.slot, &news).await?;
    index::added(tx, collection.slot, taken).await?;
    counted.write(tx, collection.slot).await
}

/// Writes contents that the node does not have yet. Gives the number of the content of each place.
async fn write_contents(
    tx: &mut Tx,
    exercise: bool,
    taken: &[(&Incoming, i64)],
) -> Result<HashMap<i64, i64>, Error> {
    let wanted: Vec<_> = taken
        .iter()
        .map(|(incoming, _)| (incoming.stix_id.as_str(), hex(&incoming.sha256)))
        .collect();
    let kept = entry::contents(tx, exercise, &wanted).await?;
    let mut known: HashMap<(&str, &[u8]), i64> = kept
        .iter()
        .map(|(id, sha256, number)| ((id.as_str(), sha256.as_slice()), *number))
        .collect();
    let mut new = Vec::new();
    let mut numbers = HashMap::new();
    for (incoming, place) in taken {
        let key = (incoming.stix_id.as_str(), incoming.sha256.as_slice());
        let number = *known.entry(key).or_insert_with(|| {
            new.push(Content {
                number: *place,
                stix_id: &incoming.stix_id,
                sha256: &incoming.sha256,
                revoked: incoming.revoked,
                body: &incoming.body,
            });
            *place
        });
        numbers.insert(*place, number);
    }
    entry::insert_contents(tx, exercise, &new).await?;
    Ok(numbers)
}
