//! SQL of users and attempts; sessions in [`session`], API keys in [`key`],
//! kept answers in [`answer`].

pub(crate) mod answer;
pub(crate) mod key;
pub(crate) mod session;

use db::{Corrupt, DbError, Tx, dialect, query};
use kernel::{Cursor, Language, PageRequest, PartyCode, Role, Roles, Timestamp, UserId};
use uuid::Uuid;

use crate::model::{Person, Status, User, UserName};

/// A user with what only this room may read.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) password: Option<String>,
    pub(crate) reset: Option<([u8; 32], Timestamp)>,
}

db::row! {
    struct UserRow {
        id: Uuid,
        name: String,
        display: String,
        roles: String,
        status: String,
        language: String,
        password: Option<String>,
        reset_sha256: Option<Vec<u8>>,
        reset_expires: Option<i64>,
        version: i64,
        created_at: i64,
    }
}

impl TryFrom<UserRow> for Account {
    type Error = DbError;

    fn try_from(row: UserRow) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("access_user", column, &row.id);
        let reset = match (&row.reset_sha256, row.reset_expires) {
            (Some(sha256), Some(expires)) => {
                let sha256 = sha256
                    .as_slice()
                    .try_into()
                    .map_err(|_unreadable| bad("reset_sha256"))?;
                Some((sha256, Timestamp::from_micros(expires)))
            }
            _ => None,
        };
        Ok(Self {
            user: User {
                id: UserId::from_uuid(row.id),
                name: row.name.parse().map_err(|_unreadable| bad("name"))?,
                display: row.display.parse().map_err(|_unreadable| bad("display"))?,
                roles: Roles::from_words(&row.roles),
                status: row.status.parse().map_err(|_unreadable| bad("status"))?,
                language: Language::from_tag(&row.language).ok_or_else(|| bad("language"))?,
                has_password: row.password.is_some(),
                version: row.version,
                created_at: Timestamp::from_micros(row.created_at),
            },
            password: row.password,
            reset,
        })
    }
}

/// The setting that says whose node this is.
pub(crate) const PARTY_SETTING: &str = "node.party";

/// What a request is decided by: who asks, of the node of which party.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) id: UserId,
    pub(crate) name: UserName,
    pub(crate) roles: Roles,
    pub(crate) status: Status,
    pub(crate) password: Option<String>,
    /// None on a node that is not set up.
    pub(crate) party: Option<PartyCode>,
}

db::row! {
    struct OwnerRow {
        owner_id: Uuid,
        owner_name: String,
        owner_roles: String,
        owner_status: String,
        owner_password: Option<String>,
        node_party: Option<String>,
    }
}

/// Columns of the user `u`, where `$1` is [`PARTY_SETTING`].
macro_rules! owner_columns {
    () => {
        "u.id AS owner_id, u.name AS owner_name, u.roles AS owner_roles, \
         u.status AS owner_status, u.password AS owner_password, \
         (SELECT value FROM setting WHERE name = $1) AS node_party"
    };
}
use owner_columns;

impl TryFrom<OwnerRow> for Owner {
    type Error = DbError;

    fn try_from(row: OwnerRow) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("access_user", column, &row.owner_id);
        let party = row.node_party.as_deref().map(str::parse).transpose();
        Ok(Self {
            id: UserId::from_uuid(row.owner_id),
            name: row.owner_name.parse().map_err(|_unreadable| bad("name"))?,
            roles: Roles::from_words(&row.owner_roles),
            status: row
                .owner_status
                .parse()
                .map_err(|_unreadable| bad("status"))?,
            password: row.owner_password,
            party: party.map_err(|_unreadable| Corrupt::new("setting", "value", &PARTY_SETTING))?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, name, display, roles, status, language, password, reset_sha256, reset_expires, \
         version, created_at"
    };
}

/// Adds a user; a taken name is a duplicate key.
pub(crate) async fn insert_user(tx: &mut Tx, account: &Account) -> Result<(), DbError> {
    const SQL: &str = concat!(
        "INSERT INTO access_user (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let user = &account.user;
    let (sha256, expires) = reset_columns(account);
    query(SQL)
        .bind(user.id.uuid())
        .bind(user.name.as_str())
        .bind(user.display.as_str())
        .bind(user.roles.to_words())
        .bind(user.status.as_str())
        .bind(user.language.tag())
        .bind(account.password.as_deref())
        .bind(sha256)
        .bind(expires)
        .bind(user.version)
        .bind(user.created_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes a user whose version is one above the stored one. False if it is not.
pub(crate) async fn update_user(tx: &mut Tx, account: &Account) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE access_user SET display = $2, roles = $3, status = $4, \
                       language = $5, password = $6, reset_sha256 = $7, reset_expires = $8, \
                       version = $9 WHERE id = $1 AND version = $9 - 1";
    let user = &account.user;
    let (sha256, expires) = reset_columns(account);
    let written = query(SQL)
        .bind(user.id.uuid())
        .bind(user.display.as_str())
        .bind(user.roles.to_words())
        .bind(user.status.as_str())
        .bind(user.language.tag())
        .bind(account.password.as_deref())
        .bind(sha256)
        .bind(expires)
        .bind(user.version)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

fn reset_columns(account: &Account) -> (Option<Vec<u8>>, Option<i64>) {
    account
        .reset
        .map(|(sha256, expires)| (sha256.to_vec(), expires.as_micros()))
        .unzip()
}

/// The user with that id.
pub(crate) async fn find_user(tx: &mut Tx, id: UserId) -> Result<Option<Account>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM access_user WHERE id = $1");
    let row: Option<UserRow> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(Account::try_from).transpose()
}

/// The user with that id, as a request is decided by, in one statement.
pub(crate) async fn find_owner(tx: &mut Tx, id: UserId) -> Result<Option<Owner>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        owner_columns!(),
        " FROM access_user AS u WHERE u.id = $2"
    );
    let row = query(SQL).bind(PARTY_SETTING).bind(id.uuid());
    let row: Option<OwnerRow> = row.fetch_optional(tx).await?;
    row.map(Owner::try_from).transpose()
}

/// The user with that name.
pub(crate) async fn find_name(tx: &mut Tx, name: &UserName) -> Result<Option<Account>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM access_user WHERE name = $1");
    let row: Option<UserRow> = query(SQL).bind(name.as_str()).fetch_optional(tx).await?;
    row.map(Account::try_from).transpose()
}

