//! What can be done with incidents in other formats.

mod classify;
mod file;
mod report;
mod text;
mod write;

use std::collections::HashMap;

use access::policy::{self, Act, Subject};
use audit::Ground;
use db::Tx;
use kernel::{IncidentId, IncidentRef, Timestamp, Viewer, boxed};

use super::{
    model::{Draft, Fate, Format, Found, Remark, Why},
    store::{self, There},
};
use crate::{
    clocks::Clocks,
    error::Error,
    model::{Case, Incident},
    ops::{Mark, bring_in, keep_reader},
    record,
    state::{Stage, Status},
    store::{
        taken::Taken,
        writing::{self, Parts},
    },
    taxonomy::{self, Class},
};

pub use file::{Documents, detect, documents};
pub use report::{Foreseen, Report, Told};
pub use text::import_text;
pub use write::{Exported, export_as, export_one};

/// Documents that one transaction takes in.
pub const BATCH: usize = 500;
/// Documents of which a preview tells what would become of them.
pub const FORESEEN_MAX: usize = 20;

/// An import that goes on, batch by batch.
#[derive(Debug)]
pub struct Importer<'a> {
    ground: &'a Ground,
    viewer: &'a Viewer,
    format: Format,
    /// The ids that came, with the digest of what came under them.
    seen: HashMap<IncidentRef, [u8; 32]>,
    /// What was done so far.
    pub report: Report,
}

/// A document that can be taken in.
struct Ready {
    told: Told,
    draft: Box<Draft>,
    sha256: [u8; 32],
    public: IncidentRef,
    /// The classes that it names and the house has.
    classes: Vec<Class>,
}

impl<'a> Importer<'a> {
    /// An import of documents of a format.
    pub fn new(ground: &'a Ground, viewer: &'a Viewer, format: Format) -> Result<Self, Error> {
        policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
        Ok(Self {
            ground,
            viewer,
            format,
            seen: HashMap::new(),
            report: Report::default(),
        })
    }

    /// The format of the documents.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Notes what cannot be read of a file as a whole.
    pub fn note(&mut self, place: &str, remark: Remark) {
        self.report.add(Told {
            place: place.to_owned(),
            name: String::new(),
            fate: Fate::Refused,
            incident: None,
            remarks: vec![remark],
        });
    }

    /// Takes documents in, durably, a batch with each transaction. What was taken before an error
    /// stays, and is in the report.
    pub async fn take(&mut self, found: impl IntoIterator<Item = Found>) -> Result<(), Error> {
        let mut found = found.into_iter();
        let mut some = next(&mut found).await;
        while !some.is_empty() {
            // The next documents are read while the database has these.
            let (done, more) = tokio::join!(self.batch(some), next(&mut found));
            for told in done? {
                self.report.add(told);
            }
            some = more;
        }
        Ok(())
    }

    /// Says what would become of documents; nothing is written. The first of all are given one by one.
    pub async fn foresee(&mut self, found: Vec<Found>) -> Result<Vec<Foreseen>, Error> {
        let mut first = Vec::new();
        let mut found = found.into_iter().peekable();
        while found.peek().is_some() {
            let some: Vec<Found> = found.by_ref().take(BATCH).collect();
            for one in self.look(some).await? {
                let all: u64 = self.report.counts.values().sum();
                self.report.add(one.told.clone());
                if usize::try_from(all).is_ok_and(|all| all < FORESEEN_MAX) {
                    first.push(one);
                }
            }
        }
        Ok(first)
    }

    #[boxed]
    async fn look(&mut self, found: Vec<Found>) -> Result<Vec<Foreseen>, Error> {
        let mut tx = self.ground.db.begin_read().await?;
        let mut done = Vec::new();
        let mut ready = self.ready(found, &mut done);
        self.classify(&mut tx, &mut ready).await?;
        let there = self.there(&mut tx, &ready).await?;
        let refused = done.into_iter();
        let mut foreseen: Vec<Foreseen> =
            refused.map(|told| Foreseen { told, facts: None }).collect();
        for mut one in ready {
            let known = there.get(&one.public);
            one.told.fate = self.fate(&mut one.told.remarks, known, one.sha256);
            foreseen.push(Foreseen {
                told: one.told,
                facts: Some(one.draft.facts),
            });
        }
        Ok(foreseen)
    }

