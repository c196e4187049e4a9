//! What stands beside a conversation.

use std::collections::HashSet;

use access::http::Refusal;
use exchange::{
    model::{Deed as Done, ThreadView},
    ops,
};
use kernel::{Limit, MessageId};

use super::parts::Names;
use crate::{
    pages::{House, Reader, incident::tabs::who, telling::tell},
    views::{
        frame::{Link, PartyName},
        thread::Deed,
    },
    words::Words,
};

/// How many norms, files and incidents are named at the side.
const NAMED: usize = 20;
/// How far back the history at the side goes.
const DEEDS: u16 = 50;

/// Where a message stands: on this page, or on the one with the earlier messages.
pub(super) struct Anchor<'a> {
    /// The messages that this page leaves out.
    pub(crate) hidden: HashSet<MessageId>,
    /// The page with all of them.
    pub(crate) earlier: &'a str,
}

impl<'a> Anchor<'a> {
    /// Where the page leaves out so many of the first messages.
    pub(crate) fn after(view: &ThreadView, hidden: usize, earlier: &'a str) -> Self {
        let first = view.messages.iter().take(hidden);
        Self {
            hidden: first.map(|message| message.id).collect(),
            earlier,
        }
    }

    fn url(&self, id: MessageId) -> String {
        if self.hidden.contains(&id) {
            format!("{}#{id}", self.earlier)
        } else {
            format!("#{id}")
        }
    }
}

/// Both parties' desks, as the last message names them.
pub(crate) fn desks(
    w: Words,
    names: &Names,
    view: &ThreadView,
) -> Vec<(PartyName, String, String)> {
    let Some(last) = view.messages.last() else {
        return Vec::new();
    };
    let mut desks = [&last.from, &last.to];
    desks.sort_by_key(|desk| desk.party == view.party);
    desks
        .iter()
        .map(|desk| {
            let party = names.party(w, &desk.party);
            let url = party.url();
            (party, names.desk(desk.contact), url)
        })
        .collect()
}

/// Who else this party speaks with about the same matter.
pub(crate) fn others(w: Words, names: &Names, view: &ThreadView) -> Vec<Link> {
    view.others
        .iter()
        .map(|code| Link {
            text: names.party(w, code).name,
            url: format!("/threads/{}?with={code}", view.id),
        })
        .collect()
}

/// The incidents by title where the register holds them and the reader may see them, else by id.
pub(crate) async fn incidents(house: &House, reader: &Reader, view: &ThreadView) -> Vec<Link> {
    let mut links = Vec::new();
    for id in view.incidents.iter().take(NAMED) {
        let case = incidents::ops::view(&house.ground, &reader.viewer, *id).await;
        links.push(case.map_or_else(
            |_not_here| Link {
                text: id.to_string(),
                url: String::new(),
            },
            |case| Link {
                text: case.incident.facts.title.to_string(),
                url: format!("/incidents/{id}"),
            },
        ));
    }
    links
}

pub(crate) fn norms(w: Words, view: &ThreadView) -> Vec<(String, String)> {
    let mut norms: Vec<(String, String)> = view
        .messages
        .iter()
        .filter_map(|message| message.statement.as_ref())
        .flat_map(|statement| tell(w, statement).norms)
        .collect();
    norms.sort();
    norms.dedup();
    norms.truncate(NAMED);
    norms
}

/// The files of the messages that are to be seen, each with the way to its message.
pub(super) fn files(view: &ThreadView, anchor: &Anchor<'_>) -> Vec<Link> {
    view.messages
        .iter()
        .flat_map(|message| {
            message.files.iter().map(|file| Link {
                text: file.name.clone(),
                url: anchor.url(message.id),
            })
        })
        .take(NAMED)
        .collect()
}

/// What this house did in the thread, the newest first.
pub(super) async fn history(
    house: &House,
    reader: &Reader,
    view: &ThreadView,
    anchor: &Anchor<'_>,
) -> Result<Vec<Deed>, Refusal> {
    let limit = Limit::new(DEEDS).unwrap_or_default();
    let with = Some(&view.party);
    let done = ops::history(&house.exchange, &reader.viewer, view.id, with, limit).await?;
    Ok(done
        .iter()
        .map(|done| deed(reader.w, done, anchor))
        .collect())
}

fn deed(w: Words, done: &Done, anchor: &Anchor<'_>) -> Deed {
    let act = w.word("act", &done.code);
    let (what, url) = match done.message {
        Some((id, kind)) => {
            let kind = w.word("kind", kind.as_str());
            let what = if done.code == "message.sent" {
                w.t1("deed-sent", "kind", kind)
            } else {
                w.t2("deed-about", &("act", act), &("kind", kind))
            };
            (what, anchor.url(id))
        }
        None => (act, String::new()),
    };
    Deed {
        at: done.at,
        who: who(w, &done.who),
        what,
        url,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Language, OsRng, Timestamp};

    use super::*;

    #[test]
    fn a_deed_leads_to_its_message_wherever_that_is_shown() {
        let w = Words::new(Language::En, Timestamp::from_micros(0));
        let (here, before) = (MessageId::random(&OsRng), MessageId::random(&OsRng));
        let anchor = Anchor {
            hidden: [before].into(),
            earlier: "/threads/x?earlier=1",
        };
        let told = |who: &str, code: &str, message: Option<MessageId>| {
            let done = Done {
                at: Timestamp::from_micros(0),
                who: who.to_owned(),
                code: code.to_owned(),
                message: message.map(|id| (id, exchange::model::Kind::Ack)),
            };
            let deed = deed(w, &done, &anchor);
            (deed.who, deed.what, deed.url)
        };
        assert_eq!(
            told("user:ilva", "message.sent", Some(here)),
            (
                "ilva".to_owned(),
                "Sent: Acknowledgement".to_owned(),
                format!("#{here}")
            )
        );
        assert_eq!(
            told("node:exchange", "message.removed", Some(before)),
            (
                "this node".to_owned(),
                "Text of a withdrawn message removed: Acknowledgement".to_owned(),
                format!("/threads/x?earlier=1#{before}")
            )
        );
        assert_eq!(
            told("key:import", "thread.evidence", None),
            (
                "API key import".to_owned(),
                "File of evidence taken".to_owned(),
                String::new()
            )
        );
    }
}
