//! Real or exercise: the two worlds that never mix (DESIGN §4).

use serde::{Deserialize, Serialize};

/// Whether data is real or part of an exercise. A thread, list, figure or collection holds data of
/// one mode only.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real data.
    #[default]
    Real,
    /// Data of an exercise, marked on every screen and in every export.
    Exercise,
}

impl Mode {
    /// The mode that a stored or sent `exercise` flag stands for.
    pub const fn from_exercise(exercise: bool) -> Self {
        if exercise { Self::Exercise } else { Self::Real }
    }

    /// True for [`Mode::Exercise`].
    pub const fn is_exercise(self) -> bool {
        matches!(self, Self::Exercise)
    }

    /// `real` or `exercise`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Exercise => "exercise",
        }
    }
}
