//! `comity import`: what the register, the directory and collections take in, and events of MISP.

mod library;
mod misp;

use std::{collections::BTreeMap, ffi::OsString, path::Path};

use audit::Ground;
use directory::{Card, ops::TakenCard};
use incidents::ops::{Outcome, TakenLine};
use kernel::{Mode, PartyCode, Viewer};
use seal::{data::DataKey, keys::Fingerprint};
use serde::Serialize;
use serde_json::{Value, json};
use server::{config::Config, folder::Folder, keys::NodeKeys};

use super::{collection::take_in::TakeIn, config, ground, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
    transfer::Whole,
};

const AFTER: &str = "\
Examples:
  comity import --shipped
  comity import register.jsonl
  comity import directory.jsonl --trust 3f0c…
  comity import --collection phishing --create bundle.json feed.csv misp/
  comity import --collection phishing --preview event.json
  curl -s https://feeds.example/list.txt | comity import --collection phishing -
  comity import misp https://misp.example/ --misp-key misp.key --collection intel/events
  comity import misp-feed ./feed --collection intel/events
  comity import misp-taxonomy ./misp-taxonomies
  comity import misp-galaxy ./misp-galaxy

Importing twice changes nothing, and what was edited here stays as it is. What is not understood is
kept, listed, and part of the next export. A file makes no party trusted: one that is not listed yet
is added only if --trust names the fingerprint of its root key, compared over another channel.

Into a collection go files, folders and standard input (-): STIX 2.1 and 2.0, events of MISP, CSV and
plain lists; what they are is seen from what is in them. What is not marked gets the label of the
collection. An import that was interrupted goes on with --resume, or when the node runs.

Exit codes: 0 all taken in, 1 failed, 2 wrong usage or unreadable file, 3 taken in as far as listed:
something was refused, or has no place among objects.";

/// The exit code where something was kept, refused or left out.
const IN_PART: u8 = 3;
/// The exit code of wrong usage.
const UNREADABLE: u8 = 2;
/// Lines that are taken in with one transaction.
const BATCH: usize = 100;
/// Remarks that are shown; the rest are counted.
const REMARKS_MAX: usize = 1_000;

/// Take in a file of comity export, the historical incidents that ship with the program, or files
/// of indicators and objects into a collection.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct Import {
    #[command(subcommand)]
    from: Option<Source>,
    /// The file; with --collection also several, folders, and - for standard input.
    #[arg(value_name = "FILE", required_unless_present_any = ["shipped", "resume"])]
    files: Vec<OsString>,
    /// The incidents inside the program.
    #[arg(long, conflicts_with_all = ["files", "trust", "collection"])]
    shipped: bool,
    /// The collection that takes the files in: its alias, UUID or title.
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Collections",
        conflicts_with = "trust"
    )]
    collection: Option<String>,
    /// Make the collection if there is none of that name.
    #[arg(long, help_heading = "Collections", requires = "collection")]
    create: bool,
    /// Say what would become of each object, and take nothing in.
    #[arg(
        long,
        help_heading = "Collections",
        requires = "collection",
        conflicts_with = "create"
    )]
    preview: bool,
    /// Go on with imports that were interrupted.
    #[arg(
        long,
        help_heading = "Collections",
        requires = "collection",
        conflicts_with_all = ["files", "create", "preview"]
    )]
    resume: bool,
    /// A collection of the exercise.
    #[arg(long, help_heading = "Collections", requires = "collection")]
    exercise: bool,
    /// The fingerprint of a root key that was compared; can be given more than once.
    #[arg(long, value_name = "FINGERPRINT")]
    trust: Vec<Fingerprint>,
}

/// From where else.
#[derive(clap::Subcommand, Debug)]
enum Source {
    Misp(misp::ImportMisp),
    MispFeed(misp::ImportFeed),
    MispTaxonomy(library::ImportTaxonomy),
    MispGalaxy(library::ImportGalaxy),
}

impl Import {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        match self.from {
            Some(Source::Misp(command)) => return Box::pin(command.run(args)).await,
            Some(Source::MispFeed(command)) => return Box::pin(command.run(args)).await,
            Some(Source::MispTaxonomy(command)) => return Box::pin(command.run(args)).await,
            Some(Source::MispGalaxy(command)) => return Box::pin(command.run(args)).await,
            None => {}
        }
        if let Some(collection) = &self.collection {
            let taking = TakeIn {
                collection,
                files: &self.files,
                create: self.create,
                preview: self.preview,
                resume: self.resume,
                exercise: self.exercise,
            };
            return taking.run(args).await;
        }
        let file = match self.files.as_slice() {
            [] => None,
            [file] => Some(Path::new(file)),
            _ => {
                return Err(Failure {
                    hint: Some("several files go into a collection: --collection NAME".to_owned()),
                    exit: UNREADABLE,
                    ..anyhow::anyhow!("one file at a time").into()
                });
            }
        };
        let config = config(args)?;
        let whole = file.map(Whole::open).transpose()?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let code = match whole {
            Some(whole) => {
                let taking = Taking {
                    ground: &ground,
                    config: &config,
                    compared: &self.trust,
                    viewer: viewer(party, whole.head.exercise),
                    key: None,
                    report: Report::default(),
                };
                taking.run(&whole, args.json).await?
            }
            None => shipped(&ground, &viewer(party, false), args.json).await?,
        };
        ground.db.close().await;
        Ok(code)
    }
}

