//! What the answers of a message's form say.

use exchange::model::{Kind, Statement, StatementError, Urgency, UrgencyBasis};
use kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::{forms::Answers, writing::BASES};

/// What the answers say, as `exchange` reads it. `context` holds what no form asks for: to which
/// message it belongs, when that one came, what a closure covers, which incident it is about.
pub(super) fn statement(
    kind: Kind,
    answers: &Answers,
    context: Map<String, Value>,
) -> Result<Statement, StatementError> {
    let mut details = context;
    let incident = if kind == Kind::NotifyInc {
        None
    } else {
        details.remove("incident")
    };
    details.extend(own_details(kind, answers));
    let mut whole = Map::new();
    let mut put = |name: &str, value: Value| {
        if !is_empty(&value) {
            whole.insert(name.to_owned(), value);
        }
    };
    put("title", text(answers, "title"));
    put("text", text(answers, "text"));
    put(
        "languages",
        answers
            .given("language")
            .map_or(Value::Null, |tag| json!([tag])),
    );
    put(
        "incidents",
        incident.map_or(Value::Null, |incident| json!([incident])),
    );
    put("norms", answers.all("norms").map(str::to_owned).collect());
    put(
        "confidence",
        answers
            .given("analytic")
            .map_or(Value::Null, |analytic| json!({ "analytic": analytic })),
    );
    whole.insert("details".to_owned(), Value::Object(details));
    Statement::read(kind, Value::Object(whole))
}

fn own_details(kind: Kind, answers: &Answers) -> Map<String, Value> {
    let mut details = Map::new();
    let mut put = |name: &str, value: Value| {
        if !is_empty(&value) {
            details.insert(name.to_owned(), value);
        }
    };
    match kind {
        Kind::NotifyInc => put("requested_action", text(answers, "requested_action")),
        Kind::NotifyOrig => {
            put("indicators", observables(answers, "indicators"));
            let mut window = Map::new();
            for name in ["from", "until"] {
                if let Some(at) = moment_of(answers.of(name)) {
                    window.insert(name.to_owned(), Value::String(at.to_string()));
                }
            }
            put("window", Value::Object(window));
            put("victim_sector", text(answers, "victim_sector"));
            put(
                "no_attribution_implied",
                Value::Bool(answers.is_on("no_attribution_implied")),
            );
        }
        Kind::Rfi => {
            put(
                "questions",
                answers.lines("questions").into_iter().collect(),
            );
            put("why", text(answers, "why"));
            put("permitted_use", text(answers, "permitted_use"));
        }
        Kind::Rfm => {
            put("assets", observables(answers, "assets"));
            put(
                "measures",
                answers.all("measures").map(str::to_owned).collect(),
            );
            put("least_harm", text(answers, "least_harm"));
        }
        Kind::Ack => {
            put("handler", text(answers, "handler"));
            let next = moment_of(answers.of("next_update_by"));
            put(
                "next_update_by",
                next.map_or(Value::Null, |at| Value::String(at.to_string())),
            );
        }
        Kind::Resp => {
            for name in ["decision", "reason", "refer_to", "restrictions"] {
                put(name, text(answers, name));
            }
            put("actions", actions(answers));
        }
        Kind::Clarify => put("items", answers.lines("items").into_iter().collect()),
        Kind::Update => {
            put("state", text(answers, "state"));
            put("impact_change", text(answers, "impact_change"));
            put("actions", actions(answers));
        }
        Kind::Withdraw => put("reason", text(answers, "reason")),
        Kind::Close => {
            put("outcome", text(answers, "outcome"));
            put("lessons", text(answers, "lessons"));
        }
        Kind::Ping => put("task", text(answers, "task")),
        Kind::Pong => put("task_result", text(answers, "task_result")),
    }
    details
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn text(answers: &Answers, name: &str) -> Value {
    Value::String(answers.of(name).replace("\r\n", "\n"))
}

fn actions(answers: &Answers) -> Value {
    let of = |name: &str, status: &'static str| {
        answers
            .lines(name)
            .into_iter()
            .map(move |what| json!({ "what": what, "status": status }))
            .collect::<Vec<_>>()
    };
    of("actions_done", "done")
        .into_iter()
        .chain(of("actions_planned", "planned"))
        .collect()
}

fn observables(answers: &Answers, name: &str) -> Value {
    let observable = |value: String| json!({ "kind": observable_kind(&value), "value": value });
    answers.lines(name).into_iter().map(observable).collect()
}

/// What a line of an indicator list most likely is.
fn observable_kind(value: &str) -> &'static str {
    let host = value.rsplit_once(':').map_or(value, |(host, _)| host);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if value.parse::<std::net::Ipv4Addr>().is_ok() || host.parse::<std::net::Ipv4Addr>().is_ok() {
        "ipv4"
    } else if value.parse::<std::net::Ipv6Addr>().is_ok() {
        "ipv6"
    } else if value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        "sha256"
    } else if value.contains("://") {
        "url"
    } else if value.contains('@') {
        "email"
    } else if value.strip_prefix("AS").is_some_and(is_number) {
        "asn"
    } else if value.contains('.') && !value.contains(char::is_whitespace) {
        "domain"
    } else {
        "other"
    }
}

