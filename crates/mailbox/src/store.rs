//! SQL of the mailbox.

mod health;
mod waiting;

use db::{Corrupt, DbError, Tx, query};
use kernel::{MailId, Timestamp};
use mail::Reference;
use uuid::Uuid;

use self::waiting::ended;
use crate::model::{State, Trusted};

pub(crate) use health::{counts, health, last_at, note_health};
pub(crate) use waiting::{count_waiting, refile, wait, wait_all, waiting};

/// The columns of a mail, in the order of [`Row`].
macro_rules! columns {
    () => {
        "SELECT id, incoming, reference, state, at, bytes, head, by_whom, changed_at FROM mail_item"
    };
}

db::row! {
    pub(crate) struct Row {
        pub(crate) id: Uuid,
        pub(crate) incoming: bool,
        pub(crate) reference: String,
        pub(crate) state: String,
        pub(crate) at: i64,
        pub(crate) bytes: i64,
        pub(crate) head: Vec<u8>,
        pub(crate) by_whom: Option<String>,
        pub(crate) changed_at: i64,
    }
}

impl Row {
    pub(crate) fn reference(&self) -> Result<Reference, DbError> {
        let read = Reference::parse(&self.reference);
        read.ok_or_else(|| Corrupt::new("mail_item", "reference", &self.id).into())
    }

    pub(crate) fn state(&self) -> Result<State, DbError> {
        let read = State::from_word(&self.state);
        read.ok_or_else(|| Corrupt::new("mail_item", "state", &self.id).into())
    }
}

/// A mail to be written.
pub(crate) struct New<'a> {
    pub(crate) id: MailId,
    pub(crate) is_incoming: bool,
    pub(crate) reference: &'a Reference,
    pub(crate) state: State,
    pub(crate) at: Timestamp,
    /// Stands for the whole mail, and tells nothing of it.
    pub(crate) digest: &'a [u8],
    pub(crate) message_id: Option<&'a [u8]>,
    pub(crate) bytes: i64,
    pub(crate) head: Vec<u8>,
    pub(crate) mail: Vec<u8>,
    pub(crate) by: Option<&'a str>,
}

/// Writes a mail. False if it is here already.
pub(crate) async fn insert(tx: &mut Tx, new: New<'_>) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO mail_item (id, incoming, reference, state, at, digest, \
                       message_id, bytes, head, mail, by_whom, changed_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $5) \
                       ON CONFLICT (digest) DO NOTHING";
    let written = query(SQL)
        .bind(new.id.uuid())
        .bind(new.is_incoming)
        .bind(new.reference.as_str())
        .bind(new.state.as_str())
        .bind(new.at.as_micros())
        .bind(new.digest)
        .bind(new.message_id.map(<[u8]>::to_vec))
        .bind(new.bytes)
        .bind(new.head)
        .bind(new.mail)
        .bind(new.by.map(str::to_owned))
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Whether a mail is here already.
pub(crate) async fn is_here(tx: &mut Tx, digest: &[u8]) -> Result<bool, DbError> {
    const SQL: &str = "SELECT count(*) FROM mail_item WHERE digest = $1";
    let (count,): (i64,) = query(SQL).bind(digest).fetch_one(tx).await?;
    Ok(count > 0)
}

/// Takes the mails of a matter away. Gives how many there were.
pub(crate) async fn remove_matter(tx: &mut Tx, reference: &Reference) -> Result<u64, DbError> {
    const WAITING: &str =
        "DELETE FROM mail_waiting WHERE mail IN (SELECT id FROM mail_item WHERE reference = $1)";
    const SQL: &str = "DELETE FROM mail_item WHERE reference = $1";
    query(WAITING).bind(reference.as_str()).execute(tx).await?;
    query(SQL).bind(reference.as_str()).execute(tx).await
}

/// Mails of one direction before an id, newest first.
pub(crate) async fn list(
    tx: &mut Tx,
    is_incoming: bool,
    (before, most): (Uuid, i64),
) -> Result<Vec<Row>, DbError> {
    const SQL: &str = concat!(
        columns!(),
        " WHERE incoming = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    query(SQL)
        .bind(is_incoming)
        .bind(before)
        .bind(most)
        .fetch_all(tx)
        .await
}

/// The mails of a matter, oldest first.
pub(crate) async fn matter(tx: &mut Tx, reference: &Reference) -> Result<Vec<Row>, DbError> {
    const SQL: &str = concat!(columns!(), " WHERE reference = $1 ORDER BY id LIMIT 200");
    query(SQL).bind(reference.as_str()).fetch_all(tx).await
}

/// A mail.
pub(crate) async fn find(tx: &mut Tx, id: MailId) -> Result<Option<Row>, DbError> {
    const SQL: &str = concat!(columns!(), " WHERE id = $1");
    query(SQL).bind(id.uuid()).fetch_optional(tx).await
}

/// A whole mail, sealed.
pub(crate) async fn whole(tx: &mut Tx, id: MailId) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT mail FROM mail_item WHERE id = $1";
    let row: Option<(Vec<u8>,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(mail,)| mail))
}

