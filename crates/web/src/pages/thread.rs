//! One thread: the conversation, its clocks, and what can be done now.

pub(super) mod acts;
pub(super) mod clocks;
pub(super) mod parts;
pub(super) mod side;

use access::{http::CsrfForm, policy::Act as May};
use axum::extract::{Path, Query, State};
use directory::ops::look;
use exchange::{
    model::{MessageView, ThreadView},
    ops,
};
use kernel::{MessageId, PartyCode, ThreadId};

use self::{
    acts::{ASKS, about, ask, is_awaited, steps, withdrawal},
    parts::Teller,
    side::Anchor,
};
use super::{
    Answer, House, Reader, draw, form_of::form, forms::Answers, names, nothing, telling::fixed_of,
};
use crate::{
    views::{
        desk::Phones,
        frame::{Link, PartyName, Section},
        thread::{Act, Entry, Thread},
    },
    words::Words,
};

/// How many messages are shown at once, unless the earlier ones are asked for.
const SHOWN: usize = 20;

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
) -> Answer {
    page(&house, &reader, named(&id)?, (&query, None)).await
}

/// `POST /threads/{id}/call`: the page, with the telephone of the other side's desk beside its clock.
/// The look is recorded before anything is shown.
pub(super) async fn call(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let seen = telephone(&house, &reader, &answers).await?;
    page(&house, &reader, named(&id)?, (&query, Some(seen))).await
}

/// The telephones of the desk that a message came from or went to.
pub(super) async fn telephone(
    house: &House,
    reader: &Reader,
    answers: &Answers,
) -> Result<(MessageId, Phones), access::http::Refusal> {
    let id: MessageId = answers
        .of("message")
        .parse()
        .map_err(|_no_message| nothing())?;
    let message = ops::read_message(&house.exchange, &reader.viewer, id).await?;
    let desk = other_desk(&message);
    let why = reader
        .w
        .t1("call-reason", "thread", message.thread.to_string());
    let key = &house.exchange.data_key;
    let (contact, reach) = look(&house.ground, key, &reader.viewer, desk.contact, &why).await?;
    let person = reach.person.as_ref().map(directory::model::Line::as_str);
    let desk = [Some(names::desk_name(&contact).as_str()), person]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let numbers = reach.phones.iter().chain(&reach.fallback_phone);
    let numbers = numbers.map(|phone| phone.as_str().to_owned()).collect();
    Ok((id, Phones { desk, numbers }))
}

fn other_desk(message: &MessageView) -> &federation::model::Desk {
    if message.ours {
        &message.to
    } else {
        &message.from
    }
}

pub(super) fn named(id: &str) -> Result<ThreadId, access::http::Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

/// With whom, where one id stands for threads with several parties.
pub(super) fn with(query: &Answers) -> Option<PartyCode> {
    query.of("with").parse().ok()
}

type Seen = Option<(MessageId, Phones)>;

async fn page(
    house: &House,
    reader: &Reader,
    id: ThreadId,
    (query, seen): (&Answers, Seen),
) -> Answer {
    let w = reader.w;
    let view = ops::read_thread(&house.exchange, &reader.viewer, id, with(query).as_ref()).await?;
    ops::mark_read(&house.exchange, &reader.viewer, id).await?;
    let names = names::both(house, reader, &view.party).await;
    let may_send = reader.may(May::ExchangeSend);
    let teller = Teller {
        w,
        names: &names,
        requests: &view.requests,
        may_look: reader.may(May::ContactLook),
        may_send,
        seen,
    };
    let hidden = if query.is_on("earlier") {
        0
    } else {
        view.messages.len().saturating_sub(SHOWN)
    };
    let with = names.party(w, &view.party);
    let url = format!("/threads/{id}?with={}", view.party);
    let earlier = format!("{url}&earlier=1");
    let anchor = Anchor::after(&view, hidden, &earlier);
    let mut entries = teller.entries(view.messages.iter().skip(hidden));
    if may_send {
        offer_withdrawal(house, &view, &mut entries);
    }
    let shell = reader.shell(house, Section::Exchange).await?;
    let (acts, asks) = if may_send {
        acts(house, reader, &view, &with).await?
    } else {
        (Vec::new(), Vec::new())
    };
    draw(&Thread {
        w,
        shell,
        id: id.to_string(),
        title: title(w, &view),
        state: view.state.code().to_owned(),
        tlp: view.tlp,
        earlier: (hidden > 0).then(|| Link {
            text: w.t1("thread-earlier", "n", hidden),
            url: earlier.clone(),
        }),
        entries,
        desks: side::desks(w, &names, &view),
        clocks: teller.clocks(&view),
        incidents: side::incidents(house, reader, &view).await,
        files: side::files(&view, &anchor),
        norms: side::norms(w, &view),
        others: side::others(w, &names, &view),
        history: side::history(house, reader, &view, &anchor).await?,
        closes: view.closes_at,
        no_acts: no_acts(w, &view, may_send),
        acts,
        asks,
        evidence_url: if reader.may(May::EvidenceExport) {
            format!("/api/v1/threads/{id}/evidence?party={}", view.party)
        } else {
            String::new()
        },
        party: with,
        url,
    })
}

pub(super) fn title(w: Words, view: &ThreadView) -> String {
    view.title.clone().unwrap_or_else(|| w.t("thread-untitled"))
}

fn no_acts(w: Words, view: &ThreadView, may_send: bool) -> String {
    if !may_send {
        w.t("thread-acts-none-role")
    } else if view.state.code() == "closed" {
        w.t("thread-acts-none-closed")
    } else {
        w.t("thread-acts-none")
    }
}

/// What can be done: the expected next act with its form, the others as links; and what can be asked.
async fn acts(
    house: &House,
    reader: &Reader,
    view: &ThreadView,
    with: &PartyName,
) -> Result<(Vec<Act>, Vec<Link>), access::http::Refusal> {
    let (w, rng) = (reader.w, &house.ground.rng);
    let mut acts = Vec::new();
    for (at, step) in steps(view, rng.as_ref()).iter().enumerate() {
        let form = if at == 0 && is_awaited(step) {
            Some(form(house, reader, &step.draft, Some(view)).await?)
        } else {
            None
        };
        acts.push(Act {
            text: w.t1(step.key, "party", &with.name),
            about: about(w, view, step.request),
            url: step.draft.url(),
            fixed: fixed_of(step.draft.kind),
            form,
        });
    }
    let asks = ASKS.iter().map(|&kind| Link {
        text: w.word("kind", kind.as_str()),
        url: ask(view, kind, rng.as_ref()).url(),
    });
    Ok((acts, asks.collect()))
}

fn offer_withdrawal(house: &House, view: &ThreadView, entries: &mut [Entry]) {
    let can: Vec<MessageId> = view
        .allowed
        .iter()
        .filter_map(|allowed| match allowed {
            exchange::state::Allowed::Withdraw { target } => Some(*target),
            _ => None,
        })
        .collect();
    for entry in entries {
        let Entry::Message(message) = entry else {
            continue;
        };
        if let Some(id) = can.iter().find(|id| id.to_string() == message.id) {
            message.withdraw_url = withdrawal(view, *id, house.ground.rng.as_ref()).url();
        }
    }
}
