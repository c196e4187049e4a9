//! How the story is told: step by step, laid out for people or as lines of JSON.

use std::{fmt, future::pending, time::Duration};

use kernel::{Clock, SystemClock, Timestamp};
use serde::Serialize;
use tokio::time::timeout;

use crate::output::{self, Failure};

const WIDTH: usize = 92;
const LABEL: usize = 14;

/// Tells the story.
pub(super) struct Stage {
    json: bool,
    colour: bool,
    pause: Duration,
    number: u32,
    step: Option<Step>,
}

/// A step, as JSON has it.
#[derive(Serialize)]
struct Step {
    #[serde(rename = "step")]
    number: u32,
    at: String,
    title: String,
    facts: Vec<(String, String)>,
    proofs: Vec<String>,
    verified: bool,
}

impl Stage {
    /// Nothing is told yet.
    pub(super) fn new(json: bool, pause: Duration) -> Self {
        Self {
            json,
            colour: !json && output::is_coloured(),
            pause,
            number: 0,
            step: None,
        }
    }

    /// The first words.
    pub(super) fn open(&self, title: &str, text: &str) {
        if !self.json {
            output::line(self.paint("1", title));
            for line in wrap(text, WIDTH) {
                output::line(line);
            }
        }
    }

    /// A new step begins, after a pause.
    pub(super) async fn step(&mut self, title: &str) -> Result<(), Failure> {
        self.end()?;
        if self.number > 0 && !self.pause.is_zero() {
            // Nothing ever comes: a plain pause.
            drop(timeout(self.pause, pending::<()>()).await);
        }
        self.number += 1;
        let at = clock_time(SystemClock.now());
        if !self.json {
            let number = format!("{:>2}", self.number);
            let used = 4 + title.chars().count() + at.len();
            let gap = " ".repeat(WIDTH.saturating_sub(used).max(1));
            output::line("");
            output::line(format_args!(
                "{}  {}{gap}{}",
                self.paint("1;36", &number),
                self.paint("1", title),
                self.paint("2", &at)
            ));
        }
        self.step = Some(Step {
            number: self.number,
            at: SystemClock.now().to_string(),
            title: title.to_owned(),
            facts: Vec::new(),
            proofs: Vec::new(),
            verified: false,
        });
        Ok(())
    }

    /// A fact of this step.
    pub(super) fn fact(&mut self, label: &str, value: impl fmt::Display) {
        let value = value.to_string();
        if !self.json {
            self.lay_out(label, &value, "2", None);
        }
        if let Some(step) = &mut self.step {
            step.facts.push((label.to_owned(), value));
        }
    }

    /// Who can prove what after this step. It is told only of what was checked.
    pub(super) fn proof(&mut self, text: impl fmt::Display) {
        let text = text.to_string();
        if !self.json {
            self.lay_out("proof", &text, "32", Some("32"));
        }
        if let Some(step) = &mut self.step {
            step.proofs.push(text);
        }
    }

    /// Something went wrong on purpose.
    pub(super) fn fault(&mut self, text: impl fmt::Display) {
        let text = text.to_string();
        if !self.json {
            self.lay_out("fault", &text, "33", Some("33"));
        }
        if let Some(step) = &mut self.step {
            step.facts.push(("fault".to_owned(), text));
        }
    }

    /// A line as it is, such as a command to copy.
    pub(super) fn plain(&mut self, text: impl fmt::Display) {
        let text = text.to_string();
        if !self.json {
            output::line(&text);
        }
        if let Some(step) = &mut self.step {
            step.facts.push(("line".to_owned(), text));
        }
    }

    /// A step ends when the next one begins: all that it checks has held by then.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        if let Some(step) = self.step.take().filter(|_step| self.json) {
            let step = Step {
                verified: true,
                ..step
            };
            output::line(serde_json::to_string(&step)?);
        }
        Ok(())
    }

    fn lay_out(&self, label: &str, value: &str, label_colour: &str, value_colour: Option<&str>) {
        let indent = " ".repeat(4 + LABEL);
        let lines = wrap(value, WIDTH.saturating_sub(indent.len()));
        for (at, line) in lines.iter().enumerate() {
            let head = if at == 0 {
                format!(
                    "    {}",
                    self.paint(label_colour, &format!("{label:LABEL$}"))
                )
            } else {
                indent.clone()
            };
            let line = value_colour.map_or_else(|| line.clone(), |colour| self.paint(colour, line));
            output::line(format_args!("{head}{line}"));
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The time of day in UTC, to the millisecond.
pub(super) fn clock_time(at: Timestamp) -> String {
    let text = at.to_string();
    let time = text.split_once('T').map_or(text.as_str(), |(_, time)| time);
    let time: String = time.trim_end_matches('Z').chars().take(12).collect();
    format!("{time}Z")
}

/// Lines of at most that many characters, broken between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_keep_them_all() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 3), ["unbreakable"]);
        assert_eq!(wrap("  ", 3), [""; 0]);
    }

    #[test]
    fn the_time_of_day_has_milliseconds() {
        let at = Timestamp::from_micros(1_795_000_000_123_456);
        let time = clock_time(at);
        assert!(time.contains(".123Z"), "{time}");
    }
}
