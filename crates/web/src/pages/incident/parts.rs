//! One incident as its pages show it: the head and the summary.

use access::{http::Refusal, policy::Act};
use incidents::{
    model::{Case, Dated, Facts, Incident as Entry, Period, Statement as Said},
    severity::Level,
    state::{Event, Stage},
};
use kernel::Timestamp;

use super::{INNER, TABS, exchange::Exchanged, merge, split, tabs::timeline};
use crate::{
    pages::{
        House, Reader,
        incidents::{countries, dated as in_words},
    },
    views::{
        frame::{Link, Tab},
        incident::{IncidentHead, Steps, Summary},
    },
    words::Words,
};

/// What stands above the tabs of an incident for this reader.
pub(super) async fn head_of(
    house: &House,
    reader: &Reader,
    (case, told): (&Case, &Exchanged),
    tab: &'static str,
) -> Result<IncidentHead, Refusal> {
    let id = case.incident.public;
    let may_edit = reader.may(Act::IncidentEdit);
    let merged = merge::band(house, reader, id, may_edit).await?;
    let may_edit = may_edit && merged.into.is_none();
    let may_send = reader.may(Act::ExchangeCompose);
    let mut head = head(reader.w, (case, told), tab, (may_edit, may_send));
    let offer = |act, at| reader.may(act).then(|| format!("/incidents/{id}/{at}"));
    head.hits = crate::pages::infrastructure::hits(house, reader, id).await?;
    head.export = offer(Act::IncidentExport, "export");
    head.delete = offer(Act::IncidentDelete, "delete").filter(|_| merged.into.is_none());
    if may_edit && tab == "summary" {
        head.warnings = warnings(reader.w, &case.incident.facts, house.ground.now());
    }
    head.merged = merged;
    head.split = split::band(house, reader, id, may_edit).await?;
    if !reader.may(Act::CaseRead) {
        head.tabs
            .retain(|tab| !INNER.iter().any(|one| tab.url.ends_with(one)));
    }
    Ok(head)
}

/// What an editor should look at once more.
fn warnings(w: Words, facts: &Facts, now: Timestamp) -> Vec<String> {
    let doubts = facts.doubts(now).into_iter();
    let mut all: Vec<String> = doubts
        .map(|doubt| w.word("incident-doubt", doubt.as_str()))
        .collect();
    let personal = facts.personal();
    if !personal.is_empty() {
        let kinds = personal.iter();
        let kinds = kinds.map(|kind| w.word("report-personal", kind.as_str()));
        let kinds = kinds.collect::<Vec<_>>().join(&w.t("comma"));
        all.push(w.t1("incident-personal-warning", "kinds", kinds));
    }
    all
}

pub(super) fn head(
    w: Words,
    (case, told): (&Case, &Exchanged),
    here: &str,
    (may_edit, may_send): (bool, bool),
) -> IncidentHead {
    let Entry {
        facts,
        status,
        public,
        ..
    } = &case.incident;
    let url = format!("/incidents/{public}");
    let severity = case.severity();
    let count = |items: usize| u64::try_from(items).ok().filter(|&items| items > 0);
    let tab = |name: &'static str| Tab {
        text: w.word("tab", name),
        url: if name == "summary" {
            url.clone()
        } else {
            format!("{url}/{name}")
        },
        count: match name {
            "harm" => count(case.harm.len()),
            "clocks" => count(open_reports(case)),
            "timeline" => count(case.timeline.len()),
            "sources" => count(case.statements.len()),
            "links" => count(case.links.len()),
            "attachments" => count(case.attachments.len()),
            _ => None,
        },
        here: name == here,
    };
    let country = |country: &kernel::Country| Link {
        text: country.name(w.language()).to_owned(),
        url: format!("/incidents?country={country}"),
    };
    IncidentHead {
        warnings: Vec::new(),
        hits: None,
        merged: crate::views::merge::Band::default(),
        split: crate::views::split::SplitBand::default(),
        id: public.to_string(),
        title: facts.title.to_string(),
        countries: facts.victims.iter().map(country).collect(),
        worldwide: facts.worldwide,
        sectors: facts.sectors.iter().map(ToString::to_string).collect(),
        class: facts
            .rsit
            .map_or_else(|| "none".to_owned(), |rsit| rsit.to_string()),
        state: status.stage().as_str().to_owned(),
        level: severity
            .as_ref()
            .and_then(|severity| severity.level)
            .map(Level::number),
        range: severity
            .as_ref()
            .filter(|severity| severity.lowest != severity.highest)
            .map(|severity| {
                (
                    u64::from(severity.lowest.number()),
                    u64::from(severity.highest.number()),
                )
            }),
        tlp: facts.tlp,
        version: u64::try_from(case.incident.version).unwrap_or(0),
        changed: case.incident.updated_at,
        may_edit,
        export: None,
        may_send,
        delete: None,
        steps: may_edit.then(|| steps(status.stage())),
        band: band(w, told, case),
        tabs: TABS.map(tab).to_vec(),
        url,
    }
}

