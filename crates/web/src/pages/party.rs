//! One party: its desks, its root key, its key sets; and adding one.

use std::str::FromStr;

use access::{http::CsrfForm, policy::Act};
use axum::{
    extract::{Multipart, Path, State},
    response::{IntoResponse, Response},
};
use directory::{
    Card, Error,
    model::{Address, Invalid, Reach},
    ops,
};
use kernel::{ContactId, Mode, PartyCode, Problem, Timestamp};
use seal::keys::Fingerprint as Print;

use super::{
    Answer, House, Reader,
    contact::{contact, data, desk, desk_form},
    directory::{name, peers, state},
    draw,
    forms::{Answers, refuse, with_files},
    go, nothing,
};
use crate::{
    views::{
        directory::{Fingerprint, KeySetRow, Party, PartyNew, Sameness},
        form::{Control, Field, Form},
        frame::{Flash, Section},
    },
    words::Html,
};

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(code): Path<String>,
) -> Answer {
    page(&house, &reader, &named(&code)?, None, None).await
}

/// `POST /directory/{party}/contacts/{id}/look`: the page, with the contact data of one desk. The
/// look is recorded before anything is shown.
pub(super) async fn look(
    State(house): State<House>,
    reader: Reader,
    Path((code, id)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id: ContactId = id.parse().map_err(|_no_id| nothing())?;
    let keys = house.post.keys();
    let key = &keys.secrets().data_key;
    let (_, reach) =
        ops::look(&house.ground, key, &reader.viewer, id, answers.of("reason")).await?;
    page(&house, &reader, &named(&code)?, Some((id, reach)), None).await
}

/// `POST /directory/{party}/contacts`.
pub(super) async fn add_desk(
    State(house): State<House>,
    reader: Reader,
    Path(code): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let code = named(&code)?;
    let keys = house.post.keys();
    let done = match contact(&answers) {
        Ok(new) => {
            ops::add_contact(
                &house.ground,
                &keys.secrets().data_key,
                &reader.viewer,
                &code,
                new,
            )
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(go(&reader, &format!("/directory/{code}"), "added")),
        Err(error) => page(&house, &reader, &code, None, Some((answers, error))).await,
    }
}

pub(super) async fn blank(State(house): State<House>, reader: Reader) -> Answer {
    access::policy::check_house(&reader.viewer, Act::PeerManage)?;
    new_page(&house, &reader, new_form(&reader), String::new()).await
}

/// `POST /directory/new`: the card of a party or the address where it lies, and the fingerprint that
/// was compared elsewhere.
pub(super) async fn add(
    State(house): State<House>,
    reader: Reader,
    parts: Multipart,
) -> Result<Response, Response> {
    let refuse_all = |refusal: access::http::Refusal| refusal.into_response();
    // Before anything is asked of an address: who may not add a party cannot make the node call.
    access::policy::check_house(&reader.viewer, Act::PeerManage)
        .map_err(|refused| refuse_all(refused.into()))?;
    let (answers, files) = with_files(&reader, parts).await.map_err(refuse_all)?;
    let keys = house.post.keys();
    let done = async {
        let compared = Print::from_str(answers.of("fingerprint"))
            .map_err(|_unreadable| Invalid {
                field: "fingerprint",
                rule: "words, hexadecimal digits or the text of the QR code",
            })
            .map_err(Error::from)?;
        let bytes = files.first().map(Vec::as_slice).unwrap_or_default();
        let card = match (bytes, answers.given("address")) {
            ([], Some(address)) => {
                let address = Address::from_str(&address).map_err(Error::from)?;
                (house.introduce)(address, compared).await?
            }
            (bytes, _) => Card::parse(bytes)?,
        };
        ops::add_peer(
            &house.ground,
            &keys.secrets().data_key,
            &reader.viewer,
            &card,
            &compared,
        )
        .await?;
        Ok::<_, Problem>(card.party.clone())
    };
    match done.await {
        Ok(code) => Ok(go(&reader, &format!("/directory/{code}"), "party-added")),
        Err(error) => {
            let mut form = new_form(&reader);
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into()).map_err(refuse_all)?;
            new_page(&house, &reader, form, refused)
                .await
                .map_err(refuse_all)
        }
    }
}

fn named(code: &str) -> Result<PartyCode, access::http::Refusal> {
    code.parse().map_err(|_no_code| nothing())
}

async fn new_page(house: &House, reader: &Reader, form: Form, refused: String) -> Answer {
    let mut shell = reader.shell(house, Section::Directory).await?;
    if !refused.is_empty() {
        shell.flash = Some(Flash {
            good: false,
            text: refused,
        });
    }
    draw(&PartyNew {
        w: reader.w,
        shell,
        form,
    })
}

fn new_form(reader: &Reader) -> Form {
    let w = reader.w;
    Form {
        action: "/directory/new".to_owned(),
        csrf: reader.session.csrf.clone(),
        fields: vec![
            Field::new("address", w.t("field-address"), Control::Text)
                .hint(w.t("hint-address"))
                .longest(300),
            Field::new("card", w.t("field-card"), Control::File).hint(w.t("hint-card")),
            Field::new("fingerprint", w.t("field-fingerprint"), Control::Area(3))
                .hint(w.t("hint-fingerprint"))
                .required()
                .longest(600),
        ],
        submit: w.t("party-pin"),
        cancel: "/directory".to_owned(),
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    code: &PartyCode,
    seen: Option<(ContactId, Reach)>,
    refused: Option<(Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let (party, contacts) = ops::read_party(&house.ground, &reader.viewer, code).await?;
    let peers = peers(house, reader).await?;
    let peer = peers.get(code);
    let state = state(&party, peer);
    let may_look = reader.may(Act::ContactLook);
    let desks = contacts.iter().map(|contact| {
        let data = seen
            .as_ref()
            .filter(|(id, _)| *id == contact.id)
            .map(|(_, reach)| data(reach));
        desk(w, code, contact, (may_look, data))
    });
    let desks = desks.collect();
    let mut shell = reader.shell(house, Section::Directory).await?;
    let mut add_desk = reader
        .may(Act::ContactEdit)
        .then(|| desk_form(w, &shell.csrf, code));
    if let (Some(form), Some((answers, error))) = (&mut add_desk, refused) {
        answers.fill(form);
        let sentence = refuse(w, form, error.into())?;
        if !sentence.is_empty() {
            shell.flash = Some(Flash {
                good: false,
                text: sentence,
            });
        }
    }
    let may_share = !party.own && peer.is_some() && reader.may(Act::IntelManage);
    let may_write = !party.own && state == "active" && reader.may(Act::ExchangeCompose);
    draw(&Party {
        w,
        shell,
        party: name(w, &party),
        ours: party.own,
        state: state.to_owned(),
        address: party
            .federation
            .as_ref()
            .map(|address| address.as_str().to_owned())
            .unwrap_or_default(),
        heard: peer.and_then(|peer| peer.heard_at),
        desks,
        fingerprint: Some(fingerprint(&party)),
        key_sets: key_sets(house, reader.viewer.mode, &party),
        same: Sameness::Unknown,
        add_desk,
        card_url: if party.own {
            "/api/v1/card".to_owned()
        } else {
            String::new()
        },
        write_url: if may_write {
            format!("/compose?party={code}")
        } else {
            String::new()
        },
        sharing_url: if may_share {
            format!("/sharing/{code}")
        } else {
            String::new()
        },
    })
}

fn fingerprint(party: &directory::model::Party) -> Fingerprint {
    let print = &party.fingerprint;
    Fingerprint {
        words: print
            .words()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        text: print.to_string(),
        qr: Html::qr(&print.compact()),
        compared: None,
    }
}

fn key_sets(house: &House, mode: Mode, party: &directory::model::Party) -> Vec<KeySetRow> {
    let keys = house.post.keys();
    let peer = house.post.peer(&party.code, mode);
    let chain = if party.own {
        Some(keys.chain(mode))
    } else {
        peer.as_ref().map(|peer| &peer.chain)
    };
    let Some(chain) = chain else {
        return Vec::new();
    };
    let current = chain.latest().set().seq;
    let moment = |time: seal::Time| Timestamp::from_micros(time.as_micros());
    let row = |signed: &seal::keys::SignedKeySet| {
        let set = signed.set();
        KeySetRow {
            seq: set.seq,
            purpose: set.purpose.as_str().to_owned(),
            from: moment(set.valid_from),
            until: moment(set.valid_until),
            revoked: u64::try_from(set.revoked.len()).unwrap_or(u64::MAX),
            current: set.seq == current,
        }
    };
    chain.sets().rev().take(10).map(row).collect()
}
