//! Counts over the register.

use axum::extract::{Query, State};
use incidents::{
    model::{Rsit, Sector},
    ops,
    tally::{Cause, Dimension, OnTime, Question, Region, Spread, Table, Tally, Value},
    wire::{narrowed, written},
};

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, choices},
    incidents::{chosen, classes},
};
use crate::{
    views::{
        frame::{Link, Section},
        tally::{Tallies, TallyFilters, TallyRow, TallyTable},
    },
    words::Words,
};

const PAGE: &str = "/incidents/statistics";
/// Rows of a table that are shown; of months, the latest.
const ROWS_MAX: usize = 36;

/// The dimensions in the order of the page.
const ORDER: [Dimension; 12] = [
    Dimension::Month,
    Dimension::Sector,
    Dimension::Class,
    Dimension::Level,
    Dimension::Region,
    Dimension::Cause,
    Dimension::Detection,
    Dimension::Duration,
    Dimension::CrossBorder,
    Dimension::Determination,
    Dimension::Stage,
    Dimension::Kind,
];
/// Those that the form asks for.
const ASKED: [Dimension; 4] = [
    Dimension::Sector,
    Dimension::Class,
    Dimension::Region,
    Dimension::Cause,
];

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let question = question(&query);
    let outward = query.of("outward") == "true";
    let tally = ops::tally(&house.ground, &reader.viewer, &question, outward).await?;
    let w = reader.w;
    let asked = with_outward(&written(&question), outward);
    let tables = ORDER.iter().filter_map(|by| {
        let table = tally.tables.iter().find(|table| table.by == *by)?;
        (!table.rows.is_empty()).then(|| drawn(w, table, &question, outward))
    });
    let shell = reader.shell(&house, Section::Incidents).await?;
    draw(&Tallies {
        w,
        shell,
        filters: filters(w, &query, &question, outward),
        conditions: conditions(w, &question, outward),
        total: tally.total,
        figures: figures(w, &tally),
        tables: tables.collect(),
        files: ["tally.csv", "tally"]
            .map(|file| address(&format!("/api/v1/incidents/{file}"), &asked)),
    })
}

/// The question of an address; a part that cannot be read is not asked.
fn question(query: &Answers) -> Question {
    let value = |by: &Dimension| Value::new(*by, query.of(by.as_str())).ok();
    Question {
        from: query.of("from").parse().ok(),
        to: query.of("to").parse().ok(),
        values: Dimension::ALL.iter().filter_map(value).collect(),
    }
}

fn with_outward(asked: &str, outward: bool) -> String {
    match (asked.is_empty(), outward) {
        (_, false) => asked.to_owned(),
        (true, true) => "outward=true".to_owned(),
        (false, true) => format!("{asked}&outward=true"),
    }
}

fn address(path: &str, asked: &str) -> String {
    if asked.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{asked}")
    }
}

fn filters(w: Words, query: &Answers, question: &Question, outward: bool) -> TallyFilters {
    let month = |month: Option<incidents::tally::Month>| {
        month.map_or_else(String::new, |month| month.to_string())
    };
    let kept = question
        .values
        .iter()
        .filter(|value| !ASKED.contains(&value.by));
    let of = |by: Dimension| query.of(by.as_str()).to_owned();
    let words = |family, all: Vec<&'static str>, by| chosen(choices(w, family, all), &of(by));
    let (sectors, regions): (Vec<_>, Vec<_>) = (
        Sector::all().map(Sector::as_str).collect(),
        Region::ALL.iter().map(|region| region.as_str()).collect(),
    );
    let causes = Cause::ALL.iter().map(|cause| cause.as_str()).collect();
    TallyFilters {
        from: month(question.from),
        to: month(question.to),
        sectors: words("sector", sectors, Dimension::Sector),
        classes: chosen(classes(w), &of(Dimension::Class)),
        regions: words("tally-region", regions, Dimension::Region),
        causes: words("tally-cause", causes, Dimension::Cause),
        kept: kept
            .map(|value| (value.by.as_str().to_owned(), value.word.clone()))
            .collect(),
        outward,
        any: *question != Question::default() || outward,
    }
}

/// Each condition with the page without it.
fn conditions(w: Words, question: &Question, outward: bool) -> Vec<Link> {
    let link = |value: &Value| {
        let mut rest = question.clone();
        rest.values.retain(|other| other != value);
        Link {
            text: w.t2(
                "tally-condition",
                &("name", name(w, value.by)),
                &("value", text(w, value.by, &value.word)),
            ),
            url: address(PAGE, &with_outward(&written(&rest), outward)),
        }
    };
    question.values.iter().map(link).collect()
}

fn name(w: Words, by: Dimension) -> String {
    w.word("tally-by", by.as_str())
}

