//! How one node comes to know another by its address: the card, for whoever asks.
//!
//! The card says nothing that its party does not hand out: party, title, addresses, key sets; no
//! contact is on it. What it says counts only once people have compared the fingerprint of the root
//! key over another channel, and once the key that the address shows is the one that this root has
//! signed.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use access::http::Refusal;
use audit::Ground;
use axum::{Json, Router, extract::State, routing::get};
use directory::{
    Card, Error as DirectoryError,
    card::CARD_BYTES_MAX,
    model::{Address, WebAddress},
    ops,
};
use federation::transport::{Answer, Call, CallError, Method, PeerAddress};
use kernel::{Mode, PartyCode, Problem, ProblemKind, Timestamp, Viewer};
use seal::{Digest, keys::Fingerprint};
use tokio::time::timeout;

use crate::{
    config::Config,
    keys::NodeKeys,
    tls::{TlsKey, TlsKeyError},
    transport,
};

/// Where the card lies.
const PATH: &str = "/federation/v1/card";
/// How long fetching a card may take.
const TIME_MAX: Duration = Duration::from_secs(15);

/// A card that cannot be had, or not be believed.
#[derive(Debug, thiserror::Error)]
pub enum IntroductionError {
    /// Nobody answers at the address.
    #[error("nobody answers at {address}")]
    Call {
        /// The address.
        address: Address,
        /// Why.
        #[source]
        source: CallError,
    },
    /// Whoever answers has no card.
    #[error("whoever answers at {address} gives no card: status {status}")]
    NoCard {
        /// The address.
        address: Address,
        /// What it said.
        status: u16,
    },
    /// The card cannot be read, or its key sets do not hold.
    #[error(transparent)]
    Card(#[from] DirectoryError),
    /// The root key is another one than people compared.
    #[error("the root key of {party} has another fingerprint")]
    Fingerprint {
        /// The party, as the card says.
        party: PartyCode,
        /// The fingerprint that was compared.
        compared: Box<Fingerprint>,
        /// That on the card.
        found: Box<Fingerprint>,
    },
    /// The address shows a key that the root has not signed: the card of one, the address of another.
    #[error("whoever answers at {address} does not hold the key that the root of {party} signed")]
    OtherKey {
        /// The address.
        address: Address,
        /// The party, as the card says.
        party: PartyCode,
    },
    /// No connection can be prepared.
    #[error(transparent)]
    Tls(#[from] TlsKeyError),
}

impl From<IntroductionError> for Problem {
    fn from(error: IntroductionError) -> Self {
        let detail = error.to_string();
        match error {
            IntroductionError::Call { source, .. } => {
                Self::new(ProblemKind::AtOdds, "peer.no_answer", detail)
                    .at("address")
                    .caused_by(source)
            }
            IntroductionError::NoCard { .. } => {
                Self::new(ProblemKind::AtOdds, "peer.no_card", detail).at("address")
            }
            IntroductionError::OtherKey { .. } => {
                Self::new(ProblemKind::Conflict, "peer.other_key", detail).at("address")
            }
            IntroductionError::Fingerprint { .. } => DirectoryError::FingerprintDiffers.into(),
            IntroductionError::Card(error) => error.into(),
            IntroductionError::Tls(error) => Self::internal("peer.tls", error),
        }
    }
}

/// What the page that adds a party asks for: the card at an address, if its root is the one that was
/// compared.
pub fn introduce() -> web::Introduce {
    Arc::new(|address: Address, compared: Fingerprint| {
        Box::pin(async move { Ok(fetch(&address).await?.accept(&compared)?) })
    })
}

/// A card as it came from an address.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// Where it came from.
    pub address: Address,
    /// The card.
    pub card: Card,
    /// The key that the address showed.
    pub tls_key_sha256: Digest,
    /// What its clock said, to the second.
    pub date: Option<Timestamp>,
}

impl Introduction {
    /// The card, if it is that of the root key that people compared and the address is the party's.
    pub fn accept(self, compared: &Fingerprint) -> Result<Card, IntroductionError> {
        let found = self.card.fingerprint;
        if found != *compared {
            return Err(IntroductionError::Fingerprint {
                party: self.card.party,
                compared: Box::new(*compared),
                found: Box::new(found),
            });
        }
        let chains = self.card.chains(compared)?;
        let signed = |chain: &seal::keys::KeySetChain| {
            chain.latest().set().tls_key_sha256 == self.tls_key_sha256
        };
        if chains.iter().all(signed) {
            Ok(self.card)
        } else {
            Err(IntroductionError::OtherKey {
                address: self.address,
                party: self.card.party,
            })
        }
    }
}

/// Asks whoever listens at an address for the card of its party.
pub async fn fetch(address: &Address) -> Result<Introduction, IntroductionError> {
    let failed = |source| IntroductionError::Call {
        address: address.clone(),
        source,
    };
    let seen = Arc::new(OnceLock::new());
    let config = TlsKey::stranger(Arc::clone(&seen))?;
    let to = PeerAddress {
        authority: address.as_str().to_owned(),
        // Not known yet: the verifier remembers what is shown.
        tls_key_sha256: Digest::from_bytes([0; 32]),
    };
    let call = Call {
        to: to.clone(),
        method: Method::Get,
        path: PATH.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        answer_bytes_max: CARD_BYTES_MAX,
        time_max: TIME_MAX,
    };
    let asked = async {
        let (sender, connection) = transport::connect(&to, config).await?;
        tokio::select! {
            answer = transport::ask(sender, call) => answer,
            _ended = connection => Err(CallError::Interrupted("the connection ended".to_owned())),
        }
    };
    let answer = match timeout(TIME_MAX, asked).await {
        Ok(answer) => answer.map_err(failed)?,
        Err(_elapsed) => {
            let why = "no answer in time".to_owned();
            return Err(failed(CallError::Unreachable(why)));
        }
    };
    let no_card = || IntroductionError::NoCard {
        address: address.clone(),
        status: answer.status,
    };
    if answer.status != 200 {
        return Err(no_card());
    }
    Ok(Introduction {
        address: address.clone(),
        card: Card::parse(&answer.body)?,
        date: date(&answer),
        tls_key_sha256: *seen.get().ok_or_else(no_card)?,
    })
}

/// The moment that the answer's head names (RFC 9110 §6.6.1).
fn date(answer: &Answer) -> Option<Timestamp> {
    let (_, text) = answer.headers.iter().find(|(name, _)| name == "date")?;
    let moment = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Timestamp::from_micros(moment.timestamp().as_microsecond()))
}

