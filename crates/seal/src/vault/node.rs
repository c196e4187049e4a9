//! What a node keeps secret every day.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::Lock;
use crate::{
    Error, HybridIdentity,
    data::DataKey,
    keys::{LedgerSecret, Purpose, SigningKeys},
    text,
};

const FORMAT: &str = "comity/node-secrets/v1";
const WHAT: &str = "node secrets";

/// The secrets that serve one purpose.
#[derive(Clone)]
pub struct PurposeSecrets {
    /// Signs messages.
    pub signing: SigningKeys,
    /// Opens what is sealed to this party.
    pub identity: HybridIdentity,
    /// Opens what was sealed before the last change of keys and is still under way.
    pub former_identities: Vec<HybridIdentity>,
    /// Sign the checkpoints of the ledgers.
    pub ledgers: Vec<LedgerSecret>,
}

impl PurposeSecrets {
    /// Makes new secrets, with keys for the ledgers of these origins.
    pub fn generate(origins: &[&str], entropy: &mut impl FnMut(&mut [u8])) -> Result<Self, Error> {
        Ok(Self {
            signing: SigningKeys::generate(entropy),
            identity: HybridIdentity::generate(entropy)?,
            former_identities: Vec::new(),
            ledgers: origins
                .iter()
                .map(|origin| LedgerSecret::generate(origin, entropy))
                .collect(),
        })
    }

    /// The secrets of the next key set: new keys for signing and sealing, the same ledgers. The
    /// identity in use becomes a former one.
    pub fn rotate(mut self, entropy: &mut impl FnMut(&mut [u8])) -> Result<Self, Error> {
        let former = std::mem::replace(&mut self.identity, HybridIdentity::generate(entropy)?);
        self.former_identities.insert(0, former);
        self.signing = SigningKeys::generate(entropy);
        Ok(self)
    }

    /// The same after the machine was lost: new keys for the ledgers too. Their origins, and so
    /// their trees, stay.
    pub fn replace(mut self, entropy: &mut impl FnMut(&mut [u8])) -> Result<Self, Error> {
        for ledger in &mut self.ledgers {
            *ledger = LedgerSecret::generate(&ledger.origin, entropy);
        }
        self.rotate(entropy)
    }

    /// The current identity, then the former ones, newest first.
    pub fn identities(&self) -> impl Iterator<Item = &HybridIdentity> {
        std::iter::once(&self.identity).chain(&self.former_identities)
    }

    /// The ledger with this origin.
    pub fn ledger(&self, origin: &str) -> Option<&LedgerSecret> {
        self.ledgers.iter().find(|ledger| ledger.origin == origin)
    }
}

impl fmt::Debug for PurposeSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PurposeSecrets")
            .field("signing", self.signing.public())
            .field("ledgers", &self.ledgers)
            .finish_non_exhaustive()
    }
}

/// All secrets of a node. Real and exercise traffic have keys of their own.
#[derive(Clone)]
pub struct NodeSecrets {
    /// For real traffic.
    pub real: PurposeSecrets,
    /// For exercises.
    pub exercise: PurposeSecrets,
    /// The TLS private key, PKCS #8 in DER.
    pub tls_pkcs8: Zeroizing<Vec<u8>>,
    /// Seals personal data at rest.
    pub data_key: DataKey,
}

impl NodeSecrets {
    /// The secrets that serve a purpose.
    pub fn of(&self, purpose: Purpose) -> &PurposeSecrets {
        match purpose {
            Purpose::Real => &self.real,
            Purpose::Exercise => &self.exercise,
        }
    }

    /// Locks all secrets into a vault.
    pub fn lock(&self, lock: &Lock) -> Result<Vec<u8>, Error> {
        let wire = NodeWire::from(self);
        // Room for all of it at once: growing would leave copies of the secrets behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(super::VAULT_BYTES_MAX));
        serde_json::to_writer(&mut *bytes, &wire)
            .map_err(|source| Error::Json { what: WHAT, source })?;
        super::lock(&bytes, lock)
    }

