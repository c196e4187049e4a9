//! Reminders by mail, for people who chose that.
//!
//! A reminder that is told enqueues, in the same transaction, a job for each of them; the mailbox sends
//! the mail, and asks here right before what may be said to whom: the incident's reference, the rule, the
//! report and when it is due, and nothing else of the incident.

use ::mail::Address;
use access::{
    model::Status,
    ops::user_in,
    policy::{self, Act},
};
use audit::Ground;
use db::Tx;
use kernel::{
    IncidentId, IncidentRef, Language, PartyCode, Timestamp, Tlp, UserId, Viewer, Who, boxed,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{remind::Step, store};
use crate::{
    clocks::Due,
    error::Error,
    model::Invalid,
    ops::subject,
    state::Stage,
    store::{clocks::clocks, find},
};

/// Tells somebody by mail of a report that is due.
pub const BY_MAIL: &str = "incidents.remind_by_mail";

/// Whom to tell of what.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Mailing {
    /// Who is told.
    pub user: UserId,
    /// The incident.
    pub incident: IncidentRef,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// When it is due.
    pub due: Timestamp,
    /// So many hours before it is told; 0 where it is late.
    pub hours: u32,
}

/// A reminder as it goes out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ByMail {
    /// Where to.
    pub to: Address,
    /// In which language.
    pub language: Language,
    /// The incident.
    pub incident: IncidentRef,
    /// Its label.
    pub tlp: Tlp,
    /// Whether it is one of an exercise.
    pub is_exercise: bool,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// When it is due.
    pub due: Timestamp,
    /// Whether that is over.
    pub is_late: bool,
}

/// Where the viewer is reminded by mail; nothing where he did not choose that.
#[boxed]
pub async fn address(ground: &Ground, viewer: &Viewer) -> Result<Option<Address>, Error> {
    policy::check_house(viewer, Act::SettingsOwn).map_err(Error::Refused)?;
    let Some(user) = viewer.user() else {
        return Ok(None);
    };
    let mut tx = ground.db.begin_read().await?;
    Ok(store::mail_address(&mut tx, user).await?)
}

/// Chooses where the viewer is reminded by mail, or that he is not.
#[boxed]
pub async fn choose(
    ground: &Ground,
    viewer: &Viewer,
    address: Option<&str>,
) -> Result<Option<Address>, Error> {
    policy::check_house(viewer, Act::SettingsOwn).map_err(Error::Refused)?;
    let user = viewer.user().ok_or(Error::NotFound)?;
    let address: Option<Address> = address
        .map(|text| text.trim().parse())
        .transpose()
        .map_err(|_no_address| Invalid {
            field: "address",
            rule: "NAME@HOST in ASCII",
        })?;
    let mut tx = ground.db.begin().await?;
    store::set_mail_address(&mut tx, user, address.as_ref(), ground.now()).await?;
    let what = json!({ "on": address.is_some() });
    audit::act(
        &mut tx,
        ground,
        viewer,
        "reminder.mail_chosen",
        &user,
        &what,
    )
    .await?;
    tx.commit().await?;
    Ok(address)
}

/// Enqueues what a reminder asks for, in the transaction that tells it.
pub(super) async fn enqueue(
    tx: &mut Tx,
    ground: &Ground,
    id: IncidentId,
    (regime, stage, due): (&str, &str, Timestamp),
    step: Step,
) -> Result<(), Error> {
    let users = store::mail_users(tx).await?;
    if users.is_empty() {
        return Ok(());
    }
    let Some(incident) = store::public(tx, id).await? else {
        return Ok(());
    };
    for user in users {
        let job = Mailing {
            user,
            incident,
            regime: regime.to_owned(),
            stage: stage.to_owned(),
            due,
            hours: step.hours(),
        };
        ground.enqueue(tx, BY_MAIL, &job, ground.now()).await?;
    }
    Ok(())
}

/// What a reminder says by now. Nothing where it says nothing any more: the person chose otherwise, or
/// may not know of the incident, or the report was filed, is due at another time, or asked for no more.
#[boxed]
pub async fn prepare(
    ground: &Ground,
    party: &PartyCode,
    mailing: &Mailing,
) -> Result<Option<ByMail>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let Some(to) = store::mail_address(&mut tx, mailing.user).await? else {
        return Ok(None);
    };
    let user = user_in(&mut tx, mailing.user).await?;
    let user = user.filter(|user| user.status == Status::Active);
    let (Some(user), Some(incident)) = (user, find(&mut tx, mailing.incident).await?) else {
        return Ok(None);
    };
    let reader = Viewer {
        who: Who::User {
            id: user.id,
            name: user.name.as_str().to_owned(),
        },
        roles: user.roles,
        party: party.clone(),
        circles: Vec::new(),
        mode: incident.mode,
    };
    let may = policy::decide(&reader, Act::IncidentRead, &subject(&reader, &incident));
    if !may.is_allowed() || incident.status.stage() == Stage::Closed {
        return Ok(None);
    }
    let reckoned = clocks(&mut tx, incident.id).await?.reckoned()?;
    let is_open = reckoned.iter().any(|one| {
        one.regime.key == mailing.regime
            && one.stage.key == mailing.stage
            && (&one.due, one.filed) == (&Due::At(mailing.due), None)
    });
    Ok(is_open.then(|| ByMail {
        to,
        language: user.language,
        incident: incident.public,
        tlp: incident.facts.tlp,
        is_exercise: incident.mode.is_exercise(),
        regime: mailing.regime.clone(),
        stage: mailing.stage.clone(),
        due: mailing.due,
        is_late: ground.now() > mailing.due,
    }))
}
