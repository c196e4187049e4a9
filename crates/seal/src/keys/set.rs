//! Key sets: the working keys of a party, numbered and signed by its root.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{KeyId, LedgerPublic, SigningPublic, wire::KeySetWire};
use crate::{
    Digest, Error, HybridRecipient, Time,
    dsse::{Envelope, Verified},
    json,
};

/// The DSSE payload type of a key set.
pub const PAYLOAD_TYPE: &str = "application/vnd.comity.keyset.v1+json";
/// The longest key set document.
pub const KEY_SET_BYTES_MAX: usize = 256 * 1024;

const SIGNING_KEYS_MAX: usize = 8;
const LEDGERS_MAX: usize = 8;
const WITNESSES_MAX: usize = 32;
const REVOKED_MAX: usize = 256;
const NAME_BYTES_MAX: usize = 256;
const WITNESS_KEY_BYTES_MAX: usize = 4096;
const PARTY_BYTES_MAX: usize = 64;
const WHAT: &str = "key set";

/// What a key set is for. Real and exercise traffic never share keys.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Real traffic.
    Real,
    /// Exercises.
    Exercise,
}

impl Purpose {
    /// The word that stands in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Exercise => "exercise",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Purpose {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        [Self::Real, Self::Exercise]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
            .ok_or(Error::malformed(
                "purpose",
                "it is neither real nor exercise",
            ))
    }
}

/// Who else cosigns the party's checkpoints, and how many must.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessPolicy {
    /// How many of the witnesses must have cosigned.
    pub threshold: u16,
    /// From how many different regions, at least; 0 and 1 ask nothing.
    pub regions: u16,
    /// The witnesses.
    pub of: Vec<Witness>,
}

/// One witness.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// What people call it.
    pub name: String,
    /// Its verifier key in the text form of signed notes, which begins with its origin.
    pub key: String,
    /// The region that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// A key that is no longer to be believed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// The key.
    pub key: KeyId,
    /// The time from which its signatures prove nothing.
    pub since: Time,
}

/// The working keys of a party.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeySet {
    /// The party: letters, digits, `.`, `-` and `_`.
    pub party: String,
    /// The root key that signs this set. It stands inside so that one file is enough to check; it
    /// is worth nothing until its fingerprint was compared.
    pub root: SigningPublic,
    /// The number of this set, from 1.
    pub seq: u64,
    /// SHA-256 of the document before this one; none for the first.
    pub previous_sha256: Option<Digest>,
    /// Real traffic or exercises.
    pub purpose: Purpose,
    /// The first moment at which these keys sign.
    pub valid_from: Time,
    /// The first moment at which they no longer do.
    pub valid_until: Time,
    /// Pairs that sign messages.
    pub signing_keys: Vec<SigningPublic>,
    /// To whom bodies and attachments are sealed.
    pub age_recipient: HybridRecipient,
    /// To whom they are sealed besides, for the party's archive.
    pub archive_recipient: HybridRecipient,
    /// The keys of the party's ledgers.
    pub ledger_keys: Vec<LedgerPublic>,
    /// SHA-256 of the `SubjectPublicKeyInfo` of the node's TLS key.
    pub tls_key_sha256: Digest,
    /// The witnesses of the party's ledgers.
    pub witnesses: WitnessPolicy,
    /// Keys of this or an earlier set that are revoked.
    pub revoked: Vec<Revocation>,
}