    /// Opens a vault.
    pub fn unlock(vault: &[u8], lock: &Lock) -> Result<Self, Error> {
        let bytes = super::unlock(vault, lock)?;
        let wire: NodeWire =
            serde_json::from_slice(&bytes).map_err(|source| Error::Json { what: WHAT, source })?;
        (&wire).try_into()
    }
}

impl fmt::Debug for NodeSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeSecrets")
            .field("real", &self.real)
            .field("exercise", &self.exercise)
            .finish_non_exhaustive()
    }
}

/// The document inside the vault. Its texts are erased when dropped.
#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct NodeWire {
    format: String,
    real: PurposeWire,
    exercise: PurposeWire,
    tls_pkcs8: String,
    data_key: String,
}

#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct PurposeWire {
    signing_seed: String,
    identity: String,
    former_identities: Vec<String>,
    ledgers: Vec<LedgerWire>,
}

#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct LedgerWire {
    origin: String,
    ed25519_seed: String,
    ml_dsa_44_seed: String,
}

impl From<&NodeSecrets> for NodeWire {
    fn from(secrets: &NodeSecrets) -> Self {
        Self {
            format: FORMAT.to_owned(),
            real: (&secrets.real).into(),
            exercise: (&secrets.exercise).into(),
            tls_pkcs8: text::base64(&secrets.tls_pkcs8),
            data_key: text::base64(&**secrets.data_key.as_bytes()),
        }
    }
}

impl From<&PurposeSecrets> for PurposeWire {
    fn from(secrets: &PurposeSecrets) -> Self {
        let secret_text = |identity: &HybridIdentity| identity.to_secret_text().as_str().to_owned();
        let ledger = |ledger: &LedgerSecret| LedgerWire {
            origin: ledger.origin.clone(),
            ed25519_seed: text::base64(&*ledger.ed25519),
            ml_dsa_44_seed: text::base64(&*ledger.ml_dsa_44),
        };
        Self {
            signing_seed: text::base64(&**secrets.signing.seed()),
            identity: secret_text(&secrets.identity),
            former_identities: secrets.former_identities.iter().map(secret_text).collect(),
            ledgers: secrets.ledgers.iter().map(ledger).collect(),
        }
    }
}

impl TryFrom<&NodeWire> for NodeSecrets {
    type Error = Error;

    fn try_from(wire: &NodeWire) -> Result<Self, Error> {
        if wire.format != FORMAT {
            return Err(Error::malformed(WHAT, "they are of another format"));
        }
        Ok(Self {
            real: (&wire.real).try_into()?,
            exercise: (&wire.exercise).try_into()?,
            tls_pkcs8: Zeroizing::new(text::unbase64(&wire.tls_pkcs8, WHAT)?),
            data_key: DataKey::from_bytes(seed(&wire.data_key)?),
        })
    }
}

impl TryFrom<&PurposeWire> for PurposeSecrets {
    type Error = Error;

    fn try_from(wire: &PurposeWire) -> Result<Self, Error> {
        let ledger = |wire: &LedgerWire| {
            Ok(LedgerSecret {
                origin: wire.origin.clone(),
                ed25519: seed(&wire.ed25519_seed)?,
                ml_dsa_44: seed(&wire.ml_dsa_44_seed)?,
            })
        };
        let former = wire.former_identities.iter().map(|text| text.parse());
        Ok(Self {
            signing: SigningKeys::from_seed(&*seed(&wire.signing_seed)?),
            identity: wire.identity.parse()?,
            former_identities: former.collect::<Result<_, Error>>()?,
            ledgers: wire
                .ledgers
                .iter()
                .map(ledger)
                .collect::<Result<_, Error>>()?,
        })
    }
}

