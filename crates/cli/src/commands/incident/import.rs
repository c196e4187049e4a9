//! `comity incident import`.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use incidents::formats::{
    csv::{self, Field},
    decode,
    model::{DateOrder, FILE_BYTES_MAX, Fate, Format, Remark, Settings, Why},
    ops::{Foreseen, Importer, Report, Told, detect, documents},
    wire::ImportReportBody,
};
use incidents::state::Stage;
use indicators::terminal::harmless;
use kernel::{Mode, Tlp, Viewer};

use super::super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity incident import incidents.json more/
  comity incident import cases.csv --preview
  comity incident import cases.csv --dates dmy --column Betreff=title --column Land=country
  comity incident import vcdb.json --label CLEAR --crosswalk

VERIS JSON (schema 1.2 to 1.4), tables with a head, STIX 2.1 and events of MISP; what a file is, is
seen from what is in it. Of a folder, its files .json and .csv are taken. Each document is kept whole
beside its entry. What is there already stays as it is, and what was edited here is left alone; bad
documents are refused one by one, and listed.

Exit codes: 0 all taken in, 1 failed, 2 wrong usage or unreadable file, 3 something was refused, left
alone or remarked; it is listed.";

/// The exit code where there is something to say.
const IN_PART: u8 = 3;
/// The exit code of what cannot be read.
const UNREADABLE: u8 = 2;
/// The most files of one command.
const FILES_MAX: usize = 200_000;
/// How deep folders are looked through.
const DEPTH_MAX: usize = 8;

/// Take incidents in from files of other formats.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct ImportIncidents {
    /// Files, and folders of them.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
    /// What the files are: veris, csv, stix or misp.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The label of what carries none.
    #[arg(long, value_name = "TLP", default_value_t)]
    label: Tlp,
    /// The stage of what says nothing of it: open, investigating, contained or closed.
    #[arg(long, value_name = "STAGE", default_value = "closed")]
    stage: Stage,
    /// Derive classes of RSIT from actions of VERIS, and sectors of NIS2 from codes of NAICS.
    #[arg(long)]
    crosswalk: bool,
    /// How dates such as 03/04/2024 are read: dmy or mdy; without it they are refused.
    #[arg(long, value_name = "ORDER", default_value = "iso")]
    dates: DateOrder,
    /// The field of a column of a table, nothing for none; can be given more than once.
    #[arg(long = "column", value_name = "COLUMN=FIELD", value_parser = column)]
    columns: Vec<(String, Option<Field>)>,
    /// Say what would become of each document, and take nothing in.
    #[arg(long)]
    preview: bool,
    /// Incidents of an exercise.
    #[arg(long)]
    exercise: bool,
}

fn column(text: &str) -> Result<(String, Option<Field>), String> {
    let (name, field) = text.rsplit_once('=').ok_or("expected COLUMN=FIELD")?;
    if field.is_empty() {
        return Ok((name.to_owned(), None));
    }
    let fields: Vec<&str> = Field::ALL.iter().map(|one| one.as_str()).collect();
    let unknown = |_unknown| format!("{field} is no field; there are {}", fields.join(", "));
    Ok((name.to_owned(), Some(field.parse().map_err(unknown)?)))
}