fn viewer(party: PartyCode, exercise: bool) -> Viewer {
    Viewer::node("import", party, Mode::from_exercise(exercise))
}

async fn shipped(ground: &Ground, viewer: &Viewer, json: bool) -> Result<u8, Failure> {
    let done = incidents::ops::import_shipped(ground, viewer).await?;
    if json {
        output::json(&done)?;
    } else {
        output::line(format_args!(
            "{} new, {} updated, {} as they were, {} edited here and left alone.",
            done.created, done.updated, done.unchanged, done.kept
        ));
    }
    Ok(0)
}

#[derive(Default, Serialize)]
struct Report {
    incidents: BTreeMap<String, u64>,
    parties: BTreeMap<String, u64>,
    /// What was kept, refused or left out: the line of the file, and what about it.
    remarks: Vec<Remark>,
    remarks_more: u64,
}

#[derive(Serialize)]
struct Remark {
    line: u64,
    about: String,
    what: Vec<String>,
}

impl Report {
    fn count(of: &mut BTreeMap<String, u64>, outcome: impl Serialize) -> String {
        let word = json!(outcome).as_str().unwrap_or_default().to_owned();
        *of.entry(word.clone()).or_default() += 1;
        word
    }

    fn remark(&mut self, line: u64, about: String, what: Vec<String>) {
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push(Remark { line, about, what });
        } else {
            self.remarks_more += 1;
        }
    }

    fn show(&self, json: bool) -> Result<u8, Failure> {
        if json {
            output::json(self)?;
        } else {
            for (what, counts) in [("incidents", &self.incidents), ("parties", &self.parties)] {
                let counts: Vec<_> = counts
                    .iter()
                    .map(|(word, count)| format!("{count} {}", word.replace('_', " ")))
                    .collect();
                if !counts.is_empty() {
                    output::line(format_args!("{what}: {}", counts.join(", ")));
                }
            }
            for remark in &self.remarks {
                let what = remark.what.join(", ");
                output::line(format_args!(
                    "line {}: {}: {what}",
                    remark.line, remark.about
                ));
            }
            if self.remarks_more > 0 {
                output::line(format_args!("and {} more", self.remarks_more));
            }
        }
        Ok(if self.remarks.is_empty() { 0 } else { IN_PART })
    }
}

struct Taking<'a> {
    ground: &'a Ground,
    config: &'a Config,
    compared: &'a [Fingerprint],
    viewer: Viewer,
    key: Option<DataKey>,
    report: Report,
}

impl Taking<'_> {
    async fn run(mut self, whole: &Whole, json: bool) -> Result<u8, Failure> {
        let bar = output::progress("lines", whole.lines);
        let mut batch = Vec::with_capacity(BATCH);
        // The head is line 1.
        for (number, line) in (2_u64..).zip(whole.lines()?) {
            let line = line?;
            match line
                .get("card")
                .map(|card| Card::parse(card.to_string().as_bytes()))
            {
                Some(Ok(card)) => self.card(number, &card).await?,
                Some(Err(_)) | None => batch.push((number, line)),
            }
            if batch.len() == BATCH {
                self.incidents(&mut batch).await?;
            }
            bar.inc(1);
        }
        self.incidents(&mut batch).await?;
        bar.finish_and_clear();
        self.report.show(json)
    }

    async fn incidents(&mut self, batch: &mut Vec<(u64, Value)>) -> Result<(), Failure> {
        if batch.is_empty() {
            return Ok(());
        }
        let (numbers, lines): (Vec<u64>, Vec<Value>) = batch.drain(..).unzip();
        let done = incidents::ops::take_in(self.ground, &self.viewer, &lines).await?;
        for (number, taken) in numbers.into_iter().zip(done) {
            let TakenLine {
                outcome,
                incident,
                unmapped,
            } = taken;
            let word = Report::count(&mut self.report.incidents, outcome);
            let noted = !unmapped.is_empty() || outcome == Outcome::KeptOurs;
            if noted {
                let about = match incident {
                    Some(incident) => format!("{incident} {}", word.replace('_', " ")),
                    None => word,
                };
                self.report.remark(number, about, unmapped);
            }
        }
        Ok(())
    }

    async fn card(&mut self, number: u64, card: &Card) -> Result<(), Failure> {
        if self.key.is_none() {
            let keys = NodeKeys::open(&Folder::at(&self.config.data), &lock(self.config)?)?;
            self.key = Some(keys.secrets.data_key.clone());
        }
        let Some(key) = &self.key else { return Ok(()) };
        let taken =
            directory::ops::take_card(self.ground, key, &self.viewer, card, self.compared).await;
        let about = card.party.to_string();
        match taken {
            Ok(taken) => {
                Report::count(&mut self.report.parties, taken);
                if taken == TakenCard::NotCompared {
                    let what = format!(
                        "its root key is not known here: compare its fingerprint {} ({}) over \
                         another channel, then --trust it",
                        card.fingerprint,
                        card.fingerprint.words()
                    );
                    self.report.remark(number, about, vec![what]);
                }
            }
            Err(error @ directory::Error::Db(_)) => return Err(error.into()),
            Err(error) => {
                Report::count(&mut self.report.parties, "refused");
                self.report.remark(number, about, vec![error.to_string()]);
            }
        }
        Ok(())
    }
}
