use access::model::Person;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, UserId, Viewer, boxed};

use super::{begin, finish, hand, next, people};
use crate::{
    error::Error,
    model::{Incident, Invalid},
    record::Code,
    store::work::{self as sql, Counted},
    wire::TaskBody,
    work::{TASKS_MAX, Task, TaskFacts},
};

/// Adds a task. Gives its number.
#[boxed]
pub async fn add_task(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    facts: TaskFacts,
) -> Result<(Incident, i64), Error> {
    let (mut tx, incident) = begin(ground, viewer, public).await?;
    let task = put_new(&mut tx, ground, viewer, (&incident, facts)).await?;
    let body = TaskBody::from(&task);
    let code = (Code::TaskAdded, incident);
    let incident = finish(tx, ground, viewer, code, &body).await?;
    Ok((incident, task.number))
}

/// Changes a task that is at that version.
#[boxed]
pub async fn change_task(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (number, version): (i64, i64),
    facts: TaskFacts,
) -> Result<Incident, Error> {
    let (mut tx, incident) = begin(ground, viewer, public).await?;
    let there = sql::tasks(&mut tx, incident.id).await?;
    let before = there.into_iter().find(|task| task.number == number);
    let before = before.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::TaskStale {
            given: version,
            current: before.version,
        });
    }
    // Whoever has the task keeps it, even where he may no longer see the entry: that is for people
    // to change.
    let assignee = if facts.assignee == before.facts.assignee {
        before.assignee
    } else {
        assignee(&mut tx, viewer, (&incident, &facts)).await?
    };
    let task = Task {
        number,
        facts,
        assignee,
        version: version.saturating_add(1),
        made: before.made,
        changed: hand(ground, viewer)?,
    };
    if !sql::put_task(&mut tx, incident.id, &task).await? {
        return Err(Error::NotFound);
    }
    let body = TaskBody::from(&task);
    finish(tx, ground, viewer, (Code::TaskChanged, incident), &body).await
}

/// Writes a new task under the next number.
pub(super) async fn put_new(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (incident, facts): (&Incident, TaskFacts),
) -> Result<Task, Error> {
    let room = (Counted::Tasks, "tasks", TASKS_MAX);
    next(tx, incident, room, 1).await?;
    let task = Task {
        number: sql::next_task(tx, incident.id).await?,
        assignee: assignee(tx, viewer, (incident, &facts)).await?,
        facts,
        version: 1,
        made: hand(ground, viewer)?,
        changed: hand(ground, viewer)?,
    };
    sql::put_task(tx, incident.id, &task).await?;
    Ok(task)
}

/// The user behind the name of the assignee, who must be able to see the task.
async fn assignee(
    tx: &mut Tx,
    viewer: &Viewer,
    (incident, facts): (&Incident, &TaskFacts),
) -> Result<Option<UserId>, Error> {
    let Some(name) = &facts.assignee else {
        return Ok(None);
    };
    let people = people(tx, viewer, incident).await?;
    Ok(Some(named(&people, name, "assignee")?))
}

/// The user of that name among those who may see the entry.
pub(super) fn named(people: &[Person], name: &str, field: &'static str) -> Result<UserId, Invalid> {
    let found = people.iter().find(|person| person.name.as_str() == name);
    found.map(|person| person.id).ok_or(Invalid {
        field,
        rule: "names a user who may see the work on this incident",
    })
}