/// What a value is called.
fn text(w: Words, by: Dimension, word: &str) -> String {
    let family = match by {
        Dimension::Month if word.contains('-') => return word.to_owned(),
        Dimension::Month => return w.t1("tally-year-alone", "year", word),
        Dimension::Region => "tally-region",
        Dimension::Cause => "tally-cause",
        Dimension::Detection | Dimension::Duration => "tally-span",
        _ if word == "unknown" => return w.t("tally-unknown"),
        Dimension::Sector => "sector",
        Dimension::Class => "rsit",
        Dimension::Level => "level",
        Dimension::CrossBorder => "cross-border",
        Dimension::Determination => "determination",
        Dimension::Kind => "incident-kind",
        Dimension::Stage => "investigation",
    };
    w.word(family, word)
}

fn drawn(w: Words, table: &Table, question: &Question, outward: bool) -> TallyTable {
    let largest = table.rows.iter().filter_map(|row| row.count).max();
    let latest = if table.by == Dimension::Month {
        table.rows.len().saturating_sub(ROWS_MAX)
    } else {
        0
    };
    let rows = table.rows.iter().skip(latest).map(|row| {
        let narrow = narrowed(question, table.by, &row.word);
        TallyRow {
            text: text(w, table.by, &row.word),
            url: address(PAGE, &with_outward(&written(&narrow), outward)),
            list: listed(&narrow).filter(|_| !outward),
            count: row.count,
            bar: row.count.unwrap_or(0) * 1_000 / largest.unwrap_or(1).max(1),
        }
    });
    TallyTable {
        name: name(w, table.by),
        about: w.word("tally-about", table.by.as_str()),
        rows: rows.collect(),
    }
}

/// The list of the entries that a question counts, where a list can be narrowed so.
fn listed(question: &Question) -> Option<String> {
    if question.from.is_some() || question.to.is_some() {
        return None;
    }
    let pairs = question.values.iter().map(|value| {
        let known = match value.by {
            Dimension::Sector => value.word.parse::<Sector>().is_ok(),
            Dimension::Class => value.word.parse::<Rsit>().is_ok(),
            Dimension::Level => value.word != "unknown",
            Dimension::Stage => true,
            _ => false,
        };
        let name = match value.by {
            Dimension::Stage => "state",
            by => by.as_str(),
        };
        known.then(|| format!("{name}={}", value.word))
    });
    let pairs: Option<Vec<String>> = pairs.collect();
    Some(address("/incidents", &pairs?.join("&")))
}

fn figures(w: Words, tally: &Tally) -> Vec<(String, String)> {
    let mut figures = Vec::new();
    for (label, spread) in [
        ("tally-by-detection", tally.detection),
        ("tally-by-duration", tally.duration),
    ] {
        figures.push((w.t(label), times(w, spread)));
    }
    figures.push((w.t("tally-reports"), reports(w, tally.on_time)));
    figures
}

fn times(w: Words, spread: Spread) -> String {
    match (
        spread.known,
        spread.median_minutes,
        spread.ninetieth_minutes,
    ) {
        (Some(known), Some(median), Some(ninetieth)) => w.t3(
            "tally-spread",
            &("median", w.span(&(i64::from(median) * 60))),
            &("ninetieth", w.span(&(i64::from(ninetieth) * 60))),
            &("known", known),
        ),
        (None, ..) => w.t("tally-held-back"),
        _ => w.t("tally-spread-none"),
    }
}

fn reports(w: Words, on_time: OnTime) -> String {
    match (on_time.in_time, on_time.late, on_time.overdue) {
        (Some(in_time), Some(late), Some(overdue)) => {
            let share = on_time.share().map_or_else(
                || "–".to_owned(),
                |share| format!("{}.{} %", share / 10, share % 10),
            );
            let counts = w.t3(
                "tally-reports-of",
                &("in-time", in_time),
                &("late", late),
                &("overdue", overdue),
            );
            format!("{share} · {counts}")
        }
        _ => w.t("tally-held-back"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Question {
        let pair = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        question(&Answers(pairs.iter().map(pair).collect()))
    }

    #[test]
    fn what_cannot_be_read_is_not_asked() {
        let question = asked(&[
            ("from", "2026-02"),
            ("to", "soon"),
            ("sector", "<b>"),
            ("level", "3"),
        ]);
        assert_eq!(written(&question), "from=2026-02&level=3");
    }

    #[test]
    fn a_list_shows_what_was_counted_or_is_not_offered() {
        let list = |pairs: &[(&str, &str)]| listed(&asked(pairs));
        assert_eq!(
            list(&[("sector", "health"), ("stage", "open")]).as_deref(),
            Some("/incidents?sector=health&state=open")
        );
        assert_eq!(list(&[("sector", "unknown")]), None);
        assert_eq!(list(&[("sector", "health"), ("cause", "malicious")]), None);
        assert_eq!(list(&[("from", "2026-02"), ("sector", "health")]), None);
    }
}
