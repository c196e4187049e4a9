//! The story, from three nodes to a settled matter.

use kernel::{Mode, Viewer};

use super::{
    cast::{ALDORIA, BREVONIA, HUB},
    closing, faults, incident, keep, messages, split_view,
    stage::Stage,
    world::World,
};
use crate::output::Failure;

const OPENING: &str = "Two fictional States and a regional hub deal with one incident. All that \
    they say to each other is an EXERCISE, with key sets of its own; only the historical incidents in \
    the hub's register are real. Times are UTC.";

/// Plays it. Whatever does not hold ends it as a failure.
pub(super) async fn play(world: &mut World, stage: &mut Stage, kept: bool) -> Result<(), Failure> {
    stage.open("COMITY · a demonstration", OPENING);
    three_nodes(world, stage).await?;
    history(world, stage).await?;
    let case = incident::register(world, stage).await?;
    let notice = messages::notify(world, stage, case).await?;
    let request = faults::request_over_a_bad_line(world, stage, (case, notice.thread)).await?;
    messages::acknowledge(world, stage, &request).await?;
    messages::clarify(world, stage, &request).await?;
    split_view::catch(world, stage).await?;
    messages::answer(world, stage, &request).await?;
    incident::contain(world, stage, case).await?;
    closing::close(world, stage, [notice, request]).await?;
    closing::enquire(world, stage, (case, request)).await?;
    keep::prove(world, stage, kept).await?;
    stage.end()
}

async fn three_nodes(world: &World, stage: &mut Stage) -> Result<(), Failure> {
    stage
        .step("Three nodes, which know one another by fingerprint")
        .await?;
    for (code, words) in [
        (ALDORIA, "Aldoria · its hospital will be hit"),
        (BREVONIA, "Brevonia · the activity will come from there"),
        (HUB, "an organisation, no State · witnesses both ledgers"),
    ] {
        let member = world.member(code)?;
        let keys = world.node(code)?.post().keys();
        let set = keys.chain(Mode::Exercise).latest().set();
        stage.fact(code, words);
        stage.fact("", format_args!("root key {}", member.fingerprint()));
        let witness = match set.witnesses.threshold {
            0 => "no witness of its own",
            _ => "the hub as witness",
        };
        stage.fact(
            "",
            format_args!(
                "key set {} for exercises · Ed25519 + ML-DSA-65 · {witness}",
                set.seq
            ),
        );
    }
    Ok(())
}

/// The hub's register holds what has happened in the world, as real data.
async fn history(world: &World, stage: &mut Stage) -> Result<(), Failure> {
    stage.step("The hub loads the historical incidents").await?;
    let ground = world.ground(HUB)?;
    let viewer = Viewer::node("import", HUB.parse()?, Mode::Real);
    let done = incidents::ops::import_shipped(ground, &viewer).await?;
    ensure!(
        done.created > 0,
        "no historical incident ships with the program"
    );
    stage.fact(
        "imported",
        format_args!("{} incidents of United Nations documents", done.created),
    );
    stage.fact(
        "mode",
        "real, without the exercise mark: a list shows one or the other, never both",
    );
    let exercise = world.viewer(HUB, "ravi")?;
    let page = incident::count(ground, &exercise).await?;
    ensure!(page == 0, "real incidents are shown in an exercise");
    Ok(())
}
