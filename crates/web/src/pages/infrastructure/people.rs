//! Whom the register of critical infrastructure names: for administrators, who see nothing of what is
//! in it by that.

use ::infrastructure::{
    Error,
    model::{Grant, Naming, Rights},
    ops::{self, READERS_MAX},
};
use access::{
    http::{CsrfForm, Refusal},
    model::Person,
    policy::{Act, check_house},
};
use axum::extract::{Path, State};
use kernel::UserId;

use super::{register, tables::heads};
use crate::{
    pages::{
        Answer, House, Reader,
        constituency::wrong,
        draw,
        forms::Answers,
        go,
        incident::tabs::who,
        nothing,
        retention::blank,
        settings::{form_of, tabs},
    },
    views::{
        form::{Choice, Control, Field, Form},
        frame::Section,
        tables::{Cell, Table},
    },
    words::{Fidelity, Words},
};

const PAGE: &str = "/settings/infrastructure";

/// `GET /settings/infrastructure`.
pub(crate) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, None).await
}

/// `POST /settings/infrastructure/{act}`: names somebody, or names him no more.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path(act): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    may(&reader)?;
    let (register, viewer) = (register(&house), &reader.viewer);
    let reason = answers.of("reason");
    let done = match (act.as_str(), user_of(&answers)) {
        ("name" | "withdraw", None) => Err(Error::NotFound),
        ("name", Some(user)) => {
            access::ops::read_user(&house.ground, viewer, user).await?;
            let rights = Rights {
                is_named: true,
                may_edit: answers.is_on("may_edit"),
                may_export: answers.is_on("may_export"),
            };
            ops::grant(&register, viewer, user, (rights, reason)).await
        }
        ("withdraw", Some(user)) => ops::revoke(&register, viewer, user, reason).await,
        _ => return Err(nothing()),
    };
    match done {
        Ok(()) => Ok(go(&reader, PAGE, "saved")),
        Err(error) => page(&house, &reader, Some((act, answers, error))).await,
    }
}

fn may(reader: &Reader) -> Result<(), Refusal> {
    let refused = check_house(&reader.viewer, Act::InfrastructureGrant);
    Ok(refused.map_err(Error::from)?)
}

fn user_of(answers: &Answers) -> Option<UserId> {
    answers.of("user").parse().ok()
}

async fn page(house: &House, reader: &Reader, refused: Option<(String, Answers, Error)>) -> Answer {
    may(reader)?;
    let w = reader.w;
    let register = register(house);
    let grants = ops::grants(&register, &reader.viewer).await?;
    let namings = ops::namings(&register, &reader.viewer).await?;
    let people = ops::candidates(&register, &reader.viewer).await?;
    let title = w.t("infrastructure-readers");
    let mut page = blank(house, reader, title, Section::Settings).await?;
    page.intro = w.t("infrastructure-readers-intro");
    page.tabs = tabs(reader, "infrastructure");
    page.facts = ["read", "edit", "export", "admin"]
        .map(|right| {
            let says = w.word("infrastructure-right-about", right);
            (w.word("infrastructure-right", right), Cell::text(says))
        })
        .to_vec();
    page.tables = vec![readers_table(w, &grants), namings_table(w, &namings)];
    page.forms = vec![(
        w.t("reader-name"),
        name_form(reader, &people),
        grants.is_empty(),
    )];
    if !grants.is_empty() {
        page.forms.push((
            w.t("reader-withdraw"),
            withdraw_form(reader, &grants),
            false,
        ));
    }
    if let Some((act, answers, error)) = refused {
        let place = usize::from(act == "withdraw");
        let (_, form, open) = page.forms.get_mut(place).ok_or_else(nothing)?;
        answers.fill(form);
        *open = true;
        page.shell.flash = wrong(reader, form, error)?;
    }
    draw(&page)
}

/// What somebody may do, in words.
fn rights(w: Words, rights: Rights) -> String {
    if !rights.is_named {
        return w.t("reader-withdrawn");
    }
    let more = [("edit", rights.may_edit), ("export", rights.may_export)];
    let all = std::iter::once("read").chain(more.into_iter().filter(|one| one.1).map(|one| one.0));
    let all: Vec<String> = all
        .map(|right| w.word("infrastructure-right", right))
        .collect();
    all.join(" · ")
}

fn readers_table(w: Words, grants: &[Grant]) -> Table {
    let row = |one: &Grant| {
        let reaches = if one.reaches {
            Cell::styled(w.t("reader-reaches"), "chip good")
        } else {
            Cell::styled(w.t("reader-reaches-not"), "chip warn").below(w.t("reader-reaches-why"))
        };
        vec![
            Cell::text(&one.user),
            Cell::text(rights(w, one.rights)),
            reaches,
            Cell::text(&one.reason),
            Cell::text(who(w, &one.granted_by)).below(w.date(&one.granted_at)),
        ]
    };
    Table {
        title: w.t2(
            "infra-readers-n",
            &("n", grants.len()),
            &("max", READERS_MAX),
        ),
        head: heads(w, &["reader", "rights", "sees", "reason", "by"]),
        rows: grants.iter().map(row).collect(),
        empty: w.t("readers-empty"),
    }
}

fn namings_table(w: Words, namings: &[Naming]) -> Table {
    let row = |one: &Naming| {
        vec![
            Cell::text(w.dated_to(&one.at, &Fidelity::Minute)),
            Cell::text(&one.user),
            Cell::text(rights(w, one.rights)),
            Cell::text(&one.reason),
            Cell::text(who(w, &one.by)),
        ]
    };
    Table {
        title: w.t("namings"),
        head: heads(w, &["when", "reader", "rights", "reason", "by"]),
        rows: namings.iter().map(row).collect(),
        empty: w.t("namings-empty"),
    }
}

fn reason_field(w: Words) -> Field {
    Field::new("reason", w.t("reader-reason"), Control::Text)
        .hint(w.t("hint-reader-reason"))
        .required()
}

fn name_form(reader: &Reader, people: &[Person]) -> Form {
    let w = reader.w;
    let choice = |one: &Person| Choice {
        value: one.id.to_string(),
        text: format!("{} ({})", one.display.as_str(), one.name.as_str()),
        chosen: false,
    };
    let choices = people.iter().map(choice).collect();
    let tick = |right: &str| {
        Field::new(
            &format!("may_{right}"),
            w.word("infrastructure-right", right),
            Control::Tick,
        )
        .hint(w.word("infrastructure-right-about", right))
        .within("name")
    };
    let fields = vec![
        Field::new("user", w.t("reader-user"), Control::Select(choices))
            .hint(w.t("hint-reader-user"))
            .required()
            .within("name"),
        tick("edit"),
        tick("export"),
        reason_field(w).within("name"),
    ];
    form_of(reader, &format!("{PAGE}/name"), "reader-name", fields)
}

fn withdraw_form(reader: &Reader, grants: &[Grant]) -> Form {
    let w = reader.w;
    let choice = |one: &Grant| Choice {
        value: one.id.to_string(),
        text: one.user.clone(),
        chosen: false,
    };
    let choices = grants.iter().map(choice).collect();
    let fields = vec![
        Field::new("user", w.t("reader-user"), Control::Select(choices))
            .required()
            .within("withdraw"),
        reason_field(w).within("withdraw"),
    ];
    form_of(
        reader,
        &format!("{PAGE}/withdraw"),
        "reader-withdraw",
        fields,
    )
}
