//! SQL of rules, of what they are about, and of what was deleted.

pub(in crate::retention) mod parts;

use db::{Corrupt, DbError, Query, Tx, query};
use kernel::{EvidenceRef, IncidentId, IncidentRef, Timestamp, Tlp};
use uuid::Uuid;

use super::model::{Candidate, Counts, Deletion, Held, Kept, Kind, Rule, Since};

/// The most deletions of a list.
pub(super) const DELETIONS_MAX: i64 = 100;

db::row! {
    struct RuleRow {
        kind: String,
        since: String,
        period: String,
        basis: String,
        set_by: String,
        set_at: i64,
    }
}

/// The rules of a mode, in the order in which they are followed.
pub(super) async fn rules(tx: &mut Tx, exercise: bool) -> Result<Vec<Rule>, DbError> {
    const SQL: &str = "SELECT kind, since, period, basis, set_by, set_at FROM retention_rule \
                       WHERE exercise = $1 LIMIT 100";
    let rows: Vec<RuleRow> = query(SQL).bind(exercise).fetch_all(tx).await?;
    let rule = |row: RuleRow| {
        let bad = |column| Corrupt::new("retention_rule", column, &row.kind);
        Ok::<_, DbError>(Rule {
            kind: row.kind.parse().map_err(|_unreadable| bad("kind"))?,
            since: row.since.parse().map_err(|_unreadable| bad("since"))?,
            period: row.period.parse().map_err(|_unreadable| bad("period"))?,
            basis: row.basis.parse().map_err(|_unreadable| bad("basis"))?,
            set: (row.set_by.clone(), Timestamp::from_micros(row.set_at)),
        })
    };
    let mut rules: Vec<Rule> = rows.into_iter().map(rule).collect::<Result<_, _>>()?;
    rules.sort_unstable_by_key(|rule| rule.kind);
    Ok(rules)
}

/// Sets a rule, in place of the one of its kind.
pub(super) async fn set(tx: &mut Tx, exercise: bool, rule: &Rule) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO retention_rule (exercise, kind, since, period, basis, set_by, \
                       set_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (exercise, kind) \
                       DO UPDATE SET since = excluded.since, period = excluded.period, \
                       basis = excluded.basis, set_by = excluded.set_by, set_at = excluded.set_at";
    let sql = query(SQL).bind(exercise).bind(rule.kind.as_str());
    let sql = sql.bind(rule.since.as_str()).bind(rule.period.to_string());
    let sql = sql.bind(rule.basis.as_str()).bind(rule.set.0.as_str());
    sql.bind(rule.set.1.as_micros()).execute(tx).await?;
    Ok(())
}

/// Removes a rule; false where there was none.
pub(super) async fn unset(tx: &mut Tx, exercise: bool, kind: Kind) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM retention_rule WHERE exercise = $1 AND kind = $2";
    let sql = query(SQL).bind(exercise).bind(kind.as_str());
    Ok(sql.execute(tx).await? == 1)
}

db::row! {
    struct CandidateRow {
        id: Uuid,
        public_id: Option<Uuid>,
        reference: Option<String>,
        title: Option<String>,
        tlp: i32,
        at: i64,
    }
}

/// What of a kind is listed: the text before the filters by mode and time, and the names of the
/// columns of time and id.
struct Listed {
    select: &'static str,
    exercise: &'static str,
    at: &'static str,
    id: &'static str,
}

const CLOSED: &str = "SELECT i.id, i.public_id, NULL AS reference, i.title, i.tlp, i.status_at AS at \
     FROM incident i WHERE i.status = 'closed' AND i.shipped_key IS NULL AND NOT EXISTS \
     (SELECT 1 FROM incident_merge m WHERE m.source = i.id)";
const ENTERED: &str = "SELECT i.id, i.public_id, NULL AS reference, i.title, i.tlp, i.created_at AS at \
     FROM incident i WHERE i.status = 'closed' AND i.shipped_key IS NULL AND NOT EXISTS \
     (SELECT 1 FROM incident_merge m WHERE m.source = i.id)";
