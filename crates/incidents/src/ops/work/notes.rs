use access::policy::Act;
use audit::Ground;
use kernel::{IncidentRef, UserId, Viewer, boxed};

use super::{begin, finish, hand, next, people, tasks::named};
use crate::{
    error::Error,
    model::{Incident, Invalid, Prose},
    ops::load,
    record::Code,
    store::{
        attention,
        work::{self as sql, Counted},
    },
    wire::NoteBody,
    work::{NOTES_MAX, Note, mentioned},
};

/// Adds a note. Whoever it mentions by `@name` finds it on the desk; a name of nobody who may see the
/// entry is refused, so that nobody believes to have told somebody whom he has not.
#[boxed]
pub async fn add_note(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    body: Prose,
) -> Result<Incident, Error> {
    let (mut tx, incident) = begin(ground, viewer, public).await?;
    let ordinal = next(&mut tx, &incident, (Counted::Notes, "notes", NOTES_MAX), 1).await?;
    let names = mentioned(body.as_str());
    let mut mentions = Vec::with_capacity(names.len());
    if !names.is_empty() {
        let people = people(&mut tx, viewer, &incident).await?;
        for name in &names {
            mentions.push(named(&people, name, "body")?);
        }
    }
    let note = Note {
        ordinal,
        body,
        written: hand(ground, viewer)?,
    };
    sql::add_note(&mut tx, incident.id, &note, &mentions).await?;
    let body = NoteBody::from(&note);
    finish(tx, ground, viewer, (Code::NoteAdded, incident), &body).await
}

/// Marks the notes that mention the viewer as seen.
#[boxed]
pub async fn see_mentions(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Incident, Error> {
    let user = person(viewer)?;
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::CaseRead, public).await?;
    attention::see(&mut tx, incident.id, user, ground.now()).await?;
    tx.commit().await?;
    Ok(incident)
}

/// Begins or ends to watch an entry: its changes are then told on the desk of the viewer.
#[boxed]
pub async fn watch(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    begins: bool,
) -> Result<Incident, Error> {
    let user = person(viewer)?;
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::CaseRead, public).await?;
    let since = begins.then(|| ground.now());
    attention::watch(&mut tx, incident.id, user, since).await?;
    tx.commit().await?;
    Ok(incident)
}

fn person(viewer: &Viewer) -> Result<UserId, Invalid> {
    viewer.user().ok_or(Invalid {
        field: "user",
        rule: "only users watch and are mentioned",
    })
}
