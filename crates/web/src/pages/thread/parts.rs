//! A thread as its page shows it: messages with their marks.

use std::collections::HashMap;

use exchange::{
    model::{FileInfo, Gone, MessageView, Statement},
    state::{Request, RequestState},
};
use federation::{
    model::{Desk, Urgency},
    state::Delivery,
};
use kernel::{ContactId, MessageId, PartyCode, Timestamp, Tlp};

use crate::{
    pages::{
        incident::tabs::size,
        saying::basis_code,
        telling::{Told, tell},
    },
    views::{
        desk::Phones,
        frame::PartyName,
        incident::Attachment,
        thread::{Entry, Mark, MarkState, Message},
    },
    words::{WRITTEN, Words, key},
};

/// The parties and desks that pages name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) parties: HashMap<PartyCode, String>,
    pub(crate) desks: HashMap<ContactId, String>,
}

impl Names {
    pub(crate) fn party(&self, w: Words, code: &PartyCode) -> PartyName {
        PartyName {
            code: code.to_string(),
            name: self
                .parties
                .get(code)
                .cloned()
                .unwrap_or_else(|| w.state(code.as_str())),
        }
    }

    /// A desk by name; one that the directory does not hold any more by its id.
    pub(crate) fn desk(&self, contact: ContactId) -> String {
        self.desks
            .get(&contact)
            .cloned()
            .unwrap_or_else(|| contact.to_string())
    }
}

/// What messages are told with.
pub(crate) struct Teller<'a> {
    pub(crate) w: Words,
    pub(crate) names: &'a Names,
    /// What was asked in the thread.
    pub(crate) requests: &'a [Request],
    /// Whether the reader may ask for telephone numbers.
    pub(crate) may_look: bool,
    /// Whether he may send.
    pub(crate) may_send: bool,
    /// The telephones that he asked for, and of which message's desk.
    pub(crate) seen: Option<(MessageId, Phones)>,
}

