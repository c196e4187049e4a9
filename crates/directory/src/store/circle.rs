//! SQL of circles and their versions; what travels about them in [`travel`].

pub(crate) mod travel;

use db::{Corrupt, DbError, Tx, query};
use kernel::{CircleId, Mode, PartyCode, Timestamp};
use seal::Digest;
use uuid::Uuid;

use crate::{
    circle::SignedCircle,
    ops::{HeldVersion, RefusedVersion},
};

fn number(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

fn signed(circle: Uuid, envelope: &[u8]) -> Result<SignedCircle, DbError> {
    SignedCircle::parse(envelope)
        .map_err(|_unreadable| Corrupt::new("circle_version", "envelope", &circle).into())
}

fn digest(table: &'static str, key: &Uuid, bytes: &[u8]) -> Result<Digest, DbError> {
    let bytes = bytes.try_into();
    let bytes = bytes.map_err(|_length| Corrupt::new(table, "sha256", key))?;
    Ok(Digest::from_bytes(bytes))
}

pub(super) fn party(table: &'static str, code: &str) -> Result<PartyCode, DbError> {
    code.parse()
        .map_err(|_code| Corrupt::new(table, "party", &code).into())
}

fn unsigned(key: &Uuid, version: i64) -> Result<u64, DbError> {
    u64::try_from(version)
        .map_err(|_negative| Corrupt::new("circle_version", "version", key).into())
}

/// The version in force of a circle.
pub(crate) async fn newest(
    tx: &mut Tx,
    id: CircleId,
    mode: Mode,
) -> Result<Option<SignedCircle>, DbError> {
    const SQL: &str = "SELECT v.envelope FROM circle AS c JOIN circle_version AS v \
                       ON v.circle = c.id AND v.version = c.version \
                       WHERE c.id = $1 AND c.exercise = $2";
    let row: Option<(Vec<u8>,)> = query(SQL)
        .bind(id.uuid())
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    row.map(|(envelope,)| signed(id.uuid(), &envelope))
        .transpose()
}

/// Whether a circle of this id is there, in whichever mode.
pub(crate) async fn mode_of(tx: &mut Tx, id: CircleId) -> Result<Option<Mode>, DbError> {
    const SQL: &str = "SELECT exercise FROM circle WHERE id = $1";
    let row: Option<(bool,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(exercise,)| Mode::from_exercise(exercise)))
}

/// The versions in force of all circles of a mode, oldest circle first. There are
/// [`crate::ops::CIRCLES_MAX`] at most.
pub(crate) async fn all(tx: &mut Tx, mode: Mode) -> Result<Vec<SignedCircle>, DbError> {
    const SQL: &str = "SELECT c.id, v.envelope FROM circle AS c JOIN circle_version AS v \
                       ON v.circle = c.id AND v.version = c.version \
                       WHERE c.exercise = $1 ORDER BY c.created_at, c.id";
    let rows: Vec<(Uuid, Vec<u8>)> = query(SQL).bind(mode.is_exercise()).fetch_all(tx).await?;
    rows.iter().map(|(id, bytes)| signed(*id, bytes)).collect()
}

/// How many circles of a mode there are.
pub(crate) async fn count(tx: &mut Tx, mode: Mode) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(id) FROM circle WHERE exercise = $1";
    let (count,): (i64,) = query(SQL).bind(mode.is_exercise()).fetch_one(tx).await?;
    Ok(count)
}

