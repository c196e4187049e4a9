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
    model::{Filter, Form},
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
  comity constituency import assets.csv --whole --dry-run
  comity constituency import-cve CVE-2026-12345.json ranges.csv
  comity constituency export > assets.csv
  comity constituency export --form jsonl --organisation \"Port of Aldoria\" --retired

A file of assets is CSV with a first line of names, or one JSON object a line. What was taken in once
is not taken in twice. An import that was interrupted goes on when the node runs. With --whole the file
is the whole list of the organisations that it names: what it does not name of theirs is retired, if
that is no more than a tenth.

Exit codes: 0 all taken in, 1 failed, 2 wrong usage, 3 taken in, and some lines were refused, or what a
whole list does not name was not retired.";

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
        /// The file is the whole list of the organisations that it names: what it does not name of theirs
        /// is retired.
        #[arg(long)]
        whole: bool,
        /// So many may be retired, even if that is more than a tenth.
        #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "whole")]
        retire_most: i64,
        /// Tell how many would be retired, and take nothing in.
        #[arg(long, requires = "whole")]
        dry_run: bool,
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
    /// Take in which versions are affected: CVE records in JSON, or a table (CSV).
    #[command(after_help = AFTER)]
    ImportCve {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write the assets to standard output, as a file that can be taken in again.
    #[command(after_help = AFTER)]
    Export {
        /// csv, or jsonl for one JSON object a line.
        #[arg(long, default_value = "csv", value_parser = form)]
        form: Form,
        /// Those of the organisation of this name.
        #[arg(long, value_name = "NAME")]
        organisation: Option<String>,
        /// Those whose name begins with this.
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// Those that are retired instead of those that are there.
        #[arg(long)]
        retired: bool,
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
                whole,
                retire_most,
                dry_run,
                exercise,
            } => {
                let begin = Begin {
                    columns: column.into_iter().collect(),
                    organisation,
                    whole,
                    most: retire_most,
                };
                import(&ground, &viewer(exercise), &file, (begin, dry_run)).await
            }
            What::ImportKev { file } => import_kev(&ground, &viewer(false), &file).await,
            What::ImportCve { files } => import_cve(&ground, &viewer(false), &files).await,
            What::Export {
                form,
                organisation,
                name,
                retired,
                exercise,
            } => {
                let filter = Filter {
                    name,
                    retired,
                    ..Filter::default()
                };
                export(&ground, &viewer(exercise), (filter, organisation), form).await
            }
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
    (begin, dry_run): (Begin, bool),
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
        if dry_run {
            let foreseen = ops::foresee(ground, viewer, import.id, &begin).await?;
            ops::discard(ground, viewer, import.id).await?;
            return Ok(Some(foreseen));
        }
        ops::begin(ground, viewer, import.id, begin).await?;
        Ok::<_, constituency::Error>(None)
    };
    match started.await {
        Ok(None) => {}
        Ok(Some(found)) => {
            output::line(format_args!(
                "{} of {} assets of these organisations would be retired, {} lines refused",
                found.gone, found.there, found.refused
            ));
            return Ok(if found.refused > 0 { IN_PART } else { 0 });
        }
        Err(error) => {
            ops::discard(ground, viewer, import.id).await?;
            return Err::<_, constituency::Error>(error)
                .hint("--column and --organisation say what the file does not");
        }
    }
    let done = ops::finish(ground, viewer, import.id).await?;
    output::line(format_args!(
        "{}: {} lines, {} new, {} changed, {} as before, {} refused",
        done.source, done.line, done.taken, done.changed, done.unchanged, done.refused
    ));
    let whole = done.whole;
    if whole.is_whole {
        output::line(format_args!(
            "{} come back, {} retired, {} not named and not retired",
            done.returned, whole.retired, whole.held
        ));
    }
    let refused = ops::refused(ground, viewer, import.id, 0).await?;
    for one in refused.iter().take(SHOWN_MAX) {
        let column = one.column.map_or("", Column::as_str);
        output::line(format_args!("line {}: {} {column}", one.line, one.reason));
    }
    let in_part = done.refused > 0 || whole.held > 0;
    Ok(if in_part { IN_PART } else { 0 })
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

async fn import_cve(ground: &Ground, viewer: &Viewer, files: &[PathBuf]) -> Result<u8, Failure> {
    let mut in_part = false;
    for path in files {
        let mut bytes = Vec::new();
        open(path)?.read_to_end(&mut bytes)?;
        let done = ops::import_ranges(ground, viewer, &bytes).await.hint(
            "take CVE records in JSON, or a table with the columns cve, vendor and product",
        )?;
        output::line(format_args!(
            "{}: {} vulnerabilities, {} products, {} as before, {} that name no product",
            path.display(),
            done.taken,
            done.products,
            done.unchanged,
            done.empty
        ));
        for (place, why) in &done.refused {
            output::line(format_args!("{} {place}: {why}", done.unit()));
        }
        in_part |= !done.refused.is_empty();
    }
    Ok(if in_part { IN_PART } else { 0 })
}

async fn export(
    ground: &Ground,
    viewer: &Viewer,
    (mut filter, organisation): (Filter, Option<String>),
    form: Form,
) -> Result<u8, Failure> {
    if let Some(name) = organisation {
        let found = ops::organisations(ground, viewer, &name).await?;
        let same = found
            .iter()
            .find(|one| one.name.to_lowercase() == name.to_lowercase());
        let same = same.with_context(|| format!("there is no organisation {name}"));
        filter.organisation = Some(same.hint("write its name as the lists have it")?.number);
    }
    let mut writing = ops::export(ground, viewer, &filter, form).await?;
    while let Some(piece) = writing.next(ground, viewer).await? {
        io::stdout().write_all(piece.as_bytes())?;
    }
    Ok(0)
}

fn form(word: &str) -> Result<Form, String> {
    Form::from_word(word).ok_or_else(|| "csv or jsonl".to_owned())
}
