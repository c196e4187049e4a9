//! The circles of this mode, and making one.

use access::{http::CsrfForm, policy::Act};
use axum::extract::State;
use directory::{
    Error,
    model::{Line, Text},
    ops::{Asked, NewCircle, NewWish, Wish, list_circles},
};
use federation::state::Delivery;
use kernel::PartyCode;

use super::{
    Answer, House, Reader,
    circle::place,
    draw,
    forms::{Answers, refuse},
    go, names,
    settings::form_of,
    thread::parts::Names,
};
use crate::views::{
    circles::{CircleRow, Circles, Wished},
    form::{Choice, Control, Field, Form},
    frame::{Flash, Section},
};

pub(super) async fn list(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, None).await
}

/// `POST /circles`.
pub(super) async fn make(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let done = async {
        let (name, purpose) = words(&answers)?;
        let new = NewCircle { name, purpose };
        exchange::ops::create_circle(&house.exchange, &reader.viewer, new).await
    };
    match done.await {
        Ok(issued) => {
            let url = format!("/circles/{}", issued.circle.version().id);
            Ok(go(&reader, &url, "circle-made"))
        }
        Err(error) => page(&house, &reader, Some(("make", answers, error))).await,
    }
}

/// `POST /circles/ask`: of a circle that is not known here.
pub(super) async fn ask(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let invalid = |field, rule| Error::Invalid(directory::model::Invalid { field, rule });
    let done = async {
        let circle = answers.of("circle").parse();
        let steward = answers.of("steward").parse::<PartyCode>();
        let wish = NewWish {
            circle: circle.map_err(|_no_id| invalid("circle", "circle--UUID"))?,
            steward: Some(steward.map_err(|_no_code| invalid("steward", "a party"))?),
            wish: Wish::Join,
        };
        exchange::ops::ask_steward(&house.exchange, &reader.viewer, wish).await
    };
    match done.await {
        Ok(_) => Ok(go(&reader, "/circles", "circle-asked")),
        Err(error) => page(&house, &reader, Some(("ask", answers, error))).await,
    }
}

/// What a circle is called and what it is for, as somebody wrote it.
pub(super) fn words(answers: &Answers) -> Result<(Line, Text), Error> {
    let name: Line = answers
        .of("name")
        .parse()
        .map_err(|invalid: directory::model::Invalid| invalid.at("name"))?;
    // Browsers end lines as the network does.
    let purpose: Text = answers.of("purpose").replace("\r\n", "\n").parse()?;
    Ok((name, purpose))
}

/// The fields for that.
pub(super) fn word_fields(reader: &Reader) -> Vec<Field> {
    let w = reader.w;
    vec![
        Field::new("name", w.t("circle-name"), Control::Text)
            .required()
            .longest(200),
        Field::new("purpose", w.t("circle-purpose"), Control::Area(4))
            .required()
            .longest(2_000),
    ]
}

/// A wish as pages show it.
pub(super) fn wished(
    reader: &Reader,
    names: &Names,
    asked: &Asked,
    delivery: Option<&Delivery>,
) -> Wished {
    Wished {
        wish: asked.wish.as_str().to_owned(),
        circle: asked.circle.to_string(),
        steward: names.party(reader.w, &asked.steward),
        at: asked.asked_at,
        delivery: code(delivery),
    }
}

/// How a message stands, as a code of the pages.
pub(super) fn code(delivery: Option<&Delivery>) -> String {
    delivery.map_or("planned", Delivery::code).to_owned()
}

/// The parties that this one can send to.
pub(super) fn parties(reader: &Reader, names: &Names) -> Vec<Choice> {
    let others = names.parties.iter();
    let others = others.filter(|(code, _)| **code != reader.viewer.party);
    let mut choices: Vec<Choice> = others
        .map(|(code, name)| Choice {
            value: code.to_string(),
            text: name.clone(),
            chosen: false,
        })
        .collect();
    choices.sort_by(|one, other| one.text.cmp(&other.text));
    choices
}

async fn page(
    house: &House,
    reader: &Reader,
    refused: Option<(&str, Answers, exchange::Error)>,
) -> Answer {
    let w = reader.w;
    let (circles, wishes) = list_circles(&house.ground, &reader.viewer).await?;
    let names = names::all(house, reader).await;
    let rows = circles.iter().map(|signed| {
        let version = signed.version();
        CircleRow {
            url: format!("/circles/{}", version.id),
            name: version.name.to_string(),
            steward: names.party(w, &version.steward),
            place: place(&reader.viewer.party, version).to_owned(),
            members: u64::try_from(version.joined().count()).unwrap_or(u64::MAX),
            version: version.version,
            changed: version.changed,
        }
    });
    let rows = rows.collect();
    let known = |asked: &&Asked| circles.iter().any(|one| one.version().id == asked.circle);
    let mut asked = Vec::new();
    for one in wishes.iter().filter(|one| !known(one)) {
        let delivery = match one.message {
            Some(id) => {
                let mut tx = house.ground.db.begin_read().await?;
                let row = federation::store::delivery(&mut tx, id).await?;
                row.map(|row| row.outgoing.delivery)
            }
            None => None,
        };
        asked.push(wished(reader, &names, one, delivery.as_ref()));
    }
    let mut shell = reader.shell(house, Section::Directory).await?;
    let mut make = reader
        .may(Act::CircleSteward)
        .then(|| form_of(reader, "/circles", "circle-make", word_fields(reader)));
    let mut ask = reader
        .may(Act::CircleMember)
        .then(|| ask_form(reader, &names));
    if let Some((which, answers, error)) = refused {
        let form = if which == "make" { &mut make } else { &mut ask };
        let Some(form) = form else {
            return Err(error.into());
        };
        answers.fill(form);
        let text = refuse(w, form, error.into())?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
    }
    draw(&Circles {
        w,
        shell,
        rows,
        asked,
        make,
        ask,
    })
}

fn ask_form(reader: &Reader, names: &Names) -> Form {
    let w = reader.w;
    let fields = vec![
        Field::new("circle", w.t("circle-id"), Control::Text)
            .hint(w.t("hint-circle-id"))
            .required()
            .longest(60),
        Field::new(
            "steward",
            w.t("circle-steward"),
            Control::Select(parties(reader, names)),
        )
        .required()
        .short(),
    ];
    form_of(reader, "/circles/ask", "circle-ask", fields)
}
