//! A whole instance, or the folder of a feed, brought over at once.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use audit::Ground;
use formats_misp::{event_file, read_manifest};
use intel::{events::ops, model::Note, remotes::Trouble};
use kernel::{Tlp, Viewer};
use outward::{Address, Session};

use super::{
    missed::Missed,
    peer::{ANSWER_BYTES_MAX, ENTRIES, Peer},
    plan::{List, Listed},
    rules::Rules,
    take::{Reach, Taken, Taking, untaken},
};

/// Notes that are kept; all are counted.
const NOTES_MAX: usize = 1_000;
/// After so many events in a row that could not be had, something is wrong with the server.
const MISSED_IN_A_ROW_MAX: usize = 5;

/// Where everything goes, or comes from.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The database, the time, chance.
    pub ground: Ground,
    /// The node itself.
    pub viewer: Viewer,
    /// A root, and a collection below it by id or alias.
    pub place: (String, String),
    /// What comes and is marked with nothing is marked with this; what goes is marked no stricter.
    pub label: Tlp,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Account {
    /// Events that are there.
    pub listed: u64,
    /// Of these, new or newer ones that were taken.
    pub taken: u64,
    /// Of these, those that were here as they are there.
    pub known: u64,
    /// Of these, refused ones.
    pub refused: u64,
    /// Of these, those that could not be had this time.
    pub missed: u64,
    /// Attributes and objects of taken events that were refused.
    pub parts_refused: u64,
    /// What was refused or could not be had, and why, one by one up to a limit.
    pub notes: Vec<Note>,
}

impl Account {
    /// Whether everything is here now.
    pub const fn is_whole(&self) -> bool {
        self.refused == 0 && self.missed == 0 && self.parts_refused == 0
    }

    fn add(&mut self, taken: Taken) {
        let refused = u64::try_from(taken.tally.refused).unwrap_or_default();
        if taken.tally.added > 0 {
            self.taken += 1;
            self.parts_refused += refused;
        } else if refused > 0 {
            self.refused += 1;
        } else {
            self.known += 1;
        }
        self.note(taken.notes);
    }

    fn note(&mut self, notes: Vec<Note>) {
        let room = NOTES_MAX.saturating_sub(self.notes.len());
        self.notes.extend(notes.into_iter().take(room));
    }
}

/// Brings all events of an instance over that its key may see, the oldest first. Those that are here
/// as they are there are not asked for again, so that a move that was interrupted goes on. `on` is
/// told how many of how many are done.
pub async fn from_instance(
    into: Destination,
    (session, address): (Session, &Address),
    published: bool,
    on: impl Fn(u64, u64),
) -> Result<Account, Trouble> {
    let at = into.ground.now();
    let peer = Peer::new(session, address, at)?;
    peer.version().await?;
    let rules = Rules::default().of_index(published);
    let index = peer.index(&rules, None).await?;
    let entries = index.map(|index| index.list).unwrap_or_default();
    let list = List::of_index(entries, published);
    let (mut account, wanted) = begin(&into, list).await?;
    let taking = into.taking();
    let all = account.listed;
    let mut in_a_row = 0;
    for listed in wanted {
        let taken = match peer.event(listed.uuid).await {
            Ok(body) => taking.take(listed, body).await?,
            Err(missed) => Err(missed),
        };
        match taken {
            Ok(taken) => {
                in_a_row = 0;
                account.add(taken);
            }
            Err(missed) => {
                in_a_row += 1;
                account.miss(listed, &missed);
                if in_a_row >= MISSED_IN_A_ROW_MAX {
                    return Err(missed.into());
                }
            }
        }
        on(account.done(), all);
    }
    Ok(account)
}

/// Takes the events of a feed in that stands in a folder.
pub async fn from_folder(
    into: Destination,
    folder: &Path,
    on: impl Fn(u64, u64),
) -> Result<Account, Trouble> {
    let unreadable = |detail: String| Trouble::lasting("misp.folder", detail);
    let file = File::open(folder.join("manifest.json"))
        .map_err(|error| unreadable(format!("manifest.json cannot be read: {error}")))?;
    let entries = read_manifest(BufReader::new(file), &ENTRIES).map_err(Missed::from)?;
    let (mut account, wanted) = begin(&into, List::of_manifest(entries)).await?;
    let taking = into.taking();
    let all = account.listed;
    for listed in wanted {
        let taken = match read(folder, listed) {
            Ok(body) => taking.take(listed, body).await?,
            Err(missed) => Err(missed),
        };
        match taken {
            Ok(taken) => account.add(taken),
            Err(missed) => account.miss(listed, &missed),
        }
        on(account.done(), all);
    }
    Ok(account)
}

async fn begin(into: &Destination, list: List) -> Result<(Account, Vec<Listed>), Trouble> {
    let place = (&*into.place.0, &*into.place.1);
    let here = ops::changed(&into.ground, &into.viewer, place).await?;
    let plan = list.plan(&here, Vec::new());
    let mut account = Account {
        listed: count(list.events.len()),
        known: count(plan.known),
        ..Account::default()
    };
    account.note(list.defects);
    Ok((account, plan.wanted))
}

fn read(folder: &Path, listed: Listed) -> Result<Vec<u8>, Missed> {
    let unreadable = |error: std::io::Error| Missed::unusable("misp.folder", error.to_string());
    let name = event_file(&listed.uuid.to_string());
    let name = name.ok_or_else(|| Missed::unusable("misp.no_uuid", "it has no UUID"))?;
    let file = File::open(folder.join(name)).map_err(unreadable)?;
    let mut body = Vec::new();
    let read = file.take(ANSWER_BYTES_MAX + 1).read_to_end(&mut body);
    read.map_err(unreadable)?;
    if u64::try_from(body.len()).is_ok_and(|bytes| bytes <= ANSWER_BYTES_MAX) {
        Ok(body)
    } else {
        Err(Missed::unusable("misp.too_large", "the file is too large"))
    }
}

impl Account {
    const fn done(&self) -> u64 {
        self.taken + self.known + self.refused + self.missed
    }

    fn miss(&mut self, listed: Listed, missed: &Missed) {
        if missed.may_pass() {
            self.missed += 1;
            self.note(vec![untaken(listed.uuid, missed)]);
        } else {
            self.add(Taken::missed(listed, missed));
        }
    }
}

impl Destination {
    fn taking(&self) -> Taking {
        Taking {
            ground: self.ground.clone(),
            viewer: self.viewer.clone(),
            place: self.place.clone(),
            label: self.label,
            reach: Reach::Same,
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
