//! Both close the thread.

use anyhow::anyhow;
use exchange::{ops, state::ThreadState};
use federation::state::Grade;
use kernel::{IncidentRef, PageRequest};

use super::{
    cast::{ALDORIA, BREVONIA},
    messages::{Asked, Draft, from_aldoria, from_brevonia, say},
    stage::Stage,
    words,
    world::{World, code},
};
use crate::output::Failure;

/// One side closes, then the other; only then is it closed.
pub(super) async fn close(
    world: &mut World,
    stage: &mut Stage,
    asked: [Asked; 2],
) -> Result<(), Failure> {
    let [notice, request] = asked;
    let covers = [notice.id, request.id];
    stage.step("Both close").await?;
    let lessons = "The telephone number of the operations room saved an hour.";
    let draft = from_aldoria(
        "noor",
        Some(request.thread),
        words::closing(&covers, lessons)?,
    );
    say(world, stage, draft, Grade::Own).await?;
    let seen = thread_state(world, &request).await?;
    ensure!(
        matches!(seen, ThreadState::Closing { .. }),
        "one side closed and the thread is {}",
        seen.code()
    );
    let lessons = "Providers need a template for such requests.";
    let draft = from_brevonia("samir", request.thread, words::closing(&covers, lessons)?);
    say(world, stage, draft, Grade::Own).await?;
    let seen = thread_state(world, &request).await?;
    ensure!(
        matches!(seen, ThreadState::Closed { .. }),
        "both sides closed and the thread is {}",
        seen.code()
    );
    stage.fact(
        "thread",
        format_args!("{} is closed by both", request.thread),
    );
    Ok(())
}

/// A question that nobody has answered yet: it waits on Aldoria's desk for whoever looks around there.
pub(super) async fn enquire(
    world: &mut World,
    stage: &mut Stage,
    (case, settled): (IncidentRef, Asked),
) -> Result<(), Failure> {
    stage
        .step("Brevonia asks for something else, and the clock runs")
        .await?;
    let draft = Draft {
        thread: None,
        ..from_brevonia("jun", settled.thread, words::enquiry(case)?)
    };
    let asked = say(world, stage, draft, Grade::Own).await?;
    let (exchange, viewer) = (world.exchange(ALDORIA)?, world.viewer(ALDORIA, "ilva")?);
    let page = ops::clocks(&exchange, &viewer, PageRequest::default()).await?;
    let waits = page.items.iter().find(|clock| clock.message == asked.id);
    let waits = waits.ok_or_else(|| anyhow!("nothing waits on Aldoria's desk"))?;
    stage.fact(
        "waits",
        format_args!("on Aldoria's desk: {} by {}", waits.verb, waits.due),
    );
    Ok(())
}

/// How both sides see the thread; they must agree.
async fn thread_state(world: &World, request: &Asked) -> Result<ThreadState, Failure> {
    let mut states = Vec::new();
    for (party, person, other) in [(ALDORIA, "ilva", BREVONIA), (BREVONIA, "jun", ALDORIA)] {
        let (exchange, viewer) = (world.exchange(party)?, world.viewer(party, person)?);
        let other = code(other)?;
        let view = ops::read_thread(&exchange, &viewer, request.thread, Some(&other)).await?;
        states.push(view.state);
    }
    let [here, there] = <[ThreadState; 2]>::try_from(states)
        .map_err(|_count| anyhow::anyhow!("two nodes have two views"))?;
    ensure!(
        here.code() == there.code(),
        "Aldoria sees the thread {}, Brevonia {}",
        here.code(),
        there.code()
    );
    Ok(here)
}
