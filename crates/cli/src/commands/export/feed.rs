//! `comity export misp-feed`: a collection as a MISP feed in a folder.

use std::path::PathBuf;

use kernel::Tlp;
use misp::sync::{Destination, FeedError, to_folder};
use serde_json::json;

use super::super::{
    collection::{called, known, viewer},
    config, ground,
};
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity export misp-feed phishing ./feed
  comity export misp-feed intel/phishing ./feed --max-marking CLEAR

The folder gets manifest.json, hashes.csv and a file UUID.json for each event that is published, may
go to other communities by its distribution, and is labelled no more strictly than --max-marking;
attributes and objects that are stricter or may not go are left out. Into the same folder once more,
the command writes what is new, and takes away what is in the feed no more. A run that was cut goes
on. Files are for their owner alone: let others read them when the folder is to be published.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// The exit code of a folder that is not taken.
const USAGE: u8 = 2;

/// Write the published events of a collection as a MISP feed.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct ExportFeed {
    /// The collection: its alias, UUID or title, behind its root and a slash where several have it.
    collection: String,
    /// The folder.
    folder: PathBuf,
    /// The strictest label that is written.
    #[arg(long, value_name = "LABEL", default_value = "GREEN")]
    max_marking: Tlp,
    /// A collection of the exercise.
    #[arg(long)]
    exercise: bool,
}

impl ExportFeed {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let viewer = viewer(&ground, "export", self.exercise).await?;
        let collection = known(&ground, &viewer, &self.collection).await?;
        let public = collection.public.uuid().to_string();
        let from = Destination {
            ground: ground.clone(),
            viewer,
            place: (collection.root.as_str().to_owned(), public),
            label: self.max_marking,
        };
        let bar = output::progress("events", 0);
        let done = to_folder(from, &self.folder, |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        });
        let done = done.await;
        bar.finish_and_clear();
        ground.db.close().await;
        let published = done.map_err(|error| match error {
            FeedError::Foreign => Failure {
                hint: Some("choose another folder".to_owned()),
                exit: USAGE,
                ..anyhow::Error::new(error).into()
            },
            other => anyhow::Error::new(other).into(),
        })?;
        if args.json {
            output::json(&json!({
                "folder": self.folder,
                "events": published.events,
                "written": published.written,
                "removed": published.removed,
                "stricter": published.stricter,
                "withheld": published.withheld,
            }))?;
        } else {
            output::line(format_args!(
                "{}: {} events of {}, {} written now, {} taken away; left out: {} that are stricter \
                 than TLP:{}, {} that are not published or stay by their distribution.",
                self.folder.display(),
                published.events,
                called(&collection),
                published.written,
                published.removed,
                published.stricter,
                self.max_marking,
                published.withheld,
            ));
        }
        Ok(0)
    }
}