impl Teller<'_> {
    /// The messages in order, with what happened to them.
    pub(crate) fn entries<'m>(
        &self,
        messages: impl Iterator<Item = &'m MessageView>,
    ) -> Vec<Entry> {
        let mut entries = Vec::new();
        for message in messages {
            entries.push(Entry::Message(Box::new(self.message(message))));
            for (party, at) in &message.removal {
                let party = self.names.party(self.w, party).name;
                entries.push(Entry::Event {
                    at: *at,
                    text: self.w.t1("gone-removed", "party", party),
                    bad: false,
                });
            }
        }
        entries
    }

    /// A message with its marks.
    pub(crate) fn message(&self, message: &MessageView) -> Message {
        let (id, ours) = (message.id, message.ours);
        let gone = self.gone(message);
        let kept = matches!(message.gone, Some(Gone::Withdrawn { .. }));
        Message {
            marks: self.marks(message),
            files: message
                .files
                .iter()
                .map(|file| attached(file, id, message.header.tlp))
                .collect(),
            print_url: format!("/messages/{id}/print"),
            retry_url: if self.may_send && ours && message.delivery.as_ref().is_some_and(is_stuck) {
                format!("/messages/{id}/retry")
            } else {
                String::new()
            },
            withdraw_url: String::new(),
            note: if message.statement.is_some() && kept {
                gone.clone()
            } else {
                String::new()
            },
            gone: if message.statement.is_some() {
                String::new()
            } else {
                gone
            },
            ..self.written(
                message.statement.as_ref(),
                (&message.from, &message.to),
                &Outside {
                    id: id.to_string(),
                    ours,
                    kind: message.kind.as_str(),
                    at: message.sent,
                    tlp: message.header.tlp,
                    urgency: message.header.urgency,
                },
            )
        }
    }

    /// What was written, without any marks: also before it is sent.
    pub(crate) fn written(
        &self,
        statement: Option<&Statement>,
        (from, to): (&Desk, &Desk),
        outside: &Outside,
    ) -> Message {
        let w = self.w;
        let told = statement.map_or_else(Told::default, |statement| tell(w, statement));
        let text = statement.and_then(|statement| statement.text.as_ref());
        let language = statement.and_then(|statement| statement.languages.first());
        let basis = outside.urgency.basis().map(basis_code);
        Message {
            id: outside.id.clone(),
            ours: outside.ours,
            from: self.names.party(w, &from.party),
            from_desk: self.names.desk(from.contact),
            to: self.names.party(w, &to.party),
            to_desk: self.names.desk(to.contact),
            kind: outside.kind.to_owned(),
            at: outside.at,
            title: statement.map_or_else(String::new, |one| {
                // What only repeats the kind says nothing.
                let title = one.title.as_str();
                let named = |language| Words::new(language, w.now()).word("kind", outside.kind);
                if WRITTEN
                    .iter()
                    .any(|(language, _)| named(*language) == title)
                {
                    String::new()
                } else {
                    title.to_owned()
                }
            }),
            text: text.map_or_else(String::new, ToString::to_string),
            facts: told.facts,
            lists: told.lists,
            fixed: told.fixed,
            norms: told.norms,
            tlp: outside.tlp,
            language: language.map_or_else(String::new, ToString::to_string),
            urgency: urgency_word(outside.urgency).to_owned(),
            urgency_why: basis.map_or_else(String::new, |code| w.word("urgency-basis", code)),
            files: Vec::new(),
            marks: Vec::new(),
            print_url: String::new(),
            retry_url: String::new(),
            withdraw_url: String::new(),
            note: String::new(),
            gone: String::new(),
        }
    }

    fn gone(&self, message: &MessageView) -> String {
        let other = self.names.party(self.w, &message.party).name;
        match message.gone {
            None if message.statement.is_some() => String::new(),
            None => self.w.t("gone-not-for-you"),
            Some(Gone::Unreadable) => self.w.t("gone-unreadable"),
            Some(Gone::Withdrawn { .. }) if !message.ours => {
                self.w.t1("gone-withdrawn-by-them", "party", other)
            }
            Some(Gone::Withdrawn { .. }) if message.removal.is_empty() => {
                self.w.t1("gone-withdrawn-by-us", "party", other)
            }
            Some(Gone::Withdrawn { .. }) => self.w.t("gone-withdrawn"),
        }
    }

    fn marks(&self, message: &MessageView) -> Vec<Mark> {
        let proof = format!("/messages/{}/proof", message.id);
        let mut marks = match (&message.delivery, message.ours) {
            (Some(delivery), true) => self.way(message, delivery, &proof),
            (None, true) => vec![mark("sent", MarkState::Done, Some(message.sent))],
            (_, false) => vec![Mark {
                proof_url: proof,
                ..mark("received", MarkState::Done, Some(message.at))
            }],
        };
        let request = self.requests.iter().find(|one| one.id == message.id);
        marks.extend(request.into_iter().flat_map(|one| self.answers(one)));
        marks
    }

    /// The way of an own message to the other node.
    fn way(&self, message: &MessageView, delivery: &Delivery, proof: &str) -> Vec<Mark> {
        let w = self.w;
        let sent = mark("sent", MarkState::Done, Some(message.sent));
        let tried = if message.attempts > 1 {
            w.t1("mark-attempts", "n", u64::from(message.attempts))
        } else {
            String::new()
        };
        let waits = || Mark {
            proof_url: proof.to_owned(),
            ..mark("received", MarkState::Waiting, None)
        };
        match delivery {
            Delivery::Queued => vec![
                Mark {
                    note: tried,
                    ..mark("queued", MarkState::Done, Some(message.at))
                },
                waits(),
            ],
            Delivery::Sent => vec![sent, waits()],
            Delivery::Receipted { .. } => {
                let at = message.receipt.as_ref().map(|(_, at)| *at);
                vec![
                    sent,
                    Mark {
                        proof_url: proof.to_owned(),
                        ..mark("received", MarkState::Done, at)
                    },
                ]
            }
            Delivery::Refused { code } => {
                let why = w.find(&key("error", code.as_str()), &[]);
                vec![Mark {
                    note: why.unwrap_or_else(|| code.as_str().to_owned()),
                    ..mark("refused", MarkState::Late, None)
                }]
            }
            Delivery::Undeliverable { since } => vec![Mark {
                note: tried,
                ..mark("undeliverable", MarkState::Late, Some(*since))
            }],
            Delivery::Carried => vec![
                Mark {
                    note: w.t("mark-carried-note"),
                    ..mark("carried", MarkState::Done, None)
                },
                waits(),
            ],
            Delivery::Withdrawn => vec![mark("withdrawn", MarkState::Done, None)],
        }
    }

    /// Whether a request was acknowledged and answered.
    fn answers(&self, request: &Request) -> Vec<Mark> {
        let now = self.w.now();
        let ended = request.state.ended();
        let stands = matches!(request.state, RequestState::Clarifying { .. });
        let step = |step, met: Option<Timestamp>, due: Option<Timestamp>, stands: bool| match met {
            Some(at) => Some(mark(step, MarkState::Done, Some(at))),
            None if ended => None,
            None if stands => Some(mark(step, MarkState::Waiting, None)),
            None => due.map(|due| {
                let state = if due < now {
                    MarkState::Late
                } else {
                    MarkState::Waiting
                };
                mark(step, state, Some(due))
            }),
        };
        let answered = request.response.as_ref().map(|(_, at)| *at);
        [
            step("acknowledged", request.acknowledged, request.ack_due, false),
            step(
                "answered",
                answered,
                request.answer_due_now(now),
                stands && request.answer_due.is_some(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What stands on the outside of a message.
pub(crate) struct Outside {
    pub(crate) id: String,
    pub(crate) ours: bool,
    pub(crate) kind: &'static str,
    pub(crate) at: Timestamp,
    pub(crate) tlp: Tlp,
    pub(crate) urgency: Urgency,
}

pub(crate) const fn urgency_word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Routine => "routine",
        Urgency::Urgent { .. } => "urgent",
        Urgency::Flash { .. } => "flash",
    }
}

/// True where another try may help: nothing has come back, or the other node refused it.
const fn is_stuck(delivery: &Delivery) -> bool {
    match delivery {
        Delivery::Queued | Delivery::Undeliverable { .. } | Delivery::Refused { .. } => true,
        Delivery::Sent | Delivery::Receipted { .. } | Delivery::Carried | Delivery::Withdrawn => {
            false
        }
    }
}

const fn mark(step: &'static str, state: MarkState, at: Option<Timestamp>) -> Mark {
    Mark {
        step,
        state,
        at,
        proof_url: String::new(),
        note: String::new(),
    }
}

fn attached(file: &FileInfo, message: MessageId, tlp: Tlp) -> Attachment {
    Attachment {
        name: file.name.clone(),
        url: format!("/api/v1/messages/{message}/files/{}", file.number),
        size: file.size.map_or_else(String::new, size),
        media_type: file.media_type.clone(),
        sha256: file
            .sha256
            .map_or_else(String::new, |digest| digest.to_string()),
        tlp,
        added: None,
    }
}
