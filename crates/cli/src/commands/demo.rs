//! `comity demo`: two States and a hub exchange an incident, from one command.

/// What does not hold ends the demonstration.
macro_rules! ensure {
    ($holds:expr, $($text:tt)+) => {
        if !$holds {
            return Err(anyhow::anyhow!($($text)+).into());
        }
    };
}

mod cast;
mod closing;
mod consoles;
mod faults;
mod incident;
mod keep;
mod messages;
mod split_view;
mod stage;
mod story;
mod words;
mod world;

use std::{fs, path::PathBuf, time::Duration};

use server::shutdown::Asked;
use tempfile::TempDir;

use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};
use stage::Stage;
use world::World;

const AFTER: &str = "\
Examples:
  comity demo
  comity demo --once --fast
  comity demo --dir /tmp/comity-demo
  comity demo --once --fast --json

Three nodes run in this process, on ports of their own on loopback: Aldoria (XA), Brevonia (XB) and
a regional hub that witnesses both ledgers. All that they say is an exercise; the historical
incidents in the hub's register are real. At the end the three consoles stay until Ctrl-C.

Exit codes: 0 every step was verified, 1 a step failed, 2 wrong usage.";

/// How long a reader has for a step.
const PAUSE: Duration = Duration::from_millis(2_500);

/// Show the whole of it: an incident, a request, receipts, and what goes wrong on the way.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Demo {
    /// End after the story instead of leaving the consoles open.
    #[arg(long)]
    once: bool,
    /// Leave out the pauses.
    #[arg(long)]
    fast: bool,
    /// Keep everything in this folder, which must be empty: nodes, envelopes, receipts, keys.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Where the demonstration keeps its files.
enum Place {
    Kept(PathBuf),
    Passing(TempDir),
}

impl Demo {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let place = self.place()?;
        let pause = if self.fast { Duration::ZERO } else { PAUSE };
        let mut stage = Stage::new(args.json, pause);
        let mut asked =
            Asked::listen().hint("the system refuses to say when the demo is to end")?;
        let mut world = World::found(place.path()).await?;
        let story = Box::pin(story::play(&mut world, &mut stage, place.is_kept()));
        let mut outcome = tokio::select! {
            outcome = story => outcome,
            _signal = asked.to_end() => Err(anyhow::anyhow!("the story was interrupted").into()),
        };
        if outcome.is_ok() && !self.once {
            outcome = consoles::show(&world, &mut stage).await;
            asked.to_end().await;
        }
        // What the story ended with matters more than how the nodes stopped.
        let stopped = world.stop().await;
        outcome?;
        stopped?;
        if !self.once {
            output::note("All three nodes have stopped.");
        }
        Ok(0)
    }

    fn place(&self) -> Result<Place, Failure> {
        let Some(path) = &self.dir else {
            return Ok(Place::Passing(tempfile::tempdir()?));
        };
        fs::create_dir_all(path)?;
        if fs::read_dir(path)?.next().is_some() {
            let full = anyhow::anyhow!("{} is not empty", path.display());
            return Err(full).hint("name a folder that is empty or not there yet");
        }
        Ok(Place::Kept(path.canonicalize()?))
    }
}

impl Place {
    fn path(&self) -> &std::path::Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }

    const fn is_kept(&self) -> bool {
        matches!(self, Self::Kept(_))
    }
}
