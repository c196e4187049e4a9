//! The evidence of an incident, and its custody.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use incidents::{
    Error,
    evidence::{
        Locker,
        http::attachment,
        model::{Entry, Item, Outcome, State as Stands, reason},
        ops as evidence,
        wire::HandOverBody,
    },
    model::{Case, Line},
    ops,
};
use kernel::{EvidenceRef, IncidentRef, hex};

use super::{
    evidence_put::put_form,
    hold, named, show as show_tab,
    tabs::{size, who},
    work::Asked,
};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, refuse_below},
        go,
        incidents::known,
        nothing,
    },
    views::{
        custody::{Custody, CustodyRecord, CustodyRow, ItemAct, ItemRow, Items},
        form::{Control, Field, Form},
        frame::{Flash, Section},
        incident::{Incident, IncidentHead, Part},
    },
    words::Words,
};

type At = (IncidentRef, EvidenceRef);

/// What was sent and refused, and why.
pub(crate) type Refused = Option<(Answers, Error)>;

/// `GET /incidents/{id}/evidence`.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let asked = Asked::default();
    show_tab(&house, &reader, named(&id)?, "evidence", asked).await
}

pub(crate) fn locker(house: &House) -> Locker {
    Locker {
        ground: house.ground.clone(),
        files: house.post.files().clone(),
        data_key: house.exchange.data_key.clone(),
    }
}

/// `GET /incidents/{id}/evidence`, and the same after something was refused on it.
pub(crate) async fn tab(
    house: &House,
    reader: &Reader,
    (case, head): (&Case, IncidentHead),
    refused: Refused,
) -> Answer {
    let (w, id) = (reader.w, case.incident.public);
    let items = evidence::list(&locker(house), &reader.viewer, id).await?;
    let mut shell = reader.shell(house, Section::Incidents).await?;
    // What was merged into another takes nothing more.
    let may_edit = head.may_edit;
    let mut form = may_edit.then(|| put_form(w, &shell.csrf, id));
    // A hold is placed on it nonetheless: it reaches what it was merged with.
    let may_hold = reader.may(Act::IncidentEdit);
    if let Some((answers, error)) = refused {
        let Some(form) = &mut form else {
            return Err(error.into());
        };
        answers.fill(form);
        let text = refuse_below(w, form, error.into())?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
    }
    let rows = items.iter().map(|item| row(w, id, item)).collect();
    let (holds, hold) = hold::section(house, reader, (id, may_hold), &shell.csrf).await?;
    draw(&Incident {
        w,
        shell,
        head,
        part: Part::Evidence(Box::new(Items {
            rows,
            form,
            holds,
            hold,
        })),
    })
}

/// `GET /incidents/{id}/evidence/{evidence}`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((id, item)): Path<(String, String)>,
) -> Answer {
    shown(&house, &reader, at(&id, &item)?, None).await
}

fn at(id: &str, item: &str) -> Result<At, Refusal> {
    Ok((named(id)?, item.parse().map_err(|_no_id| nothing())?))
}