impl ImportIncidents {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let files = self.found()?;
        let config = config(args)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("import", party, Mode::from_exercise(self.exercise));
        let several = files.len() > 1;
        let mut runs: Vec<(Importer<'_>, Vec<Foreseen>)> = Vec::new();
        let bar = output::progress("files", u64::try_from(files.len()).unwrap_or(u64::MAX));
        let mut failed = None;
        // Small files are gathered, so that many of them cost no transaction each.
        let mut waiting: Vec<(String, String)> = Vec::new();
        let mut bytes = 0;
        for (at, file) in files.iter().enumerate() {
            let name = file.display().to_string();
            match Self::read(file) {
                Ok(text) => {
                    bytes += text.len();
                    waiting.push((name, text));
                }
                Err(remark) => {
                    let run = run_of(&mut runs, &ground, &viewer, Format::Veris)?;
                    run.0.note(&name, remark);
                }
            }
            bar.inc(1);
            if bytes < GATHERED_BYTES && at + 1 < files.len() {
                continue;
            }
            bytes = 0;
            let gathered = std::mem::take(&mut waiting);
            if let Err(error) = self
                .take(gathered, several, (&ground, &viewer), &mut runs)
                .await
            {
                failed = Some(error);
                break;
            }
        }
        bar.finish_and_clear();
        let code = told(&runs, self.preview, args.json)?;
        ground.db.close().await;
        match failed {
            None => Ok(code),
            Some(error) => Err(Failure {
                hint: Some("what is listed was taken in; the same command goes on".to_owned()),
                ..error
            }),
        }
    }

    /// The documents of some files, each format with one import.
    async fn take<'g>(
        &self,
        texts: Vec<(String, String)>,
        several: bool,
        (ground, viewer): (&'g audit::Ground, &'g Viewer),
        runs: &mut Vec<(Importer<'g>, Vec<Foreseen>)>,
    ) -> Result<(), Failure> {
        let mut settings = Vec::with_capacity(texts.len());
        for (name, text) in &texts {
            let format = self.format.map_or_else(|| detect(text), Ok);
            let chosen = format.and_then(|format| Ok((format, self.settings(format, text)?)));
            match chosen {
                Ok((format, chosen)) => settings.push((name, text, format, chosen)),
                Err(remark) => run_of(runs, ground, viewer, Format::Veris)?
                    .0
                    .note(name, remark),
            }
        }
        for format in Format::ALL {
            let of_format = settings.iter().filter(|(_, _, one, _)| one == format);
            let mut found = Vec::new();
            for (name, text, _, chosen) in of_format {
                match documents(*format, text, chosen) {
                    Ok(each) => found.extend(each.map(|mut one| {
                        if several {
                            one.place = format!("{name}: {}", one.place);
                        }
                        one
                    })),
                    Err(remark) => run_of(runs, ground, viewer, *format)?.0.note(name, remark),
                }
            }
            if found.is_empty() {
                continue;
            }
            let run = run_of(runs, ground, viewer, *format)?;
            if self.preview {
                let first = run.0.foresee(found).await?;
                run.1.extend(first);
            } else {
                run.0.take(found).await?;
            }
        }
        Ok(())
    }

    fn settings(&self, format: Format, text: &str) -> Result<Settings, Remark> {
        let plain = Settings {
            tlp: self.label,
            stage: self.stage,
            crosswalk: self.crosswalk,
            dates: self.dates,
            columns: None,
        };
        if format != Format::Csv || self.columns.is_empty() {
            return Ok(plain);
        }
        let (table, mut fields) = csv::read(text, &plain)?;
        for (name, field) in &self.columns {
            let Some(at) = table.head.iter().position(|one| one == name) else {
                let head = table.head.join(", ");
                let detail = format!("there is no column {name}; there are {head}");
                return Err(Remark {
                    at: String::new(),
                    why: Why::Missing,
                    detail,
                });
            };
            for (other, one) in fields.iter_mut().enumerate() {
                // What is said wins over what was guessed.
                if other == at {
                    *one = *field;
                } else if *one == *field {
                    *one = None;
                }
            }
        }
        Ok(Settings {
            columns: Some(fields),
            ..plain
        })
    }

