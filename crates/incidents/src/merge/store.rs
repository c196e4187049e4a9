//! SQL of merged entries, and of what they have once of each.

pub(crate) mod parts;

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, Timestamp, UserId, hex};
use uuid::Uuid;

use super::model::{Merged, Moved};
use crate::store::classed;

/// Moves what an entry has once of each: links, files, templates, classes, watchers. What the other has too stays.
pub(crate) async fn move_keyed(
    tx: &mut Tx,
    (from, to): (IncidentId, IncidentId),
    moved: &mut Moved,
) -> Result<(), DbError> {
    const LINKS: &str = "SELECT kind, target FROM incident_link b WHERE incident = $1 AND NOT EXISTS \
                         (SELECT 1 FROM incident_link a WHERE a.incident = $2 AND a.kind = b.kind \
                         AND a.target = b.target) ORDER BY kind, target LIMIT 1000";
    const FILES: &str = "SELECT sha256 FROM incident_attachment b WHERE incident = $1 AND NOT EXISTS \
                         (SELECT 1 FROM incident_attachment a WHERE a.incident = $2 \
                         AND a.sha256 = b.sha256) ORDER BY sha256 LIMIT 1000";
    const TEMPLATES: &str = "SELECT name FROM incident_template b WHERE incident = $1 AND NOT EXISTS \
                             (SELECT 1 FROM incident_template a WHERE a.incident = $2 \
                             AND a.name = b.name) ORDER BY name LIMIT 100";
    const WATCHERS: &str = "SELECT user_id FROM incident_watch b WHERE incident = $1 AND NOT EXISTS \
                            (SELECT 1 FROM incident_watch a WHERE a.incident = $2 \
                            AND a.user_id = b.user_id) ORDER BY user_id LIMIT 100000";
    const CLASSES: &str = "SELECT taxonomy, version, code FROM incident_class b WHERE incident = $1 \
                           AND NOT EXISTS (SELECT 1 FROM incident_class a WHERE a.incident = $2 \
                           AND a.taxonomy = b.taxonomy AND a.version = b.version \
                           AND a.code = b.code) ORDER BY taxonomy, version, code LIMIT 1000";
    let pair = |sql| query(sql).bind(from.uuid()).bind(to.uuid());
    moved.links = pair(LINKS).fetch_all(tx).await?;
    let files: Vec<(Vec<u8>,)> = pair(FILES).fetch_all(tx).await?;
    moved.attachments = files.iter().map(|(sha256,)| hex(sha256)).collect();
    let templates: Vec<(String,)> = pair(TEMPLATES).fetch_all(tx).await?;
    moved.templates = templates.into_iter().map(|(name,)| name).collect();
    moved.classes = pair(CLASSES).fetch_all(tx).await?;
    let watchers: Vec<(Uuid,)> = pair(WATCHERS).fetch_all(tx).await?;
    let user = |(user,): (Uuid,)| UserId::from_uuid(user);
    moved.watchers = watchers.into_iter().map(user).collect();
    carry(tx, (from, to), moved).await
}

/// Gives what an entry has once of each to another.
pub(crate) async fn carry(
    tx: &mut Tx,
    (from, to): (IncidentId, IncidentId),
    moved: &Moved,
) -> Result<(), DbError> {
    const LINK: &str = "UPDATE incident_link SET incident = $2 \
                        WHERE incident = $1 AND kind = $3 AND target = $4";
    const FILE: &str =
        "UPDATE incident_attachment SET incident = $2 WHERE incident = $1 AND sha256 = $3";
    const TEMPLATE: &str =
        "UPDATE incident_template SET incident = $2 WHERE incident = $1 AND name = $3";
    const CLASS: &str = "UPDATE incident_class SET incident = $2 WHERE incident = $1 \
                         AND taxonomy = $3 AND version = $4 AND code = $5";
    const WATCHER: &str =
        "UPDATE incident_watch SET incident = $2 WHERE incident = $1 AND user_id = $3";
    let pair = |sql| query(sql).bind(from.uuid()).bind(to.uuid());
    for (kind, target) in &moved.links {
        let sql = pair(LINK).bind(kind.as_str()).bind(target.as_str());
        sql.execute(tx).await?;
    }
    for sha256 in &moved.attachments {
        let read: Result<seal::Digest, _> = sha256.parse();
        let sha256 = read.map_err(|_unreadable| Corrupt::new("incident_merge", "moved", &from))?;
        let sql = pair(FILE).bind(sha256.as_bytes().as_slice());
        sql.execute(tx).await?;
    }
    for name in &moved.templates {
        pair(TEMPLATE).bind(name.as_str()).execute(tx).await?;
    }
    for (taxonomy, version, code) in &moved.classes {
        let sql = pair(CLASS).bind(taxonomy.as_str()).bind(version.as_str());
        sql.bind(code.as_str()).execute(tx).await?;
    }
    if !moved.classes.is_empty() {
        classed::place(tx, from).await?;
        classed::place(tx, to).await?;
    }
    for user in &moved.watchers {
        pair(WATCHER).bind(user.uuid()).execute(tx).await?;
    }
    Ok(())
}

