//! The register as a list.

use access::policy::Act;
use axum::extract::{Query, State};
use incidents::{
    model::{Dated, Filter, Listed, Period, Rsit, Sector},
    ops,
    severity::Level,
    state::Stage,
    taxonomy::Tag,
};
use kernel::{Limit, PageRequest};

use super::{
    Answer, House, Reader, constituency, draw,
    forms::{Answers, choices, states},
    reader::escaped,
};
use crate::{
    views::{
        form::Choice,
        frame::{Link, Pager, Section},
        incident::{Filters, IncidentRow, Incidents, Known},
    },
    words::{Fidelity, Words},
};

/// Every stage but closed, as the list of stages names it.
pub(super) const ACTIVE: &str = "active";

/// Lines on a page.
const ROWS: u16 = 20;

pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let request = PageRequest {
        after: query.of("after").parse().ok(),
        limit: Limit::new(ROWS).unwrap_or_default(),
    };
    let page = ops::list(&house.ground, &reader.viewer, &filter(&query), request).await?;
    let w = reader.w;
    let pager = Pager {
        first: request.after.map(|_| again(&query, "", "")),
        next: page
            .next
            .map(|cursor| again(&query, "", &cursor.to_string())),
    };
    let shell = reader.shell(&house, Section::Incidents).await?;
    draw(&Incidents {
        w,
        reports: reader
            .may(Act::IncidentEdit)
            .then_some(shell.counts.reports),
        shell,
        filters: filters(&reader, &query),
        rows: page.items.iter().map(|listed| row(w, listed)).collect(),
        pager,
        may_add: reader.may(Act::IncidentCreate),
        rooms: rooms(&house, &reader).await?,
    })
}

/// What the list is narrowed to, as the form shows it.
fn filters(reader: &Reader, query: &Answers) -> Filters {
    let w = reader.w;
    let of = |field: &str, all: Vec<&str>| choices(w, field, all);
    let stages = Stage::ALL.iter().map(|stage| stage.as_str());
    let tag = query.of("tag");
    Filters {
        text: query.of("q").to_owned(),
        countries: chosen(
            states(w, reader.viewer.mode.is_exercise()),
            query.of("country"),
        ),
        sectors: chosen(
            of("sector", Sector::all().map(Sector::as_str).collect()),
            query.of("sector"),
        ),
        classes: chosen(classes(w), query.of("class")),
        states: chosen(
            of(
                "investigation",
                [ACTIVE].into_iter().chain(stages).collect(),
            ),
            query.of("state"),
        ),
        levels: chosen(levels(w), query.of("level")),
        from: query.of("from").to_owned(),
        to: query.of("to").to_owned(),
        tag: tag.to_owned(),
        without_tag: again(query, "tag", ""),
        is_no_tag: !tag.is_empty() && tag.parse::<Tag>().is_err(),
    }
}

/// The same list, less a condition, from a place on.
fn again(query: &Answers, less: &str, after: &str) -> String {
    let kept = [
        "q", "country", "sector", "class", "tag", "state", "level", "from", "to",
    ];
    let kept = kept.iter().filter(|&&name| name != less);
    let pairs = kept.filter_map(|&name| Some(format!("{name}={}", escaped(&query.given(name)?))));
    let after = Some(format!("after={after}")).filter(|_| !after.is_empty());
    let all: Vec<String> = pairs.chain(after).collect();
    if all.is_empty() {
        "/incidents".to_owned()
    } else {
        format!("/incidents?{}", all.join("&"))
    }
}

/// The list of the incidents of a class.
pub(super) fn of_class(tag: &Tag) -> String {
    format!("/incidents?tag={}", escaped(&tag.to_string()))
}

/// The pages beside the list.
async fn rooms(house: &House, reader: &Reader) -> Result<Vec<Link>, access::http::Refusal> {
    let mut rooms = constituency::rooms(house, reader).await?;
    if reader.may(Act::CaseRead) {
        rooms.push(Link {
            text: reader.w.t("crossings"),
            url: "/incidents/cross-border".to_owned(),
        });
    }
    Ok(rooms)
}

