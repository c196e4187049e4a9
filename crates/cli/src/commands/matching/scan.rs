//! `comity match` without a further command: a search from beginning to end.

use std::{
    ffi::OsString,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use anyhow::Context;
use cli::logs::{self, Event, Progress, TimeOptions};
use indicators::terminal::harmless;
use jiff::fmt::temporal::DateTimeParser;
use kernel::{Clock, OsRng, SystemClock, Timestamp};

use super::{
    Format, How, Match,
    collections::Collections,
    interrupt::{INTERRUPTED, end_by_signal},
    lists::{Loading, Sought},
    live::Live,
    outcome::Outcome,
    patterns::{Patterns, Watch},
    search::{Search, Wish, Worker},
    sightings::Sightings,
    tally,
};
use crate::{
    args::NodeArgs,
    meter::Meter,
    output::{self, Failure, Hint as _},
};

/// The exit codes of a search that went well.
const FOUND: u8 = 0;
const NOTHING: u8 = 1;

pub(super) fn run(command: &Match, args: &NodeArgs) -> Result<u8, Failure> {
    let how = &command.how;
    let now = SystemClock.now();
    let loading = Loading {
        files: &command.indicators,
        collections: Some(Collections {
            args,
            names: &command.collection,
            exercise: command.exercise,
        }),
        reading: &command.reading,
        max_marking: how.max_marking,
        now,
        quiet: how.quiet,
    };
    let names = names(command)?;
    let sought = loading.load()?;
    let patterns = patterns(&sought, how.quiet);
    let live = Live::new(sought);
    let search = Search {
        live: &live,
        wish: wish(how, args.json),
        record_bytes_max: how.record_bytes,
        valid_then: how.valid_then,
        times: times(how, now)?,
        with_patterns: patterns.is_some(),
    };
    let watch = patterns.as_ref().map(Patterns::watch);
    let mut outcome = Outcome::new(&search, watch);
    let progress = Arc::new(Progress::default());
    end_by_signal(&progress)?;
    let meter = Meter::start(&progress, shows_progress(how));
    let is_stream = names.iter().any(is_stream);
    let ended = thread::scope(|scope| {
        if is_stream {
            scope.spawn(|| live.follow(&command.indicators, || reload(&loading)));
        }
        let ended = logs::run(
            logs::find(&names),
            &options(how),
            &progress,
            Worker::default,
            |worker, chunk| search.chunk(worker, chunk),
            |event| {
                let taken = match event {
                    Event::Failed { .. } => meter.aside(|| outcome.take(event)),
                    Event::Done { .. } => outcome.take(event),
                };
                meter.update();
                taken
            },
        );
        live.end();
        ended
    });
    drop(meter);
    match ended {
        // Who reads what we print has read enough.
        Err(failure) if is_closed(&failure) => return Ok(FOUND),
        ended => ended?,
    }
    let code = finish(outcome, how, args.json, now)?;
    if !progress.is_ended() {
        return Ok(code);
    }
    if !how.quiet {
        output::note(format!(
            "interrupted: {} lines were searched, and what follows them was not",
            progress.lines()
        ));
    }
    Ok(INTERRUPTED)
}

/// What is searched; standard input where nothing is named.
fn names(command: &Match) -> Result<Vec<OsString>, Failure> {
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    let reads_stdin = command.logs.is_empty() || command.logs.iter().any(is_stdin);
    if reads_stdin && command.indicators.iter().any(is_stdin) {
        return Err(anyhow::anyhow!("standard input is both a list and a log"))
            .hint("name the list or the log as a file");
    }
    if !command.logs.is_empty() {
        return Ok(command
            .logs
            .iter()
            .map(|path| path.clone().into())
            .collect());
    }
    if io::stdin().is_terminal() {
        return Err(anyhow::anyhow!("no log is named"))
            .hint("name files, folders or patterns of logs; - is standard input");
    }
    Ok(vec!["-".into()])
}

fn wish(how: &How, as_json: bool) -> Wish {
    match how.format {
        _ if how.quiet => Wish::Nothing,
        _ if how.count => Wish::Number,
        Format::Counts => Wish::Counts,
        Format::Stix => Wish::Sightings,
        Format::Json => Wish::Json,
        Format::Table if as_json => Wish::Json,
        Format::Table => Wish::Row,
    }
}

fn times(how: &How, now: Timestamp) -> Result<TimeOptions, Failure> {
    let zone = DateTimeParser::new()
        .parse_time_zone(&how.time_zone)
        .with_context(|| format!("--time-zone {} is no time zone", how.time_zone))
        .hint("use a name such as Europe/Paris, or a distance such as +02:00")?;
    Ok(TimeOptions { zone, now })
}

fn options(how: &How) -> logs::Options {
    let usual = logs::Options::default();
    logs::Options {
        threads: how.threads.map_or(usual.threads, usize::from),
        line_bytes_max: usize::try_from(how.line_bytes).unwrap_or(usual.line_bytes_max),
        ratio_max: how.max_ratio,
        unpacked_bytes_max: how.max_unpacked,
        window_bytes_max: how.max_window,
        ..usual
    }
}

/// The patterns that are held against each record, and what is to be said of them.
fn patterns(sought: &Sought, quiet: bool) -> Option<Patterns> {
    let (patterns, refused) = Patterns::of(sought.sets.iter().map(|source| &source.set));
    for refused in &refused {
        output::note(format!(
            "pattern {} is left out: {}",
            harmless(&refused.indicator.id),
            harmless(&refused.reason)
        ));
    }
    let patterns = patterns?;
    if !quiet {
        output::note(format!(
            "{} STIX patterns are held against each record, {} of them without help of an index: this \
             is slow",
            patterns.len(),
            patterns.slow()
        ));
    }
    Some(patterns)
}

/// Whether a name is of something that is written while it is read.
fn is_stream(name: &OsString) -> bool {
    let path = Path::new(name);
    name == "-" || path.exists() && !path.is_file() && !path.is_dir()
}

/// The lists as they are now; nothing where they cannot be read.
fn reload(loading: &Loading<'_>) -> Option<Sought> {
    let again = Loading {
        now: SystemClock.now(),
        quiet: true,
        ..*loading
    };
    match again.load() {
        Ok(sought) => Some(sought),
        Err(failure) => {
            output::note(
                "the indicators have changed and cannot be read; the search goes on with those from before",
            );
            output::failure(&failure);
            None
        }
    }
}

fn shows_progress(how: &How) -> bool {
    let waits = how.count || matches!(how.format, Format::Counts | Format::Stix);
    !how.quiet && (waits || !io::stdout().is_terminal())
}

fn is_closed(failure: &Failure) -> bool {
    let error = failure.error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Says what is said at the end, and gives the exit code.
fn finish(outcome: Outcome<'_>, how: &How, as_json: bool, now: Timestamp) -> Result<u8, Failure> {
    let wish = outcome.search.wish;
    if let Some(lost) = outcome.watch.as_ref().map(Watch::lost)
        && lost > 0
    {
        output::note(format!(
            "{lost} records could not be kept for patterns over several records; some matches of them \
             may be missing"
        ));
    }
    match wish {
        Wish::Number => output::stream(format!("{}\n", outcome.matches).as_bytes())?,
        Wish::Counts => output::bytes(&tally::print(outcome.tallies, as_json)?)?,
        Wish::Sightings => {
            let sightings = Sightings {
                identity: how.identity.as_deref(),
                now,
                rng: &OsRng,
            };
            let bundle = sightings.bundle(outcome.tallies)?;
            output::stream(bundle.text.as_bytes())?;
            output::stream(b"\n")?;
            if bundle.left_out > 0 {
                output::note(format!(
                    "{} indicators are not among the sightings: STIX has no word for what they are",
                    bundle.left_out
                ));
            }
        }
        Wish::Row | Wish::Json | Wish::Nothing => {}
    }
    if outcome.failures > 0 && !how.keep_going {
        return Ok(super::UNREADABLE);
    }
    Ok(if outcome.matches > 0 { FOUND } else { NOTHING })
}
