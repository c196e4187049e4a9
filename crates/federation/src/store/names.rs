//! Which messages two nodes should both have, by ranges of ids.

use std::collections::BTreeMap;

use db::{DbError, Tx, query};
use kernel::{MessageId, Mode, PartyCode};
use uuid::Uuid;

use super::peer::read;
use crate::{
    model::Digest,
    protocol::{Gap, Incoming, Outgoing, Stage},
};

/// A range of ids: after the first, up to and with the second. Nothing means from the start, or to
/// the end.
pub type Range = (Option<MessageId>, Option<MessageId>);

/// Everything between this node and a peer over a range of ids.
#[derive(Clone, Debug, Default)]
pub struct Between {
    /// What goes to the peer.
    pub outbox: BTreeMap<MessageId, Outgoing>,
    /// What came from the peer.
    pub inbox: BTreeMap<MessageId, Incoming>,
    /// Where notes differ.
    pub gaps: BTreeMap<MessageId, Gap>,
}

impl Between {
    /// What this node has the peer's receipt for.
    pub fn sent(&self) -> BTreeMap<MessageId, Digest> {
        let sent = self.outbox.iter();
        sent.filter(|(_, out)| out.counted())
            .map(|(id, out)| (*id, out.digest))
            .collect()
    }

    /// What this node has given the peer a receipt for.
    pub fn received(&self) -> BTreeMap<MessageId, Digest> {
        let bound = self
            .inbox
            .iter()
            .filter_map(|(id, incoming)| Some((*id, incoming.bound.as_ref()?)));
        bound
            .filter(|(_, bound)| matches!(bound.stage, Stage::Received { .. }))
            .map(|(id, bound)| (id, bound.digest))
            .collect()
    }
}

db::row! {
    struct Row {
        id: Uuid,
        state: String,
    }
}

/// Up to `count` messages each way, the first of the range by their ids, and where it was cut off:
/// the rows are complete up to and with that id. Nothing if the whole range is there.
pub async fn between(
    tx: &mut Tx,
    at: (&PartyCode, Mode),
    (after, until): Range,
    count: usize,
) -> Result<(Between, Option<MessageId>), DbError> {
    const OUT: &str = "SELECT id, outgoing AS state FROM outbox \
                       WHERE party = $1 AND exercise = $2 AND id > $3 AND id <= $4 \
                       ORDER BY id LIMIT $5";
    const IN: &str = "SELECT id, incoming AS state FROM inbox \
                      WHERE party = $1 AND exercise = $2 AND id > $3 AND id <= $4 \
                      ORDER BY id LIMIT $5";
    const GAPS: &str = "SELECT id, gap AS state FROM gap \
                        WHERE party = $1 AND exercise = $2 AND id > $3 AND id <= $4 \
                        ORDER BY id LIMIT $5";
    let mut range = (
        after.map_or(Uuid::nil(), MessageId::uuid),
        until.map_or(Uuid::max(), MessageId::uuid),
    );
    let mut cut = None;
    let mut lists = Vec::with_capacity(3);
    for sql in [OUT, IN, GAPS] {
        let mut rows = list(tx, at, (sql, range), count).await?;
        if rows.len() > count {
            rows.truncate(count);
            if let Some(last) = rows.last() {
                range.1 = last.id;
                cut = Some(MessageId::from_uuid(last.id));
            }
        }
        lists.push(rows);
    }
    let kept = |rows: Vec<Row>| rows.into_iter().filter(|row| row.id <= range.1);
    let [gaps, inbox, outbox] =
        [lists.pop(), lists.pop(), lists.pop()].map(Option::unwrap_or_default);
    let id = |row: &Row| MessageId::from_uuid(row.id);
    let between = Between {
        outbox: kept(outbox)
            .map(|row| Ok((id(&row), read(&row.state, "outbox", "outgoing", &row.id)?)))
            .collect::<Result<_, DbError>>()?,
        inbox: kept(inbox)
            .map(|row| Ok((id(&row), read(&row.state, "inbox", "incoming", &row.id)?)))
            .collect::<Result<_, DbError>>()?,
        gaps: kept(gaps)
            .map(|row| Ok((id(&row), read(&row.state, "gap", "gap", &row.id)?)))
            .collect::<Result<_, DbError>>()?,
    };
    Ok((between, cut))
}

async fn list(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    (sql, (after, until)): (&'static str, (Uuid, Uuid)),
    count: usize,
) -> Result<Vec<Row>, DbError> {
    let probe = i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1);
    query(sql)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(after)
        .bind(until)
        .bind(probe)
        .fetch_all(tx)
        .await
}
