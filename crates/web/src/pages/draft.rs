//! A message that is being written: what kind it is, to whom it goes and what it follows. That much
//! goes along, unseen, in every form until the message is sent.

use exchange::model::Kind;
use kernel::{ContactId, FileId, IncidentRef, MessageId, PartyCode, Rng, ThreadId};

use super::{forms::Answers, incident::tabs::size};
use crate::{
    views::form::{Choice, Control, Field},
    words::Words,
};

/// What no field of a form asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Draft {
    /// The id that the message will bear, so that a form which comes twice is one message.
    pub(super) id: MessageId,
    /// Its kind.
    pub(super) kind: Kind,
    /// To whom.
    pub(super) to: PartyCode,
    /// To which desk; the party's own choice without one.
    pub(super) desk: Option<ContactId>,
    /// The thread; a new one without it.
    pub(super) thread: Option<ThreadId>,
    /// The message that it follows.
    pub(super) parent: Option<MessageId>,
    /// The question that it answers.
    pub(super) question: Option<MessageId>,
    /// The answer that it takes the place of. One that a colleague gave meanwhile is not named here,
    /// and so is not replaced unseen.
    pub(super) instead: Option<MessageId>,
    /// The requests that a closure covers: those that stood on the page when it was opened.
    pub(super) covers: Vec<MessageId>,
    /// The incident that it is about.
    pub(super) incident: Option<IncidentRef>,
}

impl Draft {
    /// What an address or a form says; nothing where it says something that cannot be.
    pub(super) fn read(answers: &Answers, rng: &dyn Rng) -> Option<Self> {
        fn one<T: std::str::FromStr>(answers: &Answers, name: &str) -> Result<Option<T>, T::Err> {
            answers.given(name).map(|text| text.parse()).transpose()
        }
        let to = answers.of("to");
        let (party, desk) = to
            .split_once('/')
            .map_or((to, None), |(party, desk)| (party, Some(desk)));
        Some(Self {
            id: one(answers, "id")
                .ok()?
                .unwrap_or_else(|| MessageId::random(rng)),
            kind: Kind::from_code(answers.of("kind"))?,
            to: party.parse().ok()?,
            desk: desk.map(str::parse).transpose().ok()?,
            thread: one(answers, "thread").ok()?,
            parent: one(answers, "parent").ok()?,
            question: one(answers, "question").ok()?,
            instead: one(answers, "instead").ok()?,
            covers: answers
                .all("covers")
                .map(str::parse)
                .collect::<Result<_, _>>()
                .ok()?,
            incident: one(answers, "incident").ok()?,
        })
    }

    /// Party and desk, as an address and a form carry them.
    pub(super) fn addressee(to: &PartyCode, desk: Option<ContactId>) -> String {
        desk.map_or_else(|| to.to_string(), |desk| format!("{to}/{desk}"))
    }

    /// The page with its form.
    pub(super) fn url(&self) -> String {
        let to = Self::addressee(&self.to, self.desk);
        let mut url = format!("/compose/write?kind={}&to={to}", self.kind);
        for (name, value) in self.links() {
            url.push('&');
            url.push_str(name);
            url.push('=');
            url.push_str(&value);
        }
        url
    }

    /// The fields that carry it. The incident of a notification is asked for where it is not known.
    pub(super) fn hidden(&self) -> Vec<Field> {
        let hidden =
            |name: &str, value: &str| Field::new(name, String::new(), Control::Hidden).value(value);
        let mut fields = vec![
            hidden("id", &self.id.to_string()),
            hidden("kind", self.kind.as_str()),
            hidden("to", &Self::addressee(&self.to, self.desk)),
        ];
        let covers = self.covers.iter();
        fields.extend(covers.map(|id| hidden("covers", &id.to_string())));
        fields.extend(
            self.links()
                .iter()
                .filter(|(name, _)| *name != "incident" || self.kind != Kind::NotifyInc)
                .map(|(name, value)| hidden(name, value)),
        );
        fields
    }

    fn links(&self) -> Vec<(&'static str, String)> {
        [
            ("thread", self.thread.map(|id| id.to_string())),
            ("parent", self.parent.map(|id| id.to_string())),
            ("question", self.question.map(|id| id.to_string())),
            ("instead", self.instead.map(|id| id.to_string())),
            ("incident", self.incident.map(|id| id.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, id)| Some((name, id?)))
        .collect()
    }
}

/// A file that was put for the message already. A form carries it as one text, so that nothing has
/// to be chosen twice; name and size are for the writer's eyes only.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Kept {
    pub(super) id: FileId,
    pub(super) size: u64,
    pub(super) name: String,
}

