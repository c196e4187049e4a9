//! `comity export`: the register, the directory and collections as files.

mod feed;

use std::path::PathBuf;

use audit::Ground;
use clap::ValueEnum;
use incidents::model::Filter;
use kernel::{Limit, Mode, PageRequest, Tlp, Viewer};
use seal::data::DataKey;
use serde_json::json;
use server::{config::Config, folder::Folder, keys::NodeKeys};

use super::{
    collection::write_out::{As, WriteOut},
    config, ground, lock,
};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
    transfer::{Head, Writer},
};

const AFTER: &str = "\
Examples:
  comity export register.jsonl
  comity export --what directory --with-contact-data directory.jsonl
  comity export --what incidents --exercise drill.jsonl
  comity export --collection phishing --as misp --max-marking GREEN phishing.misp.json
  comity export misp-feed phishing ./feed

One JSON object a line; comity import takes it in, here or on another node. Entries marked TLP:RED
are for their named readers and in no export; the bytes of attachments stay in the store of files.
What leaves the house is recorded in the ledger of acts, contact data as a look. The file is for
its owner alone: keep it as its labels ask.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Write incidents and directory to a file that comity import takes in, or a collection as STIX, MISP,
/// CSV or a plain list.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Export {
    #[command(subcommand)]
    to: Option<Sink>,
    /// The file; one that is there is not written over.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// What to write.
    #[arg(long, value_enum, default_value = "all")]
    what: What,
    /// Data of exercises in place of real data.
    #[arg(long)]
    exercise: bool,
    /// Put mail addresses and telephone numbers on the cards of the directory.
    #[arg(long)]
    with_contact_data: bool,
    /// A collection in place of the register: its alias, UUID or title.
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Collections",
        conflicts_with_all = ["what", "with_contact_data"]
    )]
    collection: Option<String>,
    /// The format of the file.
    #[arg(
        long = "as",
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = "Collections",
        requires = "collection"
    )]
    format: As,
    /// The strictest label that is written.
    #[arg(
        long,
        value_name = "LABEL",
        help_heading = "Collections",
        requires = "collection"
    )]
    max_marking: Option<Tlp>,
    /// Objects of this type alone; can be given more than once.
    #[arg(
        long = "type",
        value_name = "TYPE",
        help_heading = "Collections",
        requires = "collection"
    )]
    types: Vec<String>,
}

/// To where else.
#[derive(clap::Subcommand, Debug)]
enum Sink {
    MispFeed(feed::ExportFeed),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum What {
    /// Incidents and directory.
    All,
    /// The register, with timelines, harm, statements, links and the list of attachments.
    Incidents,
    /// Parties with their key sets and contacts.
    Directory,
}

#[derive(Default)]
struct Written {
    incidents: u64,
    cards: u64,
    not_understood: u64,
}

impl Export {
    pub(crate) async fn run(mut self, args: &NodeArgs) -> Result<u8, Failure> {
        if let Some(Sink::MispFeed(command)) = self.to {
            return Box::pin(command.run(args)).await;
        }
        // Without a subcommand it is always there.
        let file = self.file.take().unwrap_or_default();
        if let Some(collection) = &self.collection {
            let writing = WriteOut {
                collection,
                file: &file,
                format: self.format,
                types: &self.types,
                max_marking: self.max_marking,
                exercise: self.exercise,
            };
            return writing.run(args).await;
        }
        let config = config(args)?;
        let key = self.data_key(&config)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let mode = Mode::from_exercise(self.exercise);
        let viewer = Viewer::node("export", party.clone(), mode);
        let head = Head::new(party, self.exercise, ground.now());
        let mut writer = Writer::begin(&file, &head)?;
        let mut written = Written::default();
        if self.what != What::Directory {
            incidents(&ground, &viewer, &mut writer, &mut written).await?;
        }
        if self.what != What::Incidents {
            let cards = directory::ops::export_cards(&ground, &viewer, key.as_ref()).await?;
            for card in cards {
                writer.put(&json!({ "card": card }).to_string())?;
                written.cards += 1;
            }
        }
        writer.end()?;
        ground.db.close().await;
        if args.json {
            output::json(&json!({
                "file": file,
                "incidents": written.incidents,
                "cards": written.cards,
                "not_understood": written.not_understood,
            }))?;
        } else {
            output::line(format_args!(
                "{}: {} incidents, {} parties, {} lines kept from earlier imports.",
                file.display(),
                written.incidents,
                written.cards,
                written.not_understood
            ));
        }
        Ok(0)
    }

    fn data_key(&self, config: &Config) -> Result<Option<DataKey>, Failure> {
        if !self.with_contact_data {
            return Ok(None);
        }
        let keys = NodeKeys::open(&Folder::at(&config.data), &lock(config)?)?;
        Ok(Some(keys.secrets.data_key.clone()))
    }
}

async fn incidents(
    ground: &Ground,
    viewer: &Viewer,
    writer: &mut Writer,
    written: &mut Written,
) -> Result<(), Failure> {
    let stages = incidents::ops::stages(ground, viewer).await?;
    let total = stages.iter().map(|stage| u64::from(stage.count)).sum();
    let bar = output::progress("incidents", total);
    let mut request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    loop {
        let filter = Filter::default();
        let page = incidents::ops::export_lines(ground, viewer, &filter, request).await?;
        for line in &page.items {
            writer.put(&line.to_string())?;
            written.incidents += 1;
        }
        bar.set_position(written.incidents);
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    bar.finish_and_clear();
    let mut after = None;
    loop {
        let (lines, more) = incidents::ops::export_unread(ground, viewer, after).await?;
        for line in lines {
            writer.put(&line)?;
            written.not_understood += 1;
        }
        if more.is_none() {
            return Ok(());
        }
        after = more;
    }
}
