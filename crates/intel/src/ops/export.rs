//! Writing what a viewer sees of a collection to a file of another format.

mod events;

use audit::Ground;
use kernel::{Tlp, Viewer, boxed};

use super::{fetch, look::collection_in};
use crate::{
    Error,
    convert::Losses,
    export::{About, Target, Writer},
    model::{Class, Collection, Cut, Filter, Loss, PAGE_BYTES_MAX, Shown},
    record,
    store::{
        self,
        page::{self, Asked},
    },
};

/// So many objects are read at once.
const PAGE: u32 = 1_000;
/// So many are looked at to tell what an export would lose.
const LOOK_MAX: i64 = 20_000;

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Exporting {
    /// The format.
    pub target: Target,
    /// Which objects; those of STIX 2.0 that have no newer form too.
    pub filter: Filter,
    /// What was added after this place.
    pub after: i64,
    /// The strictest label that is written.
    pub max_marking: Tlp,
}

/// What came of an export.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExportReport {
    /// Objects that were looked at.
    pub objects: i64,
    /// Of these, objects that carry no label of their own: the file does not say how they are marked,
    /// where the format has no column for it.
    pub unmarked: i64,
    /// Objects of the collection that are left out because of their label.
    pub left_out: Vec<(Tlp, i64)>,
    /// What the format has no place for.
    pub losses: Vec<Loss>,
    /// False where the end was not reached.
    pub is_whole: bool,
}

/// An export under way.
#[derive(Debug)]
pub struct Export {
    ground: Ground,
    viewer: Viewer,
    collection: Collection,
    mask: i32,
    exporting: Exporting,
    writer: Writer,
    after: i64,
    state: State,
    before: events::Before,
    losses: Losses,
    report: ExportReport,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Head,
    Before,
    Pages,
    End,
}

impl Export {
    /// Begins an export, and says so in the ledger of acts.
    #[boxed]
    pub async fn begin(
        ground: &Ground,
        viewer: &Viewer,
        place: (&str, &str),
        exporting: Exporting,
    ) -> Result<Self, Error> {
        let export = Self::open(ground, viewer, place, exporting).await?;
        let mut tx = ground.db.begin().await?;
        let what = (export.exporting.target, export.exporting.max_marking);
        record::export(&mut tx, ground, viewer, &export.collection, what).await?;
        tx.commit().await?;
        Ok(export)
    }

    async fn open(
        ground: &Ground,
        viewer: &Viewer,
        place: (&str, &str),
        exporting: Exporting,
    ) -> Result<Self, Error> {
        fetch::checked(
            &exporting.filter,
            Cut {
                after: 0,
                entries: PAGE,
            },
        )?;
        let mut tx = ground.db.begin_read().await?;
        let Shown {
            collection, mask, ..
        } = collection_in(&mut tx, viewer, place.0, place.1).await?;
        let below = Tlp::ALL
            .into_iter()
            .filter(|tlp| *tlp <= exporting.max_marking);
        let allowed: i32 = below.map(|tlp| 1 << tlp.code()).sum();
        let left_out = left_out(&mut tx, (&collection, mask, allowed), &exporting).await?;
        drop(tx);
        let mut id = [0; 16];
        ground.rng.fill(&mut id);
        let about = About {
            title: collection.settings.title.to_string(),
            mode: collection.mode,
            at: ground.now(),
            id: uuid::Builder::from_random_bytes(id).into_uuid(),
            collection: collection.public.uuid(),
        };
        Ok(Self {
            ground: ground.clone(),
            viewer: viewer.clone(),
            mask: mask & allowed,
            writer: Writer::new(exporting.target, about),
            after: exporting.after,
            exporting,
            collection,
            state: State::Head,
            before: events::Before::default(),
            losses: Losses::default(),
            report: ExportReport {
                objects: 0,
                unmarked: 0,
                left_out,
                losses: Vec::new(),
                is_whole: false,
            },
        })
    }

    /// The collection that is written.
    pub const fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The next bytes of the file; nothing at its end.
    #[boxed]
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match self.state {
            State::Head => {
                self.state = State::Before;
                Ok(Some(self.writer.head().into_bytes()))
            }
            State::Before => {
                let text = events::next(self).await?;
                if text.is_none() {
                    self.state = State::Pages;
                }
                Ok(Some(text.unwrap_or_default().into_bytes()))
            }
            State::Pages => {
                let mut tx = self.ground.db.begin_read().await?;
                let asked = Asked {
                    slot: self.collection.slot,
                    mask: self.mask,
                    filter: &self.exporting.filter,
                    cut: Cut {
                        after: self.after,
                        entries: PAGE,
                    },
                    bytes_max: PAGE_BYTES_MAX,
                    is_backward: false,
                };
                let page = page::listed(&mut tx, &asked).await?;
                drop(tx);
                let unmarked = page
                    .content
                    .iter()
                    .filter(|object| !is_marked(&object.body));
                self.report.unmarked += i64::try_from(unmarked.count()).unwrap_or(i64::MAX);
                let count = i64::try_from(page.content.len()).unwrap_or(i64::MAX);
                self.report.objects += count;
                let mut text = self.writer.page(&page.content, &mut self.losses);
                match page.places {
                    Some((_, last)) if page.more => self.after = last,
                    _ => {
                        text.push_str(&self.writer.tail(&mut self.losses));
                        self.state = State::End;
                        self.report.is_whole = true;
                    }
                }
                Ok(Some(text.into_bytes()))
            }
            State::End => Ok(None),
        }
    }

    /// What came of it so far.
    pub fn report(self) -> ExportReport {
        ExportReport {
            losses: self.losses.into_list(),
            ..self.report
        }
    }
}

/// A name for the file of an export.
pub fn file_name(collection: &Collection, target: Target) -> String {
    let alias = collection.settings.alias.as_ref();
    let name = alias.map_or_else(|| collection.public.uuid().to_string(), ToString::to_string);
    let exercise = if collection.mode.is_exercise() {
        "EXERCISE-"
    } else {
        ""
    };
    format!("{exercise}{name}.{}", target.ending())
}

/// What an export would lose and leave out. A long collection is looked at in part.
#[boxed]
pub async fn look_at_export(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    exporting: Exporting,
) -> Result<ExportReport, Error> {
    let mut export = Export::open(ground, viewer, place, exporting).await?;
    while export.report.objects + export.before.parts < LOOK_MAX && export.next().await?.is_some() {
    }
    Ok(export.report())
}

/// How many objects the viewer sees that the file does not have because of their label.
async fn left_out(
    tx: &mut db::Tx,
    (collection, mask, allowed): (&Collection, i32, i32),
    exporting: &Exporting,
) -> Result<Vec<(Tlp, i64)>, Error> {
    let types = &exporting.filter.types;
    let counts = store::entry::counts_of_types(tx, collection.slot).await?;
    let mut left = [0_i64; 5];
    for (kind, class, count) in counts {
        let class = Class::from_code(class);
        let asked = types.is_empty() || types.contains(&kind);
        let left_out = mask & !allowed & (1 << class.tlp.code()) != 0;
        if asked && left_out && exporting.filter.wants(class, mask) {
            for (total, tlp) in left.iter_mut().zip(Tlp::ALL) {
                if tlp == class.tlp {
                    *total += count;
                }
            }
        }
    }
    let all = Tlp::ALL.into_iter().zip(left);
    Ok(all.filter(|(_, count)| *count > 0).collect())
}

/// Whether an object names a marking.
fn is_marked(body: &str) -> bool {
    body.contains("\"object_marking_refs\"") || body.contains("\"type\":\"marking-definition\"")
}
