//! `comity retention`: deleting what has been kept for long enough.

use std::str::FromStr;

use anyhow::Context as _;
use db::wipe::Compacted;
use federation::files::Files;
use incidents::{
    model::Line,
    retention::{
        Shredder,
        model::{Forecast, Item, Kind, Period, Since},
        ops,
        wire::{PreviewBody, RuleBody, RulesBody},
    },
};
use kernel::{Mode, Viewer};
use serde_json::json;
use server::folder::Folder;

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity retention set personal-data 5y --basis \"Archives Act, section 12\"
  comity retention rules
  comity retention preview
  comity retention run
  comity retention run --compact
  comity retention unset draft

KIND is evidence, draft, waiting-report, refused-report, personal-data or incident. PERIOD is a number
of days, calendar months or years, such as 90d, 6mo or 10y. A node that runs does this by itself once a
day; it may go on meanwhile, but for --compact. What a legal hold keeps stays, always. What was deleted
cannot be brought back but from a backup (docs/operators/retention.md).

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// How many things one command deletes.
const RUN_MAX: u64 = 1_000_000;

/// Say after how long what is deleted, see what is due, and delete it.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Retention {
    #[command(subcommand)]
    what: What,
    /// Of the exercise.
    #[arg(long, global = true)]
    exercise: bool,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// List the rules.
    #[command(after_help = AFTER)]
    Rules,
    /// Set a rule, in place of the one of its kind.
    #[command(after_help = AFTER)]
    Set {
        /// What is deleted.
        kind: Kind,
        /// How long it is kept.
        period: Period,
        /// From when that counts: closed, entered, changed, sent or put.
        #[arg(long, value_name = "EVENT")]
        since: Option<Since>,
        /// The law or the decision that it follows.
        #[arg(long, value_name = "TEXT")]
        basis: String,
    },
    /// Remove a rule.
    #[command(after_help = AFTER)]
    Unset {
        /// What is no longer deleted.
        kind: Kind,
    },
    /// Show what is due today and within 30 days, and what is held back and why.
    #[command(after_help = AFTER)]
    Preview,
    /// Delete what is due.
    #[command(after_help = AFTER)]
    Run {
        /// Write the database anew afterwards, whatever its size, so that nothing deleted is left in
        /// the file. Stop the node before.
        #[arg(long)]
        compact: bool,
    },
}

impl Retention {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let mode = Mode::from_exercise(self.exercise);
        let viewer = Viewer::node("retention", party, mode);
        let files = Files::open(Folder::at(&config.data).blobs())
            .hint("the folder of the node must be readable and writable")?;
        let shredder = Shredder { ground, files };
        let done = self.what.run(&shredder, &viewer, args.json).await;
        shredder.ground.db.close().await;
        done.map(|()| 0)
    }
}

impl What {
    async fn run(self, shredder: &Shredder, viewer: &Viewer, json: bool) -> Result<(), Failure> {
        let ground = &shredder.ground;
        match self {
            Self::Rules => {
                let rules = ops::rules(ground, viewer).await?;
                if json {
                    let rules = rules.iter().map(RuleBody::from).collect();
                    return output::json(&RulesBody { rules });
                }
                if rules.is_empty() {
                    output::line("No rules: nothing is deleted.");
                }
                for rule in &rules {
                    let (kind, since, period) = (rule.kind, rule.since, rule.period);
                    output::line(format_args!("{kind} {since} {period}: {}", rule.basis));
                }
                Ok(())
            }
            Self::Set {
                kind,
                period,
                since,
                basis,
            } => {
                let first = kind.since().first().copied();
                let since = since
                    .or(first)
                    .context("a kind is counted from something")?;
                let basis = Line::from_str(&basis);
                let basis = basis.hint("--basis is one line of up to 500 characters")?;
                let events = kind.since().iter().map(|one| one.as_str());
                let events = events.collect::<Vec<_>>().join(" or ");
                ops::set(ground, viewer, (kind, since, period), basis)
                    .await
                    .hint(format!("{kind} counts from {events}"))?;
                output::line(format_args!("{kind}: deleted {period} after {since}."));
                Ok(())
            }
            Self::Unset { kind } => {
                let was = ops::unset(ground, viewer, kind).await?;
                output::line(if was { "Removed." } else { "There was none." });
                Ok(())
            }
            Self::Preview => {
                let all = ops::preview(ground, viewer).await?;
                if json {
                    return output::json(&PreviewBody::from(all.as_slice()));
                }
                show(&all);
                Ok(())
            }
            Self::Run { compact } => delete(shredder, viewer, (compact, json)).await,
        }
    }
}

fn show(all: &[Forecast]) {
    if all.is_empty() {
        output::line("No rules: nothing is deleted.");
    }
    for one in all {
        let (kind, since, period) = (one.rule.kind, one.rule.since, one.rule.period);
        output::line(format_args!("{kind} {since} {period}: {}", one.rule.basis));
        for item in one.today.iter().chain(&one.soon) {
            output::line(format_args!("  {}", told(item)));
        }
        if one.more {
            output::line("  … and more");
        }
    }
}

fn told(item: &Item) -> String {
    let held: Vec<String> = item
        .held
        .iter()
        .map(|held| match &held.reason {
            Some(reason) => format!("{}: {reason}", held.why),
            None => held.why.to_string(),
        })
        .collect();
    let held = if held.is_empty() {
        String::new()
    } else {
        format!(" stays ({})", held.join("; "))
    };
    format!("{} {}{held}", item.due, item.subject)
}

async fn delete(
    shredder: &Shredder,
    viewer: &Viewer,
    (compact, json): (bool, bool),
) -> Result<(), Failure> {
    let done = ops::run(shredder, viewer, RUN_MAX)
        .await
        .hint("what was deleted is deleted as a whole; run it again")?;
    let written = if compact {
        let written = ops::compact(&shredder.ground, viewer).await;
        Some(written.hint("stop the node first, and leave free space as large as the database")?)
    } else {
        None
    };
    if json {
        return output::json(&json!({
            "deleted": done.deleted,
            "held": done.held,
            "more": done.more,
            "compacted": written.map(|written| written == Compacted::Whole),
        }));
    }
    output::line(format_args!(
        "{} deleted, {} held back.",
        done.deleted, done.held
    ));
    match written {
        Some(Compacted::Whole) => output::line("The database was written anew."),
        Some(Compacted::Read) => {
            output::line("The database was written anew; its log is emptied when nobody reads it.");
        }
        Some(Compacted::NotHere) => {
            output::line(
                "PostgreSQL keeps what was deleted until VACUUM; VACUUM FULL leaves none.",
            );
        }
        Some(Compacted::TooLarge) | None => {}
    }
    Ok(())
}
