//! Messages about circles that arrive.

use std::sync::Arc;

use audit::Ground;
use db::Tx;
use directory::ops as rows;
use federation::{
    body::Body,
    model::Header,
    post::{Delivered, Judged, Room, Taken},
    state::RefusalCode,
};
use kernel::{Problem, Viewer, boxed};

use super::AnswerJob;
use crate::{
    error::Error,
    jobs::{self, CircleChanged},
    model::{CircleMessage, refused},
};

/// The handler of messages about circles, for the table that `federation` hands messages down by.
pub fn circle_room() -> Room {
    Room {
        check: Arc::new(check),
        judge: Some(Arc::new(|tx, ground, delivered| -> Judged<'_> {
            Box::pin(async move { judge(tx, ground, delivered).await.map_err(Problem::from) })
        })),
        take: Arc::new(|tx, ground, delivered| -> Taken<'_> {
            Box::pin(async move { take(tx, ground, delivered).await.map_err(Problem::from) })
        }),
        leave: None,
    }
}

fn check(header: &Header, body: &Body) -> Result<(), RefusalCode> {
    CircleMessage::read(header, body).map(drop)
}

fn read(delivered: &Delivered) -> Result<(CircleMessage, Viewer), Error> {
    let header = &delivered.header;
    let message = CircleMessage::read(header, &delivered.body);
    let message = message.map_err(|_checked_before| Error::Unreadable)?;
    let node = Viewer::node("circles", header.to.party.clone(), header.mode());
    Ok((message, node))
}

#[boxed]
async fn judge(
    tx: &mut Tx,
    ground: &Ground,
    delivered: &Delivered,
) -> Result<Result<(), RefusalCode>, Error> {
    let (message, node) = read(delivered)?;
    let from = &delivered.peer;
    let judged = match &message {
        CircleMessage::Version(signed) => rows::judge_in(tx, ground, &node, from, signed)
            .await?
            .map(drop),
        CircleMessage::Wish { circle, .. } => rows::judge_wish_in(tx, &node, *circle, from).await?,
    };
    Ok(judged.map_err(|refusal| refused(&refusal)))
}

#[boxed]
async fn take(tx: &mut Tx, ground: &Ground, delivered: &Delivered) -> Result<(), Error> {
    let (message, node) = read(delivered)?;
    let from = &delivered.peer;
    match message {
        CircleMessage::Version(signed) => {
            rows::take_in(tx, ground, &node, &signed).await?;
            let job = CircleChanged {
                circle: signed.version().id,
                mode: node.mode,
            };
            ground
                .enqueue(tx, jobs::CIRCLE_CHANGED, &job, ground.now())
                .await?;
        }
        CircleMessage::Wish { circle, wish, seen } => {
            let told = (circle, wish, seen);
            if rows::take_wish_in(tx, ground, &node, from, told).await? {
                let job = AnswerJob {
                    circle,
                    mode: node.mode,
                    party: from.clone(),
                    wish,
                    seen,
                };
                ground
                    .enqueue(tx, jobs::CIRCLE_ANSWER, &job, ground.now())
                    .await?;
            }
        }
    }
    tx.wake();
    Ok(())
}
