//! Who can be reached, with the right key, and what their clocks say of ours.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use audit::Ground;
use directory::{
    model::{Address, Trust},
    ops::Peer,
};
use kernel::Timestamp;
use seal::Digest;
use server::{
    config::Config,
    introduction::{self, Introduction, IntroductionError},
    keys::as_witness,
};
use tokio::{task::JoinSet, time::timeout};

use super::Findings;

/// How long one peer may take.
const TIME_MAX: Duration = Duration::from_secs(5);
/// How many are asked at once.
const AT_ONCE: usize = 16;
/// How far two clocks may stand apart: answers say the second, and take a moment.
const APART_MAX_SECONDS: i64 = 60;
const MICROS: i64 = 1_000_000;

type Asked = Result<Introduction, IntroductionError>;

/// Looks at every peer, and at the clock as theirs show it.
pub(super) async fn look(config: &Config, ground: &Ground, findings: &mut Findings) {
    let peers = match directory::ops::peers_for_federation(ground).await {
        Ok(peers) => peers,
        Err(error) => {
            let found = super::chain(&error.into());
            return findings.wrong("peers", found, "is the directory's database whole?");
        }
    };
    let (own, others): (Vec<_>, Vec<_>) = peers.into_iter().partition(|peer| peer.party.own);
    look_at_own(config, &own, findings).await;
    for own in &own {
        look_at_witnesses(own, &others, findings);
    }
    if others.is_empty() {
        return findings.well("peers", "none yet; comity peer add makes the first");
    }
    let answers = ask_all(&others).await;
    let now = ground.now();
    for peer in &others {
        let who = format!("{} ({})", peer.party.code, peer.party.mode.as_str());
        look_at_trust(peer, &who, now, findings);
        let Some(address) = &peer.party.federation else {
            let hint = "ask the party for a card that says where its node listens";
            findings.wrong("peer", format!("{who} has no address"), hint);
            continue;
        };
        match answers.get(address.as_str()) {
            Some(Ok(found)) => look_at_key(peer, &who, found.tls_key_sha256, findings),
            Some(Err(error)) => {
                let hint = "is the address right, the way open, their node up? Use the telephone";
                findings.wrong("peer", format!("{who}: {}", explain(error)), hint);
            }
            None => findings.wrong("peer", format!("{who} was not asked"), "try again"),
        }
    }
    look_at_clock(&answers, now, findings);
}

/// Whether it is this node that answers where it is to listen. Nobody there is no fault: it may be
/// stopped.
async fn look_at_own(config: &Config, own: &[Peer], findings: &mut Findings) {
    let address = config.federation.to_string();
    let Ok(address) = address.parse::<Address>() else {
        return;
    };
    let asked = timeout(TIME_MAX, introduction::fetch(&address)).await;
    let ours = |key: Digest| {
        let signed = |peer: &Peer| peer.chain.latest().set().tls_key_sha256 == key;
        own.iter().any(signed)
    };
    match asked {
        Ok(Ok(found)) if ours(found.tls_key_sha256) => {
            findings.well("listener", format!("this node answers at {address}"));
        }
        Ok(Ok(found)) => findings.wrong(
            "listener",
            format!("the node of {} answers at {address}", found.card.party),
            "two nodes cannot share a port: change federation in one of them",
        ),
        Ok(Err(_)) | Err(_) => {
            findings.well(
                "listener",
                format!("nobody answers at {address}: not serving"),
            );
        }
    }
}

