//! The form of a figure of harm.

use incidents::{
    Error,
    harm::{
        Confidence, Measure, Nature, Origin,
        groups::{Age, Cell as Group, Known, Sex},
        sum,
    },
    model::{Case, Grade, HarmFigure, Incident, Invalid},
    ops,
    wire::HarmBody,
};
use kernel::IncidentRef;

use super::{
    course,
    harm::{FORMS, measure_of},
};
use crate::{
    pages::{
        House, Reader,
        forms::{Answers, choices},
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// The form of that name; nothing where there is none of it.
pub(crate) fn form(reader: &Reader, case: &Case, asked: &str) -> Option<Form> {
    if asked != "figure" {
        let known = FORMS.iter().any(|name| asked.starts_with(name));
        return known
            .then(|| course::form(reader, case, "harm", asked))
            .flatten();
    }
    let w = reader.w;
    let standing = sum::standing(&case.harm);
    let earlier = standing.iter().map(|(number, figure)| Choice {
        value: number.to_string(),
        text: format!("{number} · {}", figure.what),
        chosen: false,
    });
    let url = format!("/incidents/{}/harm", case.incident.public);
    let mut fields = facts(w);
    if !standing.is_empty() {
        let select = Control::Select(earlier.collect());
        fields.push(Field::new("corrects", w.t("field-corrects"), select));
        fields.push(Field::new(
            "correction",
            w.t("field-correction"),
            Control::Text,
        ));
    }
    Some(Form {
        action: url.clone(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t("form-save"),
        cancel: url,
    })
}

/// What a figure says.
fn facts(w: Words) -> Vec<Field> {
    let line = |name: &str, longest: u32| {
        Field::new(name, w.word("harm-field", name), Control::Text).longest(longest)
    };
    let select = |name: &str, choices: Vec<Choice>| {
        Field::new(name, w.word("harm-field", name), Control::Select(choices))
    };
    let list =
        |name: &str, family: &str, all: Vec<&'static str>| select(name, choices(w, family, all));
    let hinted = |field: Field| {
        let hint = w.word("harm-hint", &field.name);
        field.hint(hint)
    };
    let measures = Measure::ALL.iter().map(|one| Choice {
        value: one.as_str().to_owned(),
        text: measure_of(w, Some(*one)),
        chosen: false,
    });
    let bounds = vec!["exact", "at_least", "at_most", "about", "range"];
    vec![
        Field::new("form", String::new(), Control::Hidden).value("figure"),
        line("what", 300).required(),
        select("measure", measures.collect()),
        list("bound", "bound-word", bounds).required().short(),
        hinted(line("value", 30)).short(),
        line("low", 30).short(),
        line("high", 30).short(),
        hinted(line("unit", 40)).required().short(),
        hinted(list("grade", "grade", codes(Grade::ALL, Grade::as_str))).required(),
        list("origin", "origin", codes(Origin::ALL, Origin::as_str)),
        line("source", 200),
        line("method", 500),
        line("as_of", 30).hint(w.t("hint-dated")).short(),
        list(
            "confidence",
            "harm-confidence",
            codes(Confidence::ALL, Confidence::as_str),
        ),
        list(
            "causality",
            "causality",
            vec!["associated", "contributed", "caused"],
        ),
        hinted(line("causality_evidence", 300)),
        hinted(line("baseline", 300)),
        hinted(list("nature", "nature", codes(Nature::ALL, Nature::as_str))),
        hinted(line("merge_key", 60)).short(),
        hinted(
            Field::new("cells", w.word("harm-field", "cells"), Control::Area(4)).longest(20_000),
        ),
        hinted(
            Field::new("among", w.word("harm-field", "among"), Control::Area(4)).longest(20_000),
        ),
        line("note", 1_000),
    ]
}

fn codes<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|&one| word(one)).collect()
}

/// Keeps what a form of the tab states.
pub(crate) async fn take(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Incident, Error> {
    if answers.of("form") != "figure" {
        return course::take(house, reader, id, answers).await;
    }
    let figure = figure(answers)?;
    ops::add_harm(&house.ground, &reader.viewer, id, &figure).await
}

fn figure(answers: &Answers) -> Result<HarmFigure, Invalid> {
    fn word<T: std::str::FromStr<Err = Invalid>>(
        answers: &Answers,
        name: &'static str,
    ) -> Result<Option<T>, Invalid> {
        let parsed = answers.given(name).map(|text| text.parse::<T>());
        parsed.transpose().map_err(|broken| broken.at(name))
    }
    let missing = |field| Invalid {
        field,
        rule: "must not be empty",
    };
    let corrects = answers
        .given("corrects")
        .map(|number| number.parse::<u32>());
    let body = HarmBody {
        what: answers.of("what").to_owned(),
        measure: word(answers, "measure")?,
        bound: answers.of("bound").to_owned(),
        value: answers.given("value"),
        low: answers.given("low"),
        high: answers.given("high"),
        unit: answers.of("unit").to_owned(),
        grade: word(answers, "grade")?.ok_or_else(|| missing("grade"))?,
        source: answers.given("source"),
        note: answers.given("note"),
        method: answers.given("method"),
        as_of: word(answers, "as_of")?,
        confidence: word(answers, "confidence")?,
        origin: word(answers, "origin")?,
        causality: answers.given("causality"),
        causality_evidence: answers.given("causality_evidence"),
        baseline: answers.given("baseline"),
        nature: word(answers, "nature")?,
        merge_key: answers.given("merge_key"),
        cells: cells("cells", answers.lines("cells"))?,
        among: cells("among", answers.lines("among"))?,
        groups: Vec::new(),
        ratios: Vec::new(),
        corrects: corrects
            .transpose()
            .map_err(|_letters| missing("corrects"))?,
        correction: answers.given("correction"),
        by: None,
        entered_at: None,
    };
    HarmFigure::try_from(body)
}

/// Groups as they are typed, one a line: `f 25-44 12`, `m disability 7`, `75+ displaced 6`.
fn cells(field: &'static str, lines: Vec<String>) -> Result<Vec<Group>, Invalid> {
    let broken = Invalid {
        field,
        rule: "one group a line, such as f 25-44 12",
    };
    let cell = |line: String| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let count = words.pop().and_then(|count| count.parse().ok());
        let mut group = Group {
            sex: Sex::Unknown,
            age: Age::Unknown,
            disability: Known::Unknown,
            displaced: Known::Unknown,
            count: count.ok_or_else(|| broken.clone())?,
        };
        for word in words {
            match word {
                "disability" => group.disability = Known::Yes,
                "no-disability" => group.disability = Known::No,
                "displaced" => group.displaced = Known::Yes,
                "not-displaced" => group.displaced = Known::No,
                "unknown" => {}
                word => match (word.parse::<Sex>(), word.parse::<Age>()) {
                    (Ok(sex), _) => group.sex = sex,
                    (_, Ok(age)) => group.age = age,
                    _ => return Err(broken.clone()),
                },
            }
        }
        Ok(group)
    };
    lines.into_iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_typed_one_a_line() {
        let typed = ["f 25-44 12", "75+ displaced 6", "unknown 3"].map(str::to_owned);
        let cells = cells("cells", typed.to_vec()).unwrap();
        assert_eq!(
            (cells[0].sex, cells[0].age, cells[0].count),
            (Sex::Female, Age::From25, 12)
        );
        assert_eq!((cells[1].displaced, cells[2].count), (Known::Yes, 3));
    }

    #[test]
    fn a_group_that_nobody_knows_is_refused() {
        for line in ["f", "f many", "moon 3", ""] {
            assert!(cells("cells", vec![line.to_owned()]).is_err(), "{line}");
        }
    }
}
