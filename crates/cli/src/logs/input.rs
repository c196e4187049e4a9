//! What is read, and how it is opened.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, PipeReader, PipeWriter, Read},
    os::{
        fd::AsFd,
        unix::fs::{FileTypeExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::OFlags,
};

use super::{account::Account, error::LogError};
use indicators::terminal::harmless;

/// One thing to read. Nothing is opened before its turn.
pub struct Input {
    pub(super) name: String,
    pub(super) origin: Origin,
    /// Its length, where it has one.
    pub(super) bytes: Option<u64>,
}

pub(super) enum Origin {
    Path(PathBuf),
    Stdin,
    Reader(Box<dyn Read + Send>),
    Failed(LogError),
}

impl Input {
    /// The name to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is, if it is a file with an end.
    pub fn file(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(path) if self.bytes.is_some() => Some(path),
            _ => None,
        }
    }

    /// A file, or a named pipe.
    pub fn path(path: &Path) -> Self {
        let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file);
        Self {
            name: harmless(&path.to_string_lossy()),
            origin: Origin::Path(path.to_owned()),
            bytes: metadata.map(|metadata| metadata.len()),
        }
    }

    /// Standard input, shown as `-`.
    pub fn stdin() -> Self {
        let stdin = io::stdin().as_fd().try_clone_to_owned().map(File::from);
        let metadata = stdin.and_then(|file| file.metadata()).ok();
        let metadata = metadata.filter(std::fs::Metadata::is_file);
        Self {
            name: "-".to_owned(),
            origin: Origin::Stdin,
            bytes: metadata.map(|metadata| metadata.len()),
        }
    }

    /// Any other reader. Lines are handed on after each read that ends one.
    pub fn reader(name: &str, reader: impl Read + Send + 'static) -> Self {
        Self {
            name: harmless(name),
            origin: Origin::Reader(Box::new(reader)),
            bytes: None,
        }
    }

    /// What could not be found.
    pub(super) fn failed(name: &str, error: LogError) -> Self {
        Self {
            name: harmless(name),
            origin: Origin::Failed(error),
            bytes: Some(0),
        }
    }
}

/// Whether a reader can make us wait.
pub(super) enum Flow {
    /// A file, or what is unpacked: chunks are filled.
    Steady,
    /// A pipe: lines are handed on when no more is ready.
    Pipe(Arc<File>),
    /// A reader of which nothing is known: lines are handed on after each read.
    Unknown,
}

impl Flow {
    pub(super) fn is_live(&self) -> bool {
        !matches!(self, Self::Steady)
    }

    /// Whether a read would give more at once, or the end.
    pub(super) fn has_more(&self) -> bool {
        match self {
            Self::Steady => true,
            Self::Unknown => false,
            Self::Pipe(file) => {
                let mut fds = [PollFd::new(file, PollFlags::IN)];
                poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
            }
        }
    }
}

/// Wakes who waits for a pipe when the run ends early.
#[derive(Debug)]
pub(super) struct Stop {
    /// Nothing more is read, worked on or handed on.
    is_stopped: AtomicBool,
    /// Nothing more is read.
    is_read: AtomicBool,
    reader: PipeReader,
    writer: Mutex<Option<PipeWriter>>,
}

impl Stop {
    pub(super) fn new() -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        Ok(Self {
            is_stopped: AtomicBool::new(false),
            is_read: AtomicBool::new(false),
            reader,
            writer: Mutex::new(Some(writer)),
        })
    }

    pub(super) fn stop(&self) {
        self.is_stopped.store(true, SeqCst);
        self.end_reading();
    }

    pub(super) fn end_reading(&self) {
        self.is_read.store(true, SeqCst);
        // The other end of the pipe sees that this one is closed.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(writer.take());
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(SeqCst)
    }

    pub(super) fn is_read(&self) -> bool {
        self.is_read.load(SeqCst)
    }

    /// Waits until the file can be read, or nothing more is to be.
    fn wait(&self, file: &File) -> io::Result<()> {
        let mut fds = [
            PollFd::new(file, PollFlags::IN),
            PollFd::new(&self.reader, PollFlags::IN),
        ];
        match poll(&mut fds, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Opens an input.
pub(super) fn open(
    origin: Origin,
    account: &Arc<Account>,
    stop: &Arc<Stop>,
) -> Result<(Raw, Flow), LogError> {
    let file = match origin {
        Origin::Failed(error) => return Err(error),
        Origin::Reader(reader) => {
            return Ok((Raw::new(Bytes::Reader(reader), account), Flow::Unknown));
        }
        Origin::Stdin => io::stdin().as_fd().try_clone_to_owned().map(File::from),
        Origin::Path(path) => open_path(&path),
    };
    let file = Arc::new(file.map_err(LogError::Open)?);
    if file.metadata().map_err(LogError::Open)?.is_file() {
        Ok((Raw::new(Bytes::File(file), account), Flow::Steady))
    } else {
        let bytes = Bytes::Pipe(Arc::clone(&file), Arc::clone(stop));
        Ok((Raw::new(bytes, account), Flow::Pipe(file)))
    }
}

/// Opens a file; a named pipe without waiting for its writer, since [`Stop::wait`] does.
fn open_path(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    if path.metadata()?.file_type().is_fifo() {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
        options.custom_flags(flags);
    }
    options.open(path)
}

/// The bytes of an input as they are, counted.
pub(super) struct Raw {
    bytes: Bytes,
    account: Arc<Account>,
    has_failed: bool,
}

enum Bytes {
    File(Arc<File>),
    Pipe(Arc<File>, Arc<Stop>),
    Reader(Box<dyn Read + Send>),
}

impl Raw {
    fn new(bytes: Bytes, account: &Arc<Account>) -> Self {
        Self {
            bytes,
            account: Arc::clone(account),
            has_failed: false,
        }
    }

    fn read_some(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.bytes {
                Bytes::File(file) => file.read(into),
                Bytes::Reader(reader) => reader.read(into),
                Bytes::Pipe(file, stop) => {
                    stop.wait(file)?;
                    if stop.is_read() {
                        return Ok(0);
                    }
                    file.read(into)
                }
            };
            let is_passing = |error: &io::Error| match error.kind() {
                ErrorKind::Interrupted => true,
                ErrorKind::WouldBlock => matches!(self.bytes, Bytes::Pipe(..)),
                _ => false,
            };
            match read {
                Err(error) if is_passing(&error) => {}
                read => return read,
            }
        }
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.has_failed {
            return Err(super::account::ended());
        }
        match self.read_some(into) {
            Ok(count) => {
                self.account.consume(count);
                Ok(count)
            }
            Err(source) => {
                self.has_failed = true;
                let offset = self.account.packed();
                Err(self.account.fail(LogError::Read { offset, source }))
            }
        }
    }
}
