//! Writing to a party: what kind and to whom, the form, the preview, and sending.

pub(super) mod read;

use access::{
    http::{CsrfForm, Refusal},
    policy::{Act, check_house},
};
use axum::{
    extract::{Query, Request, State},
    response::{AppendHeaders, IntoResponse, Redirect},
};
use directory::model::Trust;
use exchange::{
    model::{Kind, NewMessage, ThreadView},
    ops,
};

use self::read::{Wrong, message, posted};
use super::{
    Answer, House, Reader,
    draft::Draft,
    draw,
    form_of::{back, fill, form},
    forms::{Answers, refuse},
    go,
    messages::back_to,
    names, nothing,
    preview::{self, is_confirmed},
    telling::fixed_of,
    thread::{self, acts::ASKS, parts::Teller},
};
use crate::views::{
    compose::{Compose, DeskChoice, Start},
    frame::{Flash, Link, PartyName, Section},
};

/// `GET /compose`.
pub(super) async fn start(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    check_house(&reader.viewer, Act::ExchangeCompose)?;
    let wanted = Kind::from_code(query.of("kind")).filter(|kind| kind.asks());
    let incident = match query.of("incident").parse() {
        Ok(id) => incidents::ops::view(&house.ground, &reader.viewer, id)
            .await
            .ok(),
        Err(_) => None,
    };
    let incident = incident.map(|case| {
        let id = case.incident.public.to_string();
        let link = Link {
            text: case.incident.facts.title.to_string(),
            url: format!("/incidents/{id}"),
        };
        (link, id)
    });
    let kind = wanted.map_or("", Kind::as_str).to_owned();
    draw(&Start {
        w: reader.w,
        shell: reader.shell(&house, Section::Exchange).await?,
        incident,
        kinds: ASKS.iter().map(|kind| kind.as_str()).collect(),
        kind,
        desks: desks(&house, &reader, query.of("party"), wanted).await?,
    })
}

/// The desks that can be written to, by party. Of the party that was named before, the desk that
/// suits the kind is chosen.
async fn desks(
    house: &House,
    reader: &Reader,
    wanted: &str,
    kind: Option<Kind>,
) -> Result<Vec<(PartyName, Vec<DeskChoice>)>, Refusal> {
    let parties = directory::ops::list_parties(&house.ground, &reader.viewer).await?;
    let diplomatic = matches!(kind, Some(Kind::NotifyInc | Kind::NotifyOrig));
    let mut all = Vec::new();
    for party in parties {
        if party.own || party.trust != Trust::Trusted {
            continue;
        }
        let (party, contacts) =
            directory::ops::read_party(&house.ground, &reader.viewer, &party.code).await?;
        let mut choices: Vec<DeskChoice> = contacts
            .iter()
            .map(|contact| DeskChoice {
                value: Draft::addressee(&party.code, Some(contact.id)),
                name: names::desk_name(contact),
                kind: contact.profile.kind.as_str().to_owned(),
                chosen: false,
            })
            .collect();
        if party.code.as_str() == wanted {
            let suits = contacts
                .iter()
                .position(|contact| names::is_diplomatic(contact) == diplomatic);
            if let Some(choice) = choices.get_mut(suits.unwrap_or(0)) {
                choice.chosen = true;
            }
        }
        if !choices.is_empty() {
            let name = PartyName {
                code: party.code.to_string(),
                name: party.name(reader.w.language()).to_owned(),
            };
            all.push((name, choices));
        }
    }
    all.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    Ok(all)
}

/// `GET /compose/write`.
pub(super) async fn write(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    check_house(&reader.viewer, Act::ExchangeCompose)?;
    let draft = Draft::read(&query, house.ground.rng.as_ref()).ok_or_else(nothing)?;
    page(&house, &reader, &draft, None).await
}

/// `POST /compose/write`: back from the preview, with everything that was typed.
pub(super) async fn rewrite(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    check_house(&reader.viewer, Act::ExchangeCompose)?;
    let draft = Draft::read(&answers, house.ground.rng.as_ref()).ok_or_else(nothing)?;
    page(&house, &reader, &draft, Some((&answers, None))).await
}

/// `POST /compose/preview`: who will see this, and what leaves the house.
pub(super) async fn look(State(house): State<House>, reader: Reader, request: Request) -> Answer {
    check_house(&reader.viewer, Act::ExchangeCompose)?;
    let (answers, wrong) = posted(&house, &reader, request).await?;
    let draft = Draft::read(&answers, house.ground.rng.as_ref()).ok_or_else(nothing)?;
    // Whoever goes back after sending and sends once more would send nothing: the id is taken.
    if let Ok(message) = ops::read_message(&house.exchange, &reader.viewer, draft.id).await {
        return Ok(go(&reader, &back_to(&message), "not-sent-twice"));
    }
    if let Some(wrong) = wrong {
        return page(&house, &reader, &draft, Some((&answers, Some(wrong)))).await;
    }
    match message(&house, &reader, &draft, &answers).await {
        Ok(new) => shown(&house, &reader, &draft, (&answers, &new), None).await,
        Err(wrong) => page(&house, &reader, &draft, Some((&answers, Some(wrong)))).await,
    }
}

