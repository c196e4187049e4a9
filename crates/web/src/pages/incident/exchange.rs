//! What an incident says of the exchange about it. The register keeps codes and ids; readers want
//! titles and names.

use std::collections::HashMap;

use access::{http::Refusal, policy::Act};
use exchange::{model::ThreadFilter, ops};
use incidents::model::{Case, Link};
use kernel::{Limit, PageRequest, PartyCode};

use crate::{
    pages::{House, Reader, names, thread::parts::Names},
    words::{Words, key},
};

/// Names and titles, as far as the reader may see them.
pub(super) struct Exchanged {
    w: Words,
    names: Names,
    /// Titles by thread.
    titles: HashMap<String, String>,
}

impl Exchanged {
    pub(crate) async fn about(
        house: &House,
        reader: &Reader,
        case: &Case,
    ) -> Result<Self, Refusal> {
        let mut told = Self {
            w: reader.w,
            names: Names::default(),
            titles: HashMap::new(),
        };
        if !case.links.iter().any(is_thread) {
            return Ok(told);
        }
        told.names = names::all(house, reader).await;
        if reader.may(Act::ExchangeRead) {
            let filter = ThreadFilter {
                incident: Some(case.incident.public),
                ..ThreadFilter::default()
            };
            let request = PageRequest {
                after: None,
                limit: Limit::MAX,
            };
            let page = ops::list_threads(&house.exchange, &reader.viewer, &filter, request).await?;
            let titled = page.items.into_iter();
            told.titles = titled
                .filter_map(|thread| Some((thread.id.to_string(), thread.title?)))
                .collect();
        }
        Ok(told)
    }

    /// What a linked thread is called, and with whom it is held; nothing for any other link.
    pub(crate) fn thread(&self, link: &Link) -> Option<(String, String)> {
        let party = is_thread(link).then(|| self.party(link.label.as_str()))?;
        Some(match self.titles.get(link.target.as_str()) {
            Some(title) => (title.clone(), party),
            None => (self.w.t1("thread-with", "party", party), String::new()),
        })
    }

    /// A line that the exchange wrote into the timeline, in the reader's words; any other line as it
    /// is.
    pub(crate) fn line(&self, text: &str) -> String {
        let read = || {
            let sent = text.split_once(" sent to ");
            let came = || text.split_once(" received from ");
            let (said, (kind, party)) = match sent {
                Some(parts) => ("timeline-sent", parts),
                None => ("timeline-received", came()?),
            };
            let kind = self.w.find(&key("kind", kind), &[])?;
            let party = party.parse::<PartyCode>().ok()?;
            let party = self.names.party(self.w, &party).name;
            Some(self.w.t2(said, &("kind", kind), &("party", party)))
        };
        read().unwrap_or_else(|| text.to_owned())
    }

    fn party(&self, code: &str) -> String {
        code.parse().map_or_else(
            |_no_code| code.to_owned(),
            |code| self.names.party(self.w, &code).name,
        )
    }
}

fn is_thread(link: &Link) -> bool {
    link.kind.as_str() == "thread"
}

#[cfg(test)]
mod tests {
    use kernel::{Language, Timestamp};

    use super::*;

    fn told(language: Language) -> Exchanged {
        Exchanged {
            w: Words::new(language, Timestamp::from_micros(0)),
            names: Names::default(),
            titles: [("thread--1".to_owned(), "Two servers".to_owned())].into(),
        }
    }

    fn link(kind: &str, target: &str, label: &str) -> Link {
        Link {
            kind: kind.parse().unwrap(),
            target: target.parse().unwrap(),
            label: label.parse().unwrap(),
        }
    }

    #[test]
    fn a_thread_is_named_by_its_title_where_the_reader_sees_it() {
        let told = told(Language::En);
        let named = |kind, target| told.thread(&link(kind, target, "XB"));
        let pair = |one: &str, two: &str| Some((one.to_owned(), two.to_owned()));
        assert_eq!(
            named("thread", "thread--1"),
            pair("Two servers", "Brevonia")
        );
        assert_eq!(named("thread", "thread--2"), pair("with Brevonia", ""));
        assert_eq!(named("url", "https://example.org"), None);
    }

    #[test]
    fn what_the_exchange_noted_is_told_in_the_readers_language() {
        let (en, zh) = (told(Language::En), told(Language::Zh));
        for (noted, english) in [
            ("RFM sent to XB", "Request to mitigate sent to Brevonia"),
            (
                "ACK received from XB",
                "Acknowledgement received from Brevonia",
            ),
            ("Mail sent to all staff", "Mail sent to all staff"),
            ("RFM sent to nobody at all", "RFM sent to nobody at all"),
        ] {
            assert_eq!(en.line(noted), english);
        }
        assert!(zh.line("RFM sent to XB").contains("布雷沃尼亚"));
    }
}
