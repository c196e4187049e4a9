//! Lists of indicators, as the command line names them.

use std::{
    ffi::OsString,
    fs::File,
    io::{BufRead, BufReader, Read as _},
    num::NonZero,
    path::{Path, PathBuf},
    thread,
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use cli::logs::{self, Input, SourceReader};
use indicators::{Domains, Exclusions, Format, Options, ReadError, Report};
use kernel::{OsRng, Rng, Timestamp, Tlp};
use matcher::{Breadth, OpenError, Set, SetBuilder};

use super::{
    aim::Aim,
    collections::Collections,
    intake::{Gathered, Intake},
    told::{counted, is_without, told},
};
use crate::output::{self, Failure};

/// The beginning of a file by which its format is known.
const HEAD_BYTES: u64 = 64 << 10;

/// How lists are read.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Lists")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct Reading {
    /// The format of the lists: plain, hosts, adblock, dnsmasq, table, stix, stix-patterns, misp,
    /// misp-warninglist, json. Found out where it is not given.
    #[arg(long, value_name = "FORMAT")]
    indicator_format: Option<Format>,
    /// What names stand for where their list does not say.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    names: Names,
    /// The marking of indicators that come without one.
    #[arg(long, value_name = "LABEL")]
    marking: Option<Tlp>,
    /// End where an entry of a list cannot be read.
    #[arg(long)]
    strict: bool,
    /// Take what would be found nearly everywhere, such as com or 0.0.0.0/0.
    #[arg(long)]
    allow_broad: bool,
    /// Take what is on a warninglist.
    #[arg(long)]
    allow_listed: bool,
    /// Take what has expired.
    #[arg(long)]
    expired: bool,
    /// Take what its maker does not mean to be looked for, such as MISP attributes without `to_ids`.
    #[arg(long)]
    context: bool,
}

/// What a name in a list stands for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum Names {
    /// Itself and all names below it.
    #[default]
    Below,
    /// Itself.
    Exact,
}

/// What is looked for.
#[derive(Debug)]
pub(super) struct Sought {
    pub(super) sets: Vec<Source>,
    pub(super) aim: Aim,
}

/// A set, and where it is from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) set: Set,
    /// The name of the file of a compiled set, whose indicators were not held against the aim.
    pub(super) compiled: Option<String>,
}

/// What is to be compiled.
pub(super) struct Compiled {
    pub(super) set: Set,
    pub(super) notes: Vec<(String, String)>,
}

/// A compiled set, behind the name of its file.
type NamedSet = (String, Set);

/// Loading lists.
pub(super) struct Loading<'a> {
    pub(super) files: &'a [PathBuf],
    pub(super) collections: Option<Collections<'a>>,
    pub(super) reading: &'a Reading,
    pub(super) max_marking: Option<Tlp>,
    pub(super) now: Timestamp,
    pub(super) quiet: bool,
}

