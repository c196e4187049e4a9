//! The arguments of a chore: few and simple enough to be read by hand.

use std::collections::VecDeque;

use anyhow::{Result, bail};

/// What stands after `cargo xtask`, split at the first `--`.
#[derive(Debug)]
pub(crate) struct Args {
    own: VecDeque<String>,
    rest: Vec<String>,
}

impl Args {
    pub(crate) fn from_env() -> Self {
        Self::new(std::env::args().skip(1))
    }

    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut words = words.into_iter();
        let own = words.by_ref().take_while(|word| word != "--").collect();
        Self {
            own,
            rest: words.collect(),
        }
    }

    /// Takes the next word that is not an option.
    pub(crate) fn positional(&mut self) -> Option<String> {
        let at = self
            .own
            .iter()
            .position(|word| !word.starts_with('-') || word == "-h" || word == "--help")?;
        self.own.remove(at)
    }

    /// Takes `name` if it is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let at = self.own.iter().position(|word| word == name);
        at.and_then(|at| self.own.remove(at)).is_some()
    }

    /// Takes `name VALUE` if it is there.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.own.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.own.remove(at);
        match self.own.remove(at) {
            Some(value) if !value.starts_with('-') => Ok(Some(value)),
            _ => bail!("{name} takes a value"),
        }
    }

    /// What stands after `--`; an error when something before it was not understood.
    pub(crate) fn finish(self) -> Result<Vec<String>> {
        match self.own.front() {
            Some(word) => bail!("{word:?} is not understood here; `cargo xtask help` says what is"),
            None => Ok(self.rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_taken_in_any_order() {
        let mut args = args("test --no-browser -p db -p queue -- --nocapture");
        assert_eq!(args.value("-p").unwrap().as_deref(), Some("db"));
        assert_eq!(args.value("-p").unwrap().as_deref(), Some("queue"));
        assert_eq!(args.value("-p").unwrap(), None);
        assert_eq!(args.positional().as_deref(), Some("test"));
        assert!(args.flag("--no-browser"));
        assert!(!args.flag("--no-browser"));
        assert_eq!(args.finish().unwrap(), ["--nocapture"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(args("--nobrowser").finish().is_err());
        assert!(args("-p").value("-p").is_err());
        assert!(args("-p --no-browser").value("-p").is_err());
    }
}
