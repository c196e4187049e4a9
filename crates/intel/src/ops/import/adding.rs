//! What of a batch becomes entries, and what classes the entries of its objects have then.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use audit::Ground;
use db::Tx;
use kernel::{Tlp, hex};

use super::{
    super::index,
    held::{Counted, Giver, HOUSE, Held, classes, deleted_of, owner, versions_of},
    mark,
};
use crate::{
    Error,
    intake::{Batch, Incoming},
    model::{ALL_LABELS, Class, Collection, Outcome, Refusal, holds},
    ops::{changed_in, given},
    steps::Steps,
    store::{
        self,
        entry::{self, Content, New},
    },
};

/// Where objects go, who hands them in, and which labels he sees there. What is marked more strictly
/// does not exist for him: what he is told is the same as if it were not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'c> {
    pub(crate) collection: &'c Collection,
    pub(crate) sees: i32,
    pub(crate) giver: &'c Giver,
}

impl<'c> Target<'c> {
    /// For the house, which is told everything.
    pub(crate) const fn whole(collection: &'c Collection) -> Self {
        Self {
            collection,
            sees: ALL_LABELS,
            giver: &Giver::House,
        }
    }

    const fn sees(&self, tlp: Tlp) -> bool {
        holds(self.sees, tlp)
    }
}

/// Adds what can be added. Of objects that are refused the others know nothing.
pub(crate) async fn add_in(
    tx: &mut Tx,
    ground: &Ground,
    into: Target<'_>,
    mut batch: Batch,
) -> Result<Outcome, Error> {
    let slot = into.collection.slot;
    let last = store::lock_place(tx).await?;
    let giver = into.giver.number_in(tx).await?;
    let mode = into.collection.mode;
    mark::resolve(tx, (mode, giver), &mut batch).await?;
    let (mut steps, now) = (Steps::new(&*ground.rng), ground.now().as_micros());
    let mut place = last;
    let ids: BTreeSet<_> = batch
        .objects
        .iter()
        .map(|new| new.stix_id.as_str())
        .collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let deleted = deleted_of(tx, slot, &ids).await?;
    let mut versions = versions_of(tx, slot, &ids).await?;
    into.tell(&mut versions, giver);
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
                place = steps.after(place, now).max(now);
                known.push(Held::next(incoming, tlp, (place, giver)));
                taken.push((incoming, place));
            }
        }
    }
    outcome.refusals.sort_by_key(|refusal| refusal.place);
    if outcome.added > 0 {
        let aside = write(tx, (into.collection, giver), &taken, &versions).await?;
        store::move_place(tx, place).await?;
        mark::settle(tx, ground, (slot, mode, giver), &taken).await?;
        for (id, places) in &aside {
            given::note_gone_in(tx, ground, into.collection, (id, places)).await?;
        }
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
    /// Says which versions may be known of, and which objects are another's as far as is known.
    pub(crate) fn tell(&self, versions: &mut HashMap<String, Vec<Held>>, giver: i64) {
        for all in versions.values_mut() {
            for held in all.iter_mut() {
                held.is_told = self.sees(held.tlp);
            }
            let owner = owner(all.iter().filter(|held| held.is_told));
            let is_anothers = giver != HOUSE && owner.is_some_and(|owner| owner != giver);
            for held in all.iter_mut().filter(|held| held.is_told) {
                held.is_anothers = is_anothers;
            }
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
            match judge(incoming, told()) {
                Judged::New | Judged::Refused(..) if told().any(|held| held.is_anothers) => {
                    Judged::Refused(
                        "intel.foreign",
                        "somebody else gave this object: they and the house alone give versions of it",
                    )
                }
                judged => judged,
            }
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

/// Objects of which versions now stand aside, with the places of these.
type Aside<'v> = BTreeMap<&'v str, Vec<i64>>;

/// Writes entries. Gives what stood in its own right and now stands aside: others, who know nothing of
/// who gave what, are told that it is gone.
async fn write<'v>(
    tx: &mut Tx,
    (collection, giver): (&Collection, i64),
    taken: &[(&'v Incoming, i64)],
    versions: &HashMap<String, Vec<Held>>,
) -> Result<Aside<'v>, Error> {
    let mut aside = Aside::new();
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
                    if Class::from_code(class).aside && !Class::from_code(stored).aside {
                        aside.entry(id).or_default().push(version.place);
                    }
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
    entry::insert(tx, (collection.slot, giver), &news).await?;
    index::added(tx, collection.slot, taken).await?;
    counted.write(tx, collection.slot).await?;
    Ok(aside)
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