    #[boxed]
    async fn batch(&mut self, found: Vec<Found>) -> Result<Vec<Told>, Error> {
        let mut done = Vec::with_capacity(found.len());
        let mut ready = self.ready(found, &mut done);
        let mut tx = self.ground.db.begin().await?;
        self.classify(&mut tx, &mut ready).await?;
        let there = self.there(&mut tx, &ready).await?;
        let mut new = Vec::new();
        for mut one in ready {
            let known = there.get(&one.public);
            one.told.fate = self.fate(&mut one.told.remarks, known, one.sha256);
            one.told.incident = Some(one.public).filter(|_| one.told.fate != Fate::Refused);
            match one.told.fate {
                Fate::Created => new.push(one),
                Fate::Updated => {
                    self.update(&mut tx, &mut one).await?;
                    done.push(one.told);
                }
                Fate::Unchanged | Fate::KeptOurs | Fate::Refused => done.push(one.told),
            }
        }
        done.extend(self.create(&mut tx, new).await?);
        tx.commit().await?;
        Ok(done)
    }

    /// The documents that can be taken in; what is refused goes to `done`.
    fn ready(&mut self, found: Vec<Found>, done: &mut Vec<Told>) -> Vec<Ready> {
        let mut ready = Vec::with_capacity(found.len());
        for one in found {
            let mut told = Told {
                place: one.place,
                name: one.name,
                fate: Fate::Refused,
                incident: None,
                remarks: Vec::new(),
            };
            let draft = match one.read {
                Ok(draft) => self.allowed(draft),
                Err(wrong) => Err(wrong),
            };
            let mut draft = match draft {
                Ok(draft) => draft,
                Err(wrong) => {
                    told.remarks = wrong;
                    done.push(told);
                    continue;
                }
            };
            let public = draft.key.public(self.format, self.viewer.mode);
            told.remarks = std::mem::take(&mut draft.remarks);
            match self.seen.insert(public, one.sha256) {
                None => {}
                Some(before) if before == one.sha256 => {
                    told.fate = Fate::Unchanged;
                    told.incident = Some(public);
                    told.remarks.clear();
                    done.push(told);
                    continue;
                }
                Some(before) => {
                    self.seen.insert(public, before);
                    let detail =
                        "another document of this import has the same id and says otherwise";
                    told.remarks.push(Remark::new("", Why::SameId, detail));
                    done.push(told);
                    continue;
                }
            }
            ready.push(Ready {
                told,
                draft,
                sha256: one.sha256,
                public,
                classes: Vec::new(),
            });
        }
        ready
    }

    /// The draft, if its mode and label let the viewer take it in.
    fn allowed(&self, mut draft: Box<Draft>) -> Result<Box<Draft>, Vec<Remark>> {
        let viewer = self.viewer;
        if draft.exercise && !viewer.mode.is_exercise() {
            let detail = "it is of an exercise, and real and exercise data are never mixed";
            return Err(vec![Remark::new("", Why::Forbidden, detail)]);
        }
        let facts = draft.facts.clone().checked(viewer.mode);
        let facts = facts.map_err(|invalid| vec![Remark::invalid(invalid.field, &invalid)])?;
        draft.facts = keep_reader(viewer, facts);
        let facts = &draft.facts;
        let named = crate::ops::is_named(viewer, facts);
        let subject = Subject::content(viewer.mode, facts.tlp, named);
        match policy::check(viewer, Act::IncidentImport, &subject) {
            Ok(()) => Ok(draft),
            Err(refused) => {
                let detail = format!("TLP:{}: {refused}", facts.tlp);
                Err(vec![Remark::new("", Why::Forbidden, detail)])
            }
        }
    }

    async fn there(
        &self,
        tx: &mut Tx,
        ready: &[Ready],
    ) -> Result<HashMap<IncidentRef, There>, Error> {
        let publics: Vec<IncidentRef> = ready.iter().map(|one| one.public).collect();
        let there = store::there(tx, &publics, self.viewer.user()).await?;
        Ok(there.into_iter().map(|one| (one.public, one)).collect())
    }

