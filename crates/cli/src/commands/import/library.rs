//! `comity import misp-taxonomy` and `comity import misp-galaxy`: the words that tags are made of.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use audit::Ground;
use indicators::terminal::harmless;
use intel::ops;
use kernel::{Mode, Viewer};
use serde_json::{Value, json};

use super::super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER_TAXONOMY: &str = "\
Examples:
  comity import misp-taxonomy ./misp-taxonomies
  comity import misp-taxonomy tlp/machinetag.json PAP/machinetag.json

Of a folder, all files machinetag.json in it are taken. One of the same namespace and the same or a
newer version takes the place of what is here; its tags are offered to people of the house.

Exit codes: 0 all is here, 1 failed, 2 wrong usage, 3 some were refused; they are listed.";

const AFTER_GALAXY: &str = "\
Examples:
  comity import misp-galaxy ./misp-galaxy
  comity import misp-galaxy galaxies/tool.json clusters/tool.json

Of a folder, the files *.json in its folders galaxies and clusters are taken, or its own where it has
neither. What is of the same type and the same or a newer version takes the place of what is here;
clusters keep their numbers.

Exit codes: 0 all is here, 1 failed, 2 wrong usage, 3 some were refused; they are listed.";

/// The exit code where something was refused.
const IN_PART: u8 = 3;
/// The exit code of what cannot be read.
const UNREADABLE: u8 = 2;
/// How deep folders are looked through.
const DEPTH_MAX: usize = 8;
/// The most files of one command.
const FILES_MAX: usize = 20_000;
/// The code of clusters whose galaxy is not here.
const GALAXY_FIRST: &str = "intel.no_galaxy_of";

/// Take MISP taxonomies in, so that their tags are offered.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_TAXONOMY)]
pub(crate) struct ImportTaxonomy {
    /// Files, and folders of them.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
}

/// Take MISP galaxies and their clusters in.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_GALAXY)]
pub(crate) struct ImportGalaxy {
    /// Files, and folders of them.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
}

impl ImportTaxonomy {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let files = found(&self.files, |path| {
            path.file_name() == Some(OsStr::new("machinetag.json"))
        })?;
        let (ground, viewer) = open(args).await?;
        let mut report = Report::default();
        let bar = output::progress("files", count(files.len()));
        for path in files {
            let taken = match read(&path, ops::TAXONOMY_BYTES_MAX) {
                Ok(bytes) => ops::import_taxonomy(&ground, &viewer, bytes).await,
                Err(refusal) => {
                    report.refused(&path, "unreadable", &refusal);
                    continue;
                }
            };
            match taken {
                Ok(taken) => {
                    let taxonomy = &taken.taxonomy;
                    let parts = (taxonomy.version, taxonomy.tags);
                    report.taken(&taxonomy.namespace, taken.added, parts);
                    if taken.left_out > 0 {
                        let what = format!("{} tags are too long for one", taken.left_out);
                        report.refused(&path, "left_out", &what);
                    }
                }
                Err(error) => report.failed(&path, error)?,
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        ground.db.close().await;
        report.show("tags", args.json)
    }
}

impl ImportGalaxy {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let mut files = found(&self.files, is_of_galaxies)?;
        let (ground, viewer) = open(args).await?;
        let mut report = Report::default();
        let bar = output::progress("files", count(files.len()));
        // Clusters whose galaxy comes behind them are tried once more.
        for last in [false, true] {
            let mut waiting = Vec::new();
            for path in files {
                let taken = match read(&path, ops::GALAXY_BYTES_MAX) {
                    Ok(bytes) => ops::import_galaxy(&ground, &viewer, bytes).await,
                    Err(refusal) => {
                        report.refused(&path, "unreadable", &refusal);
                        continue;
                    }
                };
                match taken {
                    Ok(taken) => {
                        let galaxy = &taken.galaxy;
                        let version = galaxy.version.max(galaxy.cluster_version);
                        report.taken(&galaxy.kind, taken.added, (version, galaxy.clusters));
                        if taken.doubles > 0 {
                            let what = format!("{} clusters stand there twice", taken.doubles);
                            report.refused(&path, "double", &what);
                        }
                    }
                    Err(error) if !last && error.code() == GALAXY_FIRST => waiting.push(path),
                    Err(error) => report.failed(&path, error)?,
                }
                bar.inc(1);
            }
            files = waiting;
        }
        bar.finish_and_clear();
        ground.db.close().await;
        report.show("clusters", args.json)
    }
}

