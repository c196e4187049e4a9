//! What this node has written down, who cosigns it, and what other nodes showed of theirs.

use access::{
    http::Refusal,
    policy::{Act, check_house},
};
use audit::Log as Which;
use axum::extract::{Path, Query, State};
use federation::{protocol::Standing, store};
use kernel::{Limit, Mode, PageRequest, PartyCode, Timestamp};

use super::{
    Answer, House, Reader,
    directory::{name, peers},
    draw,
    forms::Answers,
    incident_tabs::change_of,
    nothing,
};
use crate::views::{
    frame::{Pager, PartyName, Section},
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
    let exchange = log(&house, "exchange", Which::of(mode)).await?;
    let acts_log = log(&house, "acts", Which::Acts).await?;
    let (acts, pager) = if may_read_acts {
        acts(&house, &reader, &query).await?
    } else {
        (None, Pager::default())
    };
    draw(&Ledger {
        w: reader.w,
        shell: reader.shell(&house, Section::Ledger).await?,
        witnesses: witnesses(&house, mode, &exchange.1).await?,
        logs: vec![exchange.0, acts_log.0],
        heads: heads(&house, &reader).await?,
        acts,
        pager,
    })
}

/// One tree, and the names of the keys that signed its newest checkpoint.
async fn log(house: &House, name: &str, which: Which) -> Result<(Log, Vec<String>), Refusal> {
    let mut tx = house
        .ground
        .db
        .begin_read()
        .await
        .map_err(audit::Error::from)?;
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
        return Ok((empty, Vec::new()));
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
    let log = Log {
        name: name.to_owned(),
        origin,
        size,
        root,
        at: at.map(Timestamp::from_micros),
        cosigned: u64::try_from(names.len()).unwrap_or(u64::MAX),
        note: note.to_string(),
    };
    Ok((log, names))
}

/// The witnesses that our key set names, and whether the newest checkpoint carries their mark.
async fn witnesses(house: &House, mode: Mode, signed: &[String]) -> Result<Vec<Witness>, Refusal> {
    let mut tx = house
        .ground
        .db
        .begin_read()
        .await
        .map_err(audit::Error::from)?;
    let size = audit::size(&mut tx, &house.ground, Which::of(mode)).await?;
    let keys = house.post.keys();
    let newest = audit::newest_checkpoint(&mut tx, &house.ground, Which::of(mode)).await?;
    let at = newest.and_then(|note| keys.ledger(Which::of(mode)).keys().verify(&note).ok());
    let at = at.map(|(_, seconds)| {
        i64::try_from(seconds)
            .unwrap_or(i64::MAX)
            .saturating_mul(1_000_000)
    });
    let policy = &keys.chain(mode).latest().set().witnesses;
    let row = |witness: &seal::keys::Witness| {
        let has_signed = signed.contains(&witness.name);
        Witness {
            name: witness.name.clone(),
            at: at.filter(|_| has_signed).map(Timestamp::from_micros),
            size: if has_signed { size } else { 0 },
        }
    };
    Ok(policy.of.iter().map(row).collect())
}

async fn heads(house: &House, reader: &Reader) -> Result<Vec<Head>, Refusal> {
    let parties = directory::ops::list_parties(&house.ground, &reader.viewer)
        .await
        .unwrap_or_default();
    let named = |code: &PartyCode| {
        let found = parties.iter().find(|party| party.code == *code);
        found.map_or_else(
            || PartyName {
                code: code.to_string(),
                name: reader.w.state(code.as_str()),
            },
            |party| name(reader.w, party),
        )
    };
    let peers = peers(house, reader).await?;
    let mut heads: Vec<Head> = peers
        .values()
        .filter_map(|peer| {
            let frozen = matches!(peer.standing, Standing::Frozen { .. });
            let head = peer.head?;
            Some(Head {
                party: named(&peer.party),
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
    let mut tx = house
        .ground
        .db
        .begin_read()
        .await
        .map_err(audit::Error::from)?;
    let page = audit::acts(&mut tx, &reader.viewer, request).await?;
    let lines = page.items.iter().map(|entry| Change {
        why: entry.subject.clone(),
        who: entry.who.clone(),
        ..change_of(reader.w, entry)
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
    let mut tx = house
        .ground
        .db
        .begin_read()
        .await
        .map_err(audit::Error::from)?;
    let kept = store::evidence(&mut tx, &code, reader.viewer.mode)
        .await
        .map_err(audit::Error::from)?;
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
        party: PartyName {
            name: reader.w.state(code.as_str()),
            code: code.to_string(),
        },
        at: Timestamp::from_micros(pair.at),
        reason: pair.code,
        kept: text(pair.held),
        shown: text(pair.shown),
    })
}
