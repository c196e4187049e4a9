//! `comity taxonomy crosswalk`: tables of what classes of one taxonomy are in another.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, anyhow};
use audit::Ground;
use incidents::taxonomy::{Name, Version, ops, read::Given, table};
use kernel::Viewer;

use super::import;
use crate::output::{self, Failure, Hint};

pub(super) const AFTER: &str = "\
Examples:
  comity taxonomy crosswalk import walk.csv --name ours-to-rsit --crosswalk-version 1 --preview
  comity taxonomy crosswalk import walk.json
  comity taxonomy crosswalk export veris-to-rsit
  comity taxonomy crosswalk export ours-to-rsit --crosswalk-version 1 walk.csv

The columns of a table are from_taxonomy, from_version, from, to_taxonomy, to_version, to, relation
(exact, close, broad, narrow or related), source and note; versions, source and note may be empty. What
is wrong is told line by line, and nothing is imported then. A cross-walk is shown where an incident has
a class that it leads from; nothing is applied by itself.

Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable file.";

/// Import and export cross-walks.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum CrosswalkCommand {
    /// Import a cross-walk from a table or from our JSON.
    #[command(after_help = AFTER)]
    Import {
        /// The file.
        file: PathBuf,
        /// What the cross-walk is called, where the file does not say it.
        #[arg(long, value_name = "NAME")]
        name: Option<Name>,
        /// Its version, where the file does not say it.
        #[arg(long, value_name = "VERSION")]
        crosswalk_version: Option<Version>,
        /// Say what is new, changed and gone, and import nothing.
        #[arg(long, visible_alias = "dry-run")]
        preview: bool,
    },
    /// Write a cross-walk as a table.
    #[command(after_help = AFTER)]
    Export {
        /// The cross-walk.
        name: Name,
        /// The file; one that is there is not written over. Without it, the table is printed.
        file: Option<PathBuf>,
        /// The version; without it, the last that came.
        #[arg(long, value_name = "VERSION")]
        crosswalk_version: Option<Version>,
    },
}

impl CrosswalkCommand {
    pub(super) async fn run(
        self,
        at: (&Ground, &Viewer),
        bytes: &[u8],
        json: bool,
    ) -> Result<u8, Failure> {
        match self {
            Self::Import {
                name,
                crosswalk_version,
                preview,
                ..
            } => {
                let version = crosswalk_version;
                import(at, (bytes, &Given { name, version }), preview, json).await
            }
            Self::Export {
                name,
                file,
                crosswalk_version,
            } => export(at, (&name, crosswalk_version.as_ref()), file).await,
        }
    }
}

async fn export(
    (ground, viewer): (&Ground, &Viewer),
    (name, version): (&Name, Option<&Version>),
    file: Option<PathBuf>,
) -> Result<u8, Failure> {
    let walks = ops::walks(ground, viewer).await?;
    let found = walks
        .into_iter()
        .find(|walk| walk.name == *name && version.is_none_or(|version| walk.version == *version));
    let found = found.ok_or_else(|| anyhow!("there is no cross-walk {name}"));
    let found = found.hint("comity taxonomy list names what there is")?;
    let at = (&found.name, &found.version);
    let (walk, rows) = ops::walk(ground, viewer, at).await?;
    let text = table::write(&walk, &rows);
    let Some(path) = file else {
        for line in text.lines() {
            output::line(format_args!("{line}"));
        }
        return Ok(0);
    };
    let new = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path);
    let written = new.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written.with_context(|| format!("{} cannot be written", path.display()))?;
    output::note(format_args!(
        "{} rows are in {}",
        rows.len(),
        path.display()
    ));
    Ok(0)
}