#[derive(Clone)]
struct Own {
    ground: Ground,
    viewer: Viewer,
}

/// The card of this node, for whoever comes to its listener for nodes.
pub fn router(ground: Ground, party: PartyCode) -> Router {
    let viewer = Viewer::node("card", party, Mode::Real);
    Router::new()
        .route(PATH, get(card))
        .with_state(Own { ground, viewer })
}

async fn card(State(own): State<Own>) -> Result<Json<Card>, Refusal> {
    let mut card = ops::own_card(&own.ground, &own.viewer, None).await?;
    // Contacts are for listed parties.
    card.contacts.clear();
    Ok(Json(card))
}

/// Brings the own entry of the directory up to the key sets of the data folder: the machine may have
/// stopped between the two.
pub async fn tell_key_sets(
    ground: &Ground,
    party: &PartyCode,
    keys: &NodeKeys,
) -> Result<(), Problem> {
    for (mode, sets) in [(Mode::Real, &keys.real), (Mode::Exercise, &keys.exercise)] {
        let mut tx = ground.db.begin_read().await?;
        let held = ops::chain_in(&mut tx, party, mode).await?;
        drop(tx);
        let Some(held) = held else { continue };
        let held = held.latest().set().seq;
        let viewer = Viewer::node("serve", party.clone(), mode);
        for set in sets.iter().filter(|set| set.set().seq > held) {
            ops::accept_key_set(ground, &viewer, party, set.clone()).await?;
        }
    }
    Ok(())
}

/// Puts the addresses that the operator set on the own card; what he did not set stays as it is.
pub(crate) async fn tell_addresses(
    ground: &Ground,
    party: &PartyCode,
    config: &Config,
) -> Result<(), Problem> {
    if !config.said.federation_address && !config.said.web_url {
        return Ok(());
    }
    let viewer = Viewer::node("serve", party.clone(), Mode::Real);
    let card = ops::own_card(ground, &viewer, None).await?;
    let (mut federation, mut web) = (card.federation, card.web);
    if config.said.federation_address {
        let address: Result<Address, _> = config.federation_address.parse();
        federation = Some(address.map_err(DirectoryError::from)?);
    }
    if config.said.web_url {
        let address: Result<WebAddress, _> = config.web_url.parse();
        web = Some(address.map_err(DirectoryError::from)?);
    }
    ops::set_addresses(ground, &viewer, federation.as_ref(), web.as_ref()).await?;
    Ok(())
}