fn is_of_galaxies(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name);
    let known = folder.is_some_and(|name| name == "galaxies" || name == "clusters");
    known && path.extension() == Some(OsStr::new("json"))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

async fn open(args: &NodeArgs) -> Result<(Ground, Viewer), Failure> {
    let config = config(args)?;
    let ground = ground(&config).await?;
    let party = access::ops::node_party(&ground).await;
    let party = party.hint("comity init makes a node")?;
    Ok((ground, Viewer::node("import", party, Mode::Real)))
}

/// The files that are named, and those of the folders that are named which fit. Where none fits, the
/// files of the folder that end in `.json`.
fn found(named: &[PathBuf], fits: fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut files = BTreeSet::new();
    for path in named {
        let unreadable = |error: io::Error| Failure {
            exit: UNREADABLE,
            ..anyhow::Error::new(error)
                .context(format!("{} cannot be read", path.display()))
                .into()
        };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            files.insert(path.clone());
            continue;
        }
        let mut all = Vec::new();
        walk(path, 0, &mut all).map_err(unreadable)?;
        let mut of_folder: Vec<_> = all.iter().filter(|path| fits(path)).cloned().collect();
        if of_folder.is_empty() {
            let is_own = |one: &&PathBuf| {
                one.parent() == Some(path) && one.extension() == Some(OsStr::new("json"))
            };
            of_folder.extend(all.iter().filter(is_own).cloned());
        }
        if of_folder.is_empty() {
            let none = anyhow::anyhow!("{} has no such file", path.display());
            return Err(Failure {
                exit: UNREADABLE,
                ..none.into()
            });
        }
        files.extend(of_folder);
    }
    if files.len() > FILES_MAX {
        return Err(anyhow::anyhow!("more than {FILES_MAX} files").into());
    }
    // Galaxies come before their clusters.
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_key(|path| {
        let folder = path.parent().and_then(Path::file_name);
        folder != Some(OsStr::new("galaxies"))
    });
    Ok(files)
}

/// All files of a folder. Links are not followed.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_file() && files.len() <= FILES_MAX {
            files.push(entry.path());
        } else if kind.is_dir() && depth < DEPTH_MAX {
            walk(&entry.path(), depth + 1, files)?;
        }
    }
    Ok(())
}

/// The bytes of a file; what is longer than it may be is not read.
fn read(path: &Path, bytes_max: usize) -> Result<Vec<u8>, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > count(bytes_max) {
        return Err(format!("it is longer than {bytes_max} bytes"));
    }
    fs::read(path).map_err(|error| error.to_string())
}

#[derive(Default)]
struct Report {
    taken: Vec<(String, bool, i64, i64)>,
    refused: Vec<(String, String, String)>,
}

impl Report {
    fn taken(&mut self, name: &str, added: bool, (version, parts): (i64, i64)) {
        self.taken.push((name.to_owned(), added, version, parts));
    }

    fn refused(&mut self, path: &Path, code: &str, detail: &str) {
        let name = harmless(&path.display().to_string());
        self.refused
            .push((name, code.to_owned(), detail.to_owned()));
    }

    /// What is wrong with one file stops none of the others; what is wrong with the node does.
    fn failed(&mut self, path: &Path, error: intel::Error) -> Result<(), Failure> {
        if matches!(error, intel::Error::Db(_) | intel::Error::Refused(_)) {
            return Err(error.into());
        }
        let detail = match &error {
            intel::Error::Invalid(invalid) => invalid.to_string(),
            other => other.to_string(),
        };
        self.refused(path, error.code(), &detail);
        Ok(())
    }

    fn show(self, parts: &str, json: bool) -> Result<u8, Failure> {
        if json {
            let taken: Vec<Value> = self
                .taken
                .iter()
                .map(|(name, added, version, count)| {
                    json!({ "name": name, "added": added, "version": version, parts: count })
                })
                .collect();
            let refused: Vec<Value> = self
                .refused
                .iter()
                .map(|(file, code, detail)| json!({ "file": file, "code": code, "detail": detail }))
                .collect();
            output::json(&json!({ "taken": taken, "refused": refused }))?;
        } else {
            for (name, added, version, count) in &self.taken {
                let how = if *added {
                    "new"
                } else {
                    "in place of what was here"
                };
                output::line(format_args!(
                    "{}: version {version}, {count} {parts}, {how}",
                    harmless(name)
                ));
            }
            for (file, code, detail) in &self.refused {
                output::line(format_args!("{file}: {} ({code})", harmless(detail)));
            }
        }
        Ok(if self.refused.is_empty() { 0 } else { IN_PART })
    }
}