impl Kept {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        Some(Self {
            id: parts.next()?.parse().ok()?,
            size: parts.next()?.parse().ok()?,
            name: parts.next()?.to_owned(),
        })
    }

    pub(super) fn text(&self) -> String {
        format!("{} {} {}", self.id, self.size, self.name)
    }

    /// All that a form carries.
    pub(super) fn all(answers: &Answers) -> Vec<Self> {
        answers.all("kept").filter_map(Self::read).collect()
    }

    /// The boxes by which each can still be left out; nothing where there are none.
    pub(super) fn field(w: Words, kept: &[Self]) -> Option<Field> {
        let choice = |one: &Self| Choice {
            value: one.text(),
            text: format!("{} ({})", one.name, size(one.size)),
            chosen: true,
        };
        let choices: Vec<Choice> = kept.iter().map(choice).collect();
        (!choices.is_empty()).then(|| Field::new("kept", w.t("field-kept"), Control::Many(choices)))
    }
}

/// Everything that was typed, unseen, to go on to the next page.
pub(super) fn carried(answers: &Answers) -> Vec<Field> {
    answers
        .0
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "csrf" | "confirm"))
        .map(|(name, value)| Field::new(name, String::new(), Control::Hidden).value(value))
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Language, SeededRng, Timestamp};

    use super::*;

    const MESSAGE: &str = "message--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        Answers(
            pairs
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    fn read(pairs: &[(&str, &str)]) -> Option<Draft> {
        Draft::read(&answers(pairs), &SeededRng::new(1))
    }

    #[test]
    fn a_draft_comes_back_from_its_own_form() {
        let desk = "contact--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";
        let draft = read(&[
            ("kind", "ACK"),
            ("to", &format!("XB/{desk}")),
            ("thread", "thread--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11"),
            ("parent", MESSAGE),
        ])
        .unwrap();
        let again: Vec<(String, String)> = draft
            .hidden()
            .into_iter()
            .map(|field| (field.name, field.value))
            .collect();
        assert_eq!(
            Draft::read(&Answers(again), &SeededRng::new(2)),
            Some(draft.clone())
        );
        assert!(draft.url().ends_with(&format!("&parent={MESSAGE}")));
    }

    #[test]
    fn what_cannot_be_is_no_draft() {
        assert_eq!(read(&[("kind", "ACK"), ("to", "")]), None);
        assert_eq!(read(&[("kind", "YES"), ("to", "XB")]), None);
        assert_eq!(
            read(&[("kind", "ACK"), ("to", "XB"), ("parent", "x")]),
            None
        );
    }

    #[test]
    fn the_incident_of_a_notification_is_a_field_and_not_hidden() {
        let incident = "incident--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";
        let names = |kind: &str| -> Vec<String> {
            read(&[("kind", kind), ("to", "XB"), ("incident", incident)])
                .unwrap()
                .hidden()
                .into_iter()
                .map(|field| field.name)
                .collect()
        };
        assert_eq!(names("RFI"), ["id", "kind", "to", "incident"]);
        assert_eq!(names("NOTIFY-INC"), ["id", "kind", "to"]);
    }

    #[test]
    fn files_that_are_here_stay_whatever_their_name() {
        let kept = Kept {
            id: FileId::random(&SeededRng::new(1)),
            size: 12,
            name: "log, 3 of 4.csv".to_owned(),
        };
        assert_eq!(Kept::read(&kept.text()), Some(kept.clone()));
        let w = Words::new(Language::En, Timestamp::from_micros(0));
        let field = Kept::field(w, std::slice::from_ref(&kept)).unwrap();
        let Control::Many(choices) = field.control else {
            panic!("another control")
        };
        assert!(choices[0].chosen);
        assert_eq!(Kept::read("nothing"), None);
    }

    #[test]
    fn what_was_typed_goes_on_without_token_and_confirmation() {
        let fields = carried(&answers(&[("csrf", "t"), ("text", "a"), ("confirm", "XB")]));
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["text"]);
    }
}
