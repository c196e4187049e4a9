//! What is known of a record of critical infrastructure, in tables and in a picture.

use ::infrastructure::{
    Error,
    graph::{self, Reach},
    model::{Contact, Content, Dependency, Operator, Record, Service},
    questions,
};
use kernel::{Country, InfrastructureId};

use super::url;
use crate::{
    views::tables::{Cell, Table},
    words::{Layered, Layers, Words},
};

/// What is known of a record.
pub(crate) fn shown(
    w: Words,
    record: &Record,
    records: &[Record],
) -> Result<Vec<(String, Cell)>, Error> {
    let head = |name: &str| w.word("infrastructure-head", name);
    let states = |all: &[Country]| {
        let names: Vec<String> = all.iter().map(|one| w.state(&one.to_string())).collect();
        names.join(", ")
    };
    let mut facts = Vec::new();
    match &record.content {
        Content::Operator(operator) => {
            let seat: Vec<Country> = operator.country.iter().copied().collect();
            facts.push((head("country"), Cell::text(states(&seat))));
            facts.push((head("note"), Cell::styled(&operator.note, "pre")));
        }
        Content::Service(service) => {
            let operator = records.iter().find(|one| one.id == service.operator);
            let name = operator.map_or("", |one| one.content.name());
            facts.push((head("operator"), Cell::link(name, url(service.operator))));
            if !service.sector.is_empty() {
                facts.push((
                    head("sector"),
                    Cell::text(w.word("sector", &service.sector)),
                ));
            }
            let category = w.word("category", service.category.as_str());
            let reason = Cell::styled(category, "chip").below(&service.assessment.reason);
            facts.push((head("category"), reason));
            let asked = questions::questionnaire()?;
            let sum = questions::sum(asked, &service.assessment);
            let said = w.t2(
                "answers-sum",
                &("low", u64::from(sum.low)),
                &("high", u64::from(sum.high)),
            );
            let of = w.t2(
                "answers-of",
                &("answered", sum.answered),
                &("asked", sum.asked),
            );
            facts.push((
                head("answers"),
                Cell::text(said).below(format!("{of} {}", asked.source)),
            ));
            facts.push((head("serves"), Cell::text(states(&service.serves))));
            facts.push((head("note"), Cell::styled(&service.note, "pre")));
            for incident in &service.incidents {
                let cell = Cell::link(
                    incident.to_string(),
                    format!("/infrastructure/incidents/{incident}"),
                );
                facts.push((head("incident"), cell));
            }
        }
    }
    Ok(facts)
}

pub(crate) fn number(w: Words, count: usize) -> String {
    w.number(&u64::try_from(count).unwrap_or(u64::MAX))
}

pub(crate) fn sector(w: Words, service: &Service) -> String {
    if service.sector.is_empty() {
        String::new()
    } else {
        w.word("sector", &service.sector)
    }
}

pub(crate) fn country(w: Words, operator: &Operator) -> String {
    let country = operator.country.as_ref();
    country.map_or_else(String::new, |one| w.state(&one.to_string()))
}

pub(crate) fn named(records: &[Record], id: InfrastructureId) -> String {
    let found = records.iter().find(|record| record.id == id);
    found.map_or_else(String::new, |record| record.content.name().to_owned())
}

pub(crate) fn heads(w: Words, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| w.word("infrastructure-head", name))
        .collect()
}

pub(super) fn depends_table(
    w: Words,
    (id, service): (InfrastructureId, &Service),
    records: &[Record],
    may: bool,
) -> Table {
    let row = |(at, one): (usize, &Dependency)| {
        let name = match one.service {
            Some(on) => Cell::link(named(records, on), url(on)),
            None => Cell::text(&one.other),
        };
        let place = one
            .country
            .as_ref()
            .map(|country| w.state(&country.to_string()));
        let hours = one
            .hours
            .map(|hours| w.t1("hours-n", "n", u64::from(hours)));
        let mut row = vec![
            name.below(place.unwrap_or_default()),
            Cell::text(w.word("strength", one.strength.as_str())),
            Cell::text(hours.unwrap_or_default()),
            Cell::text(&one.note),
        ];
        if may {
            row.push(Cell::press(
                format!("{}/no-depends-{at}", url(id)),
                w.t("depends-remove"),
            ));
        }
        row
    };
    Table {
        title: w.t("depends-on"),
        head: heads(w, &["service", "strength", "without", "note", "press"]),
        rows: service.depends.iter().enumerate().map(row).collect(),
        empty: w.t("depends-empty"),
    }
}

pub(super) fn contacts_table(w: Words, contacts: &[Contact]) -> Table {
    let row = |one: &Contact| {
        vec![
            Cell::text(&one.name).below(&one.role),
            Cell::text(one.phones.join(", ")).below(&one.mail),
            Cell::text(&one.hours),
            Cell::text(one.languages.join(" ")),
        ]
    };
    Table {
        title: w.t("whom-to-call"),
        head: heads(w, &["contact", "phone", "hours", "languages"]),
        rows: contacts.iter().map(row).collect(),
        empty: w.t("contacts-empty"),
    }
}

/// Whether an incident hit what is at the head of a reach, or it is asked what would be if one did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Head {
    /// It is hit.
    Hit,
    /// Nothing is known to have hit it.
    If,
}

impl Head {
    /// What the table and the picture are called.
    fn title(self, w: Words) -> String {
        match self {
            Self::Hit => w.t("reach"),
            Self::If => w.t("reach-if"),
        }
    }

    /// What becomes of a service that is reached.
    fn fate(self, w: Words, one: &graph::Reached) -> String {
        match (one.depth, one.fails, one.hours) {
            (0, ..) if self == Self::Hit => w.t("reach-hit"),
            (0, ..) => w.t("reach-not-hit"),
            (_, true, Some(hours)) => w.t1("reach-fails-after", "n", u64::from(hours)),
            (_, true, None) => w.t("reach-fails"),
            (_, false, _) => w.t("reach-worse"),
        }
    }
}

pub(super) fn reach_table(w: Words, records: &[Record], (head, reach): (Head, &Reach)) -> Table {
    let row = |one: &graph::Reached| {
        vec![
            Cell::link(named(records, one.service), url(one.service)),
            Cell::text(number(w, one.depth)),
            Cell::text(head.fate(w, one)),
        ]
    };
    Table {
        title: head.title(w),
        head: heads(w, &["service", "steps", "fate"]),
        rows: reach.services.iter().map(row).collect(),
        empty: w.t("reach-empty"),
    }
}

pub(crate) fn picture(
    w: Words,
    records: &[Record],
    (head, reach): (Head, &Reach),
) -> Option<Layers> {
    let at = |id| reach.services.iter().position(|one| one.service == id);
    let layered = |one: &graph::Reached| Layered {
        name: named(records, one.service),
        about: head.fate(w, one),
        column: one.depth,
        needs: reach
            .needs
            .iter()
            .filter(|need| need.service == one.service)
            .filter_map(|need| at(need.on))
            .collect(),
    };
    let all: Vec<Layered> = reach.services.iter().map(layered).collect();
    if all.len() < 2 {
        return None;
    }
    Layers::draw(&all, &head.title(w))
}