const PERSONAL: &str = "SELECT i.id, i.public_id, NULL AS reference, i.title, i.tlp, \
     i.status_at AS at FROM incident i WHERE i.status = 'closed' AND i.shipped_key IS NULL \
     AND NOT EXISTS (SELECT 1 FROM incident_merge m WHERE m.source = i.id) AND NOT EXISTS \
     (SELECT 1 FROM incident_erased e WHERE e.incident = i.id AND e.at >= i.updated_at)";
const REFUSED: &str = "SELECT i.id, NULL AS public_id, i.reference, i.title, i.tlp, i.updated_at AS at \
     FROM report i WHERE i.state = 'refused' AND i.answers IS NOT NULL";
const WAITING: &str = "SELECT i.id, NULL AS public_id, i.reference, i.title, i.tlp, i.listed_at AS at \
     FROM report i WHERE i.state IN ('received', 'looking')";
const DRAFT: &str = "SELECT i.id, NULL AS public_id, i.reference, i.title, i.tlp, i.updated_at AS at \
     FROM report i WHERE i.state = 'draft'";
const EVIDENCE_CLOSED: &str = "SELECT e.id, e.id AS public_id, NULL AS reference, e.name AS title, \
     CASE WHEN e.tlp > i.tlp THEN e.tlp ELSE i.tlp END AS tlp, i.status_at AS at \
     FROM incident_item e JOIN incident i ON i.id = e.incident \
     WHERE e.state IN ('held', 'sealed') AND i.status = 'closed' AND NOT EXISTS \
     (SELECT 1 FROM incident_merge m WHERE m.source = i.id)";
const EVIDENCE_PUT: &str = "SELECT e.id, e.id AS public_id, NULL AS reference, e.name AS title, \
     CASE WHEN e.tlp > i.tlp THEN e.tlp ELSE i.tlp END AS tlp, e.put_at AS at \
     FROM incident_item e JOIN incident i ON i.id = e.incident \
     WHERE e.state IN ('held', 'sealed') AND NOT EXISTS \
     (SELECT 1 FROM incident_merge m WHERE m.source = i.id)";

/// How candidates of a rule are listed.
const fn listed(kind: Kind, since: Since) -> Listed {
    let (select, at, id) = match (kind, since) {
        (Kind::Evidence, Since::Put) => (EVIDENCE_PUT, "e.put_at", "e.id"),
        (Kind::Evidence, _) => (EVIDENCE_CLOSED, "i.status_at", "e.id"),
        (Kind::Draft, _) => (DRAFT, "i.updated_at", "i.id"),
        (Kind::WaitingReport, _) => (WAITING, "i.listed_at", "i.id"),
        (Kind::RefusedReport, _) => (REFUSED, "i.updated_at", "i.id"),
        (Kind::PersonalData, _) => (PERSONAL, "i.status_at", "i.id"),
        (Kind::Incident, Since::Entered) => (ENTERED, "i.created_at", "i.id"),
        (Kind::Incident, _) => (CLOSED, "i.status_at", "i.id"),
    };
    Listed {
        select,
        exercise: "i.exercise",
        at,
        id,
    }
}

fn filtered<'q>(rule: &Rule, exercise: bool, before: Timestamp) -> (Query<'q>, Listed) {
    let listed = listed(rule.kind, rule.since);
    let mut sql = query(listed.select);
    sql.push(" AND ").push(listed.exercise).push(" = ");
    sql.push_bind(exercise);
    sql.push(" AND ").push(listed.at).push(" < ");
    sql.push_bind(before.as_micros());
    (sql, listed)
}

/// What a rule is about of what happened before a moment, the oldest first, after another one.
pub(super) async fn candidates(
    tx: &mut Tx,
    (rule, exercise): (&Rule, bool),
    before: Timestamp,
    (after, most): (Option<&Candidate>, i64),
) -> Result<Vec<Candidate>, DbError> {
    let (mut sql, listed) = filtered(rule, exercise, before);
    if let Some(after) = after {
        sql.push(" AND (")
            .push(listed.at)
            .push(", ")
            .push(listed.id);
        sql.push(") > (").push_bind(after.at.as_micros());
        sql.push(", ").push_bind(after.id).push(")");
    }
    sql.push(" ORDER BY ").push(listed.at).push(", ");
    sql.push(listed.id).push(" LIMIT ").push_bind(most);
    let rows: Vec<CandidateRow> = sql.fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|row| row.into_candidate(rule.kind))
        .collect())
}

