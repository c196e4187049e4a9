//! One circle: who belongs to it, who has confirmed that, and changing it.

use access::{http::CsrfForm, policy::Act};
use axum::extract::{Path, State};
use directory::{
    model::{CircleVersion, Member, Place},
    ops::{NewWish, Wish},
    state::Change,
};
use exchange::ops::{CircleState, SentCopy};
use kernel::{CircleId, PartyCode};

use super::{
    Answer, House, Reader,
    circles::{code, parties, wished, word_fields, words},
    draw,
    forms::{Answers, refuse, sentences},
    go, names, nothing,
    settings::form_of,
    thread::parts::Names,
};
use crate::views::{
    circles::{Circle, CircleMember, CircleRefused, CircleVersionRow, Told},
    form::{Control, Field},
    frame::{Flash, Section},
};

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    page(&house, &reader, named(&id)?, None).await
}

/// `POST /circles/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let (x, viewer) = (&house.exchange, &reader.viewer);
    let party = answers.of("party").parse::<PartyCode>();
    let party = || party.clone().map_err(|_no_code| nothing());
    let version: u64 = answers.of("version").parse().unwrap_or_default();
    let wish = |wish| NewWish {
        circle: id,
        steward: None,
        wish,
    };
    let changed = match act.as_str() {
        "join" => exchange::ops::ask_steward(x, viewer, wish(Wish::Join))
            .await
            .map(drop),
        "leave" => exchange::ops::ask_steward(x, viewer, wish(Wish::Leave))
            .await
            .map(drop),
        "decline" => exchange::ops::decline_request(x, viewer, id, &party()?).await,
        other => {
            let change = match other {
                "invite" => Change::Invite(party()?),
                "admit" => Change::Admit(party()?),
                "remove" => Change::Remove(party()?),
                "dissolve" => Change::Dissolve,
                "describe" => match words(&answers) {
                    Ok((name, purpose)) => Change::Describe { name, purpose },
                    Err(error) => {
                        let refused = ("describe", answers, error.into());
                        return page(&house, &reader, id, Some(refused)).await;
                    }
                },
                _ => return Err(nothing()),
            };
            let changed = exchange::ops::change_circle(x, viewer, (id, version), change);
            changed.await.map(drop)
        }
    };
    match changed {
        Ok(()) => {
            let said = if matches!(act.as_str(), "join" | "leave") {
                "circle-asked"
            } else {
                "circle-changed"
            };
            Ok(go(&reader, &format!("/circles/{id}"), said))
        }
        Err(error) => page(&house, &reader, id, Some((&act, answers, error))).await,
    }
}

fn named(id: &str) -> Result<CircleId, access::http::Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

/// What a party is in a circle, as a code of the pages.
pub(super) fn place(us: &PartyCode, version: &CircleVersion) -> &'static str {
    if version.dissolved {
        "dissolved"
    } else {
        version.place(us).as_str()
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    id: CircleId,
    refused: Option<(&str, Answers, exchange::Error)>,
) -> Answer {
    let state = exchange::ops::read_circle(&house.exchange, &reader.viewer, id).await?;
    let names = names::all(house, reader).await;
    let mut view = view(house, reader, &names, &state).await?;
    if let Some((act, answers, error)) = refused {
        let form = match act {
            "describe" => view.describe.as_mut(),
            _ => view.invite.as_mut(),
        };
        let Some(form) = form else {
            return Err(error.into());
        };
        if matches!(act, "describe" | "invite") {
            answers.fill(form);
            // Whoever looks again at a circle that has changed does so on purpose.
            for field in &mut form.fields {
                if field.name == "version" {
                    view.version.to_string().clone_into(&mut field.value);
                }
            }
        }
        let text = refuse(reader.w, form, error.into())?;
        if !text.is_empty() {
            view.shell.flash = Some(Flash { good: false, text });
        }
    }
    draw(&view)
}

async fn view(
    house: &House,
    reader: &Reader,
    names: &Names,
    state: &CircleState,
) -> Result<Circle, access::http::Refusal> {
    let (w, us) = (reader.w, &reader.viewer.party);
    let version = state.view.circle();
    let ours = version.place(us);
    let may_change = ours == Place::Steward && reader.may(Act::CircleSteward);
    let may_ask = reader.may(Act::CircleMember) && !version.dissolved && state.view.asked.is_none();
    let url = format!("/circles/{}", version.id);
    let told = |sent: &SentCopy| Told {
        party: names.party(w, &sent.copy.party),
        version: sent.copy.version,
        delivery: code(sent.delivery.as_ref()),
    };
    let member = |member: &Member| {
        let mut copies = state.copies.iter();
        let copy = copies.find(|sent| sent.copy.party == member.party);
        CircleMember {
            party: names.party(w, &member.party),
            joined: member.joined,
            invited_by: names.party(w, &member.invited_by),
            told: copy.map(told),
            may_remove: may_change && member.party != version.steward,
        }
    };
    let gone = |sent: &&SentCopy| version.member(&sent.copy.party).is_none();
    let number = Field::new("version", String::new(), Control::Hidden);
    let number = number.value(&version.version.to_string());
    let invite = may_change.then(|| {
        let choices = Control::Select(parties(reader, names));
        let party = Field::new("party", w.t("party-name"), choices).required();
        let fields = vec![number.clone(), party.short()];
        form_of(reader, &format!("{url}/invite"), "circle-invite", fields)
    });
    let describe = may_change.then(|| {
        let values = [version.name.as_str(), version.purpose.as_str()];
        let written = word_fields(reader).into_iter().zip(values);
        let mut fields = vec![number.clone()];
        fields.extend(written.map(|(field, value)| field.value(value)));
        form_of(reader, &format!("{url}/describe"), "form-save", fields)
    });
    Ok(Circle {
        w,
        shell: reader.shell(house, Section::Directory).await?,
        id: version.id.to_string(),
        name: version.name.to_string(),
        purpose: version.purpose.to_string(),
        steward: names.party(w, &version.steward),
        place: place(us, version).to_owned(),
        version: version.version,
        changed: version.changed,
        members: version.members.iter().map(member).collect(),
        told: state.copies.iter().filter(gone).map(told).collect(),
        requests: (state.view.requests.iter())
            .map(|one| (names.party(w, &one.party), one.asked_at))
            .collect(),
        asked: (state.view.asked.as_ref())
            .map(|asked| wished(reader, names, asked, state.asked.as_ref())),
        versions: versions(state),
        refused: refusals(reader, names, state),
        may_change,
        may_join: may_ask && matches!(ours, Place::Invited | Place::Out),
        may_leave: may_ask && matches!(ours, Place::Invited | Place::Member),
        invite,
        describe,
        url,
    })
}

fn versions(state: &CircleState) -> Vec<CircleVersionRow> {
    let id = state.view.circle().id;
    let row = |held: &directory::ops::HeldVersion| CircleVersionRow {
        version: held.version,
        url: format!("/api/v1/circles/{id}/versions/{}", held.version),
        sha256: held.sha256.to_string(),
        in_force: held.in_force,
        at: held.arrived_at,
    };
    state.view.versions.iter().map(row).collect()
}

fn refusals(reader: &Reader, names: &Names, state: &CircleState) -> Vec<CircleRefused> {
    let w = reader.w;
    let row = |refused: &directory::ops::RefusedVersion| CircleRefused {
        version: refused.version,
        sha256: refused.sha256.to_string(),
        from: names.party(w, &refused.from),
        why: sentences(w, 409, &refused.code, &[]).0,
        at: refused.refused_at,
    };
    state.view.refused.iter().map(row).collect()
}
