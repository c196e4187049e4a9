//! The forms of the severity of an incident: an assessment, and what others say by their scales.

use incidents::{
    Error,
    model::{Case, Dated, Incident, Invalid, Line},
    ops,
    severity::{
        Category, Cisss, Evidence, Factor, Nciss, Ncsc, Nis2, Opinion, Points, Proposal, Rating,
        Scale, Stated, YesNo,
    },
};
use kernel::IncidentRef;

use super::severity::{FORMS, meaning};
use crate::{
    pages::{
        House, Reader,
        forms::{Answers, choices},
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// How long the evidence of a factor may be: ten lines.
const EVIDENCE_CHARS_MAX: u32 = 2_600;

/// The form of that name, filled with what holds; nothing where there is none of it.
pub(crate) fn form(reader: &Reader, case: &Case, name: &str) -> Option<Form> {
    let w = reader.w;
    let name = FORMS.into_iter().find(|known| *known == name)?;
    let hidden =
        |name: &str, value: &str| Field::new(name, String::new(), Control::Hidden).value(value);
    let mut fields = vec![hidden("form", name)];
    if name == "assess" {
        fields.push(hidden("known", &case.assessments.len().to_string()));
        fields.extend(factors(w, case));
    } else {
        fields.extend(answers_of(w, name));
        fields.extend(said(w));
    }
    let url = format!("/incidents/{}/severity", case.incident.public);
    Some(Form {
        action: url.clone(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t("form-save"),
        cancel: url,
    })
}

/// The same form, for somebody who has now seen all assessments.
pub(super) fn renew(form: &mut Form, case: &Case) {
    for field in &mut form.fields {
        if field.name == "known" {
            *field = field.clone().value(&case.assessments.len().to_string());
        }
    }
}

fn line(w: Words, name: &str, key: &str) -> Field {
    Field::new(name, w.t(key), Control::Text)
}

fn factors(w: Words, case: &Case) -> Vec<Field> {
    let holds = case.assessments.last();
    let mut fields = Vec::new();
    for &factor in Factor::ALL {
        let code = factor.as_str();
        let named = w.word("factor", code);
        let label = |key: &str| w.t1(key, "factor", named.clone());
        let opinion = holds
            .and_then(|holds| holds.judgements.get(&factor))
            .map(|judgement| judgement.opinion.clone())
            .unwrap_or_default();
        let choice = |points: Points| Choice {
            value: points.number().to_string(),
            text: format!("{} · {}", points.number(), meaning(w, factor, points)),
            chosen: false,
        };
        let points = opinion.points.map(|points| points.number().to_string());
        let reason = opinion.reason.as_ref().map(ToString::to_string);
        let evidence: Vec<String> = opinion
            .evidence
            .iter()
            .map(|one| written(case, one))
            .collect();
        fields.extend([
            Field::new(
                code,
                label("field-points"),
                Control::Select(Points::all().map(choice).collect()),
            )
            .hint(w.word("factor-about", code))
            .value(&points.unwrap_or_default()),
            Field::new(
                &format!("{code}_reason"),
                label("field-reason"),
                Control::Area(2),
            )
            .longest(1_000)
            .value(&reason.unwrap_or_default()),
            Field::new(
                &format!("{code}_evidence"),
                label("field-evidence"),
                Control::Area(2),
            )
            .hint(w.t("hint-evidence"))
            .longest(EVIDENCE_CHARS_MAX)
            .value(&evidence.join("\n")),
        ]);
    }
    let emergency = holds.is_some_and(|holds| holds.emergency);
    let note = holds.and_then(|holds| holds.note.as_ref());
    fields.push(
        Field::new("emergency", w.t("field-emergency"), Control::Tick)
            .hint(w.t("hint-emergency"))
            .value(if emergency { "on" } else { "" }),
    );
    fields.push(
        Field::new("note", w.t("field-note"), Control::Area(2))
            .longest(1_000)
            .value(&note.map(ToString::to_string).unwrap_or_default()),
    );
    fields
}

/// The questions of a scale.
fn answers_of(w: Words, name: &str) -> Vec<Field> {
    let select = |name: &str, label: String, choices: Vec<Choice>| {
        Field::new(name, label, Control::Select(choices)).required()
    };
    let numbered = |family: &str, numbers: Vec<u8>| {
        let texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        choices(w, family, texts.iter().map(String::as_str))
    };
    match name {
        "nciss" => {
            let field = |&category: &Category| {
                let family = format!("nciss-{category}");
                let words = category.choices().iter().map(|choice| choice.word);
                let label = w.word("nciss", category.as_str());
                select(category.as_str(), label, choices(w, &family, words))
            };
            Category::ALL.iter().map(field).collect()
        }
        "cisss" => {
            let levels = numbered("cisss", Cisss::all().map(Cisss::number).collect());
            vec![select("value", w.t("field-level"), levels)]
        }
        "ncsc" => {
            let categories = numbered("ncsc", Ncsc::all().map(Ncsc::number).collect());
            vec![select("value", w.t("field-category"), categories)]
        }
        "nis2" => ["disruption", "damage"]
            .map(|question| {
                let answers = YesNo::ALL.iter().map(|answer| answer.as_str());
                let answers = choices(w, "answer", answers);
                select(question, w.word("nis2", question), answers)
            })
            .to_vec(),
        _ => vec![
            line(w, "name", "field-scale").required().longest(100),
            line(w, "value", "field-level").required().longest(100),
        ],
    }
}

/// Who said so.
fn said(w: Words) -> Vec<Field> {
    vec![
        line(w, "said_by", "field-by")
            .hint(w.t("hint-by"))
            .required()
            .longest(200),
        line(w, "country", "field-rating-country")
            .hint(w.t("hint-rating-country"))
            .short()
            .longest(2),
        line(w, "at", "field-at")
            .hint(w.t("hint-dated"))
            .short()
            .longest(40),
        line(w, "source", "field-source").longest(200),
        line(w, "note", "field-note").longest(1_000),
    ]
}

/// Keeps what a form of the tab states.
pub(crate) async fn take(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Incident, Error> {
    let viewer = &reader.viewer;
    match answers.of("form") {
        "assess" => {
            let case = ops::view(&house.ground, viewer, id).await?;
            let known = answers.of("known").parse().unwrap_or(usize::MAX);
            let proposal = proposal(&case, answers)?;
            ops::assess(&house.ground, viewer, id, known, proposal).await
        }
        scale => {
            let stated = stated(scale.parse()?, answers)?;
            ops::rate(&house.ground, viewer, id, stated).await
        }
    }
}

fn proposal(case: &Case, answers: &Answers) -> Result<Proposal, Invalid> {
    let opinion = |&factor: &Factor| {
        let code = factor.as_str();
        let here = |broken: Invalid| broken.at(code);
        let points = answers.given(code).map(|points| {
            let number = points.parse().unwrap_or(u8::MAX);
            Points::new(number).map_err(here)
        });
        let reason = answers.given(&format!("{code}_reason"));
        // What was typed on several lines is one reason.
        let reason = reason.map(|reason| reason.split_whitespace().collect::<Vec<_>>().join(" "));
        let evidence = answers.lines(&format!("{code}_evidence"));
        let evidence = evidence.iter().map(|line| named(case, line).map_err(here));
        let opinion = Opinion {
            points: points.transpose()?,
            reason: Line::optional(reason.as_deref(), code)?,
            evidence: evidence.collect::<Result<_, _>>()?,
        };
        Ok((factor, opinion))
    };
    let opinions = Factor::ALL.iter().map(opinion);
    Ok(Proposal {
        opinions: opinions.collect::<Result<_, Invalid>>()?,
        emergency: answers.is_on("emergency"),
        note: Line::optional(
            answers
                .given("note")
                .map(|note| note.split_whitespace().collect::<Vec<_>>().join(" "))
                .as_deref(),
            "note",
        )?,
    })
}

/// A piece of evidence by the name that people give it: a file, a link, else a document.
fn named(case: &Case, line: &str) -> Result<Evidence, Invalid> {
    let file = case.attachments.iter().find(|file| {
        file.name.as_str() == line || kernel::hex(&file.sha256) == line.to_ascii_lowercase()
    });
    if let Some(file) = file {
        return Ok(Evidence::File(file.sha256));
    }
    let linked = case
        .links
        .iter()
        .find(|link| link.label.as_str() == line || link.target.as_str() == line);
    match linked {
        Some(found) => Ok(Evidence::Link(found.kind.clone(), found.target.clone())),
        None => Line::required(line, "evidence").map(Evidence::Document),
    }
}

/// The name that [`named`] reads.
fn written(case: &Case, evidence: &Evidence) -> String {
    match evidence {
        Evidence::Document(place) => place.to_string(),
        Evidence::Link(_, target) => target.to_string(),
        Evidence::File(sha256) => {
            // Two files may have one name.
            let named = |file: &&incidents::model::Attachment| file.sha256 == *sha256;
            let file = case.attachments.iter().find(named);
            let alone = |name: &str| {
                let same = case.attachments.iter();
                same.filter(|file| file.name.as_str() == name).count() == 1
            };
            match file {
                Some(file) if alone(file.name.as_str()) => file.name.to_string(),
                _ => kernel::hex(sha256),
            }
        }
    }
}

fn stated(scale: Scale, answers: &Answers) -> Result<Stated, Invalid> {
    let answer = |name: &'static str| -> Result<YesNo, Invalid> {
        let parsed = answers.of(name).parse();
        parsed.map_err(|broken: Invalid| broken.at(name))
    };
    let rating = match scale {
        Scale::Nciss => Rating::Nciss(Nciss::new(|category| answers.of(category.as_str()))?),
        Scale::Nis2 => Rating::Nis2(Nis2 {
            disruption: answer("disruption")?,
            damage: answer("damage")?,
        }),
        Scale::Cisss | Scale::Ncsc | Scale::Own => {
            let name = (scale == Scale::Own).then(|| answers.of("name"));
            Rating::read(scale, name, answers.of("value"))?
        }
    };
    let country = answers.given("country").map(|code| {
        let code = code.to_ascii_uppercase();
        code.parse().map_err(|_no_state| Invalid {
            field: "country",
            rule: "the two-letter code of a State",
        })
    });
    let at = answers.given("at").map(|at| at.parse::<Dated>());
    Ok(Stated {
        rating,
        said_by: Line::required(answers.of("said_by"), "said_by")?,
        country: country.transpose()?,
        at: at.transpose().map_err(|broken| broken.at("at"))?,
        source: Line::optional(answers.given("source").as_deref(), "source")?,
        note: Line::optional(answers.given("note").as_deref(), "note")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Answers(pairs.iter().map(pair).collect())
    }

    #[test]
    fn a_level_of_a_state_is_kept_in_its_own_words() {
        let given = answers(&[
            ("name", "National scale"),
            ("value", "orange"),
            ("said_by", "National authority"),
            ("country", "fr"),
            ("at", "2024-05"),
        ]);
        let stated = stated(Scale::Own, &given).unwrap();
        assert_eq!(stated.rating.value(), "orange");
        assert_eq!(stated.country.unwrap().as_str(), "FR");
    }

    #[test]
    fn what_is_missing_is_named() {
        let refused =
            |scale, pairs: &[(&str, &str)]| stated(scale, &answers(pairs)).unwrap_err().field;
        assert_eq!(refused(Scale::Nciss, &[]), "functional");
        assert_eq!(refused(Scale::Nis2, &[("disruption", "yes")]), "damage");
        assert_eq!(refused(Scale::Ncsc, &[("value", "9")]), "value");
        assert_eq!(refused(Scale::Ncsc, &[("value", "2")]), "said_by");
        let abroad = [("value", "2"), ("said_by", "x"), ("country", "??")];
        assert_eq!(refused(Scale::Ncsc, &abroad), "country");
    }
}
