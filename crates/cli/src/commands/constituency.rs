//! `comity constituency`: asset lists, and the catalogue of known exploited vulnerabilities.

use std::{
    fs::File,
    io::{self, Read, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use audit::Ground;
use constituency::{
    line::Column,
    model::Filter,
    ops::{self, Begin},
};
use kernel::{Mode, Viewer};

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity constituency import assets.csv
  comity constituency import assets.csv --organisation \"Port of Aldoria\" --column name=Hostname
  comity constituency import-kev known_exploited_vulnerabilities.json
  comity constituency export > assets.csv

A file of assets is CSV with a first line of names, or one JSON object a line. What was taken in once
is not taken in twice. An import that was interrupted goes on when the node runs.

Exit codes: 0 all taken in, 1 failed, 2 wrong usage, 3 taken in, and some lines were refused.";

/// Lines that were refused and are shown; the rest are counted.
const SHOWN_MAX: usize = 1_000;
/// The exit code where lines were refused.
const IN_PART: u8 = 3;

/// Take in and write asset lists, and take in the catalogue of known exploited vulnerabilities.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Constituency {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Take a file of assets in.
    #[command(after_help = AFTER)]
    Import {
        /// The file.
        file: PathBuf,
        /// Whose the assets are where the file has no column for it.
        #[arg(long, value_name = "NAME", default_value = "")]
        organisation: String,
        /// Which column of the file holds what, such as name=Hostname; can be given more than once.
        /// Without any, the names are guessed.
        #[arg(long, value_name = "COLUMN=NAME", value_parser = column)]
        column: Vec<(Column, String)>,
        /// Assets of the exercise.
        #[arg(long)]
        exercise: bool,
    },
    /// Take in the catalogue of known exploited vulnerabilities, as CISA publishes it in JSON.
    #[command(after_help = AFTER)]
    ImportKev {
        /// The file.
        file: PathBuf,
    },
    /// Write the assets to standard output, as CSV that can be taken in again.
    #[command(after_help = AFTER)]
    Export {
        /// Assets of the exercise.
        #[arg(long)]
        exercise: bool,
    },
}

fn column(text: &str) -> Result<(Column, String), String> {
    let (word, name) = text.split_once('=').ok_or("write COLUMN=NAME")?;
    let words = Column::ALL.map(Column::as_str).join(", ");
    let column = Column::from_word(word).ok_or_else(|| format!("the columns are {words}"))?;
    Ok((column, name.to_owned()))
}

impl Constituency {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = |exercise| {
            let mode = Mode::from_exercise(exercise);
            Viewer::node("constituency", party.clone(), mode)
        };
        let done = match self.what {
            What::Import {
                file,
                organisation,
                column,
                exercise,
            } => {
                let begin = Begin {
                    columns: column.into_iter().collect(),
                    organisation,
                };
                import(&ground, &viewer(exercise), &file, begin).await
            }
            What::ImportKev { file } => import_kev(&ground, &viewer(false), &file).await,
            What::Export { exercise } => export(&ground, &viewer(exercise)).await,
        };
        ground.db.close().await;
        done
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()));
    file.hint("name a file that is there and may be read")
}

async fn import(
    ground: &Ground,
    viewer: &Viewer,
    path: &Path,
    begin: Begin,
) -> Result<u8, Failure> {
    let mut file = open(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let import = ops::open(ground, viewer, &name).await?;
    for part in 0.. {
        let limit = u64::try_from(ops::PART_BYTES_MAX).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        (&mut file).take(limit).read_to_end(&mut bytes)?;
        if bytes.is_empty() && part > 0 {
            break;
        }
        ops::put_part(ground, viewer, import.id, (part, &bytes)).await?;
    }
    let started = async {
        ops::seal(ground, viewer, import.id).await?;
        ops::begin(ground, viewer, import.id, begin).await
    };
    if let Err(error) = started.await {
        ops::discard(ground, viewer, import.id).await?;
        return Err(error).hint("--column and --organisation say what the file does not");
    }
    let done = ops::finish(ground, viewer, import.id).await?;
    output::line(format_args!(
        "{}: {} lines, {} new, {} changed, {} as before, {} refused",
        done.source, done.line, done.taken, done.changed, done.unchanged, done.refused
    ));
    let refused = ops::refused(ground, viewer, import.id, 0).await?;
    for one in refused.iter().take(SHOWN_MAX) {
        let column = one.column.map_or("", Column::as_str);
        output::line(format_args!("line {}: {} {column}", one.line, one.reason));
    }
    Ok(if done.refused > 0 { IN_PART } else { 0 })
}

async fn import_kev(ground: &Ground, viewer: &Viewer, path: &Path) -> Result<u8, Failure> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    let done = ops::import_kev(ground, viewer, &bytes)
        .await
        .hint("take the file known_exploited_vulnerabilities.json as it is published")?;
    output::line(format_args!(
        "catalogue {}: {} new, {} changed, {} as before, {} new matches",
        done.version, done.added, done.changed, done.unchanged, done.matched
    ));
    for (place, field) in &done.refused {
        output::line(format_args!("entry {place}: {field}"));
    }
    Ok(if done.refused.is_empty() { 0 } else { IN_PART })
}

async fn export(ground: &Ground, viewer: &Viewer) -> Result<u8, Failure> {
    let mut failed = None;
    let filter = Filter::default();
    let done = ops::export(ground, viewer, &filter, |piece| {
        let written = io::stdout().write_all(piece.as_bytes());
        failed = written.err();
        failed.is_none()
    });
    done.await?;
    failed.map_or(Ok(0), |error| Err(error.into()))
}
