//! A collection as a feed in a folder, for a server of files to publish.
//!
//! Each event is a file that stands under its name only when it is whole; `manifest.json` comes last.
//! Which version of which event was written stands in a file of its own, so that a run that was cut
//! goes on, and one without changes writes lists alone.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use formats_misp::{ManifestWriter, event_file, full::Event, transfer, write_hashes};
use intel::events::{model::Indexed, ops};
use uuid::Uuid;

use super::Destination;

/// What was written, an event a line.
const LOG: &str = ".comity-feed";
const MANIFEST: &str = "manifest.json";
const HASHES: &str = "hashes.csv";
const OWNER_FILE: u32 = 0o600;

/// What came of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Published {
    /// Events of the feed.
    pub events: u64,
    /// Of these, those whose files were written now.
    pub written: u64,
    /// Files of events that are in the feed no more, and were taken away.
    pub removed: u64,
    /// Events that were left out, since their label is stricter.
    pub stricter: u64,
    /// Events that were left out, since they are not published or do not go by themselves.
    pub withheld: u64,
}

/// Why a feed could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The folder has a feed that this program did not write.
    #[error("there is a feed in the folder which was not written from here")]
    Foreign,
    /// A file could not be read or written.
    #[error("the folder cannot be written")]
    Folder(#[from] io::Error),
    /// The collection could not be read.
    #[error("the collection cannot be read")]
    Collection(#[from] intel::Error),
}

/// Writes the published events of a collection that may go on by themselves, up to the label of
/// `from`, as a feed. `on` is told how many of how many are done.
pub async fn to_folder(
    from: Destination,
    folder: &Path,
    on: impl Fn(u64, u64),
) -> Result<Published, FeedError> {
    fs::create_dir_all(folder)?;
    let log = Log::open(folder)?;
    let place = (&*from.place.0, &*from.place.1);
    let begun = ops::begin_feed(&from.ground, &from.viewer, place, from.label).await?;
    let (events, stricter) = begun;
    let mut published = Published {
        stricter: count(stricter),
        ..Published::default()
    };
    let mut manifest = ManifestWriter::begin(Part::begin(folder, MANIFEST)?)?;
    let mut hashes = Part::begin(folder, HASHES)?;
    let mut stands = BTreeMap::new();
    let all = count(events.len());
    for (done, indexed) in (1..).zip(events) {
        let what = (indexed.id, from.label);
        let event = ops::feed_event(&from.ground, &from.viewer, place, what).await?;
        match event.and_then(ready) {
            Some(event) => {
                let version = Version::of(&indexed, &event, &from);
                if log.written.get(&indexed.uuid) != Some(&version) {
                    write_event(folder, &event)?;
                    log.note(indexed.uuid, &version)?;
                    published.written += 1;
                }
                manifest.event(&event)?;
                write_hashes(&mut hashes, &event)?;
                published.events += 1;
                stands.insert(indexed.uuid, version);
            }
            None => published.withheld += 1,
        }
        on(done, all);
    }
    hashes.end()?;
    manifest.end()?.end()?;
    // Nobody is told of these any more.
    for uuid in log
        .written
        .keys()
        .filter(|uuid| !stands.contains_key(*uuid))
    {
        match fs::remove_file(folder.join(format!("{uuid}.json"))) {
            Ok(()) => published.removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Log::end(folder, &stands)?;
    Ok(published)
}

/// The event as others get it, if it may go to them.
fn ready(mut event: Box<Event>) -> Option<Box<Event>> {
    transfer::send(&mut event).ok()?;
    Some(event)
}

fn write_event(folder: &Path, event: &Event) -> io::Result<()> {
    let name = event.uuid.as_deref().and_then(event_file);
    let name = name.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no UUID"))?;
    let mut file = Part::begin(folder, &name)?;
    file.write_all(b"{\"Event\":")?;
    serde_json::to_writer(&mut file, event)?;
    file.write_all(b"}")?;
    file.end()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// What makes a file another one: when the event was changed or published last, and the strictest
/// label of what is in it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Version(String);

impl Version {
    fn of(indexed: &Indexed, event: &Event, from: &Destination) -> Self {
        let published = event.publish_timestamp.unwrap_or_default();
        Self(format!(
            "{} {published} {}",
            indexed.timestamp,
            from.label.code()
        ))
    }
}

/// A file that gets its name when it is whole.
struct Part {
    path: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
}

impl Part {
    fn begin(folder: &Path, name: &str) -> io::Result<Self> {
        let beside = folder.join(format!("{name}.part"));
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(OWNER_FILE)
            .open(&beside)?;
        Ok(Self {
            path: folder.join(name),
            beside,
            file: BufWriter::new(file),
        })
    }

    fn end(self) -> io::Result<()> {
        let file = self.file.into_inner();
        file.map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&self.beside, &self.path)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What earlier runs have written.
struct Log {
    written: BTreeMap<Uuid, Version>,
    file: File,
}

impl Log {
    fn open(folder: &Path) -> Result<Self, FeedError> {
        let path = folder.join(LOG);
        let mut written = BTreeMap::new();
        match File::open(&path) {
            Ok(file) => {
                for line in BufReader::new(file).lines() {
                    let line = line?;
                    // A line that was cut is of an event that is written once more.
                    if let Some((uuid, version)) = line.split_once(' ')
                        && let Ok(uuid) = Uuid::try_parse(uuid)
                        && let Some(version) = version.strip_suffix(" .")
                        && folder.join(format!("{uuid}.json")).is_file()
                    {
                        written.insert(uuid, Version(version.to_owned()));
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if folder.join(MANIFEST).exists() {
                    return Err(FeedError::Foreign);
                }
            }
            Err(error) => return Err(error.into()),
        }
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(OWNER_FILE)
            .open(&path)?;
        // What follows a line that was cut begins a new one.
        (&file).write_all(b"\n")?;
        Ok(Self { written, file })
    }

    fn note(&self, uuid: Uuid, Version(version): &Version) -> io::Result<()> {
        let mut file = &self.file;
        file.write_all(format!("{uuid} {version} .\n").as_bytes())
    }

    /// Writes what stands there now in place of all that was noted.
    fn end(folder: &Path, stands: &BTreeMap<Uuid, Version>) -> io::Result<()> {
        let mut file = Part::begin(folder, LOG)?;
        for (uuid, Version(version)) in stands {
            writeln!(file, "{uuid} {version} .")?;
        }
        file.end()
    }
}
