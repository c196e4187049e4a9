//! By what the party reports.

use access::{http::CsrfForm, policy::Act};
use axum::extract::State;
use incidents::{
    Error, clocks,
    model::{Invalid, Line},
    reporting::{Choice, calendar, ops},
};

use super::{calendars::listed, form_of, page};
use crate::{
    pages::{
        Answer, House, Reader,
        forms::{Answers, refuse},
        go,
        incident::clocks::regime_choice,
    },
    views::{
        form::{Control, Field, Form},
        settings::Part,
    },
};

const URL: &str = "/settings/reporting";

/// `GET /settings/reporting`.
pub(crate) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    let choice = ops::choice(&house.ground, &reader.viewer).await?;
    draw(
        &house,
        &reader,
        &choice,
        form(&reader, &choice),
        String::new(),
    )
    .await
}

/// `POST /settings/reporting`.
pub(crate) async fn save(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let done = async {
        let choice = read(&answers)?;
        ops::choose(&house.ground, &reader.viewer, choice).await
    };
    match done.await {
        Ok(_) => Ok(go(&reader, URL, "saved")),
        Err(error) => {
            let choice = ops::choice(&house.ground, &reader.viewer).await?;
            let mut form = form(&reader, &choice);
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            draw(&house, &reader, &choice, form, refused).await
        }
    }
}

fn read(answers: &Answers) -> Result<Choice, Error> {
    let hours = answers.of("remind").split([',', ' ', '、', '，']);
    let hours = hours.filter(|one| !one.is_empty()).map(|one| {
        one.parse().map_err(|_no_number| Invalid {
            field: "remind",
            rule: "numbers of hours",
        })
    });
    let regimes = answers.all("regimes");
    let authorities = answers.lines("authorities");
    Ok(Choice {
        regimes: regimes
            .map(|one| Line::required(one, "regimes"))
            .collect::<Result<_, _>>()?,
        zone: Line::required(answers.of("zone"), "zone")?,
        remind: hours.collect::<Result<_, _>>()?,
        authorities: authorities
            .iter()
            .map(|one| Line::required(one, "authorities"))
            .collect::<Result<_, _>>()?,
    })
}

async fn draw(
    house: &House,
    reader: &Reader,
    choice: &Choice,
    form: Form,
    refused: String,
) -> Answer {
    let w = reader.w;
    let regimes = choice.regimes.iter();
    let regimes: Vec<String> = regimes.map(|one| w.word("regime", one.as_str())).collect();
    let authorities: Vec<&str> = choice.authorities.iter().map(Line::as_str).collect();
    let facts = [
        ("field-regimes", regimes.join(&w.t("comma"))),
        ("field-zone", choice.zone.to_string()),
        ("field-remind", hours(choice)),
        ("field-authorities", authorities.join(&w.t("comma"))),
    ];
    let facts = facts.map(|(label, value)| (w.t(label), value)).into();
    let may_manage = reader.may(Act::ReportingManage);
    let kept = calendar::calendars(&house.ground, &reader.viewer).await?;
    let (calendars, another) = listed(w, &kept, may_manage);
    let part = Part::Reporting {
        facts,
        form: may_manage.then_some(form),
        calendars,
        another,
    };
    page(house, reader, "reporting", part, refused).await
}

fn hours(choice: &Choice) -> String {
    let hours: Vec<String> = choice.remind.iter().map(ToString::to_string).collect();
    hours.join(", ")
}

fn form(reader: &Reader, choice: &Choice) -> Form {
    let w = reader.w;
    let all = clocks::all().unwrap_or_default().iter();
    let all = all.map(|regime| regime_choice(w, &regime.key)).collect();
    let chosen: Vec<&str> = choice.regimes.iter().map(Line::as_str).collect();
    let authorities: Vec<&str> = choice.authorities.iter().map(Line::as_str).collect();
    let fields = vec![
        Field::new("regimes", w.t("field-regimes"), Control::Many(all))
            .hint(w.t("hint-regimes"))
            .value(&chosen.join(",")),
        Field::new("zone", w.t("field-zone"), Control::Text)
            .hint(w.t("hint-zone"))
            .required()
            .short()
            .longest(60)
            .value(choice.zone.as_str()),
        Field::new("remind", w.t("field-remind"), Control::Text)
            .hint(w.t("hint-remind"))
            .short()
            .longest(60)
            .value(&hours(choice)),
        Field::new("authorities", w.t("field-authorities"), Control::Area(4))
            .hint(w.t("hint-authorities"))
            .longest(6_000)
            .value(&authorities.join("\n")),
    ];
    form_of(reader, URL, "form-save", fields)
}
