//! Messages as forms: what each kind asks for, and what the answers say.
//!
//! A form's fields bear the names of the statement's, so that what `exchange` refuses is shown where
//! it was typed.

use exchange::model::{
    AnalyticConfidence, Decision, DeclineReason, Kind, Measure, Norm, Outcome, UrgencyBasis,
    WithdrawalReason, WorkState,
};
use incidents::model::Sector;
use kernel::{Language, Tlp};

use super::forms::{choices, tlps};
use crate::{
    views::form::{Choice, Control, Field},
    words::Words,
};

/// Files of one message, together.
pub(super) const FILES_TEXT: &str = "50 MB";

/// Why somebody has to look at once.
pub(super) const BASES: [(&str, UrgencyBasis); 5] = [
    ("life_at_risk", UrgencyBasis::LifeAtRisk),
    ("essential_service", UrgencyBasis::EssentialService),
    ("ongoing_damage", UrgencyBasis::OngoingDamage),
    ("perishable_evidence", UrgencyBasis::PerishableEvidence),
    ("risk_of_escalation", UrgencyBasis::RiskOfEscalation),
];

/// The fields of a kind, in the order in which they are filled in.
pub(super) fn fields(w: Words, kind: Kind) -> Vec<Field> {
    let mut fields = Vec::new();
    if matches!(
        kind,
        Kind::Ack | Kind::Pong | Kind::Withdraw | Kind::Close | Kind::Ping
    ) {
        fields.push(
            Field::new("title", String::new(), Control::Hidden)
                .value(&w.word("kind", kind.as_str())),
        );
    } else {
        fields.push(line(w, "title", "field-subject").required().longest(200));
    }
    if matches!(
        kind,
        Kind::NotifyInc | Kind::NotifyOrig | Kind::Rfm | Kind::Resp
    ) {
        fields.push(area(w, "text", "field-text", 8).required());
    }
    fields.extend(own_fields(w, kind));
    if kind.asks() && kind != Kind::Ping {
        fields.extend(asking_fields(w, kind));
    }
    if !matches!(kind, Kind::Ack | Kind::Withdraw | Kind::Ping | Kind::Pong) {
        fields.push(
            Field::new("files", w.t("field-files"), Control::Files).hint(w.t1(
                "hint-files",
                "max",
                FILES_TEXT,
            )),
        );
    }
    fields.push(
        select(w, "tlp", "field-tlp", tlps())
            .hint(w.t("hint-tlp"))
            .required()
            .value(Tlp::default().as_str()),
    );
    let languages = choices(
        w,
        "language",
        Language::ALL.iter().map(|language| language.tag()),
    );
    fields.push(
        select(w, "language", "field-language", languages)
            .required()
            .value(w.language().tag()),
    );
    fields
}

fn line(w: Words, name: &str, key: &str) -> Field {
    Field::new(name, w.t(key), Control::Text)
}

fn area(w: Words, name: &str, key: &str, rows: u8) -> Field {
    Field::new(name, w.t(key), Control::Area(rows)).longest(20_000)
}

fn select(w: Words, name: &str, key: &str, list: Vec<Choice>) -> Field {
    Field::new(name, w.t(key), Control::Select(list)).short()
}

fn moment(w: Words, name: &str, key: &str) -> Field {
    Field::new(name, w.t(key), Control::Moment).short()
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|&one| code(one)).collect()
}

fn own_fields(w: Words, kind: Kind) -> Vec<Field> {
    if kind.asks() {
        fields_that_ask(w, kind)
    } else {
        fields_that_follow(w, kind)
    }
}

