//! What a reader can do in a thread now: the acts that its state allows, the expected next one first.

use exchange::{
    model::{Kind, ThreadView},
    state::{Allowed, Request, ThreadState},
};
use federation::model::Desk;
use kernel::{MessageId, Rng, Timestamp};

use crate::{pages::draft::Draft, words::Words};

/// An act that the thread allows, as a message to be written.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) draft: Draft,
    /// The key of the word on its button.
    pub(crate) key: &'static str,
    /// The request that it is about.
    pub(crate) request: Option<MessageId>,
    /// How soon it is expected; nothing where nobody waits for it.
    awaited: Option<(u8, Option<Timestamp>)>,
}

/// The kinds by which something new is asked, the most usual first.
pub(crate) const ASKS: [Kind; 5] = [
    Kind::NotifyOrig,
    Kind::NotifyInc,
    Kind::Rfm,
    Kind::Rfi,
    Kind::Ping,
];

/// What the thread allows, without asking anew and taking back: the one that is awaited first.
pub(crate) fn steps(view: &ThreadView, rng: &dyn Rng) -> Vec<Step> {
    let mut steps: Vec<Step> = view
        .allowed
        .iter()
        .filter_map(|allowed| step(view, *allowed, rng))
        .collect();
    // The order of the requests stays among equals.
    steps.sort_by_key(|step| match step.awaited {
        Some((rank, due)) => (0, rank, due.is_none(), due),
        None => (1, 0, true, None),
    });
    steps
}

/// True where the first step is one that the other side waits for.
pub(super) fn is_awaited(step: &Step) -> bool {
    step.awaited.is_some()
}

/// How a step is said: its kind, the key of its word, what it follows, the question that it answers,
/// and how soon it is expected.
type Said = (
    Kind,
    &'static str,
    Option<MessageId>,
    Option<MessageId>,
    Option<(u8, Option<Timestamp>)>,
);

fn said(view: &ThreadView, allowed: Allowed, asked: Option<&Request>) -> Option<Said> {
    let id = asked.map(|request| request.id);
    let open = asked.filter(|request| !request.state.ended());
    let answer = |kind, key| {
        let awaited = open.map(|request| (2, request.answer_due));
        (kind, key, id, None, awaited)
    };
    Some(match allowed {
        Allowed::Acknowledge { .. } => {
            let awaited = open.map(|request| (1, request.ack_due));
            (Kind::Ack, "act-send-ack", id, None, awaited)
        }
        Allowed::Respond { kind, .. } if kind == Kind::Pong => answer(kind, "act-send-pong"),
        Allowed::Respond { kind, .. } => answer(kind, "act-send-resp"),
        Allowed::Question { .. } => (Kind::Clarify, "act-send-clarify", id, None, None),
        Allowed::Answer { question, .. } => {
            let key = "act-send-clarify-answer";
            (Kind::Clarify, key, id, Some(question), Some((0, None)))
        }
        Allowed::Progress { .. } => (Kind::Update, "act-send-update", id, None, None),
        Allowed::Close => {
            let last = view.messages.last().map(|message| message.id);
            if matches!(view.state, ThreadState::Closing { .. }) {
                let awaited = Some((3, view.closes_at));
                (Kind::Close, "act-send-close-agree", last, None, awaited)
            } else {
                (Kind::Close, "act-send-close", last, None, None)
            }
        }
        Allowed::Ask | Allowed::Withdraw { .. } => return None,
    })
}

const fn request_of(allowed: Allowed) -> Option<MessageId> {
    match allowed {
        Allowed::Acknowledge { request }
        | Allowed::Respond { request, .. }
        | Allowed::Question { request }
        | Allowed::Answer { request, .. }
        | Allowed::Progress { request } => Some(request),
        Allowed::Ask | Allowed::Close | Allowed::Withdraw { .. } => None,
    }
}

fn step(view: &ThreadView, allowed: Allowed, rng: &dyn Rng) -> Option<Step> {
    let asked =
        request_of(allowed).and_then(|id| view.requests.iter().find(|request| request.id == id));
    let (kind, key, parent, question, awaited) = said(view, allowed, asked)?;
    let answered = asked.and_then(|request| request.response.as_ref());
    Some(Step {
        draft: Draft {
            id: MessageId::random(rng),
            kind,
            to: view.party.clone(),
            desk: desk_of(view, parent).map(|desk| desk.contact),
            thread: Some(view.id),
            parent,
            question,
            instead: answered.filter(|_| kind == Kind::Resp).map(|(id, _)| *id),
            covers: Vec::new(),
            incident: None,
        },
        key,
        request: asked.map(|request| request.id),
        awaited,
    })
}

/// Taking an own message back.
pub(crate) fn withdrawal(view: &ThreadView, target: MessageId, rng: &dyn Rng) -> Draft {
    Draft {
        id: MessageId::random(rng),
        kind: Kind::Withdraw,
        to: view.party.clone(),
        desk: desk_of(view, Some(target)).map(|desk| desk.contact),
        thread: Some(view.id),
        parent: Some(target),
        question: None,
        instead: None,
        covers: Vec::new(),
        incident: None,
    }
}

/// Something new in the same thread.
pub(crate) fn ask(view: &ThreadView, kind: Kind, rng: &dyn Rng) -> Draft {
    Draft {
        id: MessageId::random(rng),
        kind,
        to: view.party.clone(),
        desk: desk_of(view, None).map(|desk| desk.contact),
        thread: Some(view.id),
        parent: None,
        question: None,
        instead: None,
        covers: Vec::new(),
        incident: view.incidents.first().copied(),
    }
}

/// The other side's desk of a message, or the one that the last message named.
pub(super) fn desk_of(view: &ThreadView, message: Option<MessageId>) -> Option<&Desk> {
    let found = match message {
        Some(id) => view.messages.iter().find(|one| one.id == id),
        None => view.messages.last(),
    };
    found.map(|one| if one.ours { &one.to } else { &one.from })
}

/// The title of the request that a step is about, where there are several.
pub(crate) fn about(w: Words, view: &ThreadView, request: Option<MessageId>) -> String {
    if view.requests.len() < 2 {
        return String::new();
    }
    let found = view
        .messages
        .iter()
        .find(|message| Some(message.id) == request);
    found.map_or_else(String::new, |message| {
        message.statement.as_ref().map_or_else(
            || w.word("kind", message.kind.as_str()),
            |statement| statement.title.to_string(),
        )
    })
}
