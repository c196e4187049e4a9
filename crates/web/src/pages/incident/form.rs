//! The facts of an incident as a form, and back.

use access::model::Person;
use incidents::{
    Error,
    model::{Dated, Determination, Facts, Invalid, Kind, Rsit, Sector},
    wire::{FactsBody, PeriodBody},
};
use kernel::{Country, Language, Tlp, UserId};

use crate::{
    pages::{
        Reader,
        forms::{Answers, choices, states, tlps},
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// The facts as fields; `people` can be named as readers.
pub(crate) fn form(reader: &Reader, people: &[Person], (action, back): (&str, &str)) -> Form {
    let w = reader.w;
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text);
    let select = |name: &str, key: &str, choices| {
        Field::new(name, w.t(key), Control::Select(choices)).short()
    };
    let dated = |name: &str, key: &str| line(name, key).hint(w.t("hint-dated")).short().longest(40);
    let rsit: Vec<String> = Rsit::all().map(|rsit| rsit.to_string()).collect();
    let fields = vec![
        Field::new("version", String::new(), Control::Hidden),
        line("title", "field-title").required().longest(200),
        select(
            "kind",
            "field-kind",
            choices(
                w,
                "incident-kind",
                Kind::ALL.iter().map(|kind| kind.as_str()),
            ),
        )
        .required(),
        Field::new("description", w.t("field-description"), Control::Area(8)).longest(20_000),
        victims(w, reader.viewer.mode.is_exercise()),
        Field::new("worldwide", w.t("field-worldwide"), Control::Tick),
        line("organisation", "field-organisation")
            .hint(w.t("hint-organisation"))
            .longest(300),
        sectors(w),
        select(
            "rsit",
            "field-rsit",
            choices(w, "rsit", rsit.iter().map(String::as_str)),
        ),
        dated("from", "field-from"),
        dated("to", "field-to"),
        line("period_text", "field-period-text").longest(200),
        dated("detected", "field-detected"),
        dated("reported", "field-reported"),
        select(
            "determination",
            "field-determination",
            choices(
                w,
                "determination",
                Determination::ALL.iter().map(|one| one.as_str()),
            ),
        )
        .required(),
        select("tlp", "field-tlp", tlps())
            .hint(w.t("hint-tlp"))
            .required()
            .value(Tlp::default().as_str()),
        named(w, people),
        select(
            "cross_border",
            "field-cross-border",
            choices(w, "cross-border", ["yes", "no"]),
        ),
    ];
    Form {
        action: action.to_owned(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t("form-save"),
        cancel: back.to_owned(),
    }
}

fn sectors(w: Words) -> Field {
    let codes: Vec<&str> = Sector::all().map(Sector::as_str).collect();
    Field::new(
        "sectors",
        w.t("field-sectors"),
        Control::Many(choices(w, "sector", codes)),
    )
}

/// Who reads the incident while it is RED, besides whoever writes it.
fn named(w: Words, people: &[Person]) -> Field {
    let person = |one: &Person| Choice {
        value: one.id.to_string(),
        text: format!("{} ({})", one.display.as_str(), one.name.as_str()),
        chosen: false,
    };
    let people = Control::Many(people.iter().map(person).collect());
    Field::new("named", w.t("changed-named"), people).hint(w.t("hint-named"))
}

/// In an exercise ten boxes; else codes on a line, which a list of 195 boxes would not make easier.
fn victims(w: Words, exercise: bool) -> Field {
    if exercise {
        Field::new(
            "victims",
            w.t("field-victims"),
            Control::Many(states(w, true)),
        )
        .hint(w.t("hint-victims"))
    } else {
        Field::new("victims", w.t("field-victims"), Control::Text)
            .hint(w.t("hint-victims-codes"))
            .longest(900)
    }
}

/// The facts as answers of the form.
pub(crate) fn written(facts: &Facts) -> Answers {
    let mut answers = Answers::default();
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            answers.0.push((name.to_owned(), value));
        }
    };
    let text = |value: Option<String>| value.unwrap_or_default();
    put("title", facts.title.to_string());
    put("kind", facts.kind.as_str().to_owned());
    put("description", facts.description.to_string());
    for country in &facts.victims {
        put("victims", country.to_string());
    }
    put(
        "worldwide",
        if facts.worldwide {
            "on".to_owned()
        } else {
            String::new()
        },
    );
    put(
        "organisation",
        text(facts.organisation.as_ref().map(ToString::to_string)),
    );
    for sector in &facts.sectors {
        put("sectors", sector.to_string());
    }
    put("rsit", text(facts.rsit.map(|rsit| rsit.to_string())));
    put("from", text(facts.period.from().map(|at| at.to_string())));
    put("to", text(facts.period.to().map(|at| at.to_string())));
    put("period_text", text(facts.period.text().map(str::to_owned)));
    put("detected", text(facts.detected.map(|at| at.to_string())));
    put("reported", text(facts.reported.map(|at| at.to_string())));
    put("determination", facts.determination.as_str().to_owned());
    put("tlp", facts.tlp.to_string());
    put(
        "cross_border",
        text(
            facts
                .cross_border
                .map(|yes| if yes { "yes" } else { "no" }.to_owned()),
        ),
    );
    for id in &facts.named {
        answers.0.push(("named".to_owned(), id.to_string()));
    }
    answers
}

