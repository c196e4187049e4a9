//! What a transaction guesses from those before it.

/// Numbers that transactions of this process left for later ones, such as the id that a table goes
/// on with. A hint may be out of date: whoever takes it has the database check it.
#[derive(Debug)]
pub(crate) struct Hints(Vec<(About, i64)>);

/// What a number is about: the name of a table and a number of its owner's choice.
pub(crate) type About = (&'static str, i64);

impl Hints {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn get(&self, about: About) -> Option<i64> {
        let known = self.0.iter().find(|(known, _)| *known == about);
        known.map(|(_, value)| *value)
    }

    pub(crate) fn set(&mut self, about: About, value: i64) {
        match self.0.iter_mut().find(|(known, _)| *known == about) {
            Some((_, known)) => *known = value,
            None => self.0.push((about, value)),
        }
    }

    /// Takes over what a transaction left that is now committed.
    pub(crate) fn committed(&mut self, own: &Self) {
        for (about, value) in &own.0 {
            self.set(*about, *value);
        }
    }
}
