//! SQL of contacts.

use db::{Corrupt, DbError, Tx, query};
use kernel::{ContactId, PartyId, Timestamp};
use uuid::Uuid;

use crate::model::Contact;

db::row! {
    struct Row {
        id: Uuid,
        party: Uuid,
        standing: String,
        profile: String,
        verified_at: Option<i64>,
        verified_by: Option<String>,
        version: i64,
        created_at: i64,
        updated_at: i64,
    }
}

impl TryFrom<Row> for Contact {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("directory_contact", column, &row.id);
        Ok(Self {
            id: ContactId::from_uuid(row.id),
            party: PartyId::from_uuid(row.party),
            profile: serde_json::from_str(&row.profile).map_err(|_unreadable| bad("profile"))?,
            standing: row
                .standing
                .parse()
                .map_err(|_unreadable| bad("standing"))?,
            verified_at: row.verified_at.map(Timestamp::from_micros),
            verified_by: row.verified_by,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

/// Writes a contact whose version is one above the stored one, or 1 for a new one, with what only
/// a look shows, sealed. False if the stored version is another, or the id is another party's.
pub(crate) async fn save(
    tx: &mut Tx,
    contact: &Contact,
    reach: Option<&[u8]>,
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO directory_contact (id, party, kind, standing, profile, reach, \
                       verified_at, verified_by, version, created_at, updated_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                       ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, \
                       standing = excluded.standing, profile = excluded.profile, \
                       reach = excluded.reach, verified_at = excluded.verified_at, \
                       verified_by = excluded.verified_by, version = excluded.version, \
                       updated_at = excluded.updated_at \
                       WHERE directory_contact.version = excluded.version - 1 \
                       AND directory_contact.party = excluded.party";
    let profile = serde_json::json!(contact.profile).to_string();
    let written = query(SQL)
        .bind(contact.id.uuid())
        .bind(contact.party.uuid())
        .bind(contact.profile.kind.as_str())
        .bind(contact.standing.as_str())
        .bind(profile)
        .bind(reach)
        .bind(contact.verified_at.map(Timestamp::as_micros))
        .bind(contact.verified_by.as_deref())
        .bind(contact.version)
        .bind(contact.created_at.as_micros())
        .bind(contact.updated_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The contact with that id.
pub(crate) async fn find(tx: &mut Tx, id: ContactId) -> Result<Option<Contact>, DbError> {
    const SQL: &str = "SELECT id, party, standing, profile, verified_at, verified_by, version, \
                       created_at, updated_at FROM directory_contact WHERE id = $1";
    let row: Option<Row> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(Contact::try_from).transpose()
}

/// What only a look shows, sealed.
pub(crate) async fn reach(tx: &mut Tx, id: ContactId) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT reach FROM directory_contact WHERE id = $1";
    let row: Option<(Option<Vec<u8>>,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.and_then(|(reach,)| reach))
}

/// The contacts of a party that are not removed, oldest first. There are
/// [`crate::model::CONTACTS_MAX`] at most.
pub(crate) async fn of_party(tx: &mut Tx, party: PartyId) -> Result<Vec<Contact>, DbError> {
    const SQL: &str = "SELECT id, party, standing, profile, verified_at, verified_by, version, \
                       created_at, updated_at FROM directory_contact \
                       WHERE party = $1 AND standing <> 'removed' ORDER BY created_at, id";
    let rows: Vec<Row> = query(SQL).bind(party.uuid()).fetch_all(tx).await?;
    rows.into_iter().map(Contact::try_from).collect()
}
