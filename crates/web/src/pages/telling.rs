//! What a message says, as facts and lists in the reader's words.

use exchange::model::{Action, Details, Kind, Observable, Statement};
use kernel::Timestamp;

use crate::words::{Words, key};

/// A statement as the pages show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// Label and value.
    pub(super) facts: Vec<(String, String)>,
    /// Label and items.
    pub(super) lists: Vec<(String, Vec<String>)>,
    /// Keys of fixed sentences.
    pub(super) fixed: Vec<&'static str>,
    /// Code and title of the norms that are named.
    pub(super) norms: Vec<(String, String)>,
}

/// What a statement says beyond its title and text.
pub(super) fn tell(w: Words, statement: &Statement) -> Told {
    let mut teller = Teller {
        w,
        told: Told::default(),
    };
    teller.details(&statement.details);
    if let Some(confidence) = &statement.confidence {
        // Likelihood and confidence never stand in one sentence (ICD 203).
        let likelihood = confidence.likelihood;
        teller.fact(
            "likelihood",
            likelihood.map(|one| w.word("likelihood", one.as_str())),
        );
        let analytic = confidence.analytic;
        teller.fact(
            "confidence",
            analytic.map(|one| w.word("confidence", one.as_str())),
        );
    }
    teller.fact(
        "claimed_by",
        statement.claimed_by.as_ref().map(ToString::to_string),
    );
    teller.fact(
        "handling",
        statement.handling.as_ref().map(ToString::to_string),
    );
    teller.fact(
        "legal_basis",
        statement.legal_basis.as_ref().map(ToString::to_string),
    );
    teller.told.norms = statement
        .norms
        .iter()
        .map(|norm| (norm_code(norm.as_str()), w.word("norm", norm.as_str())))
        .collect();
    teller.told
}

/// `N-C` is paragraph 13 (c) of the report that the norms stand in.
fn norm_code(code: &str) -> String {
    let letter = code.rsplit('-').next().unwrap_or(code).to_ascii_lowercase();
    format!("13 ({letter})")
}

/// The fixed sentence that stands with a kind, before anything is written; empty for none.
pub(super) const fn fixed_of(kind: Kind) -> &'static str {
    match kind {
        Kind::NotifyOrig => "fixed-no-attribution",
        Kind::Ack => "fixed-ack",
        Kind::Ping => "fixed-ping",
        Kind::NotifyInc | Kind::Rfi | Kind::Rfm => "fixed-voluntary",
        Kind::Resp | Kind::Clarify | Kind::Update | Kind::Withdraw | Kind::Close | Kind::Pong => "",
    }
}

struct Teller {
    w: Words,
    told: Told,
}

impl Teller {
    fn label(&self, name: &str) -> String {
        self.w.t(&key("said", name))
    }