/// `POST /compose/send`: once the name of the addressee was typed.
pub(super) async fn send(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    check_house(&reader.viewer, Act::ExchangeSend)?;
    let draft = Draft::read(&answers, house.ground.rng.as_ref()).ok_or_else(nothing)?;
    let new = match message(&house, &reader, &draft, &answers).await {
        Ok(new) => new,
        Err(wrong) => {
            return page(&house, &reader, &draft, Some((&answers, Some(wrong)))).await;
        }
    };
    let names = names::both(&house, &reader, &draft.to).await;
    if !is_confirmed(&draft.to, &names, answers.of("confirm")) {
        let wrong = reader.w.t("wrong-confirm");
        return shown(&house, &reader, &draft, (&answers, &new), Some(wrong)).await;
    }
    match ops::send(&house.exchange, &reader.viewer, new).await {
        Ok(sent) => {
            let to = format!("/threads/{}?with={}#{}", sent.thread, draft.to, sent.id);
            Ok((AppendHeaders([reader.say("sent")]), Redirect::to(&to)).into_response())
        }
        Err(error) => {
            let wrong = Wrong::Refusal(error.into());
            page(&house, &reader, &draft, Some((&answers, Some(wrong)))).await
        }
    }
}

async fn shown(
    house: &House,
    reader: &Reader,
    draft: &Draft,
    (answers, new): (&Answers, &NewMessage),
    wrong: Option<String>,
) -> Answer {
    match ops::preview(&house.exchange, &reader.viewer, new).await {
        Ok(preview) => preview::page(house, reader, (draft, answers), preview, wrong).await,
        Err(error) => {
            let wrong = Wrong::Refusal(error.into());
            page(house, reader, draft, Some((answers, Some(wrong)))).await
        }
    }
}

type Typed<'a> = Option<(&'a Answers, Option<Wrong>)>;

/// The form on a page of its own; with what was typed, and what is wrong with it.
async fn page(house: &House, reader: &Reader, draft: &Draft, typed: Typed<'_>) -> Answer {
    let w = reader.w;
    let view = thread_of(house, reader, draft).await?;
    let mut form = form(house, reader, draft, view.as_ref()).await?;
    let mut shell = reader.shell(house, Section::Exchange).await?;
    if let Some((answers, wrong)) = typed {
        fill(reader, &mut form, answers);
        let sentence = match wrong {
            Some(Wrong::Field(name, why)) if form.refuse(name, why.clone()) => String::new(),
            Some(Wrong::Field(_, why)) => why,
            Some(Wrong::Refusal(refusal)) => refuse(w, &mut form, refusal)?,
            None => String::new(),
        };
        if !sentence.is_empty() {
            shell.flash = Some(Flash {
                good: false,
                text: sentence,
            });
        }
    }
    let names = names::both(house, reader, &draft.to).await;
    let to = names.party(w, &draft.to);
    let followed = view.as_ref().and_then(|view| {
        let id = draft.question.or(draft.parent)?;
        let found = view.messages.iter().find(|message| message.id == id)?;
        let teller = Teller {
            w,
            names: &names,
            requests: &view.requests,
            may_look: false,
            may_send: false,
            seen: None,
        };
        Some(Box::new(teller.message(found)))
    });
    draw(&Compose {
        w,
        shell,
        kind: draft.kind.as_str().to_owned(),
        desk: draft.desk.map(|desk| names.desk(desk)).unwrap_or_default(),
        back: Link {
            text: view
                .as_ref()
                .map_or_else(|| w.t("thread-new"), |view| thread::title(w, view)),
            url: back(draft),
        },
        to,
        follows: followed.filter(|_| draft.kind != Kind::Close),
        fixed: fixed_of(draft.kind),
        form,
    })
}

/// The thread that a draft belongs to.
pub(super) async fn thread_of(
    house: &House,
    reader: &Reader,
    draft: &Draft,
) -> Result<Option<ThreadView>, Refusal> {
    let Some(id) = draft.thread else {
        return Ok(None);
    };
    let with = Some(&draft.to);
    Ok(Some(
        ops::read_thread(&house.exchange, &reader.viewer, id, with).await?,
    ))
}
