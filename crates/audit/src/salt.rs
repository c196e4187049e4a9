//! Salts of what acts commit to.
//!
//! Auditors read the bodies of acts, and copies of them leave the house. A plain digest of a few
//! known fields could be guessed there; so a body holds `SHA-256(0x01 ‖ salt ‖ text)`, and the salts
//! stay beside the facts and are erased with them ([`crate::erase_subject`]).

use std::fmt;

use db::Tx;
use kernel::{boxed, hex};

use crate::{Error, Ground, store::salt as rows};

/// What keeps the salts of an act apart from all other digests.
const SALT: &[u8] = b"comity/act-salt/v1\n";
/// What keeps a commitment apart from a plain digest.
const COMMITMENT: u8 = 0x01;

/// The secret of one subject, from which the salt of each thing that its acts commit to follows. To
/// show one thing to somebody, its salt alone is given.
#[derive(Clone, Eq, PartialEq)]
pub struct Salts([u8; 32]);

impl Salts {
    /// The salts that follow from a secret.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The salt of what is named so, such as `facts 7`.
    pub fn of(&self, what: &str) -> [u8; 32] {
        ledger::sha256(&[SALT, &self.0, what.as_bytes()].concat())
    }

    /// What an act says of a text in its place: hexadecimal.
    pub fn commitment(&self, what: &str, text: &[u8]) -> String {
        hex(&ledger::sha256(
            &[&[COMMITMENT], &self.of(what)[..], text].concat(),
        ))
    }
}

impl fmt::Debug for Salts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Salts").finish_non_exhaustive()
    }
}

/// The salts of a subject, drawn when they are asked for first.
#[boxed]
pub async fn salts(tx: &mut Tx, ground: &Ground, subject: &str) -> Result<Salts, Error> {
    if let Some(secret) = rows::find(tx, subject).await? {
        return Ok(Salts(secret));
    }
    let mut all = salts_of(tx, ground, &[subject.to_owned()]).await?;
    all.pop().ok_or_else(|| rows::lost(subject).into())
}

/// [`salts`] of many subjects, in their order.
#[boxed]
pub async fn salts_of(
    tx: &mut Tx,
    ground: &Ground,
    subjects: &[String],
) -> Result<Vec<Salts>, Error> {
    let mut drawn = vec![0; subjects.len() * 32];
    ground.rng.fill(&mut drawn);
    let (drawn, _none_left) = drawn.as_chunks::<32>();
    let all = rows::draw(tx, subjects, drawn).await?;
    Ok(all.into_iter().map(Salts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of docs/protocol/ledger.md.
    #[test]
    fn salt_and_commitment_are_those_of_the_protocol() {
        let salts = Salts::new([7; 32]);
        assert_eq!(
            hex(&salts.of("facts 1")),
            "50bd5db51c59a629cb8af798c8dd36604eaf61cb1a12dc1532dca597fe304d19"
        );
        assert_eq!(
            salts.commitment("facts 1", b"{\"title\":\"A\"}"),
            "30fd01e6e7a5a5987b25ccfdfd70b227270aac501734117fa82a2a0a5b5c36b8"
        );
        assert_ne!(salts.of("facts 1"), salts.of("facts 2"));
        assert_eq!(format!("{salts:?}"), "Salts { .. }");
    }
}