/// Whether something is still what a rule is about.
pub(super) async fn is_still(
    tx: &mut Tx,
    (rule, exercise): (&Rule, bool),
    before: Timestamp,
    id: Uuid,
) -> Result<bool, DbError> {
    let (mut sql, listed) = filtered(rule, exercise, before);
    sql.push(" AND ").push(listed.id).push(" = ").push_bind(id);
    let row: Option<CandidateRow> = sql.fetch_optional(tx).await?;
    Ok(row.is_some())
}

impl CandidateRow {
    fn into_candidate(self, kind: Kind) -> Candidate {
        let public = self.public_id.unwrap_or_default();
        let subject = match kind {
            Kind::Evidence => EvidenceRef::from_uuid(public).to_string(),
            Kind::Incident | Kind::PersonalData => IncidentRef::from_uuid(public).to_string(),
            Kind::Draft | Kind::WaitingReport | Kind::RefusedReport => {
                self.reference.unwrap_or_default()
            }
        };
        Candidate {
            id: self.id,
            subject,
            title: self.title,
            tlp: Tlp::from_code(self.tlp),
            at: Timestamp::from_micros(self.at),
        }
    }
}

/// An incident and those that were merged into it, itself last.
pub(super) async fn family(
    tx: &mut Tx,
    id: IncidentId,
) -> Result<Vec<(IncidentId, IncidentRef)>, DbError> {
    const SQL: &str = "WITH RECURSIVE family (id) AS (SELECT i.id FROM incident i WHERE i.id = $1 \
                       UNION SELECT m.source FROM incident_merge m JOIN family f \
                       ON m.target = f.id) SELECT i.id, i.public_id FROM family f \
                       JOIN incident i ON i.id = f.id ORDER BY CASE WHEN i.id = $1 THEN 1 ELSE 0 END";
    let rows: Vec<(Uuid, Uuid)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let member = |(id, public)| (IncidentId::from_uuid(id), IncidentRef::from_uuid(public));
    Ok(rows.into_iter().map(member).collect())
}

/// Waits until nobody else adds to an incident or places a hold on it, and keeps all from it.
pub(super) async fn lock(tx: &mut Tx, id: IncidentId) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident SET updated_at = updated_at WHERE id = $1";
    query(SQL).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

/// The incident that a report led to, if it is still there.
pub(super) async fn incident_of_report(
    tx: &mut Tx,
    id: Uuid,
) -> Result<Option<IncidentId>, DbError> {
    const SQL: &str = "SELECT i.id FROM report r JOIN incident i ON i.public_id = r.incident \
                       WHERE r.id = $1";
    let row: Option<(Uuid,)> = query(SQL).bind(id).fetch_optional(tx).await?;
    Ok(row.map(|(incident,)| IncidentId::from_uuid(incident)))
}

/// The incident of a piece of evidence.
pub(super) async fn incident_of(
    tx: &mut Tx,
    item: Uuid,
) -> Result<Option<(IncidentId, IncidentRef)>, DbError> {
    const SQL: &str = "SELECT i.id, i.public_id FROM incident_item e \
                       JOIN incident i ON i.id = e.incident WHERE e.id = $1";
    let row: Option<(Uuid, Uuid)> = query(SQL).bind(item).fetch_optional(tx).await?;
    Ok(row.map(|(id, public)| (IncidentId::from_uuid(id), IncidentRef::from_uuid(public))))
}

