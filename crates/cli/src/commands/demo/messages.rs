//! What the two States say to each other.

use std::time::Duration;

use exchange::{
    model::{NewMessage, Statement},
    ops,
};
use federation::{
    model::{Urgency, UrgencyBasis},
    state::Grade,
};
use kernel::{FileId, IncidentRef, MessageId, ThreadId, Tlp};

use super::{
    cast::{ALDORIA, BREVONIA},
    incident::ACTIVE_BEFORE,
    stage::{Stage, clock_time},
    words,
    world::{Letter, World, code, name},
};
use crate::output::Failure;

/// A message that asks, and the thread that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) thread: ThreadId,
    pub(super) id: MessageId,
}

/// Who says what.
pub(super) struct Draft {
    pub(super) from: &'static str,
    pub(super) by: &'static str,
    pub(super) to: &'static str,
    pub(super) thread: Option<ThreadId>,
    pub(super) urgency: Urgency,
    pub(super) statement: Statement,
    pub(super) files: Vec<FileId>,
}

/// Lives are at risk.
pub(super) const FLASH: Urgency = Urgency::Flash {
    basis: UrgencyBasis::LifeAtRisk,
};

/// A message of Aldoria.
pub(super) const fn from_aldoria(
    by: &'static str,
    thread: Option<ThreadId>,
    statement: Statement,
) -> Draft {
    Draft {
        from: ALDORIA,
        by,
        to: BREVONIA,
        thread,
        urgency: Urgency::Routine,
        statement,
        files: Vec::new(),
    }
}

/// A message of Brevonia.
pub(super) const fn from_brevonia(
    by: &'static str,
    thread: ThreadId,
    statement: Statement,
) -> Draft {
    Draft {
        from: BREVONIA,
        by,
        to: ALDORIA,
        thread: Some(thread),
        urgency: Urgency::Routine,
        statement,
        files: Vec::new(),
    }
}

/// Sends, as a person at the screen would.
pub(super) async fn send(world: &mut World, draft: Draft) -> Result<(Letter, Asked), Failure> {
    let exchange = world.exchange(draft.from)?;
    let viewer = world.viewer(draft.from, draft.by)?;
    let kind = draft.statement.kind().as_str();
    let message = NewMessage {
        id: None,
        thread: draft.thread,
        to: code(draft.to)?,
        to_desk: None,
        from_desk: None,
        parent: None,
        urgency: draft.urgency,
        ack_due: None,
        answer_due: None,
        tlp: Tlp::Amber,
        statement: draft.statement,
        files: draft.files,
    };
    let sent = ops::send(&exchange, &viewer, message).await?;
    let letter = Letter {
        from: draft.from,
        to: draft.to,
        id: sent.id,
        kind,
    };
    world.letters.push(letter.clone());
    let asked = Asked {
        thread: sent.thread,
        id: sent.id,
    };
    Ok((letter, asked))
}

/// Sends in a step of its own, and shows the receipt.
pub(super) async fn say(
    world: &mut World,
    stage: &mut Stage,
    draft: Draft,
    least: Grade,
) -> Result<Asked, Failure> {
    let (letter, asked) = send(world, draft).await?;
    show(world, stage, &letter, least).await?;
    Ok(asked)
}

/// Waits for the receipt, checks it as anybody could, and shows what it says.
pub(super) async fn show(
    world: &World,
    stage: &mut Stage,
    letter: &Letter,
    least: Grade,
) -> Result<(), Failure> {
    world.receipted(letter, least).await?;
    let shown = world.receipt(letter, least).await?;
    let header = &shown.header;
    stage.fact(
        "message",
        format_args!("{} · {} · TLP:{}", letter.kind, letter.id, header.tlp),
    );
    stage.fact(
        "sent",
        format_args!(
            "{} by {}, key set {}, to {} · {} sealed {}",
            clock_time(header.sent),
            name(letter.from),
            header.keyset,
            name(letter.to),
            header.sealed.len(),
            if header.sealed.len() == 1 {
                "file"
            } else {
                "files"
            },
        ),
    );
    stage.fact(
        "receipt",
        format_args!(
            "leaf {} of the ledger comity/{}/exercise · {}",
            shown.leaf, letter.to, shown.signed_by
        ),
    );
    Ok(())
}