    /// The files, in order. Links are not followed.
    fn found(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut files = Vec::new();
        for path in &self.files {
            let unreadable = |error: io::Error| Failure {
                exit: UNREADABLE,
                ..anyhow::Error::new(error)
                    .context(format!("{} cannot be read", path.display()))
                    .into()
            };
            if fs::metadata(path).map_err(unreadable)?.is_dir() {
                walk(path, 0, &mut files).map_err(unreadable)?;
            } else {
                files.push(path.clone());
            }
        }
        if files.is_empty() || files.len() > FILES_MAX {
            let what = format!(
                "{} files .json or .csv; 1 to {FILES_MAX} are taken",
                files.len()
            );
            return Err(Failure {
                exit: UNREADABLE,
                ..anyhow::anyhow!(what).into()
            });
        }
        files.sort();
        Ok(files)
    }

    /// A file as text; what is longer than it may be is not read.
    fn read(path: &Path) -> Result<String, Remark> {
        let unreadable = |error: io::Error| Remark {
            at: String::new(),
            why: Why::Unreadable,
            detail: error.to_string(),
        };
        let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
        let file = fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        file.take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        decode::text(&bytes)
    }
}

/// Files are gathered up to this many bytes.
const GATHERED_BYTES: usize = 8 * 1024 * 1024;

/// The import of a format, which is begun with its first document.
fn run_of<'r, 'g>(
    runs: &'r mut Vec<(Importer<'g>, Vec<Foreseen>)>,
    ground: &'g audit::Ground,
    viewer: &'g Viewer,
    format: Format,
) -> Result<&'r mut (Importer<'g>, Vec<Foreseen>), Failure> {
    if !runs.iter().any(|(run, _)| run.format() == format) {
        runs.push((Importer::new(ground, viewer, format)?, Vec::new()));
    }
    let found = runs.iter_mut().find(|(run, _)| run.format() == format);
    found.ok_or_else(|| anyhow::anyhow!("an import that was begun").into())
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let path = entry.path();
        let fits = path
            .extension()
            .is_some_and(|ending| ending == "json" || ending == "csv");
        if kind.is_file() && fits && files.len() <= FILES_MAX {
            files.push(path);
        } else if kind.is_dir() && depth < DEPTH_MAX {
            walk(&path, depth + 1, files)?;
        }
    }
    Ok(())
}

/// Says what was done, and gives the exit code.
fn told(
    runs: &[(Importer<'_>, Vec<Foreseen>)],
    only_look: bool,
    json: bool,
) -> Result<u8, Failure> {
    let mut whole = true;
    let mut bodies = Vec::new();
    for (run, first) in runs {
        let report = &run.report;
        whole &= report.told.is_empty() && !report.is_cut;
        if json {
            bodies.push(ImportReportBody::of(run.format(), report, first));
        } else {
            show(run.format(), report, first, only_look);
        }
    }
    if json {
        output::json(&bodies)?;
    }
    Ok(if whole { 0 } else { IN_PART })
}

fn show(format: Format, report: &Report, first: &[Foreseen], only_look: bool) {
    let counts: Vec<String> = Fate::ALL
        .iter()
        .filter(|fate| report.of(**fate) > 0)
        .map(|fate| format!("{} {}", report.of(*fate), fate.as_str().replace('_', " ")))
        .collect();
    let would = if only_look { " would be" } else { "" };
    output::line(format_args!("{format}:{would} {}", counts.join(", ")));
    for one in first {
        let title = one.facts.as_ref().map_or("–", |facts| facts.title.as_str());
        let told = &one.told;
        output::line(format_args!(
            "{}: {}: {}",
            harmless(&told.place),
            told.fate,
            harmless(title)
        ));
    }
    for told in &report.told {
        remark(told);
    }
    if report.told_more > 0 {
        output::line(format_args!("and {} more", report.told_more));
    }
    if report.is_cut {
        output::line(format_args!(
            "the import is not complete: a part could not be read"
        ));
    }
}

fn remark(told: &Told) {
    let remarks: Vec<String> = told
        .remarks
        .iter()
        .map(|one| harmless(&one.to_string()))
        .collect();
    output::line(format_args!(
        "{}: {}: {}",
        harmless(&told.place),
        told.fate.as_str().replace('_', " "),
        remarks.join("; ")
    ));
}
