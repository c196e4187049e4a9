//! Reminders of reports by mail: a person's own setting, and what such a mail says.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::State;
use incidents::reporting::by_mail::{self, ByMail};
use kernel::Timestamp;

use super::{form_of, own_page, password_form};
use crate::{
    pages::{
        Answer, House, Reader,
        forms::{Answers, refuse},
        go,
        incident::clocks::stage_of,
    },
    views::form::{Control, Field, Form},
    words::{Fidelity, Words},
};

const URL: &str = "/settings/reminders";

/// The form of the setting, for whoever could be reminded; nothing where the node sends no mails.
pub(crate) async fn form(house: &House, reader: &Reader) -> Result<Option<Form>, Refusal> {
    if !house.mailbox.sends() || !reader.may(Act::IncidentRead) {
        return Ok(None);
    }
    let address = by_mail::address(&house.ground, &reader.viewer).await?;
    let address = address.map(|address| address.to_string());
    let w = reader.w;
    let field = Field::new("address", w.t("field-reminder-mail"), Control::Text)
        .hint(w.t("hint-reminder-mail"))
        .longest(254)
        .value(&address.unwrap_or_default());
    Ok(Some(form_of(reader, URL, "form-save", vec![field])))
}

/// `POST /settings/reminders`.
pub(crate) async fn save(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let address = answers.given("address");
    let done = by_mail::choose(&house.ground, &reader.viewer, address.as_deref()).await;
    match done {
        Ok(_) => Ok(go(&reader, "/settings", "saved")),
        Err(error) => {
            let mut form = form(&house, &reader)
                .await?
                .ok_or_else(crate::pages::nothing)?;
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            let forms = (password_form(&reader), Some(form));
            own_page(&house, &reader, forms, refused).await
        }
    }
}

/// What a reminder says by mail, subject and text, in the language of its reader: which report, by which
/// rule, of which incident by its reference, until when, and where it stands on the node.
pub fn reminder_mail(told: &ByMail, now: Timestamp, node: &str) -> (String, String) {
    let w = Words::new(told.language, now);
    let key = if told.is_late {
        "mail-reminder-late"
    } else {
        "mail-reminder-due"
    };
    let stage = w.word("clock-stage", &told.stage);
    let when = w.dated_to(&told.due, &Fidelity::Minute);
    let said = w.t2(key, &("stage", stage), &("when", when));
    let subject = if told.is_exercise {
        format!("[{}] {said}", w.word("mode", "exercise"))
    } else {
        said.clone()
    };
    let incident = told.incident.to_string();
    let lines = [
        subject.clone(),
        stage_of(w, &told.regime, &told.stage),
        w.t1("mail-reminder-incident", "incident", incident.clone()),
        format!("{node}/incidents/{incident}/clocks"),
        String::new(),
        w.t1("mail-reminder-why", "settings", format!("{node}/settings")),
    ];
    (subject, lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use super::*;

    #[test]
    fn a_reminder_says_what_is_due_and_nothing_else_of_the_incident() {
        let incident = "incident--6f1c2a4e-7b58-4c0d-9a3e-2d5b8c1f0e47";
        let mut told = ByMail {
            to: "rosa@example.org".parse().unwrap(),
            language: Language::En,
            incident: incident.parse().unwrap(),
            tlp: kernel::Tlp::Green,
            is_exercise: false,
            regime: "nis2".to_owned(),
            stage: "early-warning".to_owned(),
            due: "2026-11-21T12:00:00Z".parse().unwrap(),
            is_late: false,
        };
        let now = "2026-11-21T06:00:00Z".parse().unwrap();
        let node = "https://node.example.org";
        let (subject, text) = reminder_mail(&told, now, node);
        assert_eq!(subject, "Early warning: due 21 Nov 2026 12:00 UTC");
        let link = format!("{node}/incidents/{incident}/clocks");
        assert!(text.contains(&link) && text.contains("NIS2"), "{text}");
        (told.is_late, told.is_exercise) = (true, true);
        let (subject, _) = reminder_mail(&told, now, node);
        assert_eq!(
            subject,
            "[Exercise] Early warning: overdue since 21 Nov 2026 12:00 UTC"
        );
        told.language = Language::Zh;
        let (subject, text) = reminder_mail(&told, now, node);
        assert!(subject.starts_with("[演习] 预警"), "{subject}");
        assert!(text.contains(incident), "{text}");
    }
}
