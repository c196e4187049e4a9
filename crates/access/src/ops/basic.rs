//! Signing every request with a name and a password, as programs do that know nothing else (RFC
//! 7617).
//!
//! The password may be an API key, whatever the name: then the key decides. A password of a user is
//! held against its hash once and remembered for a while, as the digest of both under a secret of the
//! process; whether the user is still active, and has that password, is looked up each time.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use audit::Ground;
use kernel::{Country, Mode, Timestamp, UserId, Viewer, Who, boxed, random_array};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncMutexGuard};

use super::{
    authenticate::authenticate_key,
    sign_in::{count_attempt, find},
};
use crate::{
    Error,
    model::{Password, Status},
    password,
    store::{self, Owner},
};

/// For how long a password is remembered.
const REMEMBERED: Duration = Duration::from_mins(15);
/// How many are remembered at once.
const REMEMBERED_MAX: usize = 10_000;
/// How many different ones are held against their hashes at once, at most.
const TURNS: usize = 64;

/// Who wants in.
#[derive(Clone, Debug)]
pub struct Basic {
    /// The name, as sent.
    pub name: String,
    /// The password, as sent.
    pub password: Password,
    /// Where the request came from, if over a network.
    pub address: Option<IpAddr>,
}

/// Passwords that were right a short while ago.
pub struct Remembered {
    secret: [u8; 32],
    table: Mutex<HashMap<[u8; 32], Right>>,
    /// Who holds one of them holds a password against its hash; by the digest, which nobody can
    /// foresee.
    turns: [AsyncMutex<()>; TURNS],
}

/// A password that was right: whose, and against which hash.
#[derive(Clone)]
struct Right {
    user: UserId,
    stored: [u8; 32],
    until: Timestamp,
}

/// Shows how many there are.
impl std::fmt::Debug for Remembered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Remembered")
            .field("passwords", &table.len())
            .finish_non_exhaustive()
    }
}

impl Remembered {
    /// Nothing is remembered yet.
    pub fn new(ground: &Ground) -> Self {
        Self {
            secret: random_array(&*ground.rng),
            table: Mutex::default(),
            turns: [const { AsyncMutex::const_new(()) }; TURNS],
        }
    }

    /// Waits until nobody else looks at the same name and password.
    async fn turn(&self, digest: &[u8; 32]) -> Option<AsyncMutexGuard<'_, ()>> {
        let [first, ..] = digest;
        let turn = self.turns.get(usize::from(*first) % TURNS)?;
        Some(turn.lock().await)
    }

    fn digest(&self, name: &str, password: &Password) -> [u8; 32] {
        let length = u64::try_from(name.len()).unwrap_or(u64::MAX);
        let mut digest = Sha256::new();
        digest.update(self.secret);
        digest.update(length.to_be_bytes());
        digest.update(name);
        digest.update(password.as_bytes());
        digest.finalize().into()
    }

    fn find(&self, digest: &[u8; 32], now: Timestamp) -> Option<Right> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let right = table.get(digest).filter(|right| now < right.until);
        right.cloned()
    }

    fn remember(&self, digest: [u8; 32], right: Right, now: Timestamp) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.len() >= REMEMBERED_MAX {
            table.retain(|_, right| now < right.until);
        }
        if table.len() < REMEMBERED_MAX {
            table.insert(digest, right);
        }
    }
}

/// The viewer behind a name and a password. Unknown users, disabled ones and wrong passwords get the
/// same answer after the same time.
#[boxed]
pub async fn authenticate_basic(
    ground: &Ground,
    remembered: &Remembered,
    basic: Basic,
) -> Result<Viewer, Error> {
    if let Some(key) = basic.password.as_key() {
        return authenticate_key(ground, &key).await;
    }
    let now = ground.now();
    let digest = remembered.digest(&basic.name, &basic.password);
    if let Some(viewer) = known(ground, remembered, &digest).await? {
        return Ok(viewer);
    }
    // Of several connections that a program opens at once, one is held against the hash.
    let _turn = remembered.turn(&digest).await;
    if let Some(viewer) = known(ground, remembered, &digest).await? {
        return Ok(viewer);
    }
    let subjects = count_attempt(ground, &basic.name, basic.address).await?;
    let account = find(ground, &basic.name).await?;
    let stored = account
        .as_ref()
        .filter(|account| account.user.status == Status::Active)
        .and_then(|account| account.password.clone());
    let of_stored = stored.as_deref().map(stored_digest);
    let fits = password::fits(stored, basic.password).await?;
    let (Some(account), Some(stored)) = (account.filter(|_| fits), of_stored) else {
        return Err(Error::Unauthenticated);
    };
    let right = Right {
        user: account.user.id,
        stored,
        until: now.plus(REMEMBERED),
    };
    remembered.remember(digest, right, now);
    let mut tx = ground.db.begin().await?;
    subjects.forgive(&mut tx).await?;
    let owner = store::find_owner(&mut tx, account.user.id).await?;
    tx.commit().await?;
    viewer(owner.ok_or(Error::Unauthenticated)?)
}

/// The viewer behind a name and a password that are remembered, if they are still right.
async fn known(
    ground: &Ground,
    remembered: &Remembered,
    digest: &[u8; 32],
) -> Result<Option<Viewer>, Error> {
    let now = ground.now();
    let Some(right) = remembered.find(digest, now) else {
        return Ok(None);
    };
    let about = right.user.to_string();
    let owner: Arc<Option<Owner>> = if let Some(owner) = ground.db.recall(&about, now) {
        owner
    } else {
        let mut tx = ground.db.begin_glance(now).await?;
        let owner = Arc::new(store::find_owner(&mut tx, right.user).await?);
        tx.keep(&about, Arc::clone(&owner));
        owner
    };
    let owner = Option::clone(&owner);
    let same = |owner: &Owner| {
        let stored = owner.password.as_deref().map(stored_digest);
        owner.status == Status::Active && stored == Some(right.stored)
    };
    owner.filter(same).map(viewer).transpose()
}

fn stored_digest(stored: &str) -> [u8; 32] {
    Sha256::digest(stored).into()
}

/// The user in the mode that is the node's habit.
fn viewer(owner: Owner) -> Result<Viewer, Error> {
    let party = owner.party.ok_or(Error::NoParty)?;
    let mode = Mode::from_exercise(party.country().is_some_and(Country::is_exercise));
    Ok(Viewer {
        who: Who::User {
            id: owner.id,
            name: owner.name.to_string(),
        },
        roles: owner.roles,
        party,
        circles: Vec::new(),
        mode,
    })
}
