//! Creating, listing and changing users.

use audit::Ground;
use db::{DbError, Tx};
use kernel::{Cursor, Language, Page, PageRequest, Role, Roles, Tlp, UserId, Viewer, Who, boxed};
use serde_json::json;

use crate::{
    Error,
    model::{Label, Password, Person, Status, User, UserName},
    ops::password::new_code,
    password,
    policy::{Act, Subject, check_house, decide},
    secret::OneTimeCode,
    store::{self, Account},
};

/// A user to be.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to sign in with.
    pub name: UserName,
    /// The name for people.
    pub display: Label,
    /// The roles.
    pub roles: Roles,
    /// The language of the screens.
    pub language: Language,
    /// The first password; without one, a one-time code is made with which the user sets it.
    pub password: Option<Password>,
}

/// What to change of a user; nothing is left as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The name for people.
    pub display: Option<Label>,
    /// The roles.
    pub roles: Option<Roles>,
    /// Whether the user may sign in. Disabling ends all sessions.
    pub status: Option<Status>,
    /// The language of the screens.
    pub language: Option<Language>,
}

/// Creates a user. Gives the one-time code if no password was given.
#[boxed]
pub async fn create_user(
    ground: &Ground,
    viewer: &Viewer,
    new: NewUser,
) -> Result<(User, Option<OneTimeCode>), Error> {
    check_house(viewer, Act::UserManage)?;
    let (password, code) = match new.password {
        Some(password) => (Some(password::hash(ground, password).await?), None),
        None => (None, Some(new_code(ground))),
    };
    let account = Account {
        user: User {
            id: UserId::new(&*ground.clock, &*ground.rng),
            name: new.name,
            display: new.display,
            roles: new.roles,
            status: Status::Active,
            language: new.language,
            has_password: password.is_some(),
            version: 1,
            created_at: ground.clock.now(),
        },
        password,
        reset: code.as_ref().map(|(code, until)| (code.hash(), *until)),
    };
    let mut tx = ground.db.begin().await?;
    store::insert_user(&mut tx, &account)
        .await
        .map_err(|error| match error {
            error if error.is_duplicate() => Error::NameTaken,
            error => error.into(),
        })?;
    let user = account.user;
    let detail = json!({ "name": user.name.as_str(), "roles": user.roles.to_words() });
    let subject = user.id.to_string();
    audit::act(&mut tx, ground, viewer, "user.created", &subject, &detail).await?;
    tx.commit().await?;
    Ok((user, code.map(|(code, _until)| code)))
}

/// A page of users.
#[boxed]
pub async fn list_users(
    ground: &Ground,
    viewer: &Viewer,
    page: PageRequest,
) -> Result<Page<User>, Error> {
    check_house(viewer, Act::UserManage)?;
    let mut tx = ground.db.begin_read().await?;
    let rows = store::list_users(&mut tx, page).await?;
    Ok(Page::from_probe(rows, page.limit, |user| Cursor {
        key: user.created_at.as_micros(),
        id: user.id.uuid(),
    }))
}

/// The active users by name, for whoever decides who may read what; the first 1,000.
#[boxed]
pub async fn people(ground: &Ground, viewer: &Viewer) -> Result<Vec<Person>, Error> {
    check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin_glance(ground.now()).await?;
    Ok(store::people(&mut tx).await?)
}

/// The active users who may do this to content with that label and those named readers, by name: to
/// whom it can be given, and who can be told of it. The first 1,000.
#[boxed]
pub async fn people_who_in(
    tx: &mut Tx,
    viewer: &Viewer,
    act: Act,
    (tlp, named): (Tlp, &[UserId]),
) -> Result<Vec<Person>, DbError> {
    let all = store::people_with_roles(tx).await?;
    Ok(who_may(all, viewer, act, (tlp, |id| named.contains(&id))))
}

/// The active users who may do this to content with that label where they are named as its readers, by
/// name: whom one can name. The first 1,000.
#[boxed]
pub async fn people_to_name_in(
    tx: &mut Tx,
    viewer: &Viewer,
    act: Act,
    tlp: Tlp,
) -> Result<Vec<Person>, DbError> {
    let all = store::people_with_roles(tx).await?;
    Ok(who_may(all, viewer, act, (tlp, |_| true)))
}