fn pick(w: Words, name: &str, key: &str, (family, list): (&str, Vec<&'static str>)) -> Field {
    select(w, name, key, choices(w, family, list))
}

fn fields_that_ask(w: Words, kind: Kind) -> Vec<Field> {
    match kind {
        Kind::NotifyInc => vec![area(w, "requested_action", "field-requested-action", 3)],
        Kind::NotifyOrig => vec![
            area(w, "indicators", "field-indicators", 4)
                .hint(w.t("hint-assets"))
                .required(),
            moment(w, "from", "field-window-from").required(),
            moment(w, "until", "field-window-to"),
            pick(
                w,
                "victim_sector",
                "field-victim-sector",
                (
                    "sector",
                    codes(&Sector::all().collect::<Vec<_>>(), Sector::as_str),
                ),
            ),
            Field::new(
                "no_attribution_implied",
                w.t("field-no-attribution"),
                Control::Tick,
            )
            .value("on"),
        ],
        Kind::Rfi => vec![
            area(w, "questions", "field-questions", 4).required(),
            area(w, "why", "field-why", 2).required(),
            area(w, "permitted_use", "field-permitted-use", 2).required(),
        ],
        Kind::Rfm => vec![
            area(w, "assets", "field-assets", 4)
                .hint(w.t("hint-assets"))
                .required(),
            Field::new(
                "measures",
                w.t("field-measures"),
                Control::Many(choices(w, "measure", codes(Measure::ALL, Measure::as_str))),
            ),
            area(w, "least_harm", "field-least-harm", 2),
        ],
        Kind::Ping => vec![area(w, "task", "field-task", 2)],
        _ => Vec::new(),
    }
}

fn fields_that_follow(w: Words, kind: Kind) -> Vec<Field> {
    let actions = || {
        [
            area(w, "actions_done", "field-actions-done", 3),
            area(w, "actions_planned", "field-actions-planned", 2),
        ]
    };
    match kind {
        Kind::Ack => vec![
            line(w, "handler", "field-handler"),
            moment(w, "next_update_by", "field-next-update"),
        ],
        Kind::Resp => [
            pick(
                w,
                "decision",
                "field-decision",
                ("decision", codes(Decision::ALL, Decision::as_str)),
            )
            .required(),
            pick(
                w,
                "reason",
                "field-decline-reason",
                ("decline", codes(DeclineReason::ALL, DeclineReason::as_str)),
            ),
            line(w, "refer_to", "field-refer-to"),
        ]
        .into_iter()
        .chain(actions())
        .chain([area(w, "restrictions", "field-restrictions", 2)])
        .collect(),
        Kind::Clarify => vec![area(w, "items", "field-items", 4).required()],
        Kind::Update => [pick(
            w,
            "state",
            "field-situation",
            ("work", codes(WorkState::ALL, WorkState::as_str)),
        )
        .required()]
        .into_iter()
        .chain(actions())
        .chain([area(w, "impact_change", "field-impact", 2)])
        .collect(),
        Kind::Withdraw => vec![
            pick(
                w,
                "reason",
                "field-withdrawal-reason",
                (
                    "withdrawal",
                    codes(WithdrawalReason::ALL, WithdrawalReason::as_str),
                ),
            )
            .required(),
        ],
        Kind::Close => vec![
            pick(
                w,
                "outcome",
                "field-outcome",
                ("outcome", codes(Outcome::ALL, Outcome::as_str)),
            )
            .required(),
            area(w, "lessons", "field-lessons", 3),
        ],
        Kind::Pong => vec![area(w, "task_result", "field-task-result", 2)],
        _ => Vec::new(),
    }
}

fn asking_fields(w: Words, kind: Kind) -> Vec<Field> {
    let bases = choices(w, "urgency-basis", BASES.iter().map(|(code, _)| *code));
    let mut fields = vec![
        select(
            w,
            "urgency",
            "field-urgency",
            choices(w, "urgency", ["routine", "urgent", "flash"]),
        )
        .required()
        .value("routine"),
        select(w, "urgency_basis", "field-urgency-basis", bases).hint(w.t("hint-urgency-basis")),
        moment(w, "ack_due", "field-ack-due").hint(w.t("hint-due")),
        moment(w, "answer_due", "field-answer-due").hint(w.t("hint-due")),
    ];
    if matches!(kind, Kind::NotifyInc | Kind::NotifyOrig) {
        let levels = choices(
            w,
            "confidence",
            codes(AnalyticConfidence::ALL, AnalyticConfidence::as_str),
        );
        fields.push(select(w, "analytic", "field-confidence", levels));
    }
    let norms = choices(w, "norm", codes(Norm::ALL, Norm::as_str));
    fields.push(
        Field::new("norms", w.t("field-norms"), Control::Many(norms))
            .hint(w.t("norms-are-voluntary")),
    );
    fields
}
