use access::policy::Act;
use audit::Log;
use db::Tx;
use federation::{
    store as post,
    verify::{Report, verify},
};
use kernel::{MessageId, PartyCode, Viewer, boxed};
use seal::keys::{Fingerprint, KeySetChain, SignedKeySet};

use super::load;
use crate::{
    Exchange,
    error::Error,
    model::Proof,
    store::{Place, message::Kept},
};

/// Key sets of the two parties of a thread.
pub(super) struct Keys {
    pub(super) sets: Vec<SignedKeySet>,
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) trust: Vec<(PartyCode, Fingerprint)>,
}

/// What proves a message, as verification in full has found it just now.
#[boxed]
pub async fn proof(x: &Exchange, viewer: &Viewer, id: MessageId) -> Result<Proof, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let kept = load(&mut tx, viewer, Act::ExchangeRead, id).await?;
    let (envelope, receipt) = documents(x, &mut tx, &kept).await?;
    let keys = keys(&mut tx, &viewer.party, &kept.place).await?;
    let report = report(&envelope, receipt.as_deref(), &keys);
    Ok(Proof {
        report,
        receipt,
        envelope,
        key_sets: keys.files,
        trust: keys.trust,
    })
}

/// The envelope of a message, as it travels or came; without the sealed body once that was removed.
#[boxed]
pub async fn envelope(x: &Exchange, viewer: &Viewer, id: MessageId) -> Result<Vec<u8>, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let kept = load(&mut tx, viewer, Act::ExchangeRead, id).await?;
    Ok(documents(x, &mut tx, &kept).await?.0)
}

pub(super) fn report(envelope: &[u8], receipt: Option<&str>, keys: &Keys) -> Report {
    let trust: Vec<Fingerprint> = keys.trust.iter().map(|(_, one)| *one).collect();
    let receipt = receipt.unwrap_or_default();
    verify(envelope, receipt.as_bytes(), &keys.sets, &trust)
}

/// Envelope and receipt: of a message of ours the other party's, of one that came our own.
pub(super) async fn documents(
    x: &Exchange,
    tx: &mut Tx,
    kept: &Kept,
) -> Result<(Vec<u8>, Option<String>), Error> {
    let at = (&kept.place.party, kept.place.mode());
    if kept.ours {
        let envelope = post::envelope_out(tx, kept.id).await?;
        let receipt = post::receipt(tx, kept.id).await?.map(|(_, text, _)| text);
        return Ok((envelope.ok_or(Error::NoMessage)?, receipt));
    }
    let envelope = post::envelope_in(tx, at, kept.id).await?;
    let row = post::incoming(tx, at, kept.id).await?;
    let log = Log::of(kept.place.mode());
    let receipt = match row.and_then(|row| row.leaf) {
        Some(leaf) => match audit::receipt(tx, &x.ground, log, leaf).await {
            Ok(receipt) => Some(receipt),
            // The checkpoint that covers it is made when the answer is given.
            Err(audit::Error::NoCheckpoint { .. }) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    Ok((envelope.ok_or(Error::NoMessage)?, receipt))
}

pub(super) async fn keys(tx: &mut Tx, us: &PartyCode, place: &Place) -> Result<Keys, Error> {
    let mut keys = Keys {
        sets: Vec::new(),
        files: Vec::new(),
        trust: Vec::new(),
    };
    for party in [us, &place.party] {
        let chain: Option<KeySetChain> = directory::ops::chain_in(tx, party, place.mode()).await?;
        let Some(chain) = chain else { continue };
        keys.trust.push((party.clone(), chain.fingerprint()));
        for set in chain.sets() {
            let name = format!(
                "{party}-{}-{:04}.keyset.json",
                place.mode().as_str(),
                set.set().seq
            );
            keys.files.push((name, set.to_bytes()));
            keys.sets.push(set.clone());
        }
    }
    Ok(keys)
}
