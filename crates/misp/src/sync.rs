//! Exchanges with other instances of MISP, and with feeds.
//!
//! A remote of the kind `misp` speaks the interface that instances speak with each other: what it
//! pulls is what a server that pulls asks for, what it pushes goes as a server pushes. One of the kind
//! `misp-feed` reads a folder of files. Each comparison is of lists of UUIDs and times, so that a run
//! that was cut goes on where it stopped, and one without changes costs one question.

mod folder;
mod missed;
mod moving;
mod peer;
mod plan;
mod pull;
mod push;
mod rules;
mod take;
mod test;

pub use folder::{FeedError, Published, to_folder};
pub use moving::{Account, Destination, from_folder, from_instance};
pub use peer::limits;

use std::sync::Arc;

use intel::{
    model::{Direction, Invalid, RemoteKind, RemoteSettings},
    remotes::Handler,
};

/// The handlers of both kinds.
pub fn handlers() -> [(RemoteKind, Handler); 2] {
    let instance = Handler {
        check: |settings, _| rules::Rules::of(settings).map(drop),
        run: Arc::new(|visit| match visit.remote.direction {
            Direction::Pull => Box::pin(pull::run(visit)),
            Direction::Push => Box::pin(push::run(visit)),
        }),
        test: Arc::new(|visit| Box::pin(test::instance(visit))),
    };
    let feed = Handler {
        check: check_feed,
        run: Arc::new(|visit| Box::pin(pull::run(visit))),
        test: Arc::new(|visit| Box::pin(test::feed(visit))),
    };
    [(RemoteKind::Misp, instance), (RemoteKind::MispFeed, feed)]
}

fn check_feed(settings: &RemoteSettings, direction: Direction) -> Result<(), Invalid> {
    if direction == Direction::Push {
        return Err(Invalid {
            field: "direction",
            rule: "pull: a feed is read; collections of this node are published as feeds by themselves",
        });
    }
    rules::Rules::of(settings).map(drop)
}