/// Users from the first created on; one row more than the page holds.
pub(crate) async fn list_users(tx: &mut Tx, page: PageRequest) -> Result<Vec<User>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM access_user WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3"
    );
    let after = page.after.unwrap_or(Cursor {
        key: i64::MIN,
        id: Uuid::nil(),
    });
    let rows: Vec<UserRow> = query(SQL)
        .bind(after.key)
        .bind(after.id)
        .bind(page.limit.probe())
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|row| Account::try_from(row).map(|account| account.user))
        .collect()
}

/// The active users by name, the first 1,000.
pub(crate) async fn people(tx: &mut Tx) -> Result<Vec<Person>, DbError> {
    const SQL: &str = "SELECT id, name, display FROM access_user WHERE status = 'active' \
                       ORDER BY name LIMIT 1000";
    let rows: Vec<(Uuid, String, String)> = query(SQL).fetch_all(tx).await?;
    let person = |(id, name, display): (Uuid, String, String)| {
        let bad = |column| Corrupt::new("access_user", column, &id);
        Ok(Person {
            id: UserId::from_uuid(id),
            name: name.parse().map_err(|_unreadable| bad("name"))?,
            display: display.parse().map_err(|_unreadable| bad("display"))?,
        })
    };
    rows.into_iter().map(person).collect()
}

/// The active users by name with their roles, up to 1,000.
pub(crate) async fn people_with_roles(tx: &mut Tx) -> Result<Vec<(Person, Roles)>, DbError> {
    const SQL: &str = "SELECT id, name, display, roles FROM access_user WHERE status = 'active' \
                       ORDER BY name LIMIT 1000";
    let rows: Vec<(Uuid, String, String, String)> = query(SQL).fetch_all(tx).await?;
    let person = |(id, name, display, roles): (Uuid, String, String, String)| {
        let bad = |column| Corrupt::new("access_user", column, &id);
        let person = Person {
            id: UserId::from_uuid(id),
            name: name.parse().map_err(|_unreadable| bad("name"))?,
            display: display.parse().map_err(|_unreadable| bad("display"))?,
        };
        Ok((person, Roles::from_words(&roles)))
    };
    rows.into_iter().map(person).collect()
}

/// How many other users are active administrators. The rows stay locked, so that two
/// administrators cannot dismiss each other at the same time.
pub(crate) async fn other_admins(tx: &mut Tx, than: UserId) -> Result<usize, DbError> {
    const SQL: dialect::Sql = dialect::Sql {
        sqlite: "SELECT id, roles FROM access_user WHERE status = 'active' ORDER BY id",
        postgres: "SELECT id, roles FROM access_user WHERE status = 'active' ORDER BY id FOR UPDATE",
    };
    let sql = SQL.on(tx);
    let rows: Vec<(Uuid, String)> = query(sql).fetch_all(tx).await?;
    Ok(rows
        .iter()
        .filter(|(id, roles)| *id != than.uuid() && Roles::from_words(roles).contains(Role::Admin))
        .count())
}

/// Counts an attempt under a subject and gives how many there were in its window, and when the
/// window began.
pub(crate) async fn attempt(
    tx: &mut Tx,
    subject: &str,
    now: Timestamp,
    window_from: Timestamp,
) -> Result<(i64, Timestamp), DbError> {
    const SQL: &str = "INSERT INTO access_attempt (subject, attempts, window_from) \
                       VALUES ($1, 1, $2) ON CONFLICT (subject) DO UPDATE SET \
                       attempts = CASE WHEN access_attempt.window_from <= $3 THEN 1 \
                       ELSE access_attempt.attempts + 1 END, \
                       window_from = CASE WHEN access_attempt.window_from <= $3 \
                       THEN excluded.window_from ELSE access_attempt.window_from END \
                       RETURNING attempts, window_from";
    let (attempts, from): (i64, i64) = query(SQL)
        .bind(subject)
        .bind(now.as_micros())
        .bind(window_from.as_micros())
        .fetch_one(tx)
        .await?;
    Ok((attempts, Timestamp::from_micros(from)))
}

/// Forgets the attempts under a subject.
pub(crate) async fn forget_attempts(tx: &mut Tx, subject: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM access_attempt WHERE subject = $1";
    query(SQL).bind(subject).execute(tx).await?;
    Ok(())
}

/// Takes one attempt under a subject back; the others stay counted.
pub(crate) async fn forgive_attempt(tx: &mut Tx, subject: &str) -> Result<(), DbError> {
    const SQL: &str = "UPDATE access_attempt SET attempts = attempts - 1 \
                       WHERE subject = $1 AND attempts > 0";
    query(SQL).bind(subject).execute(tx).await?;
    Ok(())
}

/// Forgets all attempts whose window began before a moment.
pub(crate) async fn purge_attempts(tx: &mut Tx, before: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM access_attempt WHERE window_from < $1";
    query(SQL).bind(before.as_micros()).execute(tx).await?;
    Ok(())
}