/// Whether the witnesses that the own key set names cosign with the keys that it names.
fn look_at_witnesses(own: &Peer, others: &[Peer], findings: &mut Findings) {
    let mode = own.party.mode;
    let keys_named = &own.chain.latest().set().witnesses.of;
    let names: BTreeSet<&str> = keys_named.iter().map(|one| one.name.as_str()).collect();
    for name in names {
        let of_mode = |peer: &&Peer| peer.party.mode == mode && peer.party.code.as_str() == name;
        let Some(peer) = others.iter().find(of_mode) else {
            let hint =
                "comity peer add it, or name another: comity key rotate --keep-keys --witness";
            let found = format!("{name} is no peer for {} traffic", mode.as_str());
            findings.wrong("witness", found, hint);
            continue;
        };
        let keys = as_witness(&peer.party.code, peer.chain.latest().set()).unwrap_or_default();
        let mut ours = keys_named.iter().filter(|one| one.name == name);
        if ours.all(|one| keys.iter().any(|key| key.key == one.key)) {
            let found = format!("{name} cosigns for {} traffic", mode.as_str());
            findings.well("witness", found);
        } else {
            let found = format!("{name} has replaced the keys that it cosigns with");
            let hint = "name its present keys: comity key rotate --keep-keys --witness PARTY";
            findings.wrong("witness", found, hint);
        }
    }
}

fn look_at_trust(peer: &Peer, who: &str, now: Timestamp, findings: &mut Findings) {
    if peer.party.trust == Trust::Frozen {
        let found = format!("{who} is frozen since {}", peer.party.trust_at);
        let hint = "look at the evidence, speak with the party, then trust it again or remove it";
        findings.wrong("peer", found, hint);
    }
    let set = peer.chain.latest().set();
    let until = Timestamp::from_micros(set.valid_until.as_micros());
    if until < now {
        let found = format!("key set {} of {who} ended {until}", set.seq);
        let hint = "ask the party for its next key set; its node hands it over by itself";
        findings.wrong("peer", found, hint);
    }
}

fn look_at_key(peer: &Peer, who: &str, shown: Digest, findings: &mut Findings) {
    if peer.chain.latest().set().tls_key_sha256 == shown {
        findings.well("peer", format!("{who} answers with its key"));
    } else {
        let found = format!("{who}: another key answers at its address");
        let hint = "comity peer update PARTY takes the keys that its root signed since; if that finds \
                    none, ask the party over another channel: somebody may stand between you";
        findings.wrong("peer", found, hint);
    }
}

fn look_at_clock(answers: &BTreeMap<String, Asked>, now: Timestamp, findings: &mut Findings) {
    let dates = answers
        .values()
        .filter_map(|answer| answer.as_ref().ok()?.date);
    let mut apart: Vec<i64> = dates
        .map(|date| now.as_micros().saturating_sub(date.as_micros()) / MICROS)
        .collect();
    apart.sort_unstable();
    let Some(median) = apart.get(apart.len() / 2) else {
        return;
    };
    let found = format!("{median} s ahead of the clocks of {} peers", apart.len());
    if median.abs() <= APART_MAX_SECONDS {
        findings.well("clock", found);
    } else {
        findings.wrong("clock", found, "run an NTP client, here or there");
    }
}

/// Asks each address once, some at a time.
async fn ask_all(peers: &[Peer]) -> BTreeMap<String, Asked> {
    let mut waiting: Vec<Address> = peers
        .iter()
        .filter_map(|peer| peer.party.federation.clone())
        .collect();
    waiting.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    waiting.dedup();
    let (mut asking, mut answers) = (JoinSet::new(), BTreeMap::new());
    loop {
        while asking.len() < AT_ONCE
            && let Some(address) = waiting.pop()
        {
            asking.spawn(async move {
                let asked = timeout(TIME_MAX, introduction::fetch(&address)).await;
                (address, asked)
            });
        }
        match asking.join_next().await {
            Some(Ok((address, Ok(asked)))) => {
                answers.insert(address.as_str().to_owned(), asked);
            }
            Some(Ok((address, Err(_elapsed)))) => {
                let why = "no answer in time".to_owned();
                let source = federation::transport::CallError::Unreachable(why);
                let failed = IntroductionError::Call {
                    address: address.clone(),
                    source,
                };
                answers.insert(address.as_str().to_owned(), Err(failed));
            }
            Some(Err(_ended)) => {}
            None => return answers,
        }
    }
}

fn explain(error: &IntroductionError) -> String {
    let mut text = error.to_string();
    let mut level = std::error::Error::source(error);
    while let Some(cause) = level {
        text = format!("{text}: {cause}");
        level = cause.source();
    }
    text
}
