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
                    "{:8} {} · {}",
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
        "the case and its threads are in exercise mode; the hub's historical incidents in real \
         mode: the switch is in the settings of each user",
    );
    stage.plain("");
    stage.plain("Press Ctrl-C to stop the three nodes.");
    stage.end()
}