/// What a browser writes for a date and time, `2026-11-22T13:20`, taken as UTC.
pub(super) fn moment_of(text: &str) -> Option<Timestamp> {
    let whole = match text.len() {
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => text.to_owned(),
    };
    whole.parse().ok()
}

/// How fast somebody has to look, as the answers say; nothing where urgency lacks its reason.
pub(super) fn urgency(answers: &Answers) -> Option<Urgency> {
    let basis = BASES
        .iter()
        .find(|(code, _)| *code == answers.of("urgency_basis"))
        .map(|(_, basis)| *basis);
    match answers.of("urgency") {
        "urgent" => basis.map(|basis| Urgency::Urgent { basis }),
        "flash" => basis.map(|basis| Urgency::Flash { basis }),
        _ => Some(Urgency::Routine),
    }
}

/// The code of a reason.
pub(super) fn basis_code(basis: UrgencyBasis) -> &'static str {
    BASES
        .iter()
        .find(|(_, one)| *one == basis)
        .map_or("", |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use crate::{pages::writing::fields, views::form::Control, words::Words};

    use super::*;

    const REQUEST: &str = "message--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        Answers(
            pairs
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    fn context(kind: Kind) -> Map<String, Value> {
        let pairs: &[(&str, Value)] = match kind {
            Kind::Ack => &[
                ("refers_to", json!(REQUEST)),
                ("received_at", json!("2026-11-21T13:02:12.000Z")),
            ],
            Kind::Clarify => &[("refers_to", json!(REQUEST)), ("part", json!("question"))],
            Kind::Withdraw => &[("target", json!(REQUEST))],
            Kind::Close => &[("covers", json!([REQUEST]))],
            Kind::NotifyInc => &[(
                "incident",
                json!("incident--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11"),
            )],
            Kind::Resp | Kind::Update | Kind::Pong => &[("refers_to", json!(REQUEST))],
            Kind::NotifyOrig | Kind::Rfi | Kind::Rfm | Kind::Ping => &[],
        };
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    }

    /// An answer to every field of a kind, such as a person would give.
    fn filled(kind: Kind) -> Answers {
        let words = Words::new(Language::En, Timestamp::from_micros(0));
        let pairs = fields(words, kind).into_iter().filter_map(|field| {
            let value = match (&field.control, field.name.as_str()) {
                (Control::Files, _) | (_, "reason" | "refer_to") if kind == Kind::Resp => {
                    return None;
                }
                (Control::Files, _) => return None,
                (Control::Moment, "until" | "ack_due") => "2026-11-23T10:00".to_owned(),
                (Control::Moment, _) => "2026-11-22T10:00".to_owned(),
                (Control::Select(list) | Control::Many(list), _) => list.first()?.value.clone(),
                (_, "indicators" | "assets") => "198.51.100.23\ngate.example".to_owned(),
                _ if field.value.is_empty() => "words".to_owned(),
                _ => field.value.clone(),
            };
            Some((field.name, value))
        });
        Answers(pairs.collect())
    }

    #[test]
    fn every_form_makes_a_statement_of_its_kind() {
        for &kind in Kind::ALL {
            let made = statement(kind, &filled(kind), context(kind));
            assert_eq!(made.map(|made| made.kind()), Ok(kind), "{kind}");
        }
    }

    #[test]
    fn a_missing_answer_is_refused_by_name() {
        let refused = statement(
            Kind::Rfi,
            &answers(&[("title", "x"), ("questions", "Which?")]),
            Map::new(),
        );
        assert_eq!(refused.unwrap_err().field, "details.why");
    }

    #[test]
    fn indicators_are_told_apart() {
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let lines = [
            ("198.51.100.23", "ipv4"),
            ("198.51.100.23:443", "ipv4"),
            ("2001:db8::1", "ipv6"),
            (hash, "sha256"),
            ("https://gate.example/x", "url"),
            ("a@gate.example", "email"),
            ("AS64500", "asn"),
            ("gate.example", "domain"),
            ("C:\\tool.exe run", "other"),
        ];
        for (value, kind) in lines {
            assert_eq!(observable_kind(value), kind, "{value}");
        }
    }

    #[test]
    fn urgency_needs_its_reason() {
        assert_eq!(urgency(&answers(&[("urgency", "flash")])), None);
        let flash = answers(&[("urgency", "flash"), ("urgency_basis", "life_at_risk")]);
        assert_eq!(
            urgency(&flash),
            Some(Urgency::Flash {
                basis: UrgencyBasis::LifeAtRisk
            })
        );
        assert_eq!(urgency(&answers(&[])), Some(Urgency::Routine));
    }

    #[test]
    fn every_reason_has_its_code() {
        for (code, basis) in BASES {
            assert_eq!(basis_code(basis), code);
        }
    }

    #[test]
    fn a_browsers_moment_is_utc() {
        assert_eq!(
            moment_of("2026-11-22T13:20")
                .map(|at| at.to_string())
                .as_deref(),
            Some("2026-11-22T13:20:00.000Z")
        );
        assert_eq!(moment_of("tomorrow"), None);
    }
}