/// Writes that an entry was merged into another.
pub(crate) async fn add(
    tx: &mut Tx,
    (source, target): (IncidentId, IncidentId),
    (by, at, reason): (&str, Timestamp, &str),
    moved: &str,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_merge (source, target, ordinal, by_whom, at, reason, \
                       moved) VALUES ($1, $2, (SELECT coalesce(max(ordinal), 0) + 1 \
                       FROM incident_merge WHERE target = $2), $3, $4, $5, $6)";
    let sql = query(SQL).bind(source.uuid()).bind(target.uuid());
    let sql = sql.bind(by).bind(at.as_micros()).bind(reason).bind(moved);
    sql.execute(tx).await?;
    Ok(())
}

/// The merge of an entry into another: that one, whether it is its last, and what went over.
pub(crate) async fn of_source(
    tx: &mut Tx,
    source: IncidentId,
) -> Result<Option<(IncidentRef, bool, String)>, DbError> {
    const SQL: &str = "SELECT i.public_id, m.moved, (SELECT count(*) FROM incident_merge later \
                       WHERE later.target = m.target AND later.ordinal > m.ordinal) \
                       FROM incident_merge m JOIN incident i ON i.id = m.target WHERE m.source = $1";
    let sql = query(SQL).bind(source.uuid());
    let row: Option<(Uuid, String, i64)> = sql.fetch_optional(tx).await?;
    let found =
        |(id, moved, later): (Uuid, String, i64)| (IncidentRef::from_uuid(id), later == 0, moved);
    Ok(row.map(found))
}

/// Forgets that an entry was merged.
pub(crate) async fn remove(tx: &mut Tx, source: IncidentId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM incident_merge WHERE source = $1";
    query(SQL).bind(source.uuid()).execute(tx).await?;
    Ok(())
}

/// The merges of an entry: into which it went (`into`), or which went into it, the last first.
pub(crate) async fn merges(
    tx: &mut Tx,
    id: IncidentId,
    into: bool,
) -> Result<Vec<Merged>, DbError> {
    const INTO: &str = "SELECT i.public_id, i.title, m.by_whom, m.at, m.reason FROM incident_merge m \
                        JOIN incident i ON i.id = m.target WHERE m.source = $1";
    const FROM: &str = "SELECT i.public_id, i.title, m.by_whom, m.at, m.reason FROM incident_merge m \
                        JOIN incident i ON i.id = m.source WHERE m.target = $1 \
                        ORDER BY m.ordinal DESC LIMIT 1000";
    let sql = query(if into { INTO } else { FROM }).bind(id.uuid());
    let rows: Vec<(Uuid, String, String, i64, String)> = sql.fetch_all(tx).await?;
    let merged = |(other, title, by, at, reason): (Uuid, String, String, i64, String)| Merged {
        other: IncidentRef::from_uuid(other),
        title,
        by,
        at: Timestamp::from_micros(at),
        reason,
    };
    Ok(rows.into_iter().map(merged).collect())
}

/// Whether an entry was merged into another.
pub(crate) async fn is_merged(tx: &mut Tx, id: IncidentId) -> Result<bool, DbError> {
    const SQL: &str = "SELECT count(*) FROM incident_merge WHERE source = $1";
    let (count,): (i64,) = query(SQL).bind(id.uuid()).fetch_one(tx).await?;
    Ok(count > 0)
}
