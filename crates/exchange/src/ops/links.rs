//! The incidents of the register that messages name.

use audit::Ground;
use db::Tx;
use federation::model::Header;
use incidents::model::{Dated, Fidelity, Link, TimelineEntry};
use kernel::{IncidentRef, Tlp, Viewer};

use crate::error::Error;

/// What links to threads are called.
pub(super) const THREAD: &str = "thread";

/// Links the incidents to the thread, and says in their timelines that the message was sent or came.
/// The line holds kind and party, nothing that is sealed. An incident that this party does not have,
/// or that neither the viewer nor the node may change, stays as it is; so does one whose readers may
/// not learn of a message, which is so for RED ones.
pub(super) async fn tie(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (header, ours): (&Header, bool),
    incidents: &[IncidentRef],
) -> Result<(), Error> {
    if header.tlp == Tlp::Red {
        return Ok(());
    }
    let party = if ours {
        &header.to.party
    } else {
        &header.from.party
    };
    let told = if ours {
        format!("{} sent to {party}", header.kind)
    } else {
        format!("{} received from {party}", header.kind)
    };
    let bad = |_invalid| Error::Unreadable;
    let link = Link {
        kind: THREAD.parse().map_err(bad)?,
        target: header.thread.to_string().parse().map_err(bad)?,
        label: party.as_str().parse().map_err(bad)?,
    };
    let entry = TimelineEntry {
        at: Dated::new(ground.now(), Fidelity::Minute),
        what: told.parse().map_err(bad)?,
        source: None,
    };
    let node = Viewer::node("exchange", viewer.party.clone(), viewer.mode);
    for public in incidents {
        for who in [viewer, &node] {
            match incidents::ops::link_in(tx, ground, who, *public, &link).await {
                Ok(_) => {
                    incidents::ops::add_timeline_in(tx, ground, who, *public, &entry)
                        .await
                        .map(drop)
                        .or_else(lenient)?;
                    break;
                }
                Err(error) => lenient(error)?,
            }
        }
    }
    Ok(())
}

/// A full or foreign register is no reason not to speak.
fn lenient(error: incidents::Error) -> Result<(), Error> {
    match error {
        incidents::Error::NotFound
        | incidents::Error::Refused(_)
        | incidents::Error::TooMany { .. } => Ok(()),
        other => Err(other.into()),
    }
}
