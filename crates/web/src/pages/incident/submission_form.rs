//! The form for a report that is written for authorities, with what is known of the incident in it.

use access::http::Refusal;
use incidents::{
    Error,
    clocks::Clocks,
    model::{Case, Invalid, Line},
    reporting::{
        self,
        submission::{AUTHORITIES_MAX, Nature, NewPart, NewSubmission, Part, Submission},
    },
};
use kernel::IncidentRef;

use super::{clocks::stages, exchange::Exchanged, parts::summary_of, tabs::harm};
use crate::{
    pages::{House, Reader, forms::Answers, settings::form_of},
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// Indicators that are put into the technical part.
const INDICATORS: u16 = 100;

/// The form for a report of the stage that is asked for, or one that follows another.
pub(crate) async fn form(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    (asked, before, clocks): (&Answers, &[Submission], &Clocks),
) -> Result<Form, Refusal> {
    let w = reader.w;
    let case = incidents::ops::view(&house.ground, &reader.viewer, id).await?;
    let corrected = asked.of("corrects").parse::<i64>().ok();
    let corrected = before.iter().find(|one| Some(one.number) == corrected);
    let hidden =
        |name: &str, value: &str| Field::new(name, String::new(), Control::Hidden).value(value);
    let stage = match corrected {
        Some(one) => format!("{} {}", one.regime, one.stage),
        None => asked.of("stage").to_owned(),
    };
    let select = Control::Select(stages(w, &case));
    let stage = Field::new("stage", w.t("field-stage"), select).value(&stage);
    let mut fields = vec![stage.required()];
    let nature = if corrected.is_some() {
        asked.of("nature")
    } else {
        "first"
    };
    fields.push(hidden("nature", nature));
    if let Some(one) = corrected {
        fields.push(hidden("corrects", &one.number.to_string()));
    }
    let names = names(house, reader, (before, clocks)).await?;
    for (at, name) in names.iter().enumerate() {
        fields.push(hidden(&format!("name-{at}"), name));
    }
    let drafts = match corrected {
        Some(one) => Drafts::of(one),
        None => Drafts::new(house, reader, &case).await?,
    };
    for part in Part::ALL {
        fields.extend(part_fields(w, *part, (&drafts, &names)));
    }
    let others = Field::new("others", w.t("field-others"), Control::Area(2));
    fields.push(others.hint(w.t("hint-others")).longest(4_000));
    let url = format!("/incidents/{id}/submissions");
    Ok(form_of(reader, &url, "submission-write", fields))
}

fn part_fields(w: Words, part: Part, (drafts, names): (&Drafts<'_>, &[String])) -> Vec<Field> {
    let (label, text) = (w.word("submission-part", part.as_str()), drafts.text(part));
    let body = Field::new(&format!("text-{part}"), label.clone(), Control::Area(4));
    let mut fields = vec![body.longest(20_000).value(text)];
    if !names.is_empty() {
        let all = names.iter().enumerate().map(|(at, name)| Choice {
            value: at.to_string(),
            text: name.clone(),
            chosen: drafts.is_for(part, name),
        });
        let label = w.t1("submission-part-for", "part", label);
        let control = Control::Many(all.collect());
        fields.push(Field::new(&format!("for-{part}"), label, control));
    }
    fields
}

/// The authorities that are known: by the party's choice, by filings, by what they asked for, by reports
/// before.
async fn names(
    house: &House,
    reader: &Reader,
    (before, clocks): (&[Submission], &Clocks),
) -> Result<Vec<String>, Refusal> {
    let choice = reporting::ops::choice(&house.ground, &reader.viewer).await?;
    let filed = clocks.filings.iter().map(|filing| &filing.authority);
    let asked = clocks.requests.iter().map(|request| &request.authority);
    let recipients = before.iter().flat_map(|one| &one.recipients);
    let known = choice.authorities.iter().chain(filed).chain(asked);
    let known = known.chain(recipients.map(|one| &one.name));
    let mut names: Vec<String> = Vec::new();
    for name in known.map(ToString::to_string) {
        if !names.contains(&name) && names.len() < AUTHORITIES_MAX {
            names.push(name);
        }
    }
    Ok(names)
}

/// What stands in the parts before anybody writes.
struct Drafts<'s> {
    texts: Vec<(Part, String)>,
    corrected: Option<&'s Submission>,
}

impl<'s> Drafts<'s> {
    /// What the one before said.
    fn of(one: &'s Submission) -> Self {
        let texts = one.parts.iter();
        let texts = texts.map(|(part, body)| (*part, body.as_str().to_owned()));
        Self {
            texts: texts.collect(),
            corrected: Some(one),
        }
    }

    /// What is known of the incident.
    async fn new(house: &House, reader: &Reader, case: &Case) -> Result<Self, Refusal> {
        let w = reader.w;
        let told = Exchanged::about(house, reader, case).await?;
        let summary = summary_of(w, case, &told);
        let mut facts = vec![case.incident.facts.title.to_string()];
        let known = summary.facts.iter().filter(|(_, value)| !value.is_empty());
        facts.extend(known.map(|(label, value)| format!("{label}: {value}")));
        facts.push(summary.text);
        let mut impact = Vec::new();
        if let Some(crosses) = case.incident.facts.cross_border {
            let answer = w.word("cross-border", if crosses { "yes" } else { "no" });
            impact.push(format!("{}: {answer}", w.t("field-cross-border")));
        }
        let figures = case.harm.iter().map(|figure| harm(w, figure));
        impact.extend(figures.map(|figure| format!("{}: {}", figure.what, figure.value)));
        let at = (0, INDICATORS);
        let (ground, viewer) = (&house.ground, &reader.viewer);
        let found = incidents::ops::indicators(ground, viewer, case.incident.public, at).await?;
        let technical = found.0.iter();
        let technical = technical.map(|one| format!("{}: {}", one.value.kind().name(), one.value));
        Ok(Self {
            texts: vec![
                (Part::Facts, facts.join("\n")),
                (Part::Impact, impact.join("\n")),
                (Part::Technical, technical.collect::<Vec<_>>().join("\n")),
            ],
            corrected: None,
        })
    }

    fn text(&self, part: Part) -> &str {
        let mut texts = self.texts.iter();
        let found = texts.find(|(known, _)| *known == part);
        found.map_or("", |(_, text)| text.trim())
    }

    /// Whether the part is meant for the authority: as it was before, or whatever has a text.
    fn is_for(&self, part: Part, name: &str) -> bool {
        let Some(one) = self.corrected else {
            return !self.text(part).is_empty();
        };
        one.recipients.iter().any(|recipient| {
            let mut shares = recipient.shares.iter();
            recipient.name.as_str() == name && shares.any(|share| share.part == part)
        })
    }
}

/// The report that a form states. Parts without a text are left out.
pub(crate) fn read(answers: &Answers) -> Result<NewSubmission, Error> {
    let (regime, stage) = answers.of("stage").split_once(' ').unwrap_or_default();
    let others = answers.lines("others");
    let mut parts = Vec::new();
    for part in Part::ALL {
        let body = answers.of(&format!("text-{part}"));
        if body.is_empty() {
            continue;
        }
        let ticked = format!("for-{part}");
        let ticked = answers.all(&ticked);
        let names = ticked.map(|at| answers.of(&format!("name-{at}")).to_owned());
        let names = names.chain(others.iter().cloned());
        parts.push(NewPart {
            part: *part,
            body: body.parse().map_err(|broken: Invalid| broken.at("parts"))?,
            authorities: names
                .map(|name| Line::required(&name, "others"))
                .collect::<Result<_, _>>()?,
        });
    }
    let nature: Nature = answers.of("nature").parse().unwrap_or(Nature::First);
    Ok(NewSubmission {
        regime: Line::required(regime, "stage")?,
        stage: Line::required(stage, "stage")?,
        nature,
        corrects: answers.of("corrects").parse().ok(),
        parts,
    })
}