impl KeySet {
    /// The canonical document, after checking every limit.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let bytes = json::print(&KeySetWire::from(self), WHAT)?;
        if bytes.len() > KEY_SET_BYTES_MAX {
            return Err(too_large());
        }
        Ok(bytes)
    }

    /// Reads a canonical document. It says nothing about who signed it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let set = Self::try_from(json::parse::<KeySetWire>(bytes, KEY_SET_BYTES_MAX, WHAT)?)?;
        set.check()?;
        Ok(set)
    }

    /// Checks that both signatures of an envelope are by one signing pair of this set. It does not
    /// ask for the time: see [`super::KeySetChain::verify`].
    pub fn verify<'a>(
        &self,
        envelope: &'a Envelope,
        payload_type: &'static str,
    ) -> Result<Verified<'a>, Error> {
        envelope.verify(payload_type, &self.signing_keys)
    }

    /// The names of all keys that must not serve two purposes: those that sign messages, sign
    /// checkpoints or open files. (The TLS key serves the connection, whatever travels on it.)
    pub fn key_ids(&self) -> Vec<KeyId> {
        let pairs = self.signing_keys.iter();
        let mut ids: Vec<_> = pairs
            .flat_map(|pair| [pair.ed25519_id(), pair.ml_dsa_65_id()])
            .collect();
        ids.extend(self.ledger_keys.iter().flat_map(LedgerPublic::key_ids));
        ids.push(KeyId::of("mlkem768x25519", &self.age_recipient.to_bytes()));
        ids
    }

    /// Refuses two key sets of different purposes that share a key.
    pub fn check_apart(&self, other: &Self) -> Result<(), Error> {
        let others = other.key_ids();
        let shared = self.key_ids().into_iter().find(|key| others.contains(key));
        match shared {
            Some(key) if self.purpose != other.purpose => Err(Error::SharedKey { key }),
            _ => Ok(()),
        }
    }

    fn check(&self) -> Result<(), Error> {
        let party = self.party.bytes();
        let numbered = (self.seq == 1) == self.previous_sha256.is_none() && self.seq >= 1;
        let witnesses = usize::from(self.witnesses.threshold) <= self.witnesses.of.len()
            && self.witnesses.regions <= self.witnesses.threshold;
        let names = self.witnesses.of.iter().all(|witness| {
            let mut names = std::iter::once(&witness.name).chain(&witness.region);
            names.all(|name| is_line(name, NAME_BYTES_MAX))
                && is_line(&witness.key, WITNESS_KEY_BYTES_MAX)
        });
        let checks = [
            (
                (1..=PARTY_BYTES_MAX).contains(&self.party.len())
                    && party
                        .clone()
                        .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)),
                "its party is not a code",
            ),
            (
                numbered,
                "the first set and only the first has no previous one",
            ),
            (
                self.valid_from < self.valid_until,
                "it ends before it begins",
            ),
            (
                (1..=SIGNING_KEYS_MAX).contains(&self.signing_keys.len()),
                "it has no signing key or too many",
            ),
            (
                self.ledger_keys.len() <= LEDGERS_MAX,
                "it has too many ledger keys",
            ),
            (
                self.ledger_keys
                    .iter()
                    .all(|keys| is_line(&keys.origin, NAME_BYTES_MAX)),
                "an origin is not a line of text",
            ),
            (
                self.witnesses.of.len() <= WITNESSES_MAX,
                "it has too many witnesses",
            ),
            (witnesses, "it asks for more witnesses than it names"),
            (
                names,
                "a witness has a name or key that is not a line of text",
            ),
            (
                self.revoked.len() <= REVOKED_MAX,
                "it revokes too many keys",
            ),
            (
                !self.signing_keys.contains(&self.root),
                "its root key is a signing key too",
            ),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, why)) => Err(Error::malformed(WHAT, why)),
            None => Ok(()),
        }
    }
}

fn is_line(text: &str, bytes_max: usize) -> bool {
    (1..=bytes_max).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn too_large() -> Error {
    Error::TooLarge {
        what: WHAT,
        bytes_max: u64::try_from(KEY_SET_BYTES_MAX).unwrap_or(u64::MAX),
    }
}

/// A key set with its envelope, both signatures checked against the root key that stands inside.
///
/// It is consistent in itself. Whether the root key is the party's, only its fingerprint tells:
/// see [`super::KeySetChain`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedKeySet {
    envelope: Envelope,
    set: KeySet,
    sha256: Digest,
}

impl SignedKeySet {
    /// Reads a `.keyset.json` file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_envelope(Envelope::parse(bytes)?)
    }

    /// Checks an envelope that holds a key set.
    pub fn from_envelope(envelope: Envelope) -> Result<Self, Error> {
        if envelope.sealed().is_some() {
            return Err(Error::malformed(WHAT, "it has a sealed part"));
        }
        let payload = envelope.payload_unverified();
        let set = KeySet::parse(payload)?;
        let sha256 = Digest::of(payload);
        envelope.verify(PAYLOAD_TYPE, std::slice::from_ref(&set.root))?;
        Ok(Self {
            envelope,
            set,
            sha256,
        })
    }

    /// The canonical bytes of the `.keyset.json` file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.envelope.to_bytes()
    }

    /// The key set.
    pub fn set(&self) -> &KeySet {
        &self.set
    }

    /// SHA-256 of the document, which the next set names as `previous_sha256`.
    pub fn sha256(&self) -> Digest {
        self.sha256
    }

    /// The fingerprint of the root key that signed.
    pub fn fingerprint(&self) -> super::Fingerprint {
        super::Fingerprint::of(&self.set.root)
    }
}
