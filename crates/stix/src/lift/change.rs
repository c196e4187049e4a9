//! What changed.

use std::fmt;

use super::selectors::Moves;

/// One change that lifting made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// Where in the input, as a JSON pointer (RFC 6901); of what was added, where it is now.
    pub pointer: String,
    /// What became of it.
    pub what: What,
}

/// What became of a value of STIX 2.0.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// STIX 2.1 requires it; this JSON was put there.
    Added {
        /// The JSON.
        value: String,
    },
    /// STIX 2.1 has another name for it.
    Renamed {
        /// The new name.
        to: String,
    },
    /// STIX 2.1 has no place for it, or another meaning; it is kept under this name of one's own.
    Custom {
        /// The new name.
        name: String,
    },
    /// STIX 2.1 writes the value so.
    Rewritten {
        /// The new JSON.
        value: String,
    },
    /// It is an object of its own now.
    Standalone {
        /// Its id.
        id: String,
    },
    /// STIX 2.1 does not have it, and nothing is lost without it.
    LeftOut,
}

impl What {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Added { .. } => "lift.added",
            Self::Renamed { .. } => "lift.renamed",
            Self::Custom { .. } => "lift.custom",
            Self::Rewritten { .. } => "lift.rewritten",
            Self::Standalone { .. } => "lift.standalone",
            Self::LeftOut => "lift.left_out",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.pointer)?;
        match &self.what {
            What::Added { value } => write!(f, "added as {value}"),
            What::Renamed { to } => write!(f, "renamed to {to}"),
            What::Custom { name } => write!(f, "kept as {name}"),
            What::Rewritten { value } => write!(f, "rewritten as {value}"),
            What::Standalone { id } => write!(f, "now the object {id}"),
            What::LeftOut => f.write_str("left out"),
        }
    }
}

impl Change {
    /// The same change, seen from the bundle whose object of this number it is one of.
    pub(super) fn below(self, at: usize) -> Self {
        Self {
            pointer: format!("/objects/{at}{}", self.pointer),
            what: self.what,
        }
    }
}

/// The changes of one object, and what its selectors must follow.
#[derive(Debug, Default)]
pub(super) struct Notes {
    changes: Vec<Change>,
    /// What pointers begin with.
    root: String,
    moves: Moves,
}

impl Notes {
    /// Notes from here on what is at `root` of the input; gives back the moves noted before.
    pub(super) fn enter(&mut self, root: String) -> Moves {
        self.root = root;
        std::mem::take(&mut self.moves)
    }

    /// Goes back to the object itself and its moves; gives back those noted since.
    pub(super) fn leave(&mut self, moves: Moves) -> Moves {
        self.root.clear();
        std::mem::replace(&mut self.moves, moves)
    }

    pub(super) fn add(&mut self, path: &[&str], what: What) {
        let mut pointer = self.root.clone();
        for step in path {
            pointer.push('/');
            pointer.push_str(&escaped(step));
        }
        self.changes.push(Change { pointer, what });
    }

    pub(super) fn moved(&mut self, from: impl Into<String>, to: impl Into<String>) {
        self.moves.add(from.into(), to.into());
    }

    pub(super) fn moves(&self) -> &Moves {
        &self.moves
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

pub(super) fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
