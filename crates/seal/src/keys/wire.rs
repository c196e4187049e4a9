//! How a key set is written.

use serde::{Deserialize, Serialize};

use super::{
    KeySet, LedgerPublic, Purpose, Revocation, SigningPublic, WitnessPolicy,
    pair::SigningPublicWire,
};
use crate::{Digest, Error, Time, text};

/// The members in their canonical order.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeySetWire {
    party: String,
    root: SigningPublicWire,
    seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_sha256: Option<Digest>,
    purpose: Purpose,
    valid_from: Time,
    valid_until: Time,
    signing_keys: Vec<SigningPublicWire>,
    age_recipient: String,
    archive_recipient: String,
    ledger_keys: Vec<LedgerWire>,
    tls_key_sha256: Digest,
    witnesses: WitnessPolicy,
    revoked: Vec<Revocation>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LedgerWire {
    origin: String,
    ed25519: String,
    ml_dsa_44: String,
}

impl From<&KeySet> for KeySetWire {
    fn from(set: &KeySet) -> Self {
        let ledger = |keys: &LedgerPublic| LedgerWire {
            origin: keys.origin.clone(),
            ed25519: text::base64(&keys.ed25519),
            ml_dsa_44: text::base64(keys.ml_dsa_44.as_slice()),
        };
        Self {
            party: set.party.clone(),
            root: (&set.root).into(),
            seq: set.seq,
            previous_sha256: set.previous_sha256,
            purpose: set.purpose,
            valid_from: set.valid_from,
            valid_until: set.valid_until,
            signing_keys: set.signing_keys.iter().map(Into::into).collect(),
            age_recipient: set.age_recipient.to_string(),
            archive_recipient: set.archive_recipient.to_string(),
            ledger_keys: set.ledger_keys.iter().map(ledger).collect(),
            tls_key_sha256: set.tls_key_sha256,
            witnesses: set.witnesses.clone(),
            revoked: set.revoked.clone(),
        }
    }
}

impl TryFrom<KeySetWire> for KeySet {
    type Error = Error;

    fn try_from(wire: KeySetWire) -> Result<Self, Error> {
        let ledger = |keys: LedgerWire| {
            Ok(LedgerPublic {
                origin: keys.origin,
                ed25519: text::unbase64_exact(&keys.ed25519, "ledger key")?,
                ml_dsa_44: Box::new(text::unbase64_exact(&keys.ml_dsa_44, "ledger key")?),
            })
        };
        Ok(Self {
            party: wire.party,
            root: wire.root.try_into()?,
            seq: wire.seq,
            previous_sha256: wire.previous_sha256,
            purpose: wire.purpose,
            valid_from: wire.valid_from,
            valid_until: wire.valid_until,
            signing_keys: wire
                .signing_keys
                .into_iter()
                .map(SigningPublic::try_from)
                .collect::<Result<_, Error>>()?,
            age_recipient: wire.age_recipient.parse()?,
            archive_recipient: wire.archive_recipient.parse()?,
            ledger_keys: wire
                .ledger_keys
                .into_iter()
                .map(ledger)
                .collect::<Result<_, Error>>()?,
            tls_key_sha256: wire.tls_key_sha256,
            witnesses: wire.witnesses,
            revoked: wire.revoked,
        })
    }
}