/// The notification to the State of origin, and its receipt.
pub(super) async fn notify(
    world: &mut World,
    stage: &mut Stage,
    case: IncidentRef,
) -> Result<Asked, Failure> {
    stage.step("Aldoria notifies the State of origin").await?;
    let since = world.ground(ALDORIA)?.now().minus(ACTIVE_BEFORE);
    let mut draft = from_aldoria("noor", None, words::notice(case, since)?);
    draft.urgency = FLASH;
    let (letter, asked) = send(world, draft).await?;
    stage.fact("thread", asked.thread);
    stage.fact(
        "says",
        "“no attribution to a State is implied” stands in it unless taken out",
    );
    show(world, stage, &letter, Grade::Witnessed).await?;
    stage.proof(
        "Aldoria can prove to anybody that Brevonia's node held every byte of the notice before \
         the hub's time. It cannot prove that somebody has read it, and nobody claims so.",
    );
    stage.proof("Brevonia can prove who signed it. The hub saw a hash, and no content.");

    stage
        .step("Brevonia's diplomat acknowledges the notice")
        .await?;
    let received = world.ground(BREVONIA)?.now();
    let next = received.plus(Duration::from_hours(4));
    let heads = ("We have your notice", "Division for information security");
    let statement = words::acknowledgement(asked.id, received, next, heads)?;
    let draft = from_brevonia("samir", asked.thread, statement);
    say(world, stage, draft, Grade::Own).await?;
    stage.fact(
        "says",
        "“acknowledging is not agreeing”, as every acknowledgement does",
    );
    Ok(asked)
}

/// The request was seen and has a handler.
pub(super) async fn acknowledge(
    world: &mut World,
    stage: &mut Stage,
    request: &Asked,
) -> Result<(), Failure> {
    stage.step("Brevonia acknowledges the request").await?;
    let received = world.ground(BREVONIA)?.now();
    let next = received.plus(Duration::from_hours(2));
    let heads = ("We are on it", "Operations room, National CERT");
    let statement = words::acknowledgement(request.id, received, next, heads)?;
    let draft = from_brevonia("jun", request.thread, statement);
    say(world, stage, draft, Grade::Own).await?;
    stage.fact("promise", format_args!("more by {}", clock_time(next)));
    Ok(())
}

/// A question back, which stops the clock, and its answer.
pub(super) async fn clarify(
    world: &mut World,
    stage: &mut Stage,
    request: &Asked,
) -> Result<(), Failure> {
    stage
        .step("Brevonia asks back; the clock of the answer stands still")
        .await?;
    let draft = from_brevonia("jun", request.thread, words::question(request.id)?);
    let question = say(world, stage, draft, Grade::Own).await?;
    expect_state(world, request, "clarifying").await?;
    stage.fact("request", "clarifying");

    stage.step("Aldoria answers; the clock runs again").await?;
    let statement = words::answer(request.id, question.id)?;
    let draft = from_aldoria("ilva", Some(request.thread), statement);
    say(world, stage, draft, Grade::Own).await?;
    expect_state(world, request, "in_progress").await?;
    stage.fact("request", "in progress");
    Ok(())
}

/// What was done meanwhile, and the answer.
pub(super) async fn answer(
    world: &mut World,
    stage: &mut Stage,
    request: &Asked,
) -> Result<(), Failure> {
    stage
        .step("Brevonia reports what it has done so far")
        .await?;
    let at = world.ground(BREVONIA)?.now();
    let draft = from_brevonia("mei", request.thread, words::progress(request.id, at)?);
    say(world, stage, draft, Grade::Own).await?;

    stage
        .step("Brevonia answers the request: accepted, with four actions")
        .await?;
    let at = world.ground(BREVONIA)?.now();
    let draft = from_brevonia("jun", request.thread, words::response(request.id, at)?);
    say(world, stage, draft, Grade::Witnessed).await?;
    expect_state(world, request, "responded").await?;
    stage.fact("request", "responded");
    stage.proof(
        "Received, acknowledged, answered and acted upon are four statements. The first is proven \
         by a ledger; the others are Brevonia's word, signed with its keys.",
    );
    Ok(())
}

/// Both nodes see the request so.
async fn expect_state(world: &World, request: &Asked, state: &str) -> Result<(), Failure> {
    for (party, person, other) in [(ALDORIA, "ilva", BREVONIA), (BREVONIA, "jun", ALDORIA)] {
        let (exchange, viewer) = (world.exchange(party)?, world.viewer(party, person)?);
        let other = code(other)?;
        let thread = ops::read_thread(&exchange, &viewer, request.thread, Some(&other)).await?;
        let mut requests = thread.requests.iter();
        let found = requests.find(|one| one.id == request.id);
        let found = found.map(|one| one.state.code());
        ensure!(
            found == Some(state),
            "at {} the request is {found:?} instead of {state}",
            name(party)
        );
    }
    Ok(())
}
