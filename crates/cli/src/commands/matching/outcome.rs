//! What is said of the matches, in the order of the logs.

use std::{io, ops::ControlFlow, sync::Arc};

use cli::logs::{ChunkInfo, Event};
use kernel::Timestamp;

use super::{
    hit::Hit,
    lists::Sought,
    observe,
    patterns::Watch,
    print,
    search::{Batch, Search, Seen, Wish},
    tally::{Tallies, Tally},
};
use crate::output::{self, Failure};

/// What came of the chunks so far.
pub(super) struct Outcome<'a> {
    pub(super) search: &'a Search<'a>,
    pub(super) watch: Option<Watch<'a>>,
    pub(super) tallies: Tallies,
    pub(super) matches: u64,
    /// Files that could not be read.
    pub(super) failures: u64,
    /// When the last record with a time happened.
    last: Timestamp,
    has_head: bool,
}

impl<'a> Outcome<'a> {
    pub(super) fn new(search: &'a Search<'a>, watch: Option<Watch<'a>>) -> Self {
        Self {
            search,
            watch,
            tallies: Tallies::default(),
            matches: 0,
            failures: 0,
            last: Timestamp::from_micros(0),
            has_head: false,
        }
    }

    /// Takes what comes next.
    pub(super) fn take(
        &mut self,
        event: Event<serde_json::Result<Batch>>,
    ) -> Result<ControlFlow<()>, Failure> {
        match event {
            Event::Failed { source, error } => {
                self.failures += 1;
                let error = anyhow::Error::new(error);
                output::note(format!("error: {}: {error:#}", source.name));
            }
            Event::Done { info, result } => {
                let mut batch = result?;
                let sought = Arc::clone(&batch.sought);
                self.hold_patterns(&info, &mut batch)?;
                self.matches += batch.matches;
                self.say(&batch.text)?;
                self.tallies.take(&sought.sets, batch.tallies);
                check(&sought)?;
            }
        }
        let is_answered = self.search.wish == Wish::Nothing && self.matches > 0;
        Ok(if is_answered {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn say(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        if self.search.wish == Wish::Row && !self.has_head {
            self.has_head = true;
            output::stream(print::HEAD.as_bytes())?;
        }
        output::stream(text)
    }

    /// Holds the records of a chunk against the patterns; what matches comes to its place among the
    /// others.
    fn hold_patterns(&mut self, info: &ChunkInfo, batch: &mut Batch) -> Result<(), Failure> {
        let Some(watch) = &mut self.watch else {
            return Ok(());
        };
        let mut text = Vec::new();
        let mut told = 0;
        let mut ends = batch.ends.iter().peekable();
        for seen in &batch.seen {
            // What was found before goes first.
            while let Some((_, end)) = ends.next_if(|(line, _)| *line <= seen.line) {
                text.extend(batch.text.get(told..*end).unwrap_or_default());
                told = *end;
            }
            self.last = seen.time.unwrap_or(self.last);
            let observed = observe::observed(&seen.objects, self.last);
            let mut result = Ok(());
            watch.see(&observed, |indicator| {
                let hit = hit(info, seen, indicator);
                if !batch.sought.aim.may_show(indicator) || !hit.counts(self.search.valid_then) {
                    return;
                }
                self.matches += 1;
                match self.search.wish {
                    Wish::Row | Wish::Json => {
                        if let Err(error) = self.search.print(&hit, &mut text) {
                            result = Err(error);
                        }
                    }
                    Wish::Counts | Wish::Sightings => {
                        let mut tally = Tally::default();
                        tally.add(&hit, false);
                        self.tallies.add(indicator, tally);
                    }
                    Wish::Number | Wish::Nothing => {}
                }
            });
            result?;
        }
        text.extend(batch.text.get(told..).unwrap_or_default());
        batch.text = text;
        Ok(())
    }
}

fn hit<'a>(info: &'a ChunkInfo, seen: &'a Seen, indicator: &'a matcher::Indicator<'a>) -> Hit<'a> {
    Hit {
        file: &info.source.name,
        line: seen.line,
        offset: seen.offset,
        record: &seen.record,
        place: None,
        indicator,
        time: seen.time,
    }
}

/// Fails if a compiled set turned out to be damaged: what it did not find says nothing.
fn check(sought: &Sought) -> Result<(), Failure> {
    for source in &sought.sets {
        if let Some(damage) = source.set.damage() {
            let name = source.compiled.clone().unwrap_or_default();
            return Err(anyhow::Error::new(damage).context(name).into());
        }
    }
    Ok(())
}