async fn shown(
    house: &House,
    reader: &Reader,
    at: At,
    refused: Option<(&str, Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let case = ops::view(&house.ground, &reader.viewer, at.0).await?;
    let (item, lines) = evidence::view(&locker(house), &reader.viewer, at).await?;
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let mut acts = acts(reader, &shell.csrf, at, (&item, &lines));
    if let Some((act, answers, error)) = refused {
        let end = format!("/{act}");
        let found = acts.iter_mut().find(|one| one.form.action.ends_with(&end));
        let Some(found) = found else {
            return Err(error.into());
        };
        answers.fill(&mut found.form);
        let text = refuse_below(w, &mut found.form, error.into())?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
    }
    draw(&Custody {
        w,
        shell,
        incident: (
            case.incident.facts.title.to_string(),
            format!("/incidents/{}", at.0),
        ),
        item: row(w, at.0, &item),
        collected: item.facts.collected_at.map(known),
        facts: facts(w, &item),
        lines: lines.iter().map(|line| line_of(w, line)).collect(),
        acts,
        may_export: reader.may(Act::IncidentExport),
    })
}

/// What the reader can do with an item as it stands now.
fn acts(reader: &Reader, csrf: &str, at: At, (item, lines): (&Item, &[Entry])) -> Vec<ItemAct> {
    let w = reader.w;
    let may_edit = reader.may(Act::IncidentEdit);
    let why = || {
        Field::new("reason", w.t("field-custody-reason"), Control::Text)
            .required()
            .longest(500)
    };
    let act = |name: &str, fields: Vec<Field>| ItemAct {
        heading: w.word("item-do", name),
        about: w.word("item-about", name),
        form: Form {
            action: format!("/incidents/{}/evidence/{}/{name}", at.0, at.1),
            csrf: csrf.to_owned(),
            fields: fields.into_iter().map(|one| one.within(name)).collect(),
            submit: w.word("item-do", name),
            cancel: String::new(),
        },
    };
    let mut all = Vec::new();
    let handed = item
        .pending
        .and_then(|number| lines.iter().find(|line| line.number == number));
    if let Some(handed) = handed {
        let own = handed.user.is_some() && handed.user == reader.viewer.user();
        if own || (handed.user.is_none() && may_edit) {
            let number = handed.number.to_string();
            let note = Field::new("note", w.t("field-receipt"), Control::Text).longest(500);
            let hidden = Field::new("hand_over", String::new(), Control::Hidden).value(&number);
            let note = if own { note } else { note.required() };
            all.push(act("received", vec![hidden.clone(), note.clone()]));
            all.push(act("declined", vec![hidden, note]));
        }
    }
    if !may_edit || item.state == Stands::Destroyed {
        return all;
    }
    all.push(act("verify", Vec::new()));
    if item.state == Stands::Sealed {
        all.push(act("unseal", vec![why()]));
    } else {
        all.push(act("copy", vec![why()]));
        all.push(act("seal", vec![why()]));
    }
    if handed.is_none() {
        all.push(act(
            "hand-over",
            vec![
                Field::new("user", w.t("field-custody-user"), Control::Text).longest(100),
                Field::new("to", w.t("field-custody-to"), Control::Text)
                    .hint(w.t("hint-custody-to"))
                    .longest(200),
                why(),
            ],
        ));
        if item.state == Stands::Held {
            all.push(act("destroy", vec![why()]));
        }
    }
    all
}

/// `POST /incidents/{id}/evidence/{evidence}/{act}`.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, item, act)): Path<(String, String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let at = at(&id, &item)?;
    let (locker, viewer) = (locker(&house), &reader.viewer);
    let why = reason(answers.of("reason"));
    let done = match (act.as_str(), why) {
        ("copy", Ok(why)) => match evidence::copy(&locker, viewer, at, &why).await {
            Ok((item, bytes)) => {
                let name = item.facts.name.as_str();
                return Ok(attachment(name, item.size, bytes).into_response());
            }
            Err(error) => Err(error),
        },
        ("seal", Ok(why)) => evidence::seal(&locker, viewer, at, (true, &why))
            .await
            .map(drop),
        ("unseal", Ok(why)) => evidence::seal(&locker, viewer, at, (false, &why))
            .await
            .map(drop),
        ("destroy", Ok(why)) => evidence::destroy(&locker, viewer, at, &why).await.map(drop),
        ("hand-over", Ok(why)) => {
            let body = HandOverBody {
                user: answers.given("user"),
                to: answers.given("to"),
                reason: String::new(),
            };
            match body.receiver() {
                Ok(to) => evidence::hand_over(&locker, viewer, at, (to, &why))
                    .await
                    .map(drop),
                Err(invalid) => Err(invalid.into()),
            }
        }
        ("copy" | "seal" | "unseal" | "destroy" | "hand-over", Err(invalid)) => Err(invalid.into()),
        ("verify", _) => match evidence::verify(&locker, viewer, at).await {
            Ok(Outcome::Matches) => Ok(()),
            // The page says it aloud.
            Ok(_) => return shown(&house, &reader, at, None).await,
            Err(error) => Err(error),
        },
        ("received" | "declined", _) => {
            let of = answers.of("hand_over").parse().unwrap_or_default();
            match Line::optional(Some(answers.of("note")), "note") {
                Ok(note) => {
                    let of = (of, act == "received");
                    let note = note.as_ref();
                    evidence::answer(&locker, viewer, at, of, note)
                        .await
                        .map(drop)
                }
                Err(invalid) => Err(invalid.into()),
            }
        }
        _ => return Err(nothing()),
    };
    match done {
        Ok(()) => Ok(go(
            &reader,
            &format!("/incidents/{}/evidence", at.0),
            "saved",
        )),
        Err(error) => shown(&house, &reader, at, Some((&act, answers, error))).await,
    }
}

/// `GET /incidents/{id}/evidence/{evidence}/record`.
pub(crate) async fn record(
    State(house): State<House>,
    reader: Reader,
    Path((id, item)): Path<(String, String)>,
) -> Answer {
    let at = at(&id, &item)?;
    let w = reader.w;
    let case = ops::view(&house.ground, &reader.viewer, at.0).await?;
    let (item, lines) = evidence::export(&locker(&house), &reader.viewer, at).await?;
    draw(&CustodyRecord {
        w,
        shell: reader.shell(&house, Section::Incidents).await?,
        incident: (
            case.incident.facts.title.to_string(),
            case.incident.public.to_string(),
        ),
        id: item.id.to_string(),
        collected: item.facts.collected_at.map(known),
        facts: facts(w, &item),
        lines: lines.iter().map(|line| line_of(w, line)).collect(),
        item: row(w, at.0, &item),
    })
}

fn facts(w: Words, item: &Item) -> Vec<(String, String)> {
    let facts = &item.facts;
    let given = [
        (
            "field-collected-by",
            facts.collected_by.as_ref().map(ToString::to_string),
        ),
        ("field-place", facts.place.as_ref().map(ToString::to_string)),
        ("field-item-about", Some(facts.description.to_string())),
        ("item-put-by", Some(who(w, &item.put_by))),
    ];
    let given = given
        .into_iter()
        .filter_map(|(key, value)| Some((w.t(key), value?)));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

pub(crate) fn row(w: Words, id: IncidentRef, item: &Item) -> ItemRow {
    let verified = item.verified.map(|(at, outcome)| (at, outcome.as_str()));
    ItemRow {
        number: item.number,
        url: format!("/incidents/{id}/evidence/{}", item.id),
        name: item.facts.name.to_string(),
        kind: item.facts.kind.as_str(),
        size: size(item.size),
        sha256: hex(&item.sha256),
        tlp: item.facts.tlp,
        state: item.state.as_str(),
        holder: item
            .holder
            .as_deref()
            .map(|by| who(w, by))
            .unwrap_or_default(),
        waits_for: item.pending.is_some(),
        verified,
        broken: item.is_broken(),
        put: (who(w, &item.put_by), item.put_at),
    }
}

pub(super) fn line_of(w: Words, line: &Entry) -> CustodyRow {
    CustodyRow {
        number: line.number,
        deed: line.deed.as_str(),
        at: line.at,
        who: who(w, &line.who),
        reason: line.reason.clone(),
        receiver: line
            .receiver
            .as_deref()
            .map(|to| who(w, to))
            .unwrap_or_default(),
        outcome: line.outcome.map_or("", Outcome::as_str),
        leaf: line.leaf,
    }
}
