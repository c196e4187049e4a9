//! What the forms of an incident's tabs say: an event, a statement, a link.

use incidents::{
    Error,
    model::{Invalid, Line, Link, LinkKind, Statement as Said, TimelineEntry as Event},
};

use super::forms::Answers;

pub(super) fn event(answers: &Answers) -> Result<Event, Error> {
    Ok(Event {
        at: answers
            .of("at")
            .parse()
            .map_err(|invalid: Invalid| invalid.at("at"))?,
        what: Line::required(answers.of("what"), "what")?,
        source: Line::optional(answers.given("source").as_deref(), "source")?,
    })
}

pub(super) fn statement(answers: &Answers) -> Result<Said, Error> {
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
pub(super) fn link(answers: &Answers) -> Result<Link, Error> {
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