/// Whether there is a matter of that reference.
pub(crate) async fn is_known(tx: &mut Tx, reference: &Reference) -> Result<bool, DbError> {
    const SQL: &str =
        "SELECT count(*) FROM (SELECT id FROM mail_item WHERE reference = $1 LIMIT 1) AS one";
    let (count,): (i64,) = query(SQL).bind(reference.as_str()).fetch_one(tx).await?;
    Ok(count > 0)
}

/// The matter of a mail of ours with that id.
pub(crate) async fn matter_of(
    tx: &mut Tx,
    message_id: &[u8],
) -> Result<Option<Reference>, DbError> {
    const SQL: &str = "SELECT reference FROM mail_item WHERE message_id = $1 AND incoming = $2 ORDER BY id LIMIT 1";
    let row: Option<(String,)> = query(SQL)
        .bind(message_id)
        .bind(false)
        .fetch_optional(tx)
        .await?;
    Ok(row.and_then(|(reference,)| Reference::parse(&reference)))
}

/// Moves a mail from one of these states. False if it stands elsewhere.
pub(crate) async fn advance(
    tx: &mut Tx,
    id: MailId,
    (from, to): (State, State),
    (by, at): (Option<&str>, Timestamp),
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE mail_item SET state = $3, by_whom = COALESCE($4, by_whom), changed_at = $5 WHERE id = $1 AND state = $2";
    let changed = query(SQL)
        .bind(id.uuid())
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(by.map(str::to_owned))
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    if from == State::New {
        ended(tx, id).await?;
    }
    Ok(changed == 1)
}

/// Up to where a mailbox was read: UIDVALIDITY and UID.
pub(crate) async fn place(tx: &mut Tx, place: &str) -> Result<Option<(i64, i64)>, DbError> {
    const SQL: &str = "SELECT uid_validity, uid_last FROM mail_place WHERE place = $1";
    query(SQL).bind(place).fetch_optional(tx).await
}

