//! What a transaction guesses from those before it.

use std::sync::{Mutex, PoisonError};

/// Numbers that committed transactions of this process left for later ones, such as the id that a
/// table goes on with. A hint may be out of date: whoever takes it has the database check it.
#[derive(Debug, Default)]
pub(crate) struct Hints(Mutex<Vec<Hint>>);

/// A number, and what it is about: the name of a table and a number of its owner's choice.
#[derive(Clone, Copy, Debug)]
struct Hint {
    about: (&'static str, i64),
    value: i64,
}

impl Hints {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    pub(crate) fn get(&self, about: (&'static str, i64)) -> Option<i64> {
        let hints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = hints.iter().find(|hint| hint.about == about);
        known.map(|hint| hint.value)
    }

    pub(crate) fn set(&self, about: (&'static str, i64), value: i64) {
        let mut hints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match hints.iter_mut().find(|hint| hint.about == about) {
            Some(hint) => hint.value = value,
            None => hints.push(Hint { about, value }),
        }
    }

    /// Takes over what a transaction left that is now committed.
    pub(crate) fn committed(&self, own: &Self) {
        let own = own.0.lock().unwrap_or_else(PoisonError::into_inner);
        for hint in own.iter() {
            self.set(hint.about, hint.value);
        }
    }
}
