//! `comity evidence`: what a ministry hands to a third party.

use std::{path::PathBuf, sync::Arc};

use exchange::ops;
use kernel::{Mode, OsRng, PartyCode, SharedClock, SharedRng, SystemClock, ThreadId, Viewer};
use serde_json::json;
use server::{folder, node::Node, rooms::Book};

use super::{config, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

pub(crate) const AFTER: &str = "\
Examples:
  comity evidence export thread--1f0e… st-maren.tar
  comity evidence export thread--1f0e… exercise.tar --exercise --party XB

The file is a tar archive: every envelope of the thread, its receipts, the bodies with the salts that
bind them to what was signed, the key sets of both parties, a page that can be read without Comity,
and a text that says how to verify all of it. Who exported what is recorded. The node may go on
meanwhile. Messages marked TLP:RED are in it only if their readers export them from the pages.

Exit codes: 0 written, 1 failed, 2 wrong usage.";

/// What proves a thread to others.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Evidence {
    Export(Export),
}

/// Write envelopes, receipts, key sets and a readable page of a thread into one file.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Export {
    /// The thread.
    thread: ThreadId,
    /// The file to write; it must not be there yet.
    file: PathBuf,
    /// With which party, where several take part.
    #[arg(long, value_name = "CODE")]
    party: Option<PartyCode>,
    /// The thread belongs to an exercise.
    #[arg(long)]
    exercise: bool,
}

impl Evidence {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        match self {
            Self::Export(export) => export.run(args).await,
        }
    }
}

impl Export {
    async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        if self.file.exists() {
            let there = anyhow::anyhow!("{} is there already", self.file.display());
            return Err(there).hint("choose another name; nothing is written over");
        }
        let config = config(args)?;
        let lock = lock(&config)?;
        let source: (SharedClock, SharedRng) = (Arc::new(SystemClock), Arc::new(OsRng));
        let node = Node::open(config, &lock, source, Book::of)
            .await
            .hint("comity doctor looks for what is wrong")?;
        let exchange = node.exchange();
        let mode = Mode::from_exercise(self.exercise);
        let viewer = Viewer::node("evidence", node.party().clone(), mode);
        let archive = ops::evidence_archive(&exchange, &viewer, self.thread, self.party.as_ref())
            .await
            .hint(
                "threads of exercises need --exercise; --party says with whom, where it is several",
            )?;
        folder::write_new_private(&self.file, &archive)?;
        node.ground().db.close().await;
        if args.json {
            output::json(&json!({
                "thread": self.thread,
                "file": self.file,
                "bytes": archive.len(),
            }))?;
        } else {
            output::line(format_args!(
                "{} bytes in {}.",
                archive.len(),
                self.file.display()
            ));
            output::line("It holds what was said in the clear: hand it on as its labels ask.");
        }
        Ok(0)
    }
}
