//! `comity match`: indicators against logs, without a node, or with the collections of one.

mod aim;
mod collections;
mod compile;
mod hit;
mod intake;
mod interrupt;
mod lists;
mod live;
mod observe;
mod outcome;
mod patterns;
mod print;
mod scan;
mod search;
mod show;
mod sightings;
mod tally;
mod told;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cli::logs::WINDOW_BYTES_MAX;
use kernel::Tlp;

use crate::{args::NodeArgs, output::Failure};

/// The most threads that make sense on any machine.
const THREADS_MAX: i64 = 1024;

/// The exit code where something cannot be read.
const UNREADABLE: u8 = 2;

const AFTER: &str = "\
Examples:
  comity match --indicators feed.csv access.log
  comity match -i misp-event.json -i bundle.json --json /var/log/zeek > found.jsonl
  tail -F eve.json | comity match -i feed.cset -
  comity match -i feed.csv --format counts 'logs/2026-*.gz'
  comity match --collection phishing --max-marking GREEN access.log
  comity match compile -o feed.cset feed.csv bundle.json

Lists and logs are files, folders, patterns such as '*.gz', or - for standard input. What they are
is seen from what is in them: plain lists, CSV, STIX, MISP, hosts files and more; logs of any text,
one record a line, also packed with gzip, zstd, bzip2, xz, tar or zip.

A match is a whole observable equal to an indicator: evil.com is not in notevil.com, 1.2.3.4 is not
in 11.2.3.45. docs/users/match.md says it to the character.

Exit codes: 0 found, 1 nothing, 2 a file could not be read (with --keep-going: 0 or 1 all the same),
130 interrupted: what was found until then is printed.";

/// Find indicators in logs.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    subcommand_value_name = "COMMAND",
    subcommand_help_heading = "Commands"
)]
pub(crate) struct Match {
    #[command(subcommand)]
    command: Option<Command>,
    /// A list of indicators or a compiled set; may be given several times.
    #[arg(
        short,
        long,
        value_name = "FILE",
        required_unless_present = "collection"
    )]
    indicators: Vec<PathBuf>,
    /// A collection of the node: its alias, UUID or title; may be given several times.
    #[arg(long, value_name = "NAME")]
    collection: Vec<String>,
    /// Collections of the exercise.
    #[arg(long, requires = "collection")]
    exercise: bool,
    /// Files, folders or patterns of logs; - and nothing are standard input.
    #[arg(value_name = "LOG")]
    logs: Vec<PathBuf>,
    #[command(flatten)]
    reading: lists::Reading,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compile(compile::Compile),
    Show(show::Show),
}

/// What is searched how, and what is said of it.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
struct How {
    /// What is printed.
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = "Output"
    )]
    format: Format,
    /// Print the number of matches alone.
    #[arg(long, conflicts_with_all = ["format", "quiet"], help_heading = "Output")]
    count: bool,
    /// Print nothing and end at the first match.
    #[arg(short, long, conflicts_with = "format", help_heading = "Output")]
    quiet: bool,
    /// Look only for indicators that may be shown to readers of this label (CLEAR, GREEN, AMBER,
    /// AMBER+STRICT, RED).
    #[arg(long, value_name = "LABEL", help_heading = "Output")]
    max_marking: Option<Tlp>,
    /// Print at most so many bytes of a record.
    #[arg(
        long,
        value_name = "BYTES",
        default_value_t = 1024,
        help_heading = "Output"
    )]
    record_bytes: usize,
    /// Who saw it, for sightings.
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    identity: Option<String>,
    /// Count only records from the time in which their indicator holds.
    #[arg(long, help_heading = "Logs")]
    valid_then: bool,
    /// The time zone of times without one, such as Europe/Paris or +02:00.
    #[arg(
        long,
        value_name = "ZONE",
        default_value = "UTC",
        help_heading = "Logs"
    )]
    time_zone: String,
    /// Go on after a file that cannot be read, and exit as if it were not there.
    #[arg(long, help_heading = "Logs")]
    keep_going: bool,
    /// How many threads search; by default one for each core.
    #[arg(
        long,
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u16).range(1..=THREADS_MAX),
        help_heading = "Logs"
    )]
    threads: Option<u16>,
    /// Read records up to so many bytes as one; longer ones are cut between words.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20, help_heading = "Logs")]
    line_bytes: u32,
    /// Refuse a packed file that unpacks to so many times its size, beyond the first 64 MiB.
    #[arg(
        long,
        value_name = "TIMES",
        default_value_t = 1000,
        help_heading = "Logs"
    )]
    max_ratio: u64,
    /// Refuse a packed file that unpacks to more than so many bytes.
    #[arg(long, value_name = "BYTES", help_heading = "Logs")]
    max_unpacked: Option<u64>,
    /// Refuse a packed file that needs more than so many bytes of what came before, in memory.
    #[arg(
        long,
        value_name = "BYTES",
        default_value_t = WINDOW_BYTES_MAX,
        help_heading = "Logs"
    )]
    max_window: u64,
}

/// What is printed of matches.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum Format {
    /// A line each, for people.
    #[default]
    Table,
    /// A line of JSON each.
    Json,
    /// Each indicator that was found, how often, first and last.
    Counts,
    /// A STIX 2.1 bundle of sightings with observed data.
    Stix,
}

impl Match {
    pub(crate) fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let ended = match &self.command {
            Some(Command::Compile(command)) => command.run(args),
            Some(Command::Show(command)) => command.run(args),
            None => scan::run(&self, args),
        };
        // 1 says that nothing was found.
        ended.map_err(|failure| Failure {
            exit: UNREADABLE,
            ..failure
        })
    }
}
