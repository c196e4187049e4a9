//! The severity of an incident.

use web::views::{
    form::{Control, Field},
    frame::Link,
    severity::{Earlier, Factor, Judged, Rating, Severity},
};

use crate::{
    Sample,
    entry::{choices, form},
};

pub(crate) fn offers(s: &Sample) -> Vec<Link> {
    ["assess", "own", "ncsc", "cisss", "nciss", "nis2"]
        .map(|name| Link {
            text: s.w.word("severity-form", name),
            url: "#form".to_owned(),
        })
        .to_vec()
}

pub(crate) fn severity(s: &Sample) -> Severity {
    let w = s.w;
    let factor = |code: &str, weight: u16, points: Option<u8>, reason: &str| {
        let family = format!("factor-{}", code.to_lowercase());
        let parts = u32::from(weight) * u32::from(points.unwrap_or(0));
        let tenths = (parts * 1_000 + 68) / 136;
        Factor {
            code: code.to_owned(),
            name: w.word("factor", code),
            weight: u64::from(weight),
            points: points.map(|points| (points, w.word(&family, &points.to_string()))),
            adds: points
                .filter(|_| weight > 0)
                .map(|_| format!("{}.{}", tenths / 10, tenths % 10))
                .unwrap_or_default(),
            most: u32::from(weight) * 125,
            bar: parts * 1_000 / 32,
            reason: reason.to_owned(),
            evidence: points
                .map(|_| Link {
                    text: "Report of 19 November, line 12".to_owned(),
                    url: String::new(),
                })
                .into_iter()
                .collect(),
            judged: points.map(|_| ("rosa.dimas".to_owned(), s.minutes(-50))),
        }
    };
    let name = |level: u8| w.word("level", &level.to_string());
    let change = |code: &str, from: &str, to: &str, level: u8| {
        w.with(
            "severity-change",
            &[
                ("factor", &w.word("factor", code)),
                ("from", &from.to_owned()),
                ("to", &to.to_owned()),
                ("level", &name(level)),
            ],
        )
    };
    Severity {
        judged: Some(Judged {
            level: Some(4),
            sentence: w.t3(
                "severity-about",
                &("level", name(4)),
                &("low", name(4)),
                &("high", name(5)),
            ),
            figures: vec![
                (w.t("severity-point"), "71.9".to_owned()),
                (
                    w.t("severity-interval"),
                    w.t2("severity-from-to", &("low", "67.6"), &("high", "73.5")),
                ),
                (w.t("severity-coverage"), "94.1 %".to_owned()),
                (w.t("severity-emergency"), w.t("no")),
            ],
            factors: vec![
                factor(
                    "F1",
                    6,
                    Some(2),
                    "The Ministry of Health works from one site.",
                ),
                factor(
                    "F2",
                    6,
                    Some(2),
                    "Ambulances of one region diverted for eleven hours.",
                ),
                factor("F3", 8, Some(4), "The coroner's finding of 20 November."),
                factor(
                    "F4",
                    4,
                    Some(3),
                    "Loss told as 0.004 % of the gross domestic product.",
                ),
                factor(
                    "M1",
                    4,
                    Some(3),
                    "Four hospitals, their laboratory and two States.",
                ),
                factor(
                    "M2",
                    3,
                    Some(3),
                    "It reached the laboratory through a shared account.",
                ),
                factor("M3", 2, None, ""),
                factor(
                    "M4",
                    1,
                    Some(3),
                    "The same method against three operators this month.",
                ),
                factor(
                    "M5",
                    0,
                    Some(1),
                    "A group that calls itself “Nightjar” claims it.",
                ),
            ],
            floors: vec![w.t2(
                "floor-holds",
                &("why", w.t("floor-deaths")),
                &("level", name(4)),
            )],
            changes: vec![change("F1", "2", "4", 5), change("F2", "2", "4", 5)],
            crosswalk: vec![
                w.t1(
                    "crosswalk-ncsc",
                    "value",
                    [w.t("ncsc-1"), w.t("ncsc-2")].join(&w.t("or")),
                ),
                w.t1("crosswalk-cisss", "value", w.t("cisss-4")),
            ],
            note: "Provisional until the inquest.".to_owned(),
            by: "rosa.dimas".to_owned(),
            at: s.minutes(-50),
        }),
        ratings: vec![Rating {
            scale: w.t("scale-nciss"),
            value: w.t2(
                "nciss-value",
                &("score", "66.2"),
                &("band", w.t("nciss-band-severe")),
            ),
            answers: vec![
                (
                    w.t("nciss-functional"),
                    w.t("nciss-functional-denial-critical-or-loss-of-control"),
                ),
                (w.t("nciss-actor"), w.t("nciss-actor-criminal")),
            ],
            who: format!("National CSIRT · {}", s.w.state("XC")),
            source: "20 Nov 2026 · Bulletin 14".to_owned(),
            note: String::new(),
            entered: ("rosa.dimas".to_owned(), s.minutes(-30)),
        }],
        earlier: vec![Earlier {
            level: Some(3),
            sentence: w.t3(
                "severity-about",
                &("level", name(3)),
                &("low", name(3)),
                &("high", name(5)),
            ),
            by: "rosa.dimas".to_owned(),
            at: s.minutes(-900),
        }],
        offers: offers(s).into_iter().skip(1).collect(),
        form: Some((
            w.t("severity-form-assess"),
            form(
                "#",
                w.t("form-save"),
                vec![
                    Field::new(
                        "F1",
                        w.t1("field-points", "factor", w.t("factor-f1")),
                        Control::Select(choices(s, "factor-f1", &["0", "1", "2", "3", "4"])),
                    )
                    .hint(w.t("factor-about-f1"))
                    .value("2"),
                    Field::new(
                        "F1_reason",
                        w.t1("field-reason", "factor", w.t("factor-f1")),
                        Control::Area(2),
                    )
                    .value("The Ministry of Health works from one site."),
                    Field::new(
                        "F1_evidence",
                        w.t1("field-evidence", "factor", w.t("factor-f1")),
                        Control::Area(2),
                    )
                    .hint(w.t("hint-evidence")),
                    Field::new(
                        "F3",
                        w.t1("field-points", "factor", w.t("factor-f3")),
                        Control::Select(choices(s, "factor-f3", &["0", "1", "2", "3", "4"])),
                    )
                    .hint(w.t("factor-about-f3"))
                    .value("4")
                    .wrong(w.t("error-incident-invalid")),
                    Field::new("emergency", w.t("field-emergency"), Control::Tick)
                        .hint(w.t("hint-emergency")),
                ],
            ),
        )),
    }
}
