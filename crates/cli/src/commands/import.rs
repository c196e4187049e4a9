//! `comity import`: what the register takes in.

use kernel::{Mode, Viewer};

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity import --shipped

Importing twice changes nothing.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Take the historical incidents that ship with the program into the register.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Import {
    /// The incidents inside the program.
    #[arg(long, required = true)]
    shipped: bool,
}

impl Import {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let ground = ground(&config(args)?).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("import", party, Mode::Real);
        let done = incidents::ops::import_shipped(&ground, &viewer).await?;
        ground.db.close().await;
        if args.json {
            output::json(&done)?;
        } else {
            output::line(format_args!(
                "{} new, {} updated, {} as they were, {} edited here and left alone.",
                done.created, done.updated, done.unchanged, done.kept
            ));
        }
        Ok(0)
    }
}