fn who_may(
    all: Vec<(Person, Roles)>,
    viewer: &Viewer,
    act: Act,
    (tlp, is_named): (Tlp, impl Fn(UserId) -> bool),
) -> Vec<Person> {
    let may = |(person, roles): &(Person, Roles)| {
        let who = Who::User {
            id: person.id,
            name: person.name.as_str().to_owned(),
        };
        let them = Viewer {
            who,
            roles: *roles,
            ..viewer.clone()
        };
        let subject = Subject::content(viewer.mode, tlp, is_named(person.id));
        decide(&them, act, &subject).is_allowed()
    };
    let all = all.into_iter().filter(may);
    all.map(|(person, _)| person).collect()
}

/// One user: any for an administrator, oneself for everybody.
#[boxed]
pub async fn read_user(ground: &Ground, viewer: &Viewer, id: UserId) -> Result<User, Error> {
    if viewer.user() != Some(id) {
        check_house(viewer, Act::UserManage)?;
    }
    let mut tx = ground.db.begin_read().await?;
    let account = store::find_user(&mut tx, id).await?.ok_or(Error::NoUser)?;
    Ok(account.user)
}

/// A user, for what the node does for people of its own accord.
#[boxed]
pub async fn user_in(tx: &mut Tx, id: UserId) -> Result<Option<User>, DbError> {
    Ok(store::find_user(tx, id).await?.map(|account| account.user))
}

/// The user with that name, for an administrator.
#[boxed]
pub async fn user_named(ground: &Ground, viewer: &Viewer, name: &UserName) -> Result<User, Error> {
    check_house(viewer, Act::UserManage)?;
    let mut tx = ground.db.begin_read().await?;
    let account = store::find_name(&mut tx, name).await?;
    Ok(account.ok_or(Error::NoUser)?.user)
}

/// Changes a user that is at this version. The last active administrator stays one.
#[boxed]
pub async fn change_user(
    ground: &Ground,
    viewer: &Viewer,
    id: UserId,
    version: i64,
    change: UserChange,
) -> Result<User, Error> {
    check_house(viewer, Act::UserManage)?;
    let mut tx = ground.db.begin().await?;
    let mut account = load(&mut tx, id, version).await?;
    let before = account.user.clone();
    let user = &mut account.user;
    user.display = change.display.unwrap_or_else(|| user.display.clone());
    user.roles = change.roles.unwrap_or(user.roles);
    user.status = change.status.unwrap_or(user.status);
    user.language = change.language.unwrap_or(user.language);
    user.version = version.saturating_add(1);
    if is_admin(&before) && !is_admin(user) && store::other_admins(&mut tx, id).await? == 0 {
        return Err(Error::LastAdmin);
    }
    save(&mut tx, &account, version).await?;
    let user = account.user;
    if user.status == Status::Disabled {
        store::session::remove_all(&mut tx, id, None).await?;
    }
    let detail = json!({
        "roles": { "before": before.roles.to_words(), "after": user.roles.to_words() },
        "status": { "before": before.status.as_str(), "after": user.status.as_str() },
    });
    let subject = id.to_string();
    audit::act(&mut tx, ground, viewer, "user.changed", &subject, &detail).await?;
    tx.commit().await?;
    Ok(user)
}

fn is_admin(user: &User) -> bool {
    user.status == Status::Active && user.roles.contains(Role::Admin)
}

/// The user at this version.
pub(super) async fn load(tx: &mut Tx, id: UserId, version: i64) -> Result<Account, Error> {
    let account = store::find_user(tx, id).await?.ok_or(Error::NoUser)?;
    if account.user.version == version {
        Ok(account)
    } else {
        Err(Error::Stale {
            given: version,
            current: account.user.version,
        })
    }
}

/// Writes a user who was read at version `from`.
pub(super) async fn save(tx: &mut Tx, account: &Account, from: i64) -> Result<(), Error> {
    if store::update_user(tx, account).await? {
        Ok(())
    } else {
        Err(Error::Stale {
            given: from,
            current: account.user.version,
        })
    }
}
