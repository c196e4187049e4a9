//! What each value of a record must be.

use super::{Assessment, Contact, Dependency, Invalid, LIST_MAX};
use crate::questions;

/// The longest name, in characters.
pub(crate) const NAME_CHARS_MAX: usize = 200;
/// The longest text, in characters.
pub(crate) const TEXT_CHARS_MAX: usize = 4_000;

fn is_text(text: &str, longest: usize) -> bool {
    let control = |one: char| one.is_control() && !matches!(one, '\n' | '\t');
    text.chars().count() <= longest && !text.chars().any(control)
}

pub(super) fn text(field: &'static str, value: &mut String) -> Result<(), Invalid> {
    *value = value.trim().replace("\r\n", "\n");
    let rule = "a text of up to 4,000 characters";
    is_text(value, TEXT_CHARS_MAX)
        .then_some(())
        .ok_or(Invalid { field, rule })
}

pub(super) fn name(field: &'static str, value: &mut String) -> Result<(), Invalid> {
    *value = value.trim().to_owned();
    let rule = "a name of 1 to 200 characters";
    (!kernel::is_blank(value) && !value.contains(['\n', '\t']) && is_text(value, NAME_CHARS_MAX))
        .then_some(())
        .ok_or(Invalid { field, rule })
}

pub(super) fn contacts(all: &mut [Contact]) -> Result<(), Invalid> {
    let wrong = |rule| Invalid {
        field: "contacts",
        rule,
    };
    if all.len() > LIST_MAX {
        return Err(wrong("a list of up to 200"));
    }
    for contact in all {
        name("contacts", &mut contact.name)?;
        for value in [&mut contact.role, &mut contact.mail, &mut contact.hours] {
            *value = value.trim().to_owned();
            if !is_text(value, NAME_CHARS_MAX) {
                return Err(wrong("a line of up to 200 characters"));
            }
        }
        if contact.phones.len() > 10 || !contact.phones.iter().all(|one| is_phone(one)) {
            return Err(wrong("a telephone number as one dials it"));
        }
        if contact.languages.len() > 20 || !contact.languages.iter().all(|one| is_language(one)) {
            return Err(wrong("a language tag such as en"));
        }
    }
    Ok(())
}

/// A telephone number as one dials it.
pub(crate) fn is_phone(phone: &str) -> bool {
    let sign = |one: char| one.is_ascii_digit() || " +-()/.".contains(one);
    phone.len() <= 40 && phone.chars().all(sign) && phone.chars().any(|one| one.is_ascii_digit())
}

/// A tag of a language such as `en`.
pub(crate) fn is_language(tag: &str) -> bool {
    (2..=12).contains(&tag.len())
        && tag
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-')
}

pub(super) fn depends(dependency: &mut Dependency) -> Result<(), Invalid> {
    let field = "depends";
    text(field, &mut dependency.note)?;
    if dependency.service.is_some() {
        if dependency.other.is_empty() {
            return Ok(());
        }
        let rule = "a service of the register or another one, not both";
        return Err(Invalid { field, rule });
    }
    name(field, &mut dependency.other)
}

pub(super) fn assessed(assessment: &mut Assessment) -> Result<(), Invalid> {
    text("reason", &mut assessment.reason)?;
    if assessment.answers.is_empty() {
        assessment.version.clear();
        return Ok(());
    }
    let wrong = Invalid {
        field: "answers",
        rule: "an answer of the questionnaire",
    };
    let asked = questions::questionnaire().map_err(|_unread| wrong)?;
    assessment.version.clone_from(&asked.version);
    let known = assessment.answers.iter().all(|(key, points)| {
        let question = asked.questions.iter().find(|question| question.key == *key);
        question.is_some_and(|one| one.answers.iter().any(|answer| answer.points == *points))
    });
    known.then_some(()).ok_or(wrong)
}
