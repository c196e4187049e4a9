//! A desk of a party: what all see, what a look shows, and entering one.

use std::str::FromStr;

use directory::{
    Error,
    model::{Contact, ContactKind, Duty, Invalid, Profile, Reach},
    ops::NewContact,
};
use kernel::{Language, PartyCode};

use super::forms::{Answers, choices};
use crate::{
    views::{
        directory::{ContactData, Desk},
        form::{Control, Field, Form},
    },
    words::Words,
};

pub(super) fn desk(
    w: Words,
    code: &PartyCode,
    contact: &Contact,
    (may_look, seen): (bool, Option<ContactData>),
) -> Desk {
    let profile = &contact.profile;
    let text = |line: &Option<directory::model::Line>| {
        line.as_ref()
            .map(|line| line.as_str().to_owned())
            .unwrap_or_default()
    };
    let languages = profile.languages.iter().map(|tag| {
        let tag = tag.as_str();
        Language::from_tag(tag).map_or_else(
            || tag.to_owned(),
            |language| w.word("language", language.tag()),
        )
    });
    Desk {
        id: contact.id.to_string(),
        kind: profile.kind.as_str().to_owned(),
        entity: profile.entity.as_str().to_owned(),
        department: text(&profile.department),
        role: text(&profile.role),
        languages: languages.collect::<Vec<_>>().join(&w.t("comma")),
        time_zone: profile.time_zone.as_str().to_owned(),
        hours: profile.duty.as_str().to_owned(),
        status: contact.standing.as_str().to_owned(),
        verified: contact.verified_at,
        look_url: if may_look {
            format!("/directory/{code}/contacts/{}/look", contact.id)
        } else {
            String::new()
        },
        seen,
    }
}

pub(super) fn data(reach: &Reach) -> ContactData {
    ContactData {
        person: reach
            .person
            .as_ref()
            .map(|line| line.as_str().to_owned())
            .unwrap_or_default(),
        phones: reach
            .phones
            .iter()
            .map(|phone| phone.as_str().to_owned())
            .collect(),
        fallback: reach
            .fallback_phone
            .as_ref()
            .map(|phone| phone.as_str().to_owned())
            .unwrap_or_default(),
        emails: reach
            .emails
            .iter()
            .map(|email| email.as_str().to_owned())
            .collect(),
        channels: Vec::new(),
    }
}

pub(super) fn desk_form(w: Words, csrf: &str, code: &PartyCode) -> Form {
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text).longest(200);
    let lines = |name: &str, key: &str| Field::new(name, w.t(key), Control::Area(2)).longest(2_000);
    let select = |name: &str, key: &str, choices| {
        Field::new(name, w.t(key), Control::Select(choices))
            .required()
            .short()
    };
    Form {
        action: format!("/directory/{code}/contacts"),
        csrf: csrf.to_owned(),
        fields: vec![
            select(
                "kind",
                "field-contact-kind",
                choices(
                    w,
                    "contact-kind",
                    ContactKind::ALL.iter().map(|kind| kind.as_str()),
                ),
            ),
            line("entity", "field-entity").required(),
            line("department", "field-department"),
            line("role", "field-role"),
            line("languages", "field-languages")
                .hint(w.t("hint-languages"))
                .required()
                .value("en"),
            line("time_zone", "field-time-zone")
                .hint(w.t("hint-time-zone"))
                .required()
                .value("UTC"),
            select(
                "duty",
                "field-hours",
                choices(w, "hours", Duty::ALL.iter().map(|duty| duty.as_str())),
            ),
            line("person", "field-person"),
            lines("phones", "field-phones"),
            line("fallback_phone", "field-fallback"),
            lines("emails", "field-emails"),
        ],
        submit: w.t("form-add"),
        cancel: String::new(),
    }
}

/// The contact that the answers describe.
pub(super) fn contact(answers: &Answers) -> Result<NewContact, Error> {
    fn one<T: FromStr<Err = Invalid>>(
        answers: &Answers,
        name: &'static str,
    ) -> Result<Option<T>, Invalid> {
        answers
            .given(name)
            .map(|text| text.parse())
            .transpose()
            .map_err(|invalid: Invalid| invalid.at(name))
    }
    fn many<T: FromStr<Err = Invalid>>(
        texts: &[String],
        name: &'static str,
    ) -> Result<Vec<T>, Invalid> {
        let parsed: Result<Vec<T>, Invalid> = texts.iter().map(|text| text.parse()).collect();
        parsed.map_err(|invalid| invalid.at(name))
    }
    fn must<T>(value: Option<T>, name: &'static str) -> Result<T, Invalid> {
        value.ok_or(Invalid {
            field: name,
            rule: "must not be empty",
        })
    }
    let languages: Vec<String> = answers
        .of("languages")
        .split([',', ' '])
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect();
    let profile = Profile {
        kind: must(one(answers, "kind")?, "kind")?,
        entity: must(one(answers, "entity")?, "entity")?,
        department: one(answers, "department")?,
        role: one(answers, "role")?,
        languages: many(&languages, "languages")?,
        time_zone: must(one(answers, "time_zone")?, "time_zone")?,
        duty: must(one(answers, "duty")?, "duty")?,
        duty_hours: None,
        channels: Vec::new(),
        nominated_by: None,
        valid_from: None,
    };
    let reach = Reach {
        person: one(answers, "person")?,
        emails: many(&answers.lines("emails"), "emails")?,
        phones: many(&answers.lines("phones"), "phones")?,
        fallback_phone: one(answers, "fallback_phone")?,
    };
    Ok(NewContact {
        profile,
        reach,
        verified: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(phone: &str) -> Answers {
        let pairs = [
            ("kind", "technical"),
            ("entity", "CERT-XC"),
            ("languages", "en, fr"),
            ("time_zone", "UTC"),
            ("duty", "24x7"),
            ("phones", phone),
        ];
        Answers(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        )
    }

    #[test]
    fn a_desk_is_read_from_its_form() {
        let new = contact(&answers("+990 3 555 0142")).unwrap();
        assert_eq!(new.profile.languages.len(), 2);
        assert_eq!(new.reach.phones.len(), 1);
    }

    #[test]
    fn a_telephone_number_that_is_none_is_refused_at_its_field() {
        let Err(Error::Invalid(invalid)) = contact(&answers("call me")) else {
            panic!("taken")
        };
        assert_eq!(invalid.field, "phones");
    }
}
