//! How the key sets of one party follow each other.

use super::{Fingerprint, KeyId, KeySet, Purpose, SignedKeySet};
use crate::{
    Digest, Error, Time,
    dsse::{Envelope, Verified},
};

/// The key sets that are held of one party and one purpose, all signed by the pinned root.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeySetChain {
    first: SignedKeySet,
    later: Vec<SignedKeySet>,
}

/// What became of an offered key set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Acceptance {
    /// It is the next one and is held now.
    New,
    /// It was held already.
    Known,
}

/// What an envelope claims and is held against.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Claim {
    /// The payload type that the reader expects.
    pub payload_type: &'static str,
    /// The number of the key set that the signed document names.
    pub seq: u64,
    /// The traffic that the envelope belongs to.
    pub purpose: Purpose,
    /// When the signature existed: now for fresh mail, the time of a witness for old.
    pub at: Time,
}

impl KeySetChain {
    /// Begins with the first key set seen of a party, which need not be number 1. `root` is the
    /// fingerprint that people have compared out of band.
    pub fn begin(set: SignedKeySet, root: &Fingerprint, purpose: Purpose) -> Result<Self, Error> {
        if set.fingerprint() != *root {
            return Err(Error::WrongRoot);
        }
        check_purpose(set.set(), purpose)?;
        Ok(Self {
            first: set,
            later: Vec::new(),
        })
    }

    /// Takes the next key set: the same root, party and purpose, the next number, the right digest
    /// of the one before. One that is held already changes nothing; a different one with a number
    /// that is held is [`Error::Forked`] and worth keeping as evidence.
    pub fn accept(&mut self, set: SignedKeySet) -> Result<Acceptance, Error> {
        let latest = self.latest();
        let offered = set.set();
        if offered.root != latest.set().root {
            return Err(Error::WrongRoot);
        }
        if offered.party != latest.set().party {
            return Err(Error::WrongParty);
        }
        check_purpose(offered, latest.set().purpose)?;
        if let Some(held) = self.by_seq(offered.seq) {
            return if held.sha256() == set.sha256() {
                Ok(Acceptance::Known)
            } else {
                Err(Error::Forked { seq: offered.seq })
            };
        }
        let expected = latest.set().seq.saturating_add(1);
        if offered.seq != expected {
            let found = offered.seq;
            return Err(Error::OutOfSequence { expected, found });
        }
        if offered.previous_sha256 != Some(latest.sha256()) {
            return Err(Error::BrokenChain { seq: expected });
        }
        self.later.push(set);
        Ok(Acceptance::New)
    }

    /// All key sets, oldest first.
    pub fn sets(&self) -> impl DoubleEndedIterator<Item = &SignedKeySet> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The newest key set.
    pub fn latest(&self) -> &SignedKeySet {
        self.later.last().unwrap_or(&self.first)
    }

    /// The key set with this number.
    pub fn by_seq(&self, seq: u64) -> Option<&SignedKeySet> {
        self.sets().find(|held| held.set().seq == seq)
    }

    /// The key set whose document has this digest.
    pub fn by_sha256(&self, sha256: &Digest) -> Option<&SignedKeySet> {
        self.sets().find(|held| held.sha256() == *sha256)
    }

    /// The pinned root.
    pub fn fingerprint(&self) -> Fingerprint {
        self.first.fingerprint()
    }

    /// The earliest time from which any held set revokes the key. A later set cannot take a
    /// revocation back.
    pub fn revoked_since(&self, key: &KeyId) -> Option<Time> {
        self.sets()
            .flat_map(|held| &held.set().revoked)
            .filter(|revocation| revocation.key == *key)
            .map(|revocation| revocation.since)
            .min()
    }

    /// Checks an envelope fully: the purpose, the key set that it names, both signatures, the
    /// validity of the set and the revocation of the keys at the time of the claim.
    pub fn verify<'a>(&self, envelope: &'a Envelope, claim: &Claim) -> Result<Verified<'a>, Error> {
        let unknown = Error::UnknownKeySet { seq: claim.seq };
        let set = self.by_seq(claim.seq).ok_or(unknown)?.set();
        check_purpose(set, claim.purpose)?;
        let verified = set.verify(envelope, claim.payload_type)?;
        self.check_time(set, &verified, claim.at)?;
        Ok(verified)
    }

    /// Whether the keys that signed could sign at that time.
    pub fn check_time(&self, set: &KeySet, signers: &Verified<'_>, at: Time) -> Result<(), Error> {
        if at < set.valid_from {
            let from = set.valid_from;
            return Err(Error::NotYetValid { from });
        }
        if at >= set.valid_until {
            let until = set.valid_until;
            return Err(Error::Expired { until });
        }
        for key in [signers.ed25519, signers.ml_dsa_65] {
            if let Some(since) = self.revoked_since(&key).filter(|since| *since <= at) {
                return Err(Error::Revoked { key, since });
            }
        }
        Ok(())
    }
}

fn check_purpose(set: &KeySet, expected: Purpose) -> Result<(), Error> {
    let found = set.purpose;
    if found == expected {
        Ok(())
    } else {
        Err(Error::WrongPurpose { expected, found })
    }
}