/// The States of a line: by code, or by name in any language of the United Nations.
pub(super) fn states_of(line: &str) -> Result<Vec<Country>, Invalid> {
    let one = |text: &str| {
        let is_named = |country: &Country| {
            let named = |language| country.name(language).to_lowercase() == text.to_lowercase();
            Language::ALL.into_iter().any(named)
        };
        let code = text.to_ascii_uppercase().parse().ok();
        code.or_else(|| Country::all().find(is_named))
    };
    let parts = line.split([',', ';', '，', '、', '،', '؛']).map(str::trim);
    let mut states = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if let Some(state) = one(part) {
            states.push(state);
            continue;
        }
        // Codes may stand with spaces between them.
        for word in part.split_whitespace() {
            states.push(one(word).ok_or(Invalid {
                field: "victims",
                rule: "a State of the list",
            })?);
        }
    }
    Ok(states)
}

/// The readers that are ticked, and those of before whom the form does not offer any more.
fn named_by(
    answers: &Answers,
    (before, people): (Option<&Facts>, &[Person]),
) -> Result<Vec<UserId>, Invalid> {
    let offered = |id: &UserId| people.iter().any(|one| one.id == *id);
    let before = before.map(|before| before.named.as_slice());
    let rest = before.unwrap_or_default().iter().copied();
    let ticked = answers.all("named").map(|id| {
        id.parse().map_err(|_no_user| Invalid {
            field: "named",
            rule: "users of this node",
        })
    });
    rest.filter(|id| !offered(id))
        .map(Ok)
        .chain(ticked)
        .collect()
}

/// The facts that the answers state. What the form does not ask for stays as it was.
pub(crate) fn facts(
    answers: &Answers,
    (before, people): (Option<&Facts>, &[Person]),
) -> Result<Facts, Error> {
    let dated = |name: &'static str| {
        let parsed = answers
            .given(name)
            .map(|text| text.parse::<Dated>())
            .transpose();
        parsed.map_err(|invalid| invalid.at(name))
    };
    let invalid = |field: &'static str| Invalid {
        field,
        rule: "one of the list",
    };
    let victims = answers.all("victims").map(states_of);
    let victims: Vec<Vec<Country>> = victims.collect::<Result<_, _>>()?;
    let sectors = answers
        .all("sectors")
        .filter(|code| !code.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let body = FactsBody {
        kind: answers
            .of("kind")
            .parse()
            .map_err(|one: Invalid| one.at("kind"))?,
        title: answers.of("title").to_owned(),
        description: answers.of("description").replace("\r\n", "\n"),
        victims: victims.concat(),
        worldwide: answers.is_on("worldwide"),
        organisation: answers.given("organisation"),
        sectors,
        sector_text: before
            .and_then(|before| before.sector_text.as_ref())
            .map(ToString::to_string),
        rsit: answers.given("rsit").map(|rsit| rsit.parse()).transpose()?,
        rsit_version: None,
        period: PeriodBody {
            from: dated("from")?,
            to: dated("to")?,
            text: answers.given("period_text"),
        },
        detected: dated("detected")?,
        reported: dated("reported")?,
        determination: answers
            .of("determination")
            .parse()
            .map_err(|one: Invalid| one.at("determination"))?,
        tlp: answers
            .of("tlp")
            .parse()
            .map_err(|_unknown| invalid("tlp"))?,
        pap: before.and_then(|before| before.pap),
        named: named_by(answers, (before, people))?,
        cross_border: answers.given("cross_border").map(|answer| answer == "yes"),
    };
    Ok(Facts::try_from(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Answers {
        let pairs = [
            ("title", "Ransomware"),
            ("kind", "incident"),
            ("determination", "confirmed"),
            ("tlp", "AMBER"),
            ("victims", "xa, XC"),
            ("sectors", "health"),
            ("sectors", "energy"),
            ("from", "2024-05"),
            ("cross_border", "no"),
        ];
        Answers(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        )
    }

    #[test]
    fn states_are_told_by_code_or_by_name() {
        let told = |line: &str| {
            let states = states_of(line).map_err(|invalid| invalid.field)?;
            let codes: Vec<String> = states.iter().map(ToString::to_string).collect();
            Ok(codes.join(" "))
        };
        for (line, codes) in [
            ("fr, Kenya", "FR KE"),
            ("FR KE", "FR KE"),
            ("法国、肯尼亚", "FR KE"),
            ("United Republic of Tanzania", "TZ"),
            ("", ""),
        ] {
            assert_eq!(told(line).as_deref(), Ok(codes), "{line}");
        }
        assert_eq!(told("FR, Atlantis"), Err("victims"));
    }

    #[test]
    fn what_is_written_can_be_read_back() {
        let facts = facts(&answers(), (None, &[])).unwrap();
        assert_eq!(facts.victims.len(), 2);
        assert_eq!(facts.cross_border, Some(false));
        let again = super::facts(&written(&facts), (None, &[])).unwrap();
        assert_eq!(again, facts);
    }

    #[test]
    fn a_bad_value_is_refused_at_its_field() {
        let mut bad = answers();
        bad.0.retain(|(name, _)| name != "from");
        bad.0.push(("from".to_owned(), "May".to_owned()));
        let Err(Error::Invalid(invalid)) = facts(&bad, (None, &[])) else {
            panic!("taken")
        };
        assert_eq!(invalid.field, "from");
    }
}