    /// What becomes of a document where this is there.
    fn fate(&self, remarks: &mut Vec<Remark>, there: Option<&There>, sha256: [u8; 32]) -> Fate {
        let Some(there) = there else {
            return Fate::Created;
        };
        let subject = Subject::content(there.mode, there.tlp, there.named);
        let may = policy::decide(self.viewer, Act::IncidentImport, &subject).is_allowed();
        match there.taken {
            _ if !may || there.mode != self.viewer.mode => {
                let detail = "nothing can be taken in under its id";
                *remarks = vec![Remark::new("", Why::IdTaken, detail)];
                Fate::Refused
            }
            Some((before, _)) if before == sha256 => {
                remarks.clear();
                Fate::Unchanged
            }
            Some((_, version)) if version == there.version => Fate::Updated,
            _ => Fate::KeptOurs,
        }
    }

    fn incident(&self, one: &Ready) -> Incident {
        let now = self.ground.clock.now();
        Incident {
            id: IncidentId::new(&*self.ground.clock, &*self.ground.rng),
            public: one.public,
            mode: self.viewer.mode,
            facts: one.draft.facts.clone(),
            status: match one.draft.stage {
                Stage::Open => Status::Open { since: now },
                Stage::Investigating => Status::Investigating { since: now },
                Stage::Contained => Status::Contained { at: now },
                Stage::Closed => Status::Closed {
                    at: now,
                    by: self.viewer.label(),
                },
            },
            version: 1,
            created_at: now,
            updated_at: now,
            shipped: None,
        }
    }

    async fn create(&self, tx: &mut Tx, new: Vec<Ready>) -> Result<Vec<Told>, Error> {
        let incidents: Vec<Incident> = new.iter().map(|one| self.incident(one)).collect();
        let all: Vec<&Incident> = incidents.iter().collect();
        crate::store::insert(tx, &all).await?;
        crate::ops::settle_new(tx, &all).await?;
        write_parts(tx, self.ground.now(), &incidents, &new).await?;
        let mut done = Vec::with_capacity(new.len());
        let mut taken = Vec::with_capacity(new.len());
        for (incident, one) in incidents.iter().zip(new) {
            let from = Taken {
                sha256: one.sha256,
                version: incident.version,
                kept: one.draft.kept,
            };
            taken.push((incident.id, from));
            done.push(one.told);
        }
        store::keep(tx, taken).await?;
        record::taken_in(tx, self.ground, self.viewer, &all).await?;
        Ok(done)
    }

    /// Writes a document that changed over the entry that was taken from it.
    async fn update(&self, tx: &mut Tx, one: &mut Ready) -> Result<(), Error> {
        let incident = self.incident(one);
        let draft = &one.draft;
        let case = Case {
            incident,
            timeline: draft.timeline.clone(),
            harm: draft.harm.clone(),
            statements: draft.statements.clone(),
            links: draft.links.clone(),
            attachments: Vec::new(),
            assessments: Vec::new(),
            ratings: Vec::new(),
            classes: std::mem::take(&mut one.classes),
            clocks: Clocks::default(),
            course: Vec::new(),
        };
        let mark = Mark {
            sha256: one.sha256,
            kept: draft.kept.clone(),
        };
        bring_in(tx, self.ground, self.viewer, case, mark).await?;
        Ok(())
    }
}

/// The documents of one transaction. Between two of them others have their turn.
async fn next(found: &mut impl Iterator<Item = Found>) -> Vec<Found> {
    let mut some = Vec::with_capacity(BATCH);
    while some.len() < BATCH
        && let Some(one) = found.next()
    {
        some.push(one);
        tokio::task::yield_now().await;
    }
    some
}

async fn write_parts(
    tx: &mut Tx,
    now: Timestamp,
    incidents: &[Incident],
    new: &[Ready],
) -> Result<(), Error> {
    let ids = || incidents.iter().map(|incident| incident.id);
    let parts: Vec<Parts<'_>> = ids()
        .zip(new)
        .map(|(incident, one)| Parts {
            incident,
            timeline: &one.draft.timeline,
            harm: &one.draft.harm,
            statements: &one.draft.statements,
        })
        .collect();
    writing::write(tx, &parts).await?;
    let links = ids().zip(new.iter().map(|one| one.draft.links.as_slice()));
    writing::put_links(tx, links, now).await?;
    let classed = |(_, one): &(IncidentId, &Ready)| !one.classes.is_empty();
    for (id, one) in ids().zip(new).filter(classed) {
        taxonomy::store::replace(tx, id, &one.classes).await?;
    }
    Ok(())
}