/// The conditions of a query; one that cannot be read is none.
pub(super) fn filter(query: &Answers) -> Filter {
    let day = |name: &str| query.of(name).parse::<Dated>().ok();
    Filter {
        country: query.of("country").parse().ok(),
        sector: query.of("sector").parse().ok(),
        rsit: query.of("class").parse().ok(),
        class: query.of("tag").parse().ok(),
        status: query.of("state").parse().ok(),
        active: query.of("state") == ACTIVE,
        level: query
            .of("level")
            .parse()
            .ok()
            .and_then(|level| Level::new(level).ok()),
        from: day("from").map(Dated::first),
        to: day("to").map(Dated::last),
        text: query
            .given("q")
            .map(|text| text.chars().take(200).collect()),
    }
}

/// The classes without their types: a class finds its types too.
pub(super) fn classes(w: Words) -> Vec<Choice> {
    choices(
        w,
        "rsit",
        Rsit::all()
            .filter(|rsit| rsit.kind().is_none())
            .map(Rsit::class)
            .collect::<Vec<_>>(),
    )
}

/// The levels of severity, the gravest first.
fn levels(w: Words) -> Vec<Choice> {
    let choice = |level: Level| Choice {
        value: level.number().to_string(),
        text: w.word("level", &level.number().to_string()),
        chosen: false,
    };
    Level::all().rev().map(choice).collect()
}

/// The same list with one of it chosen.
pub(super) fn chosen(mut choices: Vec<Choice>, value: &str) -> Vec<Choice> {
    for choice in &mut choices {
        choice.chosen = choice.value == value;
    }
    choices
}

fn row(w: Words, listed: &Listed) -> IncidentRow {
    IncidentRow {
        url: format!("/incidents/{}", listed.public),
        title: listed.title.clone(),
        victim: listed.organisation.clone().unwrap_or_default(),
        countries: countries(w, &listed.victims, listed.worldwide),
        sectors: listed.sectors.iter().map(ToString::to_string).collect(),
        class: listed
            .rsit
            .map_or_else(|| "none".to_owned(), |rsit| rsit.to_string()),
        began: began(&listed.period),
        state: listed.status.stage().as_str().to_owned(),
        level: listed.level.map(Level::number),
        tlp: listed.tlp,
    }
}

/// The States concerned, by name.
pub(super) fn countries(w: Words, victims: &[kernel::Country], worldwide: bool) -> String {
    if worldwide {
        return w.t("worldwide");
    }
    let names: Vec<&str> = victims
        .iter()
        .map(|country| country.name(w.language()))
        .collect();
    names.join(&w.t("comma"))
}

/// A date of the register as the pages show it.
pub(super) fn known(dated: Dated) -> Known {
    Known {
        at: dated.first(),
        fidelity: Fidelity::from_word(dated.fidelity().as_str()),
    }
}

/// A date as exactly as it is known, in the reader's words.
pub(super) fn dated(w: Words, at: Dated) -> String {
    let Known { at, fidelity } = known(at);
    w.dated_to(&at, &fidelity)
}

fn began(period: &Period) -> Option<Known> {
    period.from().or(period.to()).map(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_cannot_be_read_is_none() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let query = Answers(vec![
            pair("country", "??"),
            pair("sector", "health"),
            pair("from", "2024-05"),
            pair("tag", "phishing"),
            pair("q", " "),
        ]);
        let filter = filter(&query);
        assert_eq!(filter.country, None);
        assert_eq!(filter.sector.map(Sector::as_str), Some("health"));
        assert_eq!(
            filter.from.map(|at| at.to_string()).as_deref(),
            Some("2024-05-01T00:00:00.000Z")
        );
        assert_eq!(filter.text, None);
        assert_eq!(filter.class, None);
    }

    #[test]
    fn a_condition_is_taken_off_and_the_others_stay() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let query = Answers(vec![
            pair("tag", "rsit:fraud/phishing"),
            pair("sector", "health"),
            pair("after", "1"),
        ]);
        assert_eq!(
            again(&query, "", ""),
            "/incidents?sector=health&tag=rsit%3Afraud/phishing"
        );
        assert_eq!(again(&query, "tag", ""), "/incidents?sector=health");
        let filter = filter(&query);
        assert_eq!(
            filter.class.map(|tag| of_class(&tag)).as_deref(),
            Some("/incidents?tag=rsit%3Afraud/phishing")
        );
    }
}
