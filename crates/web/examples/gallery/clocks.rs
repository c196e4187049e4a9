//! The clocks of an incident.

use web::views::{
    clocks::{Clocks, Regime, Stage},
    form::{Control, Field},
    frame::Link,
};

use crate::{
    Sample,
    entry::{choices, form},
};

pub(crate) fn clocks(s: &Sample) -> Clocks {
    let w = s.w;
    let rule = |limit: String, moment: &str| {
        let from = w.word("clock-moment", moment);
        w.t2("clock-rule", &("limit", limit), &("from", from))
    };
    let stage = |key: &str, hours: u64, due: Option<i64>, state, filed: Option<i64>| Stage {
        name: w.word("clock-stage", key),
        rule: rule(w.t1("limit-hours", "n", hours), "awareness"),
        due: due.map(|minutes| s.minutes(minutes)),
        local: due.map(|_| "2026-11-21 10:00 +00:00 Europe/Dublin".to_owned()),
        counted: String::new(),
        write: Some("#".to_owned()),
        state,
        asked: Vec::new(),
        filed: filed
            .map(|minutes| {
                let with = "National CSIRT · REF-2026-118".to_owned();
                (s.minutes(minutes), with, "rosa.dimas".to_owned())
            })
            .into_iter()
            .collect(),
    };
    let offer = |name: &str| Link {
        text: w.word("clock-form", name),
        url: "#form".to_owned(),
    };
    Clocks {
        regimes: vec![Regime {
            name: w.word("regime", "nis2"),
            trigger: "a significant incident at an essential or important entity".to_owned(),
            source: "Directive (EU) 2022/2555, article 23".to_owned(),
            verified: false,
            zone: "Europe/Dublin".to_owned(),
            taken: ("rosa.dimas".to_owned(), s.minutes(-1_400)),
            stages: vec![
                stage("early-warning", 24, Some(-400), "late", Some(-380)),
                stage("notification", 72, Some(2_300), "open", None),
                Stage {
                    rule: w.t2(
                        "clock-rule",
                        &("limit", w.t("limit-promptly")),
                        &("from", w.t("clock-request")),
                    ),
                    asked: vec![(
                        s.minutes(-90),
                        "National CSIRT".to_owned(),
                        Some(s.minutes(1_350)),
                    )],
                    ..stage("intermediate", 0, Some(1_350), "open", None)
                },
                Stage {
                    rule: w.t2(
                        "clock-rule",
                        &("limit", w.t1("limit-months", "n", 1_u64)),
                        &(
                            "from",
                            w.t1("clock-filed", "stage", w.t("clock-stage-notification")),
                        ),
                    ),
                    ..stage("final", 0, None, "waiting", None)
                },
            ],
        }],
        moments: vec![(
            w.t("clock-moment-awareness"),
            s.minutes(-1_840),
            "rosa.dimas".to_owned(),
        )],
        may_apply: vec![w.word("regime", "gdpr")],
        dropped: vec![(
            w.word("regime", "cra"),
            "We make no product with digital elements".to_owned(),
            "rosa.dimas".to_owned(),
            s.minutes(-900),
        )],
        submissions: "submissions.html".to_owned(),
        offers: vec![offer("duty"), offer("filing")],
        form: Some((
            w.t("clock-form-moment"),
            form(
                "#",
                w.t("form-save"),
                vec![
                    Field::new(
                        "moment",
                        w.t("field-moment"),
                        Control::Select(choices(
                            s,
                            "clock-moment",
                            &["awareness", "classified", "significant", "payment"],
                        )),
                    )
                    .required(),
                    Field::new("at", w.t("field-at-utc"), Control::Moment)
                        .required()
                        .short(),
                ],
            ),
        )),
    }
}
