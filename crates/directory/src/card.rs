//! The card of a party: the file by which one node comes to know another.

use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{ContactId, PartyCode};
use seal::keys::{Fingerprint, KeySetChain, Purpose, SignedKeySet};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    model::{Address, CONTACTS_MAX, Line, Profile, Reach, WebAddress},
};

/// The largest card, in bytes.
pub const CARD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How many key sets of one purpose a card holds at most.
const KEY_SETS_MAX: usize = 200;
const FORMAT: &str = "comity/party-card/v1";

/// What a party says of itself. Only the key sets are signed: who takes a card compares the
/// fingerprint of their root key with the party over another channel.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    format: String,
    /// The party.
    pub party: PartyCode,
    /// What it calls itself.
    pub title: Line,
    /// The fingerprint of its root key, for people to compare.
    pub fingerprint: Fingerprint,
    /// Where its node listens for other nodes.
    pub federation: Option<Address>,
    /// Where its node listens for people.
    pub web: Option<WebAddress>,
    /// Its key sets, each a signed document in base64: of each purpose from the first on.
    key_sets: Vec<String>,
    /// Its contacts.
    pub contacts: Vec<CardContact>,
}

/// A contact on a card.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CardContact {
    /// The id, the same on all nodes.
    pub id: ContactId,
    /// What all who read the directory see.
    pub profile: Profile,
    /// How to reach it, where the party gave that along.
    pub reach: Option<Reach>,
}

impl Card {
    /// A card of a party with these key sets.
    pub fn new(
        party: PartyCode,
        title: Line,
        fingerprint: Fingerprint,
        sets: &[SignedKeySet],
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            party,
            title,
            fingerprint,
            federation: None,
            web: None,
            key_sets: sets
                .iter()
                .map(|set| STANDARD.encode(set.to_bytes()))
                .collect(),
            contacts: Vec::new(),
        }
    }

    /// Reads a card.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |why| Error::Card { why };
        if bytes.len() > CARD_BYTES_MAX {
            return Err(wrong("it is larger than 4 MiB"));
        }
        let card: Self =
            serde_json::from_slice(bytes).map_err(|_unreadable| wrong("it is not a party card"))?;
        if card.format != FORMAT {
            return Err(wrong("it is of another format or version"));
        }
        if card.contacts.len() > CONTACTS_MAX || card.key_sets.len() > 2 * KEY_SETS_MAX {
            return Err(wrong("it holds too much"));
        }
        Ok(card)
    }

    /// The card as a file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec_pretty(self).map_err(|_unwritable| Error::Card {
            why: "it cannot be written",
        })
    }

    /// The chains of key sets on the card, one for each purpose that it has, verified against the
    /// fingerprint that people compared.
    pub fn chains(&self, compared: &Fingerprint) -> Result<Vec<KeySetChain>, Error> {
        if self.fingerprint != *compared {
            return Err(Error::FingerprintDiffers);
        }
        let mut sets = Vec::with_capacity(self.key_sets.len());
        for text in &self.key_sets {
            let bytes = STANDARD.decode(text).map_err(|_unreadable| Error::Card {
                why: "a key set is not base64",
            })?;
            let set = SignedKeySet::parse(&bytes)?;
            if set.set().party != self.party.as_str() {
                return Err(Error::Card {
                    why: "a key set is another party's",
                });
            }
            sets.push(set);
        }
        let mut chains = Vec::new();
        for purpose in [Purpose::Real, Purpose::Exercise] {
            let own = sets.iter().filter(|set| set.set().purpose == purpose);
            chains.extend(chain(own.cloned(), compared, purpose)?);
        }
        if let [real, exercise] = chains.as_slice() {
            real.latest().set().check_apart(exercise.latest().set())?;
        }
        if chains.is_empty() {
            return Err(Error::Card {
                why: "it holds no key set",
            });
        }
        Ok(chains)
    }
}

/// The chain that these sets make, in their order; none if there are none.
pub(crate) fn chain(
    sets: impl IntoIterator<Item = SignedKeySet>,
    fingerprint: &Fingerprint,
    purpose: Purpose,
) -> Result<Option<KeySetChain>, Error> {
    let mut sets = sets.into_iter();
    let Some(first) = sets.next() else {
        return Ok(None);
    };
    let mut chain = KeySetChain::begin(first, fingerprint, purpose)?;
    for set in sets {
        chain.accept(set)?;
    }
    Ok(Some(chain))
}
