//! One field for everything: an id leads straight to its page, words to what holds them.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect},
};
use kernel::{IncidentRef, Limit, MessageId, PageRequest, ThreadId};

use super::{
    Answer, House, Reader, draw,
    forms::Answers,
    incidents::{countries, filter, known},
    names,
    reader::escaped,
    threads::{title, url},
};
use crate::views::{
    entry::{Found, Hit, Search},
    frame::Section,
};

/// Finds of each kind.
const HITS: u16 = 8;

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let text = query.of("q");
    if let Some(page) = page_of(text) {
        return Ok(Redirect::to(&page).into_response());
    }
    let mut groups = Vec::new();
    if !text.is_empty() {
        groups.extend(incidents(&house, &reader, &query).await);
        groups.extend(threads(&house, &reader, &query).await);
        groups.extend(parties(&house, &reader, text).await);
    }
    draw(&Search {
        w: reader.w,
        query: text.to_owned(),
        shell: reader.shell(&house, Section::Nowhere).await?,
        groups,
    })
}

/// The page of an id, or of a party's code written in capitals.
fn page_of(text: &str) -> Option<String> {
    if let Ok(incident) = text.parse::<IncidentRef>() {
        return Some(format!("/incidents/{incident}"));
    }
    if let Ok(thread) = text.parse::<ThreadId>() {
        return Some(format!("/threads/{thread}"));
    }
    if let Ok(message) = text.parse::<MessageId>() {
        return Some(format!("/messages/{message}"));
    }
    is_of_object(text).then(|| format!("/collections/search?q={}", escaped(text)))
}

/// Whether a text is the id of an object of STIX.
fn is_of_object(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_id = |id: &str| {
        let lengths = id.split('-').map(str::len);
        lengths.eq([8, 4, 4, 4, 12])
            && id
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let halves = text.split_once("--");
    halves.is_some_and(|(kind, id)| {
        !kind.is_empty() && kind.len() <= 250 && kind.bytes().all(is_word) && is_id(id)
    })
}

/// What may not be read is not found either: a refusal is an empty result.
async fn incidents(house: &House, reader: &Reader, query: &Answers) -> Option<Found> {
    let request = PageRequest {
        after: None,
        limit: Limit::new(HITS).unwrap_or_default(),
    };
    let page = incidents::ops::list(&house.ground, &reader.viewer, &filter(query), request)
        .await
        .ok()?;
    let w = reader.w;
    let hits: Vec<Hit> = page
        .items
        .iter()
        .map(|listed| {
            let began = listed
                .period
                .from()
                .map(known)
                .map(|at| w.dated_to(&at.at, &at.fidelity));
            let about = [
                countries(w, &listed.victims, listed.worldwide),
                began.unwrap_or_default(),
            ];
            let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
            Hit {
                title: listed.title.clone(),
                about: about.join(" · "),
                url: format!("/incidents/{}", listed.public),
            }
        })
        .collect();
    let all = format!("/incidents?q={}", escaped(query.of("q")));
    (!hits.is_empty()).then_some(Found {
        heading: "search-incidents",
        hits,
        all,
    })
}

async fn threads(house: &House, reader: &Reader, query: &Answers) -> Option<Found> {
    let request = PageRequest {
        after: None,
        limit: Limit::new(HITS).unwrap_or_default(),
    };
    let filter = super::threads::filter(query);
    let page = exchange::ops::list_threads(&house.exchange, &reader.viewer, &filter, request)
        .await
        .ok()?;
    let names = names::all(house, reader).await;
    let w = reader.w;
    let hits: Vec<Hit> = page
        .items
        .iter()
        .map(|listed| Hit {
            title: title(w, listed),
            about: [
                names.party(w, &listed.party).name,
                w.word("kind", listed.last_kind.as_str()),
                w.date(&listed.last_at),
            ]
            .join(" · "),
            url: url(listed),
        })
        .collect();
    let all = format!("/threads?q={}", escaped(query.of("q")));
    (!hits.is_empty()).then_some(Found {
        heading: "search-threads",
        hits,
        all,
    })
}

async fn parties(house: &House, reader: &Reader, text: &str) -> Option<Found> {
    let parties = directory::ops::list_parties(&house.ground, &reader.viewer)
        .await
        .ok()?;
    let wanted = text.to_lowercase();
    let language = reader.w.language();
    let hits: Vec<Hit> = parties
        .iter()
        .filter(|party| {
            let texts = [
                party.name(language),
                party.title.as_str(),
                party.code.as_str(),
            ];
            texts
                .iter()
                .any(|text| text.to_lowercase().contains(&wanted))
        })
        .take(usize::from(HITS))
        .map(|party| Hit {
            title: party.name(language).to_owned(),
            about: party.title.as_str().to_owned(),
            url: format!("/directory/{}", party.code),
        })
        .collect();
    (!hits.is_empty()).then(|| Found {
        heading: "search-parties",
        hits,
        all: "/directory".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_to_its_page() {
        let id = "9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";
        assert_eq!(
            page_of(&format!("incident--{id}")),
            Some(format!("/incidents/incident--{id}"))
        );
        assert_eq!(
            page_of(&format!("thread--{id}")),
            Some(format!("/threads/thread--{id}"))
        );
        assert_eq!(
            page_of(&format!("malware--{id}")),
            Some(format!("/collections/search?q=malware--{id}"))
        );
        assert_eq!(page_of("hospital"), None);
        assert_eq!(page_of("a--b"), None);
    }
}
