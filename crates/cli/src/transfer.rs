//! The file that `comity export` writes and `comity import` reads: one JSON object a line.
//!
//! The first line says whose it is; the last one how many lines there are, so that a file that was
//! cut is noticed before anything is taken from it. Between them stand `{"incident": …}` and
//! `{"card": …}`, and whatever a later version may add.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use kernel::{PartyCode, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::output::Failure;

const FORMAT: &str = "comity/export/v1";
const OWNER_FILE: u32 = 0o600;
/// The longest line that is read.
const LINE_BYTES_MAX: usize = 2 * incidents::wire::LINE_BYTES_MAX;
/// The exit code for a file that cannot be read.
const UNREADABLE: u8 = 2;

/// The first line.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Head {
    comity: String,
    /// Whose register and directory it is.
    pub(crate) party: PartyCode,
    /// True for data of exercises; a file never holds both.
    pub(crate) exercise: bool,
    /// When it was written.
    pub(crate) at: Timestamp,
}

impl Head {
    pub(crate) fn new(party: PartyCode, exercise: bool, at: Timestamp) -> Self {
        Self {
            comity: FORMAT.to_owned(),
            party,
            exercise,
            at,
        }
    }
}

/// A file on its way: it stands under its name only when it is whole.
pub(crate) struct Writer {
    path: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
    lines: u64,
}

impl Writer {
    /// Begins a file for its owner alone. One that is there is not written over.
    pub(crate) fn begin(path: &Path, head: &Head) -> Result<Self, Failure> {
        if path.exists() {
            let there = anyhow::anyhow!("{} is there already", path.display());
            return Err(Failure {
                hint: Some("choose another name; an export is never written over".to_owned()),
                ..there.into()
            });
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".part");
        let beside = PathBuf::from(beside);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(OWNER_FILE)
            .open(&beside)?;
        let mut writer = Self {
            path: path.to_owned(),
            beside,
            file: BufWriter::new(file),
            lines: 0,
        };
        writer.put(&serde_json::to_string(head)?)?;
        writer.lines = 0;
        Ok(writer)
    }

    /// Writes a line.
    pub(crate) fn put(&mut self, line: &str) -> Result<(), Failure> {
        self.file.write_all(line.as_bytes())?;
        self.file.write_all(b"\n")?;
        self.lines += 1;
        Ok(())
    }

    /// Writes the last line, makes the file durable and gives it its name.
    pub(crate) fn end(mut self) -> Result<u64, Failure> {
        let lines = self.lines;
        self.put(&json!({ "end": { "lines": lines } }).to_string())?;
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.beside, &self.path)?;
        Ok(lines)
    }
}

/// A file that was read once to its end, and is whole.
pub(crate) struct Whole {
    path: PathBuf,
    /// The first line.
    pub(crate) head: Head,
    /// How many lines stand between the first and the last.
    pub(crate) lines: u64,
}

impl Whole {
    /// Reads the file through: head, end, and each line between them as JSON.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        Self::look(path).map_err(|error| Failure {
            hint: Some("comity export writes such files; ask for the file once more".to_owned()),
            exit: UNREADABLE,
            ..error
                .context(format!("{} cannot be taken in", path.display()))
                .into()
        })
    }

    fn look(path: &Path) -> anyhow::Result<Self> {
        let mut lines = read(path)?;
        let first = lines
            .next()
            .ok_or_else(|| anyhow::anyhow!("it is empty"))??;
        let head: Head = serde_json::from_value(first)
            .map_err(|error| anyhow::anyhow!("it is no export of Comity: {error}"))?;
        if head.comity != FORMAT {
            anyhow::bail!(
                "it is of the format {}, which this program does not know",
                head.comity
            );
        }
        let (mut count, mut end) = (0_u64, None);
        for line in lines {
            if end.is_some() {
                anyhow::bail!("something stands after its end");
            }
            let line = line?;
            match line.get("end") {
                Some(said) => end = Some(said.get("lines").and_then(Value::as_u64)),
                None => count += 1,
            }
        }
        match end {
            Some(Some(said)) if said == count => Ok(Self {
                path: path.to_owned(),
                head,
                lines: count,
            }),
            Some(said) => anyhow::bail!("it holds {count} lines and says {said:?}"),
            None => anyhow::bail!("it was cut: its end is missing after {count} lines"),
        }
    }

    /// The lines between head and end.
    pub(crate) fn lines(&self) -> Result<impl Iterator<Item = anyhow::Result<Value>>, Failure> {
        let between = usize::try_from(self.lines).unwrap_or(usize::MAX);
        Ok(read(&self.path)?.skip(1).take(between))
    }
}

fn read(path: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Value>> + use<>> {
    let mut file = BufReader::new(File::open(path)?);
    let mut number = 0_u64;
    Ok(std::iter::from_fn(move || {
        number += 1;
        let mut line = Vec::new();
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let got = io::Read::take(&mut file, limit).read_until(b'\n', &mut line);
        match got {
            Ok(0) => None,
            Ok(_) if !line.ends_with(b"\n") => Some(Err(anyhow::anyhow!(
                "line {number} has no end, or is longer than 8 MiB"
            ))),
            Ok(_) => Some(
                serde_json::from_slice(&line)
                    .map_err(|error| anyhow::anyhow!("line {number} is not JSON: {error}")),
            ),
            Err(error) => Some(Err(error.into())),
        }
    }))
}
