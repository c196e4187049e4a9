//! What the forms of an incident's tabs ask for and say: an event, a statement, a link.

use incidents::{
    Error,
    model::{
        Invalid, Line, Link, LinkKind, Statement as Said, StatementKind, TimelineEntry as Event,
    },
};

use crate::{
    pages::forms::{Answers, choices},
    views::form::{Control, Field, Form},
    words::Words,
};

pub(crate) fn event(answers: &Answers) -> Result<Event, Error> {
    Ok(Event {
        at: answers
            .of("at")
            .parse()
            .map_err(|invalid: Invalid| invalid.at("at"))?,
        what: Line::required(answers.of("what"), "what")?,
        source: Line::optional(answers.given("source").as_deref(), "source")?,
    })
}

pub(crate) fn statement(answers: &Answers) -> Result<Said, Error> {
    let optional = |name: &'static str| answers.given(name);
    Ok(Said {
        kind: answers.of("kind").parse()?,
        by: Line::required(answers.of("by"), "by")?,
        country: None,
        role: None,
        actor: Line::optional(optional("actor").as_deref(), "actor")?,
        says: Line::required(answers.of("says"), "says")?,
        cites: None,
        document: Line::optional(optional("document").as_deref(), "document")?,
        line: None,
        at: optional("at")
            .map(|at| at.parse())
            .transpose()
            .map_err(|invalid: Invalid| invalid.at("at"))?,
        note: Line::optional(optional("note").as_deref(), "note")?,
    })
}

/// Only what a browser can open is linked by hand; threads are linked by themselves.
pub(crate) fn link(answers: &Answers) -> Result<Link, Error> {
    let target = answers.of("target");
    if !target.starts_with("https://") && !target.starts_with("http://") {
        return Err(Invalid {
            field: "target",
            rule: "an address that begins with https://",
        }
        .into());
    }
    Ok(Link {
        kind: "url".parse::<LinkKind>()?,
        target: Line::required(target, "target")?,
        label: Line::required(answers.of("label"), "label")?,
    })
}

/// What asks for one more of what stands on a tab.
pub(super) fn form(w: Words, csrf: &str, url: &str, tab: &str) -> Option<Form> {
    let at = || {
        Field::new("at", w.t("field-at"), Control::Text)
            .hint(w.t("hint-dated"))
            .short()
    };
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text);
    let fields = match tab {
        "timeline" => vec![
            at().required(),
            line("what", "field-what").required(),
            line("source", "field-source").longest(200),
        ],
        "sources" => vec![
            Field::new(
                "kind",
                w.t("field-kind"),
                Control::Select(choices(
                    w,
                    "statement",
                    StatementKind::ALL.iter().map(|kind| kind.as_str()),
                )),
            )
            .required()
            .short(),
            line("by", "field-by")
                .hint(w.t("hint-by"))
                .required()
                .longest(200),
            Field::new("says", w.t("field-says"), Control::Area(3))
                .required()
                .longest(2_000),
            line("actor", "field-actor").longest(300),
            line("document", "field-document").longest(200),
            at(),
            line("note", "field-note").longest(1_000),
        ],
        "links" => vec![
            line("label", "field-link-label").required().longest(200),
            line("target", "field-link-target").required().longest(200),
        ],
        _ => return None,
    };
    Some(Form {
        action: format!("{url}/{tab}"),
        csrf: csrf.to_owned(),
        fields,
        submit: w.t("form-add"),
        cancel: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_by_hand_is_one_that_a_browser_opens() {
        let answers = |target: &str| {
            Answers(vec![
                ("target".to_owned(), target.to_owned()),
                ("label".to_owned(), "x".to_owned()),
            ])
        };
        assert!(link(&answers("https://example.org/report")).is_ok());
        assert!(link(&answers("javascript:alert(1)")).is_err());
    }
}