/// Notes up to where a mailbox was read. It never goes back, but for another UIDVALIDITY.
pub(crate) async fn note_place(
    tx: &mut Tx,
    place: &str,
    (validity, uid): (i64, i64),
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO mail_place (place, uid_validity, uid_last, visited_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (place) DO UPDATE SET uid_validity = excluded.uid_validity, \
                       uid_last = CASE WHEN mail_place.uid_validity = excluded.uid_validity \
                       AND mail_place.uid_last > excluded.uid_last THEN mail_place.uid_last ELSE excluded.uid_last END, \
                       visited_at = excluded.visited_at";
    query(SQL)
        .bind(place)
        .bind(validity)
        .bind(uid)
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a reader gets an acknowledgement on a day. False if he got one.
pub(crate) async fn thank(tx: &mut Tx, reader: &[u8], day: i64) -> Result<bool, DbError> {
    const OLD: &str = "DELETE FROM mail_thanks WHERE day < $1";
    const SQL: &str = "INSERT INTO mail_thanks (day, reader) VALUES ($1, $2) ON CONFLICT (day, reader) DO NOTHING";
    query(OLD).bind(day - 1).execute(tx).await?;
    Ok(query(SQL).bind(day).bind(reader).execute(tx).await? == 1)
}

/// Counts a mail of a sender in an hour, and says the how-manieth it is.
pub(crate) async fn count_sender(tx: &mut Tx, sender: &[u8], hour: i64) -> Result<i64, DbError> {
    const OLD: &str = "DELETE FROM mail_begun WHERE hour < $1";
    const SQL: &str = "INSERT INTO mail_begun (hour, sender, mails) VALUES ($1, $2, 1) \
                       ON CONFLICT (hour, sender) DO UPDATE SET mails = mail_begun.mails + 1 \
                       RETURNING mails";
    query(OLD).bind(hour - 1).execute(tx).await?;
    let (mails,): (i64,) = query(SQL).bind(hour).bind(sender).fetch_one(tx).await?;
    Ok(mails)
}

/// How many acknowledgements went out on a day.
pub(crate) async fn thanked(tx: &mut Tx, day: i64) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM mail_thanks WHERE day = $1";
    let (count,): (i64,) = query(SQL).bind(day).fetch_one(tx).await?;
    Ok(count)
}

/// The key of an address: the public one, and the sealed one.
pub(crate) async fn key(
    tx: &mut Tx,
    address: &str,
) -> Result<Option<(String, String, Vec<u8>)>, DbError> {
    const SQL: &str = "SELECT fingerprint, public_key, secret_key FROM mail_key WHERE address = $1";
    query(SQL).bind(address).fetch_optional(tx).await
}

/// Writes the key of an address, unless it has one.
pub(crate) async fn add_key(
    tx: &mut Tx,
    address: &str,
    (fingerprint, public): (&str, &str),
    secret: Vec<u8>,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO mail_key (address, fingerprint, public_key, secret_key, made_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (address) DO NOTHING";
    query(SQL)
        .bind(address)
        .bind(fingerprint)
        .bind(public)
        .bind(secret)
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The keys of senders, by address.
pub(crate) async fn trusted(tx: &mut Tx, most: i64) -> Result<Vec<Trusted>, DbError> {
    const SQL: &str = "SELECT fingerprint, address, public_key, by_whom, added_at FROM mail_sender ORDER BY address, fingerprint LIMIT $1";
    let rows: Vec<(String, String, String, String, i64)> =
        query(SQL).bind(most).fetch_all(tx).await?;
    let trusted = rows
        .into_iter()
        .map(|(fingerprint, address, public_key, by, added_at)| Trusted {
            fingerprint,
            address,
            public_key,
            by,
            added_at: Timestamp::from_micros(added_at),
        });
    Ok(trusted.collect())
}

/// Writes the key of a sender, in the place of what stands there.
pub(crate) async fn trust(tx: &mut Tx, key: &Trusted) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO mail_sender (fingerprint, address, public_key, by_whom, added_at) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (fingerprint) DO UPDATE SET address = excluded.address, public_key = excluded.public_key, \
                       by_whom = excluded.by_whom, added_at = excluded.added_at";
    query(SQL)
        .bind(&key.fingerprint)
        .bind(&key.address)
        .bind(&key.public_key)
        .bind(&key.by)
        .bind(key.added_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes the key of a sender away. False if there is none.
pub(crate) async fn distrust(tx: &mut Tx, fingerprint: &str) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM mail_sender WHERE fingerprint = $1";
    Ok(query(SQL).bind(fingerprint).execute(tx).await? == 1)
}
