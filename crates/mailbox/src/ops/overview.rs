use std::sync::Arc;

use access::policy::{self, Act};
use incidents::intake::ops::mailed::Telling;
use kernel::{JobId, Timestamp, Viewer, boxed};
use mail::Server;
use queue::{Stand, Standing};
use uuid::Uuid;

use super::{fetch::place_of, take::named};
use crate::{
    Error, Mailbox, Settings,
    jobs::Sending,
    model::{Errand, Health, Overview, Posted, State, Today},
    store,
};

/// So many mails of each kind on their way out are listed.
const LISTED_MAX: i64 = 100;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// All of the mailbox that can be seen without reading mails. Nothing where there is none.
#[boxed]
pub async fn overview(mailbox: &Mailbox, viewer: &Viewer) -> Result<Option<Overview>, Error> {
    policy::check_house(viewer, Act::MailManage)?;
    let Some(settings) = &mailbox.settings else {
        return Ok(None);
    };
    let mut tx = mailbox.ground.db.begin_read().await?;
    let mut outgoing = Vec::new();
    let mut has_more = false;
    for errand in Errand::ALL {
        let jobs = queue::standing(&mut tx, errand.job(), LISTED_MAX + 1).await?;
        let most = usize::try_from(LISTED_MAX).unwrap_or(usize::MAX);
        has_more |= jobs.len() > most;
        for job in jobs.into_iter().take(most) {
            outgoing.push(posted(&mut tx, job).await?);
        }
    }
    outgoing.sort_by_key(|one| (one.created_at, one.job.uuid()));
    let key = store::key(&mut tx, settings.address.as_str()).await?;
    Ok(Some(Overview {
        imap: health(&mut tx, settings, settings.imap.as_ref()).await?,
        smtp: health(&mut tx, settings, settings.smtp.as_ref()).await?,
        last_at: store::last_at(&mut tx).await?.map(Timestamp::from_micros),
        today: today(&mut tx, mailbox.ground.now()).await?,
        waiting: store::count_waiting(&mut tx).await?,
        fingerprint: key.map(|(fingerprint, ..)| fingerprint),
        settings: Arc::clone(settings),
        outgoing,
        has_more,
    }))
}

/// Gives a mail that was given up all its tries again.
#[boxed]
pub async fn retry(mailbox: &Mailbox, viewer: &Viewer, job: JobId) -> Result<(), Error> {
    policy::check_house(viewer, Act::MailManage)?;
    let ground = &mailbox.ground;
    let mut tx = ground.db.begin().await?;
    let mail = given_up(&mut tx, job).await?.mail;
    if let Some(mail) = mail {
        let at = (None, ground.now());
        store::advance(&mut tx, mail, (State::Failed, State::Waiting), at).await?;
    }
    queue::revive(&mut tx, job, ground.now()).await?;
    audit::act(&mut tx, ground, viewer, "mail.retried", &job, &()).await?;
    Ok(tx.commit().await?)
}

/// Says that a mail that was given up goes out no more. It stays where it is kept, as one that failed.
#[boxed]
pub async fn discard(mailbox: &Mailbox, viewer: &Viewer, job: JobId) -> Result<(), Error> {
    policy::check_house(viewer, Act::MailManage)?;
    let ground = &mailbox.ground;
    let mut tx = ground.db.begin().await?;
    let mail = given_up(&mut tx, job).await?.mail;
    if let Some(mail) = mail {
        let at = (None, ground.now());
        store::advance(&mut tx, mail, (State::Waiting, State::Failed), at).await?;
    }
    queue::bury(&mut tx, job).await?;
    audit::act(&mut tx, ground, viewer, "mail.discarded", &job, &()).await?;
    Ok(tx.commit().await?)
}

/// The mail of a job that was given up. Jobs of others are none of ours.
async fn given_up(tx: &mut db::Tx, job: JobId) -> Result<Posted, Error> {
    let found = queue::find(tx, job).await?;
    let dead = found.filter(|job| job.stand == Stand::Dead);
    posted(tx, dead.ok_or(Error::NotFound)?).await
}

async fn posted(tx: &mut db::Tx, job: Standing) -> Result<Posted, Error> {
    let mut errands = Errand::ALL.into_iter();
    let errand = errands.find(|errand| errand.job() == job.kind);
    let errand = errand.ok_or(Error::NotFound)?;
    let (mut mail, mut reference) = (None, None);
    match errand {
        Errand::Mail => {
            let sending: Option<Sending> = serde_json::from_str(&job.payload).ok();
            mail = sending.map(|sending| sending.mail);
            if let Some(mail) = mail {
                let row = store::find(tx, mail).await?;
                reference = row.map(|row| row.reference()).transpose()?;
            }
        }
        Errand::News => {
            let telling: Option<Telling> = serde_json::from_str(&job.payload).ok();
            reference = telling.and_then(|telling| named(&telling.reference).ok());
        }
        // Of which incident is for those who may see it.
        Errand::Reminder => {}
    }
    Ok(Posted {
        job: job.id,
        errand,
        mail,
        reference,
        stand: job.stand,
        attempts: job.attempts,
        created_at: job.created_at,
        said: without_addresses(&job.last_error),
    })
}

/// What a server said, without the addresses that it named: whoever looks here does not read mails.
pub(crate) fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace();
    let shown = words.map(|word| if word.contains('@') { "…" } else { word });
    shown.collect::<Vec<_>>().join(" ")
}

async fn health(
    tx: &mut db::Tx,
    settings: &Settings,
    server: Option<&Server>,
) -> Result<Option<Health>, Error> {
    let Some(server) = server else {
        return Ok(None);
    };
    let row = store::health(tx, &place_of(settings, server)).await?;
    let at = Timestamp::from_micros;
    Ok(Some(match row {
        None => Health {
            server: server.to_string(),
            since: None,
            tried_at: None,
            worked_at: None,
            failure: None,
        },
        Some(row) => Health {
            server: server.to_string(),
            since: Some(at(row.since)),
            tried_at: Some(at(row.tried_at)),
            worked_at: row.worked_at.map(at),
            failure: row.code.map(|code| {
                let said = row.failure.unwrap_or_default();
                (code, without_addresses(&said))
            }),
        },
    }))
}

/// The mails since the day began, by their ids, which begin with the time.
async fn today(tx: &mut db::Tx, now: Timestamp) -> Result<Today, Error> {
    let millis = now.as_micros().div_euclid(1_000);
    let begun = millis - millis.rem_euclid(DAY_MILLIS);
    let from = Uuid::from_u128(u128::try_from(begun).unwrap_or_default() << 80);
    let incoming = store::counts(tx, true, from).await?;
    let outgoing = store::counts(tx, false, from).await?;
    let of = |counts: &[(String, i64)], state: State| {
        let found = counts.iter().find(|(word, _)| word == state.as_str());
        found.map_or(0, |(_, count)| *count)
    };
    Ok(Today {
        came: incoming.iter().map(|(_, count)| count).sum(),
        waiting: of(&incoming, State::New),
        sent: of(&outgoing, State::Sent),
        to_send: of(&outgoing, State::Waiting),
        failed: of(&outgoing, State::Failed),
    })
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn no_address_is_shown_to_whoever_reads_no_mails() {
        assert_eq!(
            without_addresses("550 5.1.1 <someone@example.net>: unknown"),
            "550 5.1.1 … unknown"
        );
    }
}
