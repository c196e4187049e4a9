use std::collections::HashMap;

use access::policy::{Act, check_house};
use kernel::{Limit, MessageId, PartyCode, ThreadId, Viewer, boxed};

use super::place_of;
use crate::{
    Exchange,
    error::Error,
    model::{Deed, Kind},
};

/// To how many messages of a thread, the newest ones, its history looks.
const MESSAGES_MAX: usize = 200;

/// What this house did in a thread, newest first: what was sent, tried again, removed and handed out,
/// by whom. Of messages that the viewer does not see, he learns nothing here either.
#[boxed]
pub async fn history(
    x: &Exchange,
    viewer: &Viewer,
    id: ThreadId,
    party: Option<&PartyCode>,
    limit: Limit,
) -> Result<Vec<Deed>, Error> {
    check_house(viewer, Act::ExchangeRead)?;
    let mut tx = x.ground.db.begin_read().await?;
    let (place, _others, seen) = place_of(&mut tx, viewer, id, party).await?;
    let newest = seen.iter().rev().take(MESSAGES_MAX);
    let messages: HashMap<String, (MessageId, Kind)> = newest
        .map(|kept| (kept.id.to_string(), (kept.id, kept.said.kind)))
        .collect();
    let thread = id.to_string();
    let mut subjects: Vec<String> = messages.keys().cloned().collect();
    subjects.push(thread.clone());
    let acts = audit::histories(&mut tx, viewer, &subjects, limit).await?;
    let with_others = |act: &audit::ActEntry| {
        // One thread may be held with several parties; what was done names which.
        act.subject == thread
            && act
                .what()
                .and_then(|what| Some(what.get("with")?.as_str()? != place.party.as_str()))
                .unwrap_or(false)
    };
    Ok(acts
        .into_iter()
        .filter(|act| !with_others(act))
        .map(|act| Deed {
            at: act.at,
            message: messages.get(&act.subject).copied(),
            who: act.who,
            code: act.code,
        })
        .collect())
}
