//! Documents that are read as a whole: manifests and warninglists.

use std::io::Read;

use serde_json::{Deserializer, de::IoRead};

use crate::{
    Limits, MispError, MispErrorKind,
    bounded::{Allowance, Bounded},
};

/// What a reading keeps in mind.
pub(crate) struct Walk {
    pub(crate) limits: Limits,
    pub(crate) allowance: Allowance,
    /// The JSON pointer of what is read.
    pub(crate) path: String,
    /// Whether there were more parts than are allowed.
    pub(crate) too_many: bool,
}

/// Reads a document with `take`, and nothing behind it.
pub(crate) fn read<R: Read, T>(
    source: R,
    limits: &Limits,
    take: impl FnOnce(&mut Walk, &mut Deserializer<IoRead<Bounded<R>>>) -> serde_json::Result<T>,
) -> Result<T, MispError> {
    let allowance = Allowance::new(limits.part_bytes_max);
    let mut walk = Walk {
        limits: *limits,
        allowance: allowance.clone(),
        path: String::new(),
        too_many: false,
    };
    let mut json = Deserializer::from_reader(allowance.bound(source));
    let read = take(&mut walk, &mut json).and_then(|whole| {
        allowance.renew();
        json.end()?;
        Ok(whole)
    });
    read.map_err(|error| {
        let mut error = MispError::of_json(error, walk.path);
        if walk.too_many {
            error.kind = MispErrorKind::TooMany(limits.parts_max);
        } else if allowance.is_spent() {
            error.kind = MispErrorKind::TooLarge(limits.part_bytes_max);
        }
        error
    })
}