fn seed(text: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    text::unbase64_exact(text, WHAT).map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> NodeSecrets {
        let mut next = 0_u8;
        let mut entropy = |bytes: &mut [u8]| {
            next += 1;
            bytes.fill(next);
        };
        let origins = ["xa.example/exchange", "xa.example/acts"];
        NodeSecrets {
            real: PurposeSecrets::generate(&origins, &mut entropy).unwrap(),
            exercise: PurposeSecrets::generate(&origins, &mut entropy).unwrap(),
            tls_pkcs8: Zeroizing::new(vec![0xcd; 48]),
            data_key: DataKey::generate(&mut entropy),
        }
    }

    fn lock() -> Lock {
        Lock::KeyFile(HybridIdentity::from_seed(&[99; 32]).unwrap())
    }

    #[test]
    fn all_secrets_come_back() {
        let mut secrets = secrets();
        secrets.real = secrets
            .real
            .rotate(&mut |bytes: &mut [u8]| bytes.fill(77))
            .unwrap();
        let again = NodeSecrets::unlock(&secrets.lock(&lock()).unwrap(), &lock()).unwrap();
        for purpose in [Purpose::Real, Purpose::Exercise] {
            let (old, new) = (secrets.of(purpose), again.of(purpose));
            assert_eq!(new.signing.public(), old.signing.public());
            let recipients = |secrets: &PurposeSecrets| {
                secrets
                    .identities()
                    .map(HybridIdentity::recipient)
                    .collect::<Vec<_>>()
            };
            assert_eq!(recipients(new), recipients(old));
            for (new, old) in new.ledgers.iter().zip(&old.ledgers) {
                assert_eq!(new.public(), old.public());
            }
            assert_eq!(new.ledgers.len(), 2);
        }
        assert_eq!(again.tls_pkcs8, secrets.tls_pkcs8);
        assert_eq!(again.data_key.as_bytes(), secrets.data_key.as_bytes());
    }

    #[test]
    fn real_and_exercise_share_no_key() {
        let secrets = secrets();
        assert_ne!(
            secrets.real.signing.public(),
            secrets.exercise.signing.public()
        );
        assert_ne!(
            secrets.real.identity.recipient(),
            secrets.exercise.identity.recipient()
        );
    }

    #[test]
    fn a_rotation_keeps_the_former_identity_and_the_ledgers() {
        let before = secrets().real;
        let after = before
            .clone()
            .rotate(&mut |bytes: &mut [u8]| bytes.fill(77))
            .unwrap();
        assert_ne!(after.signing.public(), before.signing.public());
        assert_ne!(after.identity.recipient(), before.identity.recipient());
        assert_eq!(
            after.former_identities[0].recipient(),
            before.identity.recipient()
        );
        assert_eq!(after.ledgers[0].public(), before.ledgers[0].public());
    }

    #[test]
    fn what_is_replaced_keeps_origins_and_what_opens_old_mail_alone() {
        let before = secrets().real;
        let after = before
            .clone()
            .replace(&mut |bytes: &mut [u8]| bytes.fill(77))
            .unwrap();
        assert_ne!(after.signing.public(), before.signing.public());
        let former: Vec<_> = after.identities().skip(1).collect();
        assert_eq!(former.len(), 1);
        assert_eq!(former[0].recipient(), before.identity.recipient());
        for (after, before) in after.ledgers.iter().zip(&before.ledgers) {
            assert_eq!(after.origin, before.origin);
            assert_ne!(after.public().ed25519, before.public().ed25519);
            assert_ne!(after.public().ml_dsa_44, before.public().ml_dsa_44);
        }
        assert_eq!(after.ledgers.len(), before.ledgers.len());
    }

    #[test]
    fn debug_shows_no_secret() {
        let secrets = secrets();
        let shown = format!("{secrets:?}");
        // Seeds and keys are runs of one byte here, in whatever form they would be shown.
        for byte in 1..=9_u8 {
            assert!(!shown.contains(&text::base64(&[byte; 32])), "{shown}");
            assert!(!shown.contains(&text::hex(&[byte; 8])), "{shown}");
            assert!(
                !shown.contains(&format!("{byte}, {byte}, {byte}")),
                "{shown}"
            );
        }
        assert!(
            !shown.contains("205, 205") && !shown.contains("AGE-SECRET"),
            "{shown}"
        );
    }
}