impl Loading<'_> {
    /// Opens compiled sets and reads all other lists into one set.
    pub(super) fn load(&self) -> Result<Sought, Failure> {
        let (opened, lists) = self.files()?;
        let mut intake = self.intake();
        let (exclusions, lists) = self.exclusions(lists)?;
        intake.aim.exclusions = exclusions;
        let mut sets = Vec::new();
        for (name, set) in opened {
            self.say(&format!("{name}: compiled set, {}", counted(set.len())));
            let compiled = Some(name);
            sets.push(Source { set, compiled });
        }
        self.read(lists, &mut intake)?;
        if let Some(collections) = &self.collections {
            self.collections(collections, &mut intake)?;
        }
        let Intake { builder, aim, .. } = intake;
        if sets.is_empty() && builder.is_empty() {
            self.say("there are no indicators: nothing can be found");
        }
        if !builder.is_empty() {
            let set = builder.build_on(cores());
            let compiled = None;
            sets.push(Source { set, compiled });
        }
        Ok(Sought { sets, aim })
    }

    /// Reads lists, and takes the indicators out of compiled sets.
    pub(super) fn compile(&self) -> Result<Compiled, Failure> {
        let (opened, lists) = self.files()?;
        let mut intake = self.intake();
        let (exclusions, lists) = self.exclusions(lists)?;
        intake.aim.exclusions = exclusions;
        let mut notes = Vec::new();
        for (name, set) in opened {
            let mut taken = 0;
            for (_, indicator) in set.indicators() {
                if intake.aim.wants(&indicator) {
                    let added = intake.builder.add(&indicator);
                    added?;
                    taken += 1;
                }
            }
            if let Some(damage) = set.damage() {
                return Err(anyhow::Error::new(damage).context(name).into());
            }
            let told = format!("compiled set, {taken} taken of {}", set.len());
            self.say(&format!("{name}: {told}"));
            notes.push((name, told));
        }
        notes.extend(self.read(lists, &mut intake)?);
        let set = intake.builder.build_on(cores());
        Ok(Compiled { set, notes })
    }

    /// The files that are meant: compiled sets with their names, and all others.
    fn files(&self) -> Result<(Vec<NamedSet>, Vec<Input>), Failure> {
        let names: Vec<OsString> = self.files.iter().map(|path| path.clone().into()).collect();
        let mut sets = Vec::new();
        let mut lists = Vec::new();
        for input in logs::find(&names) {
            if input.file().is_some_and(is_hashes_of_feed) {
                self.say(&format!(
                    "{}: left out: its hashes are those of values in the events of a MISP feed, not of files",
                    input.name()
                ));
                continue;
            }
            match input.file().map(opened).transpose()? {
                Some(Some(set)) => sets.push((input.name().to_owned(), set)),
                Some(None) | None => lists.push(input),
            }
        }
        Ok((sets, lists))
    }

    fn intake(&self) -> Intake {
        let mut seed = [0; 8];
        OsRng.fill(&mut seed);
        let aim = Aim {
            max_marking: self.max_marking,
            holds_at: (!self.reading.expired).then_some(self.now),
            exclusions: Exclusions::default(),
        };
        let builder = SetBuilder::new(u64::from_le_bytes(seed));
        Intake::new(builder, aim, self.quiet)
    }

    /// What the warninglists among the files say, which must be known before the others are read; and
    /// those others.
    fn exclusions(&self, lists: Vec<Input>) -> Result<(Exclusions, Vec<Input>), Failure> {
        let mut gathered = Gathered::default();
        let (listed, others): (Vec<_>, Vec<_>) = lists
            .into_iter()
            .partition(|input| input.file().is_some_and(is_warninglist));
        for path in listed.iter().filter_map(Input::file) {
            if self.reading.allow_listed {
                continue;
            }
            let name = path.display().to_string();
            let file = File::open(path).with_context(|| name.clone())?;
            let mut options = Options::new(self.now);
            options.format = Some(Format::Warninglist);
            indicators::read(&name, BufReader::new(file), &options, &mut gathered)
                .with_context(|| name.clone())?;
            self.say(&format!(
                "{name}: {}, what is on it is left out",
                Format::Warninglist
            ));
        }
        Ok((gathered.0, others))
    }

    /// Reads lists, says what they were, and gives that back as notes.
    fn read(
        &self,
        lists: Vec<Input>,
        intake: &mut Intake,
    ) -> Result<Vec<(String, String)>, Failure> {
        let mut notes = Vec::new();
        let mut silent: Vec<_> = lists.iter().map(|input| input.name().to_owned()).collect();
        let mut reader = SourceReader::start(lists, &logs::Options::default());
        while let Some(source) = reader.next_source() {
            let name = source.name.clone();
            silent.retain(|list| !is_of(&name, list));
            let report = self.read_one(&name, &mut reader, intake).map_err(|error| {
                let hint = match &error {
                    ReadError::Strict(problem) => Some(problem.reason.hint().to_owned()),
                    _ => None,
                };
                let error = anyhow::Error::new(error).context(name.clone());
                Failure {
                    hint,
                    ..error.into()
                }
            })?;
            let told = told(&report);
            self.say(&format!("{name}: {told}"));
            if is_without(&report) {
                self.say(&format!("warning: {name} has no indicator"));
            }
            notes.push((name, told));
        }
        // Of a file without a byte nothing comes.
        for name in silent {
            self.say(&format!("warning: {name} is empty and has no indicator"));
        }
        Ok(notes)
    }

    fn read_one(
        &self,
        name: &str,
        reader: &mut SourceReader,
        intake: &mut Intake,
    ) -> Result<Report, ReadError> {
        let reading = self.reading;
        let said = (reading.indicator_format, reading.marking);
        self.read_as(name, reader, intake, said)
    }

    pub(super) fn read_as(
        &self,
        name: &str,
        reader: impl BufRead,
        intake: &mut Intake,
        (format, marking): (Option<Format>, Option<Tlp>),
    ) -> Result<Report, ReadError> {
        let reading = self.reading;
        let exclusions = std::mem::take(&mut intake.aim.exclusions);
        intake.begin();
        let options = Options {
            format,
            domains: Some(match reading.names {
                Names::Below => Domains::Tree,
                Names::Exact => Domains::Exact,
            })
            .filter(|domains| *domains == Domains::Exact),
            breadth: if reading.allow_broad {
                Breadth::Any
            } else {
                Breadth::Narrow
            },
            strict: reading.strict,
            now: self.now,
            include_expired: reading.expired,
            include_context: reading.context,
            marking,
            exclusions: Some(&exclusions),
        };
        let read = indicators::read(name, reader, &options, intake);
        intake.aim.exclusions = exclusions;
        read
    }

    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            output::note(text);
        }
    }
}

fn cores() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

/// The compiled set that a file is; none where it is something else.
fn opened(path: &Path) -> anyhow::Result<Option<Set>> {
    match Set::open(path) {
        Ok(set) => Ok(Some(set)),
        Err(OpenError::Foreign) => Ok(None),
        Err(error) => Err(unopened(path, error)),
    }
}

/// Of a file that cannot be read nobody knows whether it is a compiled set.
fn unopened(path: &Path, error: OpenError) -> anyhow::Error {
    let name = path.display();
    match error {
        OpenError::Io(error) => anyhow::Error::new(error).context(format!("{name} cannot be read")),
        error => anyhow::Error::new(error).context(name.to_string()),
    }
}

/// Whether a source is this file, or a member of it.
fn is_of(source: &str, file: &str) -> bool {
    let rest = source.strip_prefix(file);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('!'))
}

fn is_warninglist(path: &Path) -> bool {
    format_of(path) == Some(Format::Warninglist)
}

/// Whether this is the index of values that MISP writes beside the manifest of a feed.
fn is_hashes_of_feed(path: &Path) -> bool {
    path.ends_with("hashes.csv")
        && format_of(&path.with_file_name("manifest.json")) == Some(Format::MispManifest)
}

fn format_of(path: &Path) -> Option<Format> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    read.ok().and_then(|_bytes| indicators::recognise(&head))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_called_by_its_name() {
        let denied = OpenError::Io(io::ErrorKind::PermissionDenied.into());
        let error = unopened(Path::new("l.txt"), denied);
        assert_eq!(
            format!("{error:#}"),
            "l.txt cannot be read: permission denied"
        );
    }

    #[test]
    fn a_member_belongs_to_its_archive() {
        assert!(is_of("a.tar", "a.tar") && is_of("a.tar!b", "a.tar"));
        assert!(!is_of("a.tar.gz", "a.tar"));
    }
}