/// The holds that last on an incident, or on one that it was merged with.
pub(super) async fn holds(
    tx: &mut Tx,
    id: IncidentId,
    now: Timestamp,
) -> Result<Vec<Held>, DbError> {
    const SQL: &str = "WITH RECURSIVE family (id) AS (SELECT i.id FROM incident i WHERE i.id = $1 \
                       UNION SELECT CASE WHEN m.source = f.id THEN m.target ELSE m.source END \
                       FROM incident_merge m JOIN family f \
                       ON m.target = f.id OR m.source = f.id) \
                       SELECT h.reason, h.until FROM incident_hold h \
                       JOIN family f ON h.incident = f.id \
                       WHERE h.lifted_at IS NULL AND (h.until IS NULL OR h.until > $2) \
                       ORDER BY h.placed_at, h.ordinal LIMIT 100";
    let sql = query(SQL).bind(id.uuid()).bind(now.as_micros());
    let rows: Vec<(String, Option<i64>)> = sql.fetch_all(tx).await?;
    let held = |(reason, until): (String, Option<i64>)| Held {
        why: Kept::Hold,
        reason: Some(reason),
        until: until.map(Timestamp::from_micros),
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Whether a piece of evidence of an incident is sealed, and whether a hand-over of one waits; of one
/// piece alone where it is named.
pub(super) async fn sealed(
    tx: &mut Tx,
    id: IncidentId,
    item: Option<Uuid>,
) -> Result<(bool, bool), DbError> {
    const SEALED: &str = "SELECT count(*) FROM incident_item e WHERE e.incident = $1 \
                          AND e.state = 'sealed'";
    const WAITING: &str = "SELECT count(*) FROM incident_item e JOIN incident_item_custody h \
                           ON h.item = e.id WHERE e.incident = $1 AND h.act = 'handed-over' \
                           AND NOT EXISTS (SELECT 1 FROM incident_item_custody a \
                           WHERE a.item = e.id AND a.answers = h.ordinal)";
    let mut found = [false; 2];
    for (sql, found) in [SEALED, WAITING].into_iter().zip(&mut found) {
        let mut sql = query(sql).bind(id.uuid());
        if let Some(item) = item {
            sql.push(" AND e.id = ").push_bind(item);
        }
        let (count,): (i64,) = sql.fetch_one(tx).await?;
        *found = count > 0;
    }
    let [sealed, waiting] = found;
    Ok((sealed, waiting))
}

/// Writes that something was deleted.
pub(super) async fn add_deletion(
    tx: &mut Tx,
    (id, exercise): (Uuid, bool),
    one: &Deletion,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO retention_deletion (id, exercise, kind, subject, at, who, ground, \
                       entries, reports, files, acts) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let sql = query(SQL).bind(id).bind(exercise).bind(one.kind.as_str());
    let sql = sql.bind(one.subject.as_str()).bind(one.at.as_micros());
    let sql = sql.bind(one.who.as_str()).bind(one.ground.as_str());
    let sql = sql.bind(number(one.counts.entries));
    let sql = sql.bind(number(one.counts.reports));
    let sql = sql.bind(number(one.counts.files));
    sql.bind(number(one.counts.acts)).execute(tx).await?;
    Ok(())
}

db::row! {
    struct DeletionRow {
        kind: String,
        subject: String,
        at: i64,
        who: String,
        ground: String,
        entries: i64,
        reports: i64,
        files: i64,
        acts: i64,
    }
}

/// What was deleted in a mode, the last first.
pub(super) async fn deletions(tx: &mut Tx, exercise: bool) -> Result<Vec<Deletion>, DbError> {
    const SQL: &str = "SELECT kind, subject, at, who, ground, entries, reports, files, acts \
                       FROM retention_deletion WHERE exercise = $1 ORDER BY id DESC LIMIT $2";
    let sql = query(SQL).bind(exercise).bind(DELETIONS_MAX);
    let rows: Vec<DeletionRow> = sql.fetch_all(tx).await?;
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let deletion = |row: DeletionRow| {
        let kind = row.kind.parse();
        let bad = |_unreadable| Corrupt::new("retention_deletion", "kind", &row.subject);
        Ok(Deletion {
            kind: kind.map_err(bad)?,
            subject: row.subject.clone(),
            at: Timestamp::from_micros(row.at),
            who: row.who.clone(),
            ground: row.ground.clone(),
            counts: Counts {
                entries: number(row.entries),
                reports: number(row.reports),
                files: number(row.files),
                acts: number(row.acts),
            },
        })
    };
    rows.into_iter().map(deletion).collect()
}
