//! What this node has written down, who cosigns it, and what other nodes showed of theirs.

use access::{
    http::Refusal,
    policy::{Act, check_house},
};
use audit::Log as Which;
use axum::extract::{Path, Query, State};
use federation::{protocol::Standing, store, verify::witness_policy};
use kernel::{Limit, PageRequest, PartyCode, Problem, Timestamp};
use ledger::{Checkpoint, Note, VerifierKey};

use super::{
    Answer, House, Reader, directory::peers, draw, forms::Answers, incident::tabs::change_of,
    names, nothing, thread::parts::Names,
};
use crate::views::{
    frame::{Pager, Section},
    incident::Change,
    ledger::{Evidence, Head, Ledger, Log, Witness},
};

/// Acts on a page.
const ROWS: u16 = 30;

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let may_read_acts = reader.may(Act::ActsRead);
    if !may_read_acts {
        check_house(&reader.viewer, Act::LedgerRead)?;
    }
    let mode = reader.viewer.mode;
    let names = names::all(&house, &reader).await;
    let (exchange, newest) = log(&house, "exchange", Which::of(mode)).await?;
    let (acts_log, _) = log(&house, "acts", Which::Acts).await?;
    let (acts, pager) = if may_read_acts {
        acts(&house, &reader, &query).await?
    } else {
        (None, Pager::default())
    };
    draw(&Ledger {
        w: reader.w,
        shell: reader.shell(&house, Section::Ledger).await?,
        witnesses: witnesses(&house, &reader, &names, newest.as_ref())?,
        logs: vec![exchange, acts_log],
        heads: heads(&house, &reader, &names).await?,
        acts,
        pager,
    })
}

/// One tree, as it is shown and as its newest checkpoint was signed.
async fn log(house: &House, name: &str, which: Which) -> Result<(Log, Option<Note>), Refusal> {
    let mut tx = house.ground.db.begin_read().await?;
    let size = audit::size(&mut tx, &house.ground, which).await?;
    let newest = audit::newest_checkpoint(&mut tx, &house.ground, which).await?;
    let keys = house.post.keys();
    let signed = keys.ledger(which).keys();
    let origin = signed.origin().to_owned();
    let Some(note) = newest else {
        let empty = Log {
            name: name.to_owned(),
            origin,
            size,
            root: String::new(),
            at: None,
            cosigned: 0,
            note: String::new(),
        };
        return Ok((empty, None));
    };
    let verified = signed.verify(&note).ok();
    let mut names: Vec<String> = note
        .signatures
        .iter()
        .map(|line| line.name.clone())
        .filter(|name| *name != origin)
        .collect();
    names.sort();
    names.dedup();
    let root = verified
        .as_ref()
        .map(|(checkpoint, _)| checkpoint.root().to_hex())
        .unwrap_or_default();
    let at = verified.map(|(_, seconds)| {
        i64::try_from(seconds)
            .unwrap_or(i64::MAX)
            .saturating_mul(1_000_000)
    });
    let shown = Log {
        name: name.to_owned(),
        origin,
        size,
        root,
        at: at.map(Timestamp::from_micros),
        cosigned: u64::try_from(names.len()).unwrap_or(u64::MAX),
        note: note.to_string(),
    };
    Ok((shown, Some(note)))
}

/// The witnesses that our key set names, and which of them cosigned the newest checkpoint.
fn witnesses(
    house: &House,
    reader: &Reader,
    names: &Names,
    newest: Option<&Note>,
) -> Result<Vec<Witness>, Refusal> {
    let keys = house.post.keys();
    let set = keys.chain(reader.viewer.mode).latest().set();
    let (policy, _regions) =
        witness_policy(set).map_err(|error| Problem::internal("ledger.witnesses", error))?;
    let size = newest
        .and_then(|note| Checkpoint::parse(note.text.as_bytes()).ok())
        .map_or(0, |checkpoint| checkpoint.size());
    let row = |witness: &ledger::Witness| {
        let at = newest.and_then(|note| cosigned_at(note, &witness.keys));
        Witness {
            name: witness.name.parse().map_or_else(
                |_no_party| witness.name.clone(),
                |code| names.party(reader.w, &code).name,
            ),
            at,
            size: if at.is_some() { size } else { 0 },
        }
    };
    Ok(policy.witnesses.iter().map(row).collect())
}

/// The time that one of these keys states in its cosignature.
fn cosigned_at(note: &Note, keys: &[VerifierKey]) -> Option<Timestamp> {
    let stated = |key: &VerifierKey| {
        let times = note.signatures.iter();
        times
            .filter_map(|line| key.verify(&note.text, line).ok().flatten())
            .max()
    };
    let seconds = i64::try_from(keys.iter().filter_map(stated).max()?).ok()?;
    Some(Timestamp::from_micros(seconds.saturating_mul(1_000_000)))
}

async fn heads(house: &House, reader: &Reader, names: &Names) -> Result<Vec<Head>, Refusal> {
    let peers = peers(house, reader).await?;
    let mut heads: Vec<Head> = peers
        .values()
        .filter_map(|peer| {
            let frozen = matches!(peer.standing, Standing::Frozen { .. });
            let head = peer.head?;
            Some(Head {
                party: names.party(reader.w, &peer.party),
                origin: federation::own::origin(&peer.party, Which::of(peer.mode)),
                size: head.size,
                at: peer.heard_at?,
                frozen,
            })
        })
        .collect();
    heads.sort_by(|one, other| one.party.name.cmp(&other.party.name));
    Ok(heads)
}

async fn acts(
    house: &House,
    reader: &Reader,
    query: &Answers,
) -> Result<(Option<Vec<Change>>, Pager), Refusal> {
    let after = query.of("after").parse().ok();
    let request = PageRequest {
        after,
        limit: Limit::new(ROWS).unwrap_or_default(),
    };
    let mut tx = house.ground.db.begin_read().await?;
    let page = audit::acts(&mut tx, &reader.viewer, request).await?;
    let lines = page.items.iter().map(|entry| Change {
        why: entry.subject.clone(),
        who: entry.who.clone(),
        ..change_of(reader.w, entry, &[])
    });
    let pager = Pager {
        first: after.map(|_| "/ledger".to_owned()),
        next: page.next.map(|cursor| format!("/ledger?after={cursor}")),
    };
    Ok((Some(lines.collect()), pager))
}

/// `GET /ledger/evidence/{party}`: the newest pair of checkpoints that cannot both be true.
pub(super) async fn evidence(
    State(house): State<House>,
    reader: Reader,
    Path(code): Path<String>,
) -> Answer {
    check_house(&reader.viewer, Act::LedgerRead)?;
    let code: PartyCode = code.parse().map_err(|_no_code| nothing())?;
    let mut tx = house.ground.db.begin_read().await?;
    let kept = store::evidence(&mut tx, &code, reader.viewer.mode).await?;
    drop(tx);
    let pair = kept
        .into_iter()
        .rev()
        .find(|row| row.held.is_some() && row.shown.is_some())
        .ok_or_else(nothing)?;
    let text = |bytes: Option<Vec<u8>>| {
        bytes
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    };
    draw(&Evidence {
        w: reader.w,
        shell: reader.shell(&house, Section::Ledger).await?,
        party: names::all(&house, &reader).await.party(reader.w, &code),
        at: Timestamp::from_micros(pair.at),
        reason: pair.code,
        kept: text(pair.held),
        shown: text(pair.shown),
    })
}
