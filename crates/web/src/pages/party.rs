//! One party: its desks, its root key, its key sets; and adding one.

use std::str::FromStr;

use access::{http::CsrfForm, policy::Act};
use axum::{
    extract::{Multipart, Path, State},
    response::{IntoResponse, Response},
};
use directory::{
    Card, Error,
    model::{Contact, ContactKind, Duty, Invalid, Profile, Reach},
    ops::{self, NewContact},
};
use kernel::{ContactId, Language, Mode, PartyCode, Timestamp};
use seal::keys::Fingerprint as Print;

use super::{
    Answer, House, Reader,
    directory::{name, peers, state},
    draw,
    forms::{Answers, choices, refuse, with_files},
    go, nothing,
};
use crate::{
    views::{
        directory::{ContactData, Desk, Fingerprint, KeySetRow, Party, PartyNew, Sameness},
        form::{Control, Field, Form},
        frame::{Flash, Section},
    },
    words::{Html, Words},
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

/// `POST /directory/new`: the card of a party, and the fingerprint that was compared elsewhere.
pub(super) async fn add(
    State(house): State<House>,
    reader: Reader,
    parts: Multipart,
) -> Result<Response, Response> {
    let refuse_all = |refusal: access::http::Refusal| refusal.into_response();
    let (answers, files) = with_files(&reader, parts).await.map_err(refuse_all)?;
    let keys = house.post.keys();
    let done = async {
        let bytes = files
            .first()
            .map(|file| file.bytes.as_slice())
            .unwrap_or_default();
        let card = Card::parse(bytes)?;
        let compared =
            Print::from_str(answers.of("fingerprint")).map_err(|_unreadable| Invalid {
                field: "fingerprint",
                rule: "words, hexadecimal digits or the text of the QR code",
            })?;
        ops::add_peer(
            &house.ground,
            &keys.secrets().data_key,
            &reader.viewer,
            &card,
            &compared,
        )
        .await?;
        Ok::<_, Error>(card.party.clone())
    };
    match done.await {
        Ok(party) => Ok(go(&reader, &format!("/directory/{party}"), "party-added")),
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
            Field::new("card", w.t("field-card"), Control::Files)
                .hint(w.t("hint-card"))
                .required(),
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
            format!("/threads/new?party={code}")
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

fn desk(
    w: Words,
    code: &PartyCode,
    contact: &Contact,
    (may_look, seen): (bool, Option<ContactData>),
) -> Desk {
    let profile = &contact.profile;
    let text = |line: &Option<directory::model::Line>| {
        line.as_ref()
            .map(|line| line.as_str().to_owned())
            .unwrap_or_default()
    };
    let languages = profile.languages.iter().map(|tag| {
        let tag = tag.as_str();
        Language::from_tag(tag).map_or_else(
            || tag.to_owned(),
            |language| w.word("language", language.tag()),
        )
    });
    Desk {
        id: contact.id.to_string(),
        kind: profile.kind.as_str().to_owned(),
        entity: profile.entity.as_str().to_owned(),
        department: text(&profile.department),
        role: text(&profile.role),
        languages: languages.collect::<Vec<_>>().join(&w.t("comma")),
        time_zone: profile.time_zone.as_str().to_owned(),
        hours: profile.duty.as_str().to_owned(),
        status: contact.standing.as_str().to_owned(),
        verified: contact.verified_at,
        look_url: if may_look {
            format!("/directory/{code}/contacts/{}/look", contact.id)
        } else {
            String::new()
        },
        seen,
    }
}

fn data(reach: &Reach) -> ContactData {
    ContactData {
        person: reach
            .person
            .as_ref()
            .map(|line| line.as_str().to_owned())
            .unwrap_or_default(),
        phones: reach
            .phones
            .iter()
            .map(|phone| phone.as_str().to_owned())
            .collect(),
        fallback: reach
            .fallback_phone
            .as_ref()
            .map(|phone| phone.as_str().to_owned())
            .unwrap_or_default(),
        emails: reach
            .emails
            .iter()
            .map(|email| email.as_str().to_owned())
            .collect(),
        channels: Vec::new(),
    }
}

fn desk_form(w: Words, csrf: &str, code: &PartyCode) -> Form {
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text).longest(200);
    let lines = |name: &str, key: &str| Field::new(name, w.t(key), Control::Area(2)).longest(2_000);
    let select = |name: &str, key: &str, choices| {
        Field::new(name, w.t(key), Control::Select(choices))
            .required()
            .short()
    };
    Form {
        action: format!("/directory/{code}/contacts"),
        csrf: csrf.to_owned(),
        fields: vec![
            select(
                "kind",
                "field-contact-kind",
                choices(
                    w,
                    "contact-kind",
                    ContactKind::ALL.iter().map(|kind| kind.as_str()),
                ),
            ),
            line("entity", "field-entity").required(),
            line("department", "field-department"),
            line("role", "field-role"),
            line("languages", "field-languages")
                .hint(w.t("hint-languages"))
                .required()
                .value("en"),
            line("time_zone", "field-time-zone")
                .hint(w.t("hint-time-zone"))
                .required()
                .value("UTC"),
            select(
                "duty",
                "field-hours",
                choices(w, "hours", Duty::ALL.iter().map(|duty| duty.as_str())),
            ),
            line("person", "field-person"),
            lines("phones", "field-phones"),
            line("fallback_phone", "field-fallback"),
            lines("emails", "field-emails"),
        ],
        submit: w.t("form-add"),
        cancel: String::new(),
    }
}

/// The contact that the answers describe.
fn contact(answers: &Answers) -> Result<NewContact, Error> {
    fn one<T: FromStr<Err = Invalid>>(
        answers: &Answers,
        name: &'static str,
    ) -> Result<Option<T>, Invalid> {
        answers
            .given(name)
            .map(|text| text.parse())
            .transpose()
            .map_err(|invalid: Invalid| invalid.at(name))
    }
    fn many<T: FromStr<Err = Invalid>>(
        texts: Vec<String>,
        name: &'static str,
    ) -> Result<Vec<T>, Invalid> {
        let parsed: Result<Vec<T>, Invalid> = texts.iter().map(|text| text.parse()).collect();
        parsed.map_err(|invalid| invalid.at(name))
    }
    fn must<T>(value: Option<T>, name: &'static str) -> Result<T, Invalid> {
        value.ok_or(Invalid {
            field: name,
            rule: "must not be empty",
        })
    }
    let languages = answers
        .of("languages")
        .split([',', ' '])
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned);
    let profile = Profile {
        kind: must(one(answers, "kind")?, "kind")?,
        entity: must(one(answers, "entity")?, "entity")?,
        department: one(answers, "department")?,
        role: one(answers, "role")?,
        languages: many(languages.collect(), "languages")?,
        time_zone: must(one(answers, "time_zone")?, "time_zone")?,
        duty: must(one(answers, "duty")?, "duty")?,
        duty_hours: None,
        channels: Vec::new(),
        nominated_by: None,
        valid_from: None,
    };
    let reach = Reach {
        person: one(answers, "person")?,
        emails: many(answers.lines("emails"), "emails")?,
        phones: many(answers.lines("phones"), "phones")?,
        fallback_phone: one(answers, "fallback_phone")?,
    };
    Ok(NewContact {
        profile,
        reach,
        verified: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(phone: &str) -> Answers {
        let pairs = [
            ("kind", "technical"),
            ("entity", "CERT-XC"),
            ("languages", "en, fr"),
            ("time_zone", "UTC"),
            ("duty", "24x7"),
            ("phones", phone),
        ];
        Answers(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        )
    }

    #[test]
    fn a_desk_is_read_from_its_form() {
        let new = contact(&answers("+990 3 555 0142")).unwrap();
        assert_eq!(new.profile.languages.len(), 2);
        assert_eq!(new.reach.phones.len(), 1);
    }

    #[test]
    fn a_telephone_number_that_is_none_is_refused_at_its_field() {
        let Err(Error::Invalid(invalid)) = contact(&answers("call me")) else {
            panic!("taken")
        };
        assert_eq!(invalid.field, "phones");
    }
}