/// So many events are drawn each for itself.
const BAND_MAX: usize = 300;

/// How many reports are due and not filed.
pub(super) fn open_reports(case: &Case) -> usize {
    let reckoned = case.clocks.reckoned().unwrap_or_default();
    reckoned.iter().filter(|one| one.is_open()).count()
}

/// What is offered first is the next step; what was done already can be taken up again.
fn steps(stage: Stage) -> Steps {
    let (back, ahead): (Vec<Event>, Vec<Event>) = stage
        .allows()
        .iter()
        .partition(|&&event| event == Event::Reopen);
    let mut ahead = ahead.into_iter().map(Event::as_str);
    Steps {
        next: ahead.next(),
        further: ahead.collect(),
        back: back.first().map(|event| event.as_str()),
    }
}

/// The events of an incident over its time, each as long as it is exactly known.
fn band(w: Words, told: &Exchanged, case: &Case) -> Vec<(u32, u32, String)> {
    let span = |at: Dated| (at.first().as_seconds(), at.last().as_seconds());
    let begun = case.incident.facts.period.from();
    let begun = begun.map(|from| (span(from), dated(w, Some(from))));
    let events = case.timeline.iter().map(|event| {
        let text = timeline(told, event).text;
        (
            span(event.at),
            format!("{} · {text}", dated(w, Some(event.at))),
        )
    });
    placed(events.chain(begun).collect())
}

/// Stretches of seconds as x and width in thousandths of the whole. Nothing can be seen of a single
/// one, or where one covers all others.
fn placed(parts: Vec<((i64, i64), String)>) -> Vec<(u32, u32, String)> {
    let begin = parts.iter().map(|(span, _)| span.0).min().unwrap_or(0);
    let end = parts.iter().map(|(span, _)| span.1).max().unwrap_or(0);
    let covered = parts.iter().any(|(span, _)| *span == (begin, end));
    if parts.len() < 2 || covered {
        return Vec::new();
    }
    let whole = end.saturating_sub(begin).max(1);
    let place = |at: i64| {
        u32::try_from(at.saturating_sub(begin).saturating_mul(1_000) / whole).unwrap_or(0)
    };
    // Thousands of events are drawn as the places that they stand in.
    let mut parts = parts;
    if parts.len() > BAND_MAX {
        parts.sort_by_key(|(span, _)| *span);
        parts.dedup_by_key(|(span, _)| (place(span.0), place(span.1)));
    }
    parts
        .into_iter()
        .map(|((first, last), what)| {
            let (x, end) = (place(first), place(last));
            (x.min(996), end.saturating_sub(x).max(4), what)
        })
        .collect()
}

/// A date as exactly as it is known; nothing for one that is not.
fn dated(w: Words, dated: Option<Dated>) -> String {
    dated.map_or_else(String::new, |at| in_words(w, at))
}

fn period(w: Words, period: &Period) -> String {
    let ends = [dated(w, period.from()), dated(w, period.to())];
    let ends: Vec<&str> = ends
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    if ends.is_empty() {
        period.text().unwrap_or_default().to_owned()
    } else {
        ends.join(" – ")
    }
}

