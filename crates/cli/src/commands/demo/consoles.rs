//! The three consoles, and who signs in to them.

use kernel::Role;

use super::{cast::PARTIES, stage::Stage, world::World};
use crate::output::Failure;

/// Says where they are and how to sign in.
pub(super) async fn show(world: &World, stage: &mut Stage) -> Result<(), Failure> {
    stage.step("The three consoles are open").await?;
    for party in &PARTIES {
        stage.fact(party.word, world.member(party.code)?.web_url()?);
        for person in party.people {
            let roles: Vec<&str> = person
                .roles
                .iter()
                .map(|role: &Role| role.as_str())
                .collect();
            stage.fact(
                "",
                format_args!(
                    "{} · {} · {}",
                    person.name,
                    person.display,
                    roles.join(", ")
                ),
            );
        }
    }
    stage.fact("password", &world.password);
    stage.fact(
        "hint",
        "the case and its threads are exercise data, the historical incidents at the hub real \
         data; “Show real data” and “Show exercise data” switch between the two",
    );
    stage.plain("");
    stage.plain("Press Ctrl-C to stop the three nodes.");
    stage.end()
}
