//! The request for mitigation, over a line that is cut, with an intruder on it.

use std::{
    io::{Cursor, Read},
    time::Duration,
};

use anyhow::anyhow;
use exchange::ops;
use federation::{
    body::Attachment,
    state::{Delivery, Grade},
    store,
    wire::Answer,
};
use kernel::{IncidentRef, Mode, PageRequest, ThreadId};
use seal::Digest;
use server::loopback::{Intruder, address_past_the_line, alter};

use super::{
    cast::{ALDORIA, BREVONIA},
    messages::{Asked, FLASH, from_aldoria, send, show},
    stage::Stage,
    words,
    world::{Letter, World, code},
};
use crate::output::Failure;

/// Sends the request while the line is cut, has an altered copy refused, mends the line, and waits
/// for the timers of Aldoria's node.
pub(super) async fn request_over_a_bad_line(
    world: &mut World,
    stage: &mut Stage,
    (case, thread): (IncidentRef, ThreadId),
) -> Result<Asked, Failure> {
    stage
        .step("Aldoria asks for mitigation, with indicators, and the line is cut")
        .await?;
    let (here, there) = (code(ALDORIA)?, code(BREVONIA)?);
    let (exchange, duty) = (world.exchange(ALDORIA)?, world.viewer(ALDORIA, "ilva")?);
    let content = words::indicators(exchange.ground.now())?;
    let named = Attachment {
        name: words::INDICATORS_NAME.to_owned(),
        media_type: words::INDICATORS_TYPE.to_owned(),
    };
    let file = ops::put_file(&exchange, &duty, named, Cursor::new(content.clone())).await?;
    world.fleet.line(&here, &there)?.cut();
    stage.fault("the line from Aldoria to Brevonia is cut");
    let mut draft = from_aldoria("ilva", Some(thread), words::request(case)?);
    draft.urgency = FLASH;
    draft.files = vec![file.id];
    let (letter, asked) = send(world, draft).await?;
    stage.fact("message", format_args!("{} · {}", letter.kind, letter.id));
    stage.fact(
        "attached",
        format_args!("{} · {} bytes", words::INDICATORS_NAME, content.len()),
    );
    let waiting = world
        .until(ALDORIA, "the first failure", async || {
            let row = world.delivery(ALDORIA, letter.id).await?;
            Ok(row.outgoing.failing_since.is_some().then_some(row))
        })
        .await?;
    ensure!(
        waiting.outgoing.delivery == Delivery::Queued,
        "the request is {} over a cut line",
        waiting.outgoing.delivery.code()
    );
    stage.fact(
        "delivery",
        "queued; the node tries again by itself, and shows that it has to",
    );

    tampered(world, stage, &letter).await?;

    stage
        .step("The line is mended; nobody presses anything")
        .await?;
    world.fleet.line(&here, &there)?.heal();
    show(world, stage, &letter, Grade::Own).await?;
    let row = world.delivery(ALDORIA, letter.id).await?;
    stage.fact(
        "delivery",
        format_args!("attempt {} got through", row.outgoing.attempt),
    );
    attached(world, &letter, &content).await?;
    stage.proof(
        "Brevonia gave its receipt only when the body and the attachment were durably there, each \
         with the digest that Aldoria signed.",
    );
    Ok(asked)
}

/// Somebody with Aldoria's connection key, and none of its signing keys, brings an altered copy.
async fn tampered(world: &World, stage: &mut Stage, letter: &Letter) -> Result<(), Failure> {
    stage
        .step("Meanwhile an intruder brings an altered copy")
        .await?;
    let (aldoria, there) = (world.node(ALDORIA)?.post(), code(BREVONIA)?);
    let mut tx = world.ground(ALDORIA)?.db.begin_read().await?;
    let envelope = store::envelope_out(&mut tx, letter.id).await?;
    drop(tx);
    let envelope = envelope.ok_or_else(|| anyhow!("the envelope is not in the outbox"))?;
    let later = |header: &mut federation::model::Header| {
        header.answer_due = header
            .answer_due
            .map(|due| due.plus(Duration::from_hours(720)));
    };
    let altered = alter(&envelope, later).ok_or_else(|| anyhow!("the envelope has no deadline"))?;
    ensure!(altered != envelope, "nothing was altered");
    let listener = world.member(BREVONIA)?.serving()?.federation;
    let to = address_past_the_line(aldoria, &there, listener)
        .ok_or_else(|| anyhow!("Brevonia has no address"))?;
    let intruder = Intruder::at(aldoria)?;
    let answer = intruder.bring(to, altered.clone()).await;
    intruder.end().await;
    let Some(Answer::Refused { code, .. }) = answer else {
        return Err(anyhow!("the altered copy was not refused: {answer:?}").into());
    };
    ensure!(
        code.is_damage(),
        "the altered copy was refused as {}",
        code.as_str()
    );
    alarmed(world, BREVONIA, "damaged").await?;
    stage.fault("the copy gives Brevonia thirty days more, under Aldoria's signatures");
    stage.fact("envelope", format_args!("SHA-256 {}", Digest::of(&altered)));
    stage.fact("answer", format_args!("refused: {}", code.as_str()));
    stage.proof(
        "Brevonia can prove what it refused: a leaf `refused` of its ledger. The duty officer has \
         an alarm; the true message keeps its id and its place.",
    );
    Ok(())
}

/// The duty officer of that party has such an alarm.
pub(super) async fn alarmed(world: &World, party: &'static str, code: &str) -> Result<(), Failure> {
    world
        .until(party, "the alarm", async || {
            let mut tx = world.ground(party)?.db.begin_read().await?;
            let page = store::alarms(&mut tx, Mode::Exercise, PageRequest::default()).await?;
            Ok(page
                .items
                .iter()
                .any(|alarm| alarm.code == code)
                .then_some(()))
        })
        .await
}

/// The attachment arrived as it left.
async fn attached(world: &World, letter: &Letter, content: &[u8]) -> Result<(), Failure> {
    let (exchange, duty) = (world.exchange(BREVONIA)?, world.viewer(BREVONIA, "jun")?);
    let (_info, mut reader) = ops::read_file(&exchange, &duty, letter.id, 1).await?;
    let mut arrived = Vec::new();
    reader.read_to_end(&mut arrived)?;
    ensure!(arrived == content, "the attachment differs");
    Ok(())
}