/// Its classes of taxonomies, each with the version of which it was given.
fn classes_of(w: Words, case: &Case) -> String {
    let classes = case.classes.iter();
    let texts: Vec<String> = classes.map(ToString::to_string).collect();
    texts.join(&w.t("comma"))
}

/// What is known, label and value.
fn facts_of(w: Words, case: &Case) -> Vec<(String, String)> {
    let facts = &case.incident.facts;
    let dated = |at| dated(w, at);
    let cross = facts
        .cross_border
        .map_or_else(String::new, |yes| w.t(if yes { "yes" } else { "no" }));
    let sectors: Vec<String> = facts
        .sectors
        .iter()
        .map(|sector| w.word("sector", sector.as_str()))
        .collect();
    let rows = [
        (
            "fact-organisation",
            facts
                .organisation
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        (
            "fact-victims",
            countries(w, &facts.victims, facts.worldwide),
        ),
        ("fact-sectors", sectors.join(&w.t("comma"))),
        ("classes", classes_of(w, case)),
        ("fact-period", period(w, &facts.period)),
        ("fact-detected", dated(facts.detected)),
        ("fact-reported", dated(facts.reported)),
        (
            "fact-determination",
            w.word("determination", facts.determination.as_str()),
        ),
        ("fact-cross-border", cross),
        (
            "fact-pap",
            facts
                .pap
                .map(|pap| format!("PAP:{pap}"))
                .unwrap_or_default(),
        ),
        (
            "fact-source",
            if case.incident.shipped.is_some() {
                w.t("fact-shipped")
            } else {
                String::new()
            },
        ),
    ];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (w.t(key), value))
        .collect()
}

pub(super) fn summary_of(w: Words, case: &Case, told: &Exchanged) -> Summary {
    let facts = &case.incident.facts;
    let threads = case.links.iter().filter_map(|link| {
        let (title, party) = told.thread(link)?;
        Some(Link {
            text: if party.is_empty() {
                title
            } else {
                format!("{title} · {party}")
            },
            url: format!("/threads/{}", link.target),
        })
    });
    Summary {
        text: facts.description.to_string(),
        facts: facts_of(w, case),
        attributions: case
            .statements
            .iter()
            .filter_map(|said| attribution(w, said))
            .collect(),
        threads: threads.collect(),
    }
}

/// Who is said to be behind it: always the statement of somebody.
fn attribution(w: Words, said: &Said) -> Option<String> {
    let key = format!("attribution-{}", said.kind.as_str());
    let actor = said.actor.as_ref()?.to_string();
    w.find(&key, &[("by", &said.by.to_string()), ("actor", &actor)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_shows_what_lies_apart() {
        let part = |first, last| ((first, last), String::new());
        let shown = |parts| -> Vec<(u32, u32)> {
            let placed = placed(parts).into_iter();
            placed.map(|(x, width, _)| (x, width)).collect()
        };
        let apart = vec![part(0, 60), part(540, 600), part(300, 300)];
        assert_eq!(shown(apart), [(0, 100), (900, 100), (500, 4)]);
        assert_eq!(shown(vec![part(0, 60)]), []);
        assert_eq!(shown(vec![part(0, 60), part(0, 60)]), []);
        assert_eq!(shown(vec![part(0, 86_400), part(600, 660)]), []);
        assert_eq!(shown(vec![]), []);
    }

    #[test]
    fn the_next_step_stands_apart_from_the_way_back() {
        let told = |stage| {
            let steps = steps(stage);
            (steps.next, steps.further, steps.back)
        };
        assert_eq!(
            told(Stage::Open),
            (Some("investigate"), vec!["contain", "close"], None)
        );
        assert_eq!(
            told(Stage::Investigating),
            (Some("contain"), vec!["close"], None)
        );
        assert_eq!(
            told(Stage::Contained),
            (Some("close"), vec![], Some("reopen"))
        );
        assert_eq!(told(Stage::Closed), (None, vec![], Some("reopen")));
    }
}
