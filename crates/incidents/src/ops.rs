//! What can be done with the register. Each op asks the policy, loads, decides, saves and records
//! the act in one transaction.

mod add;
mod advance;
mod assess;
mod attach;
mod clock;
mod course;
mod create;
mod edit;
mod export;
mod harm;
mod import;
mod link;
mod list;
mod past;
mod statistics;
mod take;
mod tally;
mod view;
mod weeks;
mod work;

use access::{
    model::Person,
    ops::people_to_name_in,
    policy::{self, Act, Subject},
};
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Tlp, Viewer, boxed};

pub use add::{add_statement, add_timeline, add_timeline_in};
pub use advance::advance;
pub(crate) use assess::settle_anew;
pub use assess::{LevelCount, assess, levels, rate};
pub use attach::attach;
pub use clock::{Outstanding, drop_duty, file, follow, occurred, outstanding, request};
pub(crate) use clock::{begin, enter_filing, finish};
pub use course::{enter, take_out};
pub use create::{create, create_in};
pub use edit::edit;
pub(crate) use edit::edit_in;
pub(crate) use export::cases;
pub use export::{export, export_lines};
pub use harm::add_harm;
pub use import::{Imported, import_shipped};
pub use link::{link, link_in, linked, unlink};
pub(crate) use list::sight;
pub use list::{Count, StageCount, count, list, stages, titles};
pub use statistics::statistics;
pub(crate) use take::{Mark, bring_in};
pub use take::{Outcome, TakenLine, export_unread, take_in};
pub use tally::tally;
pub(crate) use tally::{settle, settle_new};
pub(crate) use view::complete;
pub use view::{history, view};
pub use weeks::{Week, weeks};
pub use work::{
    add_lesson, add_note, add_task, apply_template, change_task, changes, colleagues,
    find_indicators, indicators, keep_indicators, mine, see_mentions, watch, work,
};

use crate::{
    error::Error,
    model::{Facts, Incident},
    store,
};

/// Is the viewer among those whom the entry names as its readers?
pub(crate) fn is_named(viewer: &Viewer, facts: &Facts) -> bool {
    viewer
        .user()
        .is_some_and(|user| facts.named.contains(&user))
}

/// Whom somebody who writes an entry can name as its readers while it is RED, by name.
#[boxed]
pub async fn readers(ground: &Ground, viewer: &Viewer) -> Result<Vec<Person>, Error> {
    policy::check_house(viewer, Act::IncidentCreate).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(people_to_name_in(&mut tx, viewer, Act::IncidentRead, Tlp::Red).await?)
}

/// The subject that the policy decides on.
pub(crate) fn subject(viewer: &Viewer, incident: &Incident) -> Subject {
    let facts = &incident.facts;
    Subject::content(incident.mode, facts.tlp, is_named(viewer, facts))
}

/// The entry, if the viewer may do this to it. Whoever may not know of it hears that there is none.
pub(crate) async fn load(
    tx: &mut Tx,
    viewer: &Viewer,
    act: Act,
    public: IncidentRef,
) -> Result<Incident, Error> {
    let incident = load_even_merged(tx, viewer, act, public).await?;
    if act == Act::IncidentEdit && crate::merge::store::is_merged(tx, incident.id).await? {
        return Err(Error::Merged);
    }
    Ok(incident)
}

/// [`load`], also of an entry that was merged into another and takes nothing more.
pub(crate) async fn load_even_merged(
    tx: &mut Tx,
    viewer: &Viewer,
    act: Act,
    public: IncidentRef,
) -> Result<Incident, Error> {
    let incident = store::find(tx, public).await?.ok_or(Error::NotFound)?;
    match policy::check(viewer, act, &subject(viewer, &incident)) {
        Ok(()) => Ok(incident),
        Err(refused) if refused.hidden => Err(Error::NotFound),
        Err(refused) => Err(Error::Refused(refused)),
    }
}

/// The entry at the version that the caller has, if the viewer may change it.
async fn load_at(
    tx: &mut Tx,
    viewer: &Viewer,
    public: IncidentRef,
    given: i64,
) -> Result<Incident, Error> {
    let incident = load(tx, viewer, Act::IncidentEdit, public).await?;
    let current = incident.version;
    if current == given {
        Ok(incident)
    } else {
        Err(Error::Stale { given, current })
    }
}

/// Whoever enters or changes an entry goes on being able to read it: where the label asks for names,
/// the user's is added.
pub(crate) fn keep_reader(viewer: &Viewer, mut facts: Facts) -> Facts {
    let open = policy::visible(viewer, policy::Area::Incidents).sees(viewer.mode, facts.tlp, false);
    if let Some(user) = viewer.user()
        && !open
        && !facts.named.contains(&user)
    {
        facts.named.push(user);
        facts.named.sort_unstable();
    }
    facts
}

/// Raises the version of an entry to which something was added.
pub(crate) async fn touch(
    tx: &mut Tx,
    ground: &Ground,
    mut incident: Incident,
) -> Result<Incident, Error> {
    let given = incident.version;
    incident.version += 1;
    incident.updated_at = ground.clock.now();
    if store::touch(tx, &incident).await? {
        Ok(incident)
    } else {
        Err(stale(tx, &incident, given).await?)
    }
}

/// Saves an entry under the next version. What it adds to counts is for the caller to settle, once all of
/// it stands.
pub(crate) async fn save(
    tx: &mut Tx,
    ground: &Ground,
    mut incident: Incident,
) -> Result<Incident, Error> {
    let given = incident.version;
    incident.version += 1;
    incident.updated_at = ground.clock.now();
    if store::save(tx, &incident).await? {
        Ok(incident)
    } else {
        Err(stale(tx, &incident, given).await?)
    }
}

/// Another transaction was first.
async fn stale(tx: &mut Tx, incident: &Incident, given: i64) -> Result<Error, Error> {
    let current = store::find(tx, incident.public).await?;
    Ok(current.map_or(Error::NotFound, |current| Error::Stale {
        given,
        current: current.version,
    }))
}
