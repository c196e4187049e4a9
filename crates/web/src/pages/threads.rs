//! Threads as a list.

use access::policy::Act;
use axum::extract::{Query, State};
use exchange::{
    model::{Counts, ListedThread, Tab as Narrow, ThreadFilter, Verb},
    ops,
};
use kernel::{Limit, PageRequest};

use super::{
    Answer, House, Reader, draw,
    forms::Answers,
    names,
    reader::escaped,
    thread::parts::{Names, urgency_word},
};
use crate::{
    views::{
        form::Choice,
        frame::{Pager, Section, Tab},
        thread::{ThreadRow, Threads},
    },
    words::Words,
};

/// Lines on a page.
const ROWS: u16 = 20;

/// The tabs: their code in the address, the key of their word, what they show.
const TABS: [(&str, &str, Option<Narrow>); 5] = [
    ("all", "tab-all", None),
    ("waiting_for_us", "tab-ours", Some(Narrow::WaitingForUs)),
    (
        "waiting_for_them",
        "tab-theirs",
        Some(Narrow::WaitingForThem),
    ),
    ("open", "tab-open", Some(Narrow::Open)),
    ("closed", "tab-closed", Some(Narrow::Closed)),
];

pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let request = PageRequest {
        after: query.of("after").parse().ok(),
        limit: Limit::new(ROWS).unwrap_or_default(),
    };
    let page = ops::list_threads(&house.exchange, &reader.viewer, &filter(&query), request).await?;
    let counts = ops::counts(&house.exchange, &reader.viewer).await?;
    let names = names::all(&house, &reader).await;
    let state = here(&query);
    let pager = Pager {
        first: request.after.map(|_| address(&query, state, "")),
        next: page
            .next
            .map(|cursor| address(&query, state, &cursor.to_string())),
    };
    let mut parties: Vec<Choice> = names
        .parties
        .iter()
        .filter(|(code, _)| **code != reader.viewer.party)
        .map(|(code, name)| Choice {
            value: code.to_string(),
            text: name.clone(),
            chosen: code.as_str() == query.of("party"),
        })
        .collect();
    parties.sort_by(|one, other| one.text.cmp(&other.text));
    draw(&Threads {
        w,
        shell: reader.shell(&house, Section::Exchange).await?,
        tabs: tabs(w, &query, state, &counts),
        parties,
        text: query.of("q").to_owned(),
        state: state.to_owned(),
        rows: page
            .items
            .iter()
            .map(|listed| row(w, &names, listed))
            .collect(),
        pager,
        may_write: reader.may(Act::ExchangeCompose),
    })
}

/// The conditions of a query; one that cannot be read is none.
pub(super) fn filter(query: &Answers) -> ThreadFilter {
    let state = here(query);
    ThreadFilter {
        party: query.of("party").parse().ok(),
        state: TABS
            .iter()
            .find(|(code, _, _)| *code == state)
            .and_then(|(_, _, narrow)| *narrow),
        text: query
            .given("q")
            .map(|text| text.chars().take(200).collect()),
        incident: query.of("incident").parse().ok(),
    }
}

fn here(query: &Answers) -> &'static str {
    let wanted = query.of("state");
    TABS.iter()
        .find(|(code, _, _)| *code == wanted)
        .map_or("all", |(code, _, _)| code)
}

/// The same list with another tab, or further on.
fn address(query: &Answers, state: &str, after: &str) -> String {
    let kept = ["q", "party", "incident"];
    let mut pairs: Vec<String> = kept
        .iter()
        .filter_map(|&name| Some(format!("{name}={}", escaped(&query.given(name)?))))
        .collect();
    if state != "all" {
        pairs.push(format!("state={state}"));
    }
    if !after.is_empty() {
        pairs.push(format!("after={after}"));
    }
    if pairs.is_empty() {
        "/threads".to_owned()
    } else {
        format!("/threads?{}", pairs.join("&"))
    }
}

fn tabs(w: Words, query: &Answers, here: &str, counts: &Counts) -> Vec<Tab> {
    let count = |code: &str| match code {
        "waiting_for_us" => Some(counts.waiting_for_us),
        "waiting_for_them" => Some(counts.waiting_for_them),
        _ => None,
    };
    TABS.iter()
        .map(|(code, key, _)| Tab {
            text: w.t(key),
            url: address(query, code, ""),
            count: count(code).map(u64::from).filter(|&count| count > 0),
            here: *code == here,
        })
        .collect()
}

fn row(w: Words, names: &Names, listed: &ListedThread) -> ThreadRow {
    ThreadRow {
        url: url(listed),
        title: title(w, listed),
        party: names.party(w, &listed.party),
        last_kind: listed.last_kind.as_str().to_owned(),
        last_ours: listed.last_ours,
        last_at: listed.last_at,
        state: listed.state.code().to_owned(),
        next: listed
            .next
            .map(|next| (verb(next.verb), next.due, next.ours)),
        tlp: listed.tlp,
        urgency: urgency_word(listed.urgency).to_owned(),
        unread: listed.unread,
    }
}

/// The page of a thread with one party.
pub(super) fn url(listed: &ListedThread) -> String {
    format!("/threads/{}?with={}", listed.id, listed.party)
}

/// Its title; what its first message is where that was taken back.
pub(super) fn title(w: Words, listed: &ListedThread) -> String {
    listed
        .title
        .clone()
        .unwrap_or_else(|| w.t("thread-untitled"))
}

/// The key of what a clock waits for.
pub(super) const fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Acknowledge => "acknowledge",
        Verb::Answer => "answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Answers {
        Answers(
            pairs
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_condition_that_cannot_be_read_is_none() {
        let filter = filter(&query(&[("party", "??"), ("state", "lost"), ("q", " ")]));
        assert_eq!(
            (filter.party, filter.state, filter.text),
            (None, None, None)
        );
    }

    #[test]
    fn a_tab_keeps_the_other_conditions() {
        let query = query(&[("party", "XB"), ("q", "a b"), ("state", "open")]);
        assert_eq!(filter(&query).state, Some(Narrow::Open));
        assert_eq!(
            address(&query, "closed", "7"),
            "/threads?q=a%20b&party=XB&state=closed&after=7"
        );
        assert_eq!(address(&Answers::default(), "all", ""), "/threads");
    }
}