    fn fact(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.told.facts.push((self.label(name), value));
        }
    }

    fn list(&mut self, name: &str, items: Vec<String>) {
        if !items.is_empty() {
            self.told.lists.push((self.label(name), items));
        }
    }

    fn moment(&mut self, name: &str, at: Option<Timestamp>) {
        let text = at.map(|at| self.w.dated_to(&at, &crate::words::Fidelity::Minute));
        self.fact(name, text);
    }

    fn observables(&mut self, name: &str, observables: &[Observable]) {
        let line = |one: &Observable| match &one.note {
            Some(note) => format!("{} ({note})", one.value),
            None => one.value.to_string(),
        };
        self.list(name, observables.iter().map(line).collect());
    }

    fn actions(&mut self, actions: &[Action]) {
        let line = |action: &Action| {
            format!(
                "{} ({})",
                action.what,
                self.w.word("action", action.status.as_str())
            )
        };
        let lines = actions.iter().map(line).collect();
        self.list("actions", lines);
    }

    fn details(&mut self, details: &Details) {
        if details.kind().asks() {
            self.asks(details);
        } else {
            self.follows(details);
        }
    }

    fn asks(&mut self, details: &Details) {
        let w = self.w;
        match details {
            Details::NotifyInc(notice) => {
                self.fact(
                    "requested_action",
                    notice.requested_action.as_ref().map(ToString::to_string),
                );
            }
            Details::NotifyOrig(notice) => {
                self.moment("from", Some(notice.window.from));
                self.moment("until", notice.window.until);
                self.fact(
                    "victim_sector",
                    notice
                        .victim_sector
                        .as_ref()
                        .map(|sector| w.word("sector", sector.as_str())),
                );
                self.observables("indicators", &notice.indicators);
                if notice.no_attribution_implied {
                    self.told.fixed.push("fixed-no-attribution");
                }
            }
            Details::Rfi(request) => {
                self.list(
                    "questions",
                    request.questions.iter().map(ToString::to_string).collect(),
                );
                self.fact("why", Some(request.why.to_string()));
                self.fact("permitted_use", Some(request.permitted_use.to_string()));
            }
            Details::Rfm(request) => {
                self.observables("assets", &request.assets);
                self.list(
                    "measures",
                    request
                        .measures
                        .iter()
                        .map(|measure| w.word("measure", measure.as_str()))
                        .collect(),
                );
                self.fact(
                    "least_harm",
                    request.least_harm.as_ref().map(ToString::to_string),
                );
                self.fact(
                    "urgency_basis",
                    request.urgency_basis.as_ref().map(ToString::to_string),
                );
            }
            Details::Ping(ping) => {
                self.fact("task", ping.task.as_ref().map(ToString::to_string));
                self.told.fixed.push("fixed-ping");
            }
            _ => {}
        }
    }

    fn follows(&mut self, details: &Details) {
        let w = self.w;
        match details {
            Details::Ack(ack) => {
                self.fact("handler", ack.handler.as_ref().map(ToString::to_string));
                self.moment("next_update_by", ack.next_update_by);
                self.moment("removed_at", ack.removed_at);
                self.told.fixed.push("fixed-ack");
            }
            Details::Resp(response) => {
                self.fact(
                    "decision",
                    Some(w.word("decision", response.decision.as_str())),
                );
                self.fact(
                    "reason",
                    response
                        .reason
                        .map(|reason| w.word("decline", reason.as_str())),
                );
                self.fact(
                    "refer_to",
                    response.refer_to.as_ref().map(ToString::to_string),
                );
                self.fact(
                    "restrictions",
                    response.restrictions.as_ref().map(ToString::to_string),
                );
                self.actions(&response.actions);
            }
            Details::Clarify(clarification) => {
                let name = match clarification.part {
                    exchange::model::ClarifyPart::Question => "questions",
                    exchange::model::ClarifyPart::Answer { .. } => "answers",
                };
                self.list(
                    name,
                    clarification
                        .items
                        .iter()
                        .map(ToString::to_string)
                        .collect(),
                );
            }
            Details::Update(update) => {
                self.fact("state", Some(w.word("work", update.state.as_str())));
                self.fact(
                    "impact_change",
                    update.impact_change.as_ref().map(ToString::to_string),
                );
                self.actions(&update.actions);
            }
            Details::Withdraw(withdrawal) => {
                self.fact(
                    "withdrawal",
                    Some(w.word("withdrawal", withdrawal.reason.as_str())),
                );
            }
            Details::Close(close) => {
                self.fact("outcome", Some(w.word("outcome", close.outcome.as_str())));
                self.fact("lessons", close.lessons.as_ref().map(ToString::to_string));
            }
            Details::Pong(pong) => self.fact(
                "task_result",
                pong.task_result.as_ref().map(ToString::to_string),
            ),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Language;
    use serde_json::json;

    use super::*;

    fn told(kind: Kind, details: &serde_json::Value) -> Told {
        let statement = Statement::read(
            kind,
            json!({ "title": "x", "norms": ["N-C"], "details": details }),
        )
        .unwrap();
        tell(
            Words::new(Language::En, Timestamp::from_micros(0)),
            &statement,
        )
    }

    #[test]
    fn an_acknowledgement_says_that_it_is_no_agreement() {
        let request = "message--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";
        let told = told(
            Kind::Ack,
            &json!({ "refers_to": request, "received_at": "2026-11-21T13:02:12Z", "handler": "Duty officer" }),
        );
        assert_eq!(told.fixed, ["fixed-ack"]);
        assert_eq!(
            told.facts,
            [("Who handles it".to_owned(), "Duty officer".to_owned())]
        );
        assert_eq!(
            told.norms.first().map(|norm| norm.0.as_str()),
            Some("13 (c)")
        );
    }

    #[test]
    fn the_kinds_that_the_domain_names_bear_their_fixed_sentence() {
        assert_eq!(fixed_of(Kind::Ack), "fixed-ack");
        assert_eq!(fixed_of(Kind::NotifyOrig), "fixed-no-attribution");
        assert_eq!(fixed_of(Kind::Resp), "");
    }

    #[test]
    fn a_notification_implies_no_attribution_unless_it_says_so() {
        let details = |implied: bool| {
            json!({
                "indicators": [{ "kind": "ipv4", "value": "198.51.100.23" }],
                "window": { "from": "2026-11-19T04:10:00Z" },
                "no_attribution_implied": implied,
            })
        };
        assert_eq!(
            told(Kind::NotifyOrig, &details(true)).fixed,
            ["fixed-no-attribution"]
        );
        assert!(told(Kind::NotifyOrig, &details(false)).fixed.is_empty());
    }
}
