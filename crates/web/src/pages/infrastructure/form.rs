//! Forms of the register of critical infrastructure, and what comes back from them.

use ::infrastructure::{
    Error,
    model::{
        Assessment, Category, Contact, Content, Dependency, Invalid, Operator, Record, Service,
        Strength,
    },
    questions,
};
use incidents::model::Sector;
use kernel::Country;

use super::url;
use crate::{
    pages::{
        Reader,
        forms::{Answers, choices, states},
        settings::form_of,
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// What stands between the parts of a contact.
const BAR: char = '|';

fn countries(reader: &Reader) -> Vec<Choice> {
    states(reader.w, reader.viewer.mode.is_exercise())
}

/// The fields of an operator.
pub(super) fn operator_fields(reader: &Reader, operator: Option<&Operator>) -> Vec<Field> {
    let w = reader.w;
    let none = Operator::default();
    let operator = operator.unwrap_or(&none);
    let country = operator
        .country
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    vec![
        Field::new("kind", String::new(), Control::Hidden).value("operator"),
        Field::new("operator_name", w.t("field-operator"), Control::Text)
            .value(&operator.name)
            .required()
            .longest(200),
        Field::new(
            "operator_country",
            w.t("field-seat"),
            Control::Select(countries(reader)),
        )
        .value(&country)
        .short(),
        Field::new("operator_note", w.t("infra-note"), Control::Area(3))
            .value(&operator.note)
            .longest(4_000),
    ]
}

/// Records of one kind as choices.
fn records_of(records: &[Record], is_service: bool, but: Option<&Record>) -> Vec<Choice> {
    let of_kind = |record: &&Record| {
        record.content.service().is_some() == is_service
            && but.is_none_or(|but| but.id != record.id)
    };
    let choice = |record: &Record| Choice {
        value: record.id.to_string(),
        text: record.content.name().to_owned(),
        chosen: false,
    };
    records.iter().filter(of_kind).map(choice).collect()
}

/// The fields of a service.
pub(super) fn service_fields(
    reader: &Reader,
    records: &[Record],
    service: Option<&Service>,
) -> Vec<Field> {
    let w = reader.w;
    let sectors: Vec<&str> = Sector::all().map(Sector::as_str).collect();
    let categories = Category::ALL.map(Category::as_str);
    let (name, operator, sector, category, serves, note) =
        service.map_or_else(<_>::default, |one| {
            let serves: Vec<String> = one.serves.iter().map(ToString::to_string).collect();
            (
                one.name.clone(),
                one.operator.to_string(),
                one.sector.clone(),
                one.category.as_str().to_owned(),
                serves.join(" "),
                one.note.clone(),
            )
        });
    let category = if category.is_empty() {
        "candidate".to_owned()
    } else {
        category
    };
    let operators = Control::Select(records_of(records, false, None));
    vec![
        Field::new("kind", String::new(), Control::Hidden).value("service"),
        Field::new("service_name", w.t("field-service"), Control::Text)
            .value(&name)
            .required()
            .longest(200),
        Field::new("operator", w.t("field-operator"), operators)
            .value(&operator)
            .required(),
        Field::new(
            "sector",
            w.t("incident-sector"),
            Control::Select(choices(w, "sector", sectors)),
        )
        .value(&sector)
        .short(),
        Field::new(
            "category",
            w.t("infra-category"),
            Control::Select(choices(w, "category", categories)),
        )
        .hint(w.t("hint-category"))
        .value(&category)
        .required()
        .short(),
        Field::new("serves", w.t("field-serves"), Control::Text)
            .hint(w.t("hint-serves"))
            .value(&serves)
            .longest(800),
        Field::new("service_note", w.t("infra-note"), Control::Area(3))
            .value(&note)
            .longest(4_000),
    ]
}

fn invalid(field: &'static str, rule: &'static str) -> Invalid {
    Invalid { field, rule }
}

fn country_of(text: &str, field: &'static str) -> Result<Option<Country>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.to_uppercase().parse();
    read.map(Some)
        .map_err(|_none| invalid(field, "a code of two letters such as XA"))
}

/// What a form says, over what was there before.
pub(super) fn content_of(answers: &Answers, before: Option<Content>) -> Result<Content, Invalid> {
    if answers.of("kind") != "service" {
        let contacts = before.map(|before| before.contacts().to_vec());
        return Ok(Content::Operator(Operator {
            name: answers.of("operator_name").to_owned(),
            country: country_of(answers.of("operator_country"), "operator_country")?,
            note: answers.of("operator_note").to_owned(),
            contacts: contacts.unwrap_or_default(),
        }));
    }
    let operator = answers.of("operator").parse();
    let operator = operator.map_err(|_no_id| invalid("operator", "an operator of the register"))?;
    let mut serves = Vec::new();
    for code in answers
        .of("serves")
        .split([' ', ',', ';'])
        .filter(|code| !code.is_empty())
    {
        serves.extend(country_of(code, "serves")?);
    }
    let category = Category::from_word(answers.of("category")).unwrap_or_default();
    let (contacts, depends, assessment, incidents) = match before {
        Some(Content::Service(service)) => (
            service.contacts,
            service.depends,
            service.assessment,
            service.incidents,
        ),
        _ => <_>::default(),
    };
    Ok(Content::Service(Service {
        name: answers.of("service_name").to_owned(),
        operator,
        sector: answers.of("sector").to_owned(),
        category,
        serves,
        note: answers.of("service_note").to_owned(),
        contacts,
        depends,
        assessment,
        incidents,
    }))
}

/// A record with the part of it that a form says anew.
pub(super) fn part_of(act: &str, answers: &Answers, before: Content) -> Result<Content, Error> {
    let mut content = before;
    match (act, &mut content) {
        ("contacts", Content::Operator(operator)) => operator.contacts = contacts_of(answers)?,
        ("contacts", Content::Service(service)) => service.contacts = contacts_of(answers)?,
        ("depends", Content::Service(service)) => service.depends.push(dependency_of(answers)?),
        ("answers", Content::Service(service)) => {
            service.assessment = assessment_of(answers)?;
        }
        _ => content = content_of(answers, Some(content))?,
    }
    Ok(content)
}

fn contacts_of(answers: &Answers) -> Result<Vec<Contact>, Invalid> {
    let contact = |line: String| {
        let parts: Vec<&str> = line.split(BAR).map(str::trim).collect();
        if parts.len() > 6 {
            return Err(invalid("contacts", "six parts with | between them"));
        }
        let at = |place: usize| parts.get(place).copied().unwrap_or_default();
        let list = |text: &str, signs: &[char]| {
            let parts = text
                .split(signs)
                .map(str::trim)
                .filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        Ok(Contact {
            name: at(0).to_owned(),
            role: at(1).to_owned(),
            phones: list(at(2), &[',', ';']),
            mail: at(3).to_owned(),
            hours: at(4).to_owned(),
            languages: list(at(5), &[',', ';', ' ']),
        })
    };
    answers.lines("contacts").into_iter().map(contact).collect()
}

fn written(contact: &Contact) -> String {
    let parts = [
        contact.name.clone(),
        contact.role.clone(),
        contact.phones.join(", "),
        contact.mail.clone(),
        contact.hours.clone(),
        contact.languages.join(" "),
    ];
    parts.join(" | ")
}

fn dependency_of(answers: &Answers) -> Result<Dependency, Invalid> {
    let service = answers.given("depends").map(|id| id.parse()).transpose();
    let hours = answers
        .given("hours")
        .map(|hours| hours.parse())
        .transpose();
    Ok(Dependency {
        service: service.map_err(|_no_id| invalid("depends", "another service of the register"))?,
        other: answers.of("other").to_owned(),
        country: country_of(answers.of("depends_country"), "depends_country")?,
        strength: Strength::from_word(answers.of("strength")).unwrap_or_default(),
        hours: hours.map_err(|_no_number| invalid("hours", "a whole number of hours"))?,
        note: answers.of("depends_note").to_owned(),
    })
}

fn assessment_of(answers: &Answers) -> Result<Assessment, Error> {
    let asked = questions::questionnaire()?;
    let given = asked.questions.iter().filter_map(|question| {
        let points = answers
            .of(&format!("answer_{}", question.key))
            .parse()
            .ok()?;
        Some((question.key.clone(), points))
    });
    Ok(Assessment {
        version: asked.version.clone(),
        answers: given.collect(),
        reason: answers.of("reason").to_owned(),
    })
}

/// What can be done with a record.
pub(super) fn parts_forms(
    reader: &Reader,
    record: &Record,
    records: &[Record],
) -> Result<Vec<(String, Form, bool)>, Error> {
    let w = reader.w;
    let own = url(record.id);
    let version =
        || Field::new("version", String::new(), Control::Hidden).value(&record.version.to_string());
    let form = |act: &str, word: &str, fields: Vec<Field>| {
        let fields = std::iter::once(version()).chain(fields).collect();
        (
            w.t(word),
            form_of(reader, &format!("{own}/{act}"), word, fields),
            false,
        )
    };
    let fields = match &record.content {
        Content::Operator(operator) => operator_fields(reader, Some(operator)),
        Content::Service(service) => service_fields(reader, records, Some(service)),
    };
    let contacts: Vec<String> = record.content.contacts().iter().map(written).collect();
    let contacts = Field::new("contacts", w.t("whom-to-call"), Control::Area(5))
        .hint(w.t("hint-contacts"))
        .value(&contacts.join("\n"))
        .longest(40_000);
    let mut forms = vec![
        form("save", "record-change", fields),
        form("contacts", "contacts-change", vec![contacts]),
    ];
    if let Content::Service(service) = &record.content {
        forms.push(form(
            "depends",
            "depends-add",
            depends_fields(reader, record, records),
        ));
        forms.push(form(
            "answers",
            "answers-change",
            answers_fields(w, service)?,
        ));
        let incident = Field::new("incident", w.t("infra-incident"), Control::Text)
            .hint(w.t("hint-incident"))
            .required()
            .longest(300);
        forms.push(form("incident", "incident-hit", vec![incident]));
    }
    forms.push(form("remove", "record-remove", Vec::new()));
    Ok(forms)
}

fn depends_fields(reader: &Reader, record: &Record, records: &[Record]) -> Vec<Field> {
    let w = reader.w;
    let services = Control::Select(records_of(records, true, Some(record)));
    let strengths = choices(w, "strength", Strength::ALL.map(Strength::as_str));
    vec![
        Field::new("depends", w.t("field-depends"), services),
        Field::new("other", w.t("field-other"), Control::Text)
            .hint(w.t("hint-other"))
            .longest(200),
        Field::new(
            "depends_country",
            w.t("field-other-state"),
            Control::Select(countries(reader)),
        )
        .short(),
        Field::new(
            "strength",
            w.t("field-strength"),
            Control::Select(strengths),
        )
        .value("total")
        .required()
        .short(),
        Field::new("hours", w.t("infra-hours"), Control::Text)
            .longest(6)
            .short(),
        Field::new("depends_note", w.t("infra-note"), Control::Area(2)).longest(4_000),
    ]
}

fn answers_fields(w: Words, service: &Service) -> Result<Vec<Field>, Error> {
    let asked = questions::questionnaire()?;
    let language = w.language();
    let field = |question: &questions::Question| {
        let given = service.assessment.answers.get(&question.key);
        let choice = |answer: &questions::Answer| Choice {
            value: answer.points.to_string(),
            text: answer.text.of(language).to_owned(),
            chosen: given == Some(&answer.points),
        };
        let choices = question.answers.iter().map(choice).collect();
        let name = format!("answer_{}", question.key);
        Field::new(
            &name,
            question.text.of(language).to_owned(),
            Control::Select(choices),
        )
        .hint(question.source.clone())
    };
    let reason = Field::new("reason", w.t("infra-reason"), Control::Area(3))
        .hint(w.t("hint-reason"))
        .value(&service.assessment.reason)
        .longest(4_000);
    Ok(asked.questions.iter().map(field).chain([reason]).collect())
}
