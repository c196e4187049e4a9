//! `comity import misp` and `comity import misp-feed`: events from an instance, or from a folder.

use std::path::{Path, PathBuf};

use intel::remotes::Trouble;
use kernel::Tlp;
use misp::sync::{Account, Destination, from_folder, from_instance, limits};
use outward::{Address, Client, Credentials, Secret};
use serde_json::json;
use server::folder::read_private;

use super::super::{
    collection::{known, viewer},
    config, ground,
};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER_MISP: &str = "\
Examples:
  comity import misp https://misp.example/ --misp-key misp.key --collection intel/events
  comity import misp https://misp.example/ --misp-key misp.key --collection intel/events --published

All events that the key may see are brought over, the oldest first, with who made them, their
distribution and labels; what is marked with nothing gets --label. What is here as it is there is
not asked for again: after an interruption, the same command goes on.

Exit codes: 0 all is here, 1 failed, 2 wrong usage, 3 some were refused or could not be had; they
are listed.";

const AFTER_FEED: &str = "\
Examples:
  comity import misp-feed ./feed --collection intel/events

The folder has manifest.json and a file UUID.json for each event. What is here as it is there is
left alone.

Exit codes: 0 all is here, 1 failed, 2 wrong usage, 3 some were refused; they are listed.";

/// The exit code where something was refused or could not be had.
const IN_PART: u8 = 3;

/// Bring all events of a MISP into a collection.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_MISP)]
pub(crate) struct ImportMisp {
    /// Where it is.
    address: Address,
    /// The file with an API key of it, for its owner alone.
    #[arg(long, value_name = "FILE")]
    misp_key: PathBuf,
    /// Certificates in PEM that are believed besides those of the system's authorities.
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// Published events alone.
    #[arg(long)]
    published: bool,
    #[command(flatten)]
    into: Place,
}

/// Take the events of a MISP feed in a folder into a collection.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_FEED)]
pub(crate) struct ImportFeed {
    /// The folder.
    folder: PathBuf,
    #[command(flatten)]
    into: Place,
}

/// Where the events go.
#[derive(clap::Args, Debug)]
struct Place {
    /// The collection, by its root and its id or alias.
    #[arg(long, value_name = "ROOT/COLLECTION", value_parser = place)]
    collection: (String, String),
    /// What is marked with nothing is marked with this.
    #[arg(long, value_name = "TLP", default_value = "AMBER")]
    label: Tlp,
    /// Into a collection of exercises.
    #[arg(long)]
    exercise: bool,
}

fn place(text: &str) -> Result<(String, String), String> {
    let (root, collection) = text
        .split_once('/')
        .filter(|(root, collection)| !root.is_empty() && !collection.is_empty())
        .ok_or("expected ROOT/COLLECTION")?;
    Ok((root.to_owned(), collection.to_owned()))
}

impl ImportMisp {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let key = read_private(&self.misp_key).hint("chmod 600, and nothing but the key in it")?;
        let key = String::from_utf8_lossy(&key).trim().to_owned();
        let authority = self.authority.as_deref().map(std::fs::read_to_string);
        let authority = authority.transpose()?;
        let client = Client::new(config.remote_networks.clone());
        let credentials = Credentials::Key(Secret::from(key));
        let session = client.session(&self.address, &credentials, authority.as_deref(), limits());
        let session = session.await?;
        let ground = ground(&config).await?;
        let into = self.into.open(&ground).await?;
        let bar = Bar::new();
        let moved = from_instance(
            into,
            (session, &self.address),
            self.published,
            |done, all| {
                bar.at(done, all);
            },
        );
        let moved = moved.await;
        bar.end();
        let code = told(moved, args.json);
        ground.db.close().await;
        code
    }
}

impl ImportFeed {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let into = self.into.open(&ground).await?;
        let folder: &Path = &self.folder;
        let bar = Bar::new();
        let moved = from_folder(into, folder, |done, all| bar.at(done, all)).await;
        bar.end();
        let code = told(moved, args.json);
        ground.db.close().await;
        code
    }
}

impl Place {
    async fn open(&self, ground: &audit::Ground) -> Result<Destination, Failure> {
        let viewer = viewer(ground, "import", self.exercise).await?;
        let (root, name) = &self.collection;
        let collection = known(ground, &viewer, &format!("{root}/{name}")).await?;
        let public = collection.public.uuid().to_string();
        Ok(Destination {
            ground: ground.clone(),
            viewer,
            place: (root.clone(), public),
            label: self.label,
        })
    }
}

/// How far it is.
struct Bar(indicatif::ProgressBar);

impl Bar {
    fn new() -> Self {
        Self(output::progress("events", 0))
    }

    fn at(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}

fn told(moved: Result<Account, Trouble>, json: bool) -> Result<u8, Failure> {
    let account = moved.hint("what was taken until then is here; the same command goes on")?;
    if json {
        let notes = account.notes.iter().map(|note| {
            json!({
                "event": note.subject,
                "code": note.code,
                "detail": note.detail,
            })
        });
        output::json(&json!({
            "listed": account.listed,
            "taken": account.taken,
            "known": account.known,
            "refused": account.refused,
            "missed": account.missed,
            "parts_refused": account.parts_refused,
            "notes": notes.collect::<Vec<_>>(),
        }))?;
    } else {
        output::line(format_args!(
            "{} events: {} taken, {} as they were, {} refused, {} could not be had; {} parts refused.",
            account.listed,
            account.taken,
            account.known,
            account.refused,
            account.missed,
            account.parts_refused,
        ));
        for note in &account.notes {
            output::line(format_args!(
                "{}: {} ({})",
                note.subject, note.detail, note.code
            ));
        }
    }
    Ok(if account.is_whole() { 0 } else { IN_PART })
}
