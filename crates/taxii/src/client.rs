//! TAXII 2.1 as a client: collections of others are pulled, and ours pushed to them.
//!
//! How far an exchange has come is saved with each page, in the transaction of its objects: whatever
//! ends a run, the next one goes on behind the last page that is here. What other servers do against
//! the specification is tolerated where nothing is lost by it, and told in the notes of the run. The
//! protocol has no deletions: what a server takes back stays here.

mod body;
mod find;
mod moment;
mod pull;
mod push;
mod series;
mod talk;
mod test;

use std::sync::Arc;

use intel::{
    model::{Direction, Invalid, RemoteSettings},
    remotes::Handler,
};

/// The longest text of a selection.
const TEXT_BYTES_MAX: usize = 1_000;

/// How a server that speaks TAXII 2.1 is spoken to.
pub fn handler() -> Handler {
    Handler {
        check,
        run: Arc::new(|visit| {
            Box::pin(async move {
                match visit.remote.direction {
                    Direction::Pull => pull::pull(visit).await,
                    Direction::Push => push::push(visit).await,
                }
            })
        }),
        test: Arc::new(|visit| Box::pin(test::test(visit))),
    }
}

fn check(settings: &RemoteSettings, _direction: Direction) -> Result<(), Invalid> {
    let known = settings.selection.iter().all(|(name, value)| {
        let text = value.as_str().filter(|text| text.len() <= TEXT_BYTES_MAX);
        matches!(name.as_str(), "collection" | "root") && text.is_some()
    });
    if known {
        Ok(())
    } else {
        Err(Invalid {
            field: "selection",
            rule: "`collection` and `root`, each a text of at most 1,000 bytes",
        })
    }
}
