//! Signing in with name and password.

use std::{net::IpAddr, time::Duration};

use audit::Ground;
use kernel::{Country, Language, Mode, SessionId, Timestamp, Viewer, boxed};
use serde_json::json;

use crate::{
    Error,
    model::{Password, Session, Status, UserName},
    ops::node_party_in,
    password,
    secret::Token,
    store::{self, Account, session::Stored},
};

/// How long a session lasts, however busy: a shift.
const LASTS: Duration = Duration::from_hours(12);

/// Attempts of one kind are counted in windows of this length.
const WINDOW: Duration = Duration::from_mins(15);
/// Attempts for one name from one network.
const PAIR_MAX: i64 = 5;
/// Attempts from one network, whatever the name.
const NETWORK_MAX: i64 = 30;
/// Attempts for one name from anywhere: high, so that a stranger cannot lock the duty officer out
/// with a handful of guesses.
const NAME_MAX: i64 = 200;

/// Who wants in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The name, as typed.
    pub name: String,
    /// The password, as typed.
    pub password: Password,
    /// Where the request came from, if over a network.
    pub address: Option<IpAddr>,
    /// Real or exercise; the node's own habit if nothing is said.
    pub mode: Option<Mode>,
    /// The language of the screens; the user's own if nothing is said.
    pub language: Option<Language>,
}

/// Begins a session. Unknown users, disabled ones and wrong passwords get the same answer after the
/// same time.
#[boxed]
pub async fn sign_in(ground: &Ground, attempt: SignIn) -> Result<(Token, Session), Error> {
    let subjects = count_attempt(ground, &attempt.name, attempt.address).await?;
    let account = find(ground, &attempt.name).await?;
    let stored = account
        .as_ref()
        .filter(|account| account.user.status == Status::Active)
        .and_then(|account| account.password.clone());
    let fits = password::fits(stored, attempt.password).await?;
    let Some(account) = account.filter(|_| fits) else {
        return Err(Error::BadCredentials);
    };
    begin(ground, account, attempt.mode, attempt.language, &subjects).await
}

pub(super) async fn find(ground: &Ground, name: &str) -> Result<Option<Account>, Error> {
    let Ok(name) = name.parse::<UserName>() else {
        return Ok(None);
    };
    let mut tx = ground.db.begin_read().await?;
    Ok(store::find_name(&mut tx, &name).await?)
}

async fn begin(
    ground: &Ground,
    account: Account,
    mode: Option<Mode>,
    language: Option<Language>,
    subjects: &Subjects,
) -> Result<(Token, Session), Error> {
    let now = ground.clock.now();
    let token = Token::generate(&*ground.rng);
    let mut tx = ground.db.begin().await?;
    let party = node_party_in(&mut tx).await?;
    let habit = Mode::from_exercise(party.country().is_some_and(Country::is_exercise));
    let stored = Stored {
        id: SessionId::new(&*ground.clock, &*ground.rng),
        user: account.user.id,
        mode: mode.unwrap_or(habit),
        language: language.unwrap_or(account.user.language),
        created_at: now,
        used_at: now,
        expires_at: now.plus(LASTS),
    };
    store::session::purge(&mut tx, now).await?;
    store::session::insert(&mut tx, &stored, &token.hash()).await?;
    subjects.forgive(&mut tx).await?;
    let session = session_of(&stored, account, &token);
    let viewer = session.viewer(party);
    let detail = json!({ "mode": session.mode.as_str() });
    let subject = session.id.to_string();
    audit::act(
        &mut tx,
        ground,
        &viewer,
        "access.signed_in",
        &subject,
        &detail,
    )
    .await?;
    tx.commit().await?;
    Ok((token, session))
}

/// The session that a row, its user and the token make.
pub(super) fn session_of(stored: &Stored, account: Account, token: &Token) -> Session {
    Session {
        id: stored.id,
        user: account.user,
        mode: stored.mode,
        language: stored.language,
        created_at: stored.created_at,
        expires_at: stored.expires_at,
        csrf: token.csrf(),
    }
}

/// Under what an attempt is counted.
pub(super) struct Subjects {
    pair: String,
    network: String,
    name: String,
}

impl Subjects {
    /// One who came in was no guess: nothing is held against him, nor against those who share his
    /// network, such as a shift behind one address.
    pub(super) async fn forgive(&self, tx: &mut db::Tx) -> Result<(), Error> {
        store::forget_attempts(tx, &self.pair).await?;
        for subject in [&self.network, &self.name] {
            store::forgive_attempt(tx, subject).await?;
        }
        Ok(())
    }
}

/// Counts an attempt before anything is hashed, so that many at once do not slip through. Gives up
/// if there were too many.
pub(super) async fn count_attempt(
    ground: &Ground,
    name: &str,
    address: Option<IpAddr>,
) -> Result<Subjects, Error> {
    let name: String = name.chars().take(40).collect();
    let network = address.map_or_else(|| "here".to_owned(), network);
    let limits = [
        (format!("pair {name} {network}"), PAIR_MAX),
        (format!("network {network}"), NETWORK_MAX),
        (format!("name {name}"), NAME_MAX),
    ];
    let now = ground.clock.now();
    let mut tx = ground.db.begin().await?;
    store::purge_attempts(&mut tx, now.minus(WINDOW * 2)).await?;
    let mut wait: Option<Duration> = None;
    for (subject, max) in &limits {
        let window_from = now.minus(WINDOW);
        let (attempts, from) = store::attempt(&mut tx, subject, now, window_from).await?;
        if attempts == max + 1 {
            note_block(&mut tx, ground, subject).await?;
        }
        if attempts > *max {
            wait = wait.max(Some(remaining(from, now)));
        }
    }
    tx.commit().await?;
    if let Some(wait) = wait {
        let retry_after_seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1);
        return Err(Error::Throttled {
            retry_after_seconds,
        });
    }
    let [(pair, _), (network, _), (name, _)] = limits;
    Ok(Subjects {
        pair,
        network,
        name,
    })
}

fn remaining(from: Timestamp, now: Timestamp) -> Duration {
    from.plus(WINDOW).since(now)
}

/// Once a window, so that guessing does not fill the ledger.
async fn note_block(tx: &mut db::Tx, ground: &Ground, subject: &str) -> Result<(), Error> {
    let party = node_party_in(tx).await?;
    let viewer = Viewer::node("sign-in", party, Mode::Real);
    audit::act(tx, ground, &viewer, "access.blocked", subject, &json!({})).await?;
    Ok(())
}

/// An IPv4 address, or the /64 of an IPv6 address, which one customer holds.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let prefix = v6.to_bits() >> 64;
            format!("{prefix:016x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_a_64_count_as_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