/// Makes the first version that is in force here the circle's. False if the circle is there.
pub(crate) async fn begin(
    tx: &mut Tx,
    first: &SignedCircle,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO circle (id, exercise, steward, version, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let version = first.version();
    let written = query(SQL)
        .bind(version.id.uuid())
        .bind(version.exercise)
        .bind(version.steward.as_str())
        .bind(number(version.version))
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Puts a later version in force. False if the one in force is not number `from`.
pub(crate) async fn raise(tx: &mut Tx, next: &SignedCircle, from: u64) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE circle SET version = $3 WHERE id = $1 AND version = $2";
    let version = next.version();
    let written = query(SQL)
        .bind(version.id.uuid())
        .bind(number(from))
        .bind(number(version.version))
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Keeps a version, in force or early. What is early may come into force; nothing else changes.
pub(crate) async fn keep(
    tx: &mut Tx,
    signed: &SignedCircle,
    in_force: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO circle_version \
                       (circle, version, exercise, steward, sha256, envelope, in_force, arrived_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                       ON CONFLICT (circle, version) DO UPDATE SET in_force = excluded.in_force \
                       WHERE circle_version.sha256 = excluded.sha256";
    let version = signed.version();
    query(SQL)
        .bind(version.id.uuid())
        .bind(number(version.version))
        .bind(version.exercise)
        .bind(version.steward.as_str())
        .bind(signed.sha256().as_bytes().as_slice())
        .bind(signed.to_bytes())
        .bind(in_force)
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Drops an early version that turned out not to fit.
pub(crate) async fn drop_early(tx: &mut Tx, id: CircleId, version: u64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM circle_version \
                       WHERE circle = $1 AND version = $2 AND in_force = $3";
    query(SQL)
        .bind(id.uuid())
        .bind(number(version))
        .bind(false)
        .execute(tx)
        .await?;
    Ok(())
}

/// The early versions of a circle, lowest number first.
pub(crate) async fn early(tx: &mut Tx, id: CircleId) -> Result<Vec<SignedCircle>, DbError> {
    const SQL: &str = "SELECT envelope FROM circle_version \
                       WHERE circle = $1 AND in_force = $2 ORDER BY version";
    let rows: Vec<(Vec<u8>,)> = query(SQL).bind(id.uuid()).bind(false).fetch_all(tx).await?;
    rows.iter()
        .map(|(envelope,)| signed(id.uuid(), envelope))
        .collect()
}

/// How many early versions of a party are kept, of all its circles of a mode.
pub(crate) async fn count_early(
    tx: &mut Tx,
    steward: &PartyCode,
    mode: Mode,
) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(version) FROM circle_version \
                       WHERE steward = $1 AND exercise = $2 AND in_force = $3";
    let (count,): (i64,) = query(SQL)
        .bind(steward.as_str())
        .bind(mode.is_exercise())
        .bind(false)
        .fetch_one(tx)
        .await?;
    Ok(count)
}

/// The version of a circle under that number, in force once or early.
pub(crate) async fn version(
    tx: &mut Tx,
    id: CircleId,
    number_of: u64,
) -> Result<Option<SignedCircle>, DbError> {
    const SQL: &str = "SELECT envelope FROM circle_version WHERE circle = $1 AND version = $2";
    let row: Option<(Vec<u8>,)> = query(SQL)
        .bind(id.uuid())
        .bind(number(number_of))
        .fetch_optional(tx)
        .await?;
    row.map(|(envelope,)| signed(id.uuid(), &envelope))
        .transpose()
}

/// The versions of a circle, newest first, up to 200.
pub(crate) async fn versions(tx: &mut Tx, id: CircleId) -> Result<Vec<HeldVersion>, DbError> {
    const SQL: &str = "SELECT version, sha256, in_force, arrived_at FROM circle_version \
                       WHERE circle = $1 ORDER BY version DESC LIMIT 200";
    let rows: Vec<(i64, Vec<u8>, bool, i64)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let key = id.uuid();
    rows.into_iter()
        .map(|(version, sha256, in_force, at)| {
            Ok(HeldVersion {
                version: unsigned(&key, version)?,
                sha256: digest("circle_version", &key, &sha256)?,
                in_force,
                arrived_at: Timestamp::from_micros(at),
            })
        })
        .collect()
}

/// Writes who has joined by the version in force.
pub(crate) async fn put_members(tx: &mut Tx, signed: &SignedCircle) -> Result<(), DbError> {
    const CLEAR: &str = "DELETE FROM circle_member WHERE circle = $1";
    const SQL: &str = "INSERT INTO circle_member (circle, party) VALUES ($1, $2)";
    let version = signed.version();
    query(CLEAR).bind(version.id.uuid()).execute(tx).await?;
    for party in version.joined() {
        query(SQL)
            .bind(version.id.uuid())
            .bind(party.as_str())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Whether a party has joined by the version in force.
pub(crate) async fn is_member(
    tx: &mut Tx,
    id: CircleId,
    mode: Mode,
    party: &PartyCode,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT m.party FROM circle_member AS m JOIN circle AS c ON c.id = m.circle \
                       WHERE m.circle = $1 AND m.party = $2 AND c.exercise = $3";
    let row: Option<(String,)> = query(SQL)
        .bind(id.uuid())
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    Ok(row.is_some())
}

/// The circles of a mode that a party has joined.
pub(crate) async fn of_party(
    tx: &mut Tx,
    party: &PartyCode,
    mode: Mode,
) -> Result<Vec<CircleId>, DbError> {
    const SQL: &str = "SELECT m.circle FROM circle_member AS m JOIN circle AS c ON c.id = m.circle \
                       WHERE m.party = $1 AND c.exercise = $2 ORDER BY m.circle";
    let rows: Vec<(Uuid,)> = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_all(tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| CircleId::from_uuid(id))
        .collect())
}

/// Keeps a version that was refused, once.
pub(crate) async fn keep_refused(
    tx: &mut Tx,
    (signed, from): (&SignedCircle, &PartyCode),
    code: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO circle_refused \
                       (circle, sha256, party, exercise, version, code, envelope, refused_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let version = signed.version();
    let written = query(SQL)
        .bind(version.id.uuid())
        .bind(signed.sha256().as_bytes().as_slice())
        .bind(from.as_str())
        .bind(version.exercise)
        .bind(number(version.version))
        .bind(code)
        .bind(signed.to_bytes())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// How many refused versions of a party are kept in a mode.
pub(crate) async fn count_refused(
    tx: &mut Tx,
    party: &PartyCode,
    mode: Mode,
) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(version) FROM circle_refused \
                       WHERE party = $1 AND exercise = $2";
    let (count,): (i64,) = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_one(tx)
        .await?;
    Ok(count)
}

/// The versions of a circle that were refused, newest first, up to 200.
pub(crate) async fn refused(
    tx: &mut Tx,
    id: CircleId,
    mode: Mode,
) -> Result<Vec<RefusedVersion>, DbError> {
    const SQL: &str = "SELECT version, sha256, party, code, refused_at, envelope \
                       FROM circle_refused WHERE circle = $1 AND exercise = $2 \
                       ORDER BY refused_at DESC, sha256 LIMIT 200";
    type Row = (i64, Vec<u8>, String, String, i64, Vec<u8>);
    let rows: Vec<Row> = query(SQL)
        .bind(id.uuid())
        .bind(mode.is_exercise())
        .fetch_all(tx)
        .await?;
    let key = id.uuid();
    rows.into_iter()
        .map(|(version, sha256, from, code, at, envelope)| {
            Ok(RefusedVersion {
                version: unsigned(&key, version)?,
                sha256: digest("circle_refused", &key, &sha256)?,
                from: party("circle_refused", &from)?,
                code,
                refused_at: Timestamp::from_micros(at),
                envelope,
            })
        })
        .collect()
}
