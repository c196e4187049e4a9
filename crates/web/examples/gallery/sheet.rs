//! Harm and health care of an incident.

use web::{
    views::{
        form::{Control, Field},
        frame::Link,
        sheet::{Cell, Panel, Sheet},
    },
    words::{Capacity, Point},
};

use crate::{
    Sample,
    entry::{choices, form},
};

fn offers(s: &Sample, names: &[&str]) -> Vec<Link> {
    let offer = |name: &&str| Link {
        text: s.w.word("course-form", name),
        url: "#form".to_owned(),
    };
    names.iter().map(offer).collect()
}

fn heads(s: &Sample, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| s.w.t(key)).collect()
}

pub(crate) fn harm(s: &Sample) -> Sheet {
    let w = s.w;
    let days = |value: &str| {
        w.t2(
            "bound-exact",
            &("value", value.to_owned()),
            &("unit", w.t("unit-day")),
        )
    };
    let shares = [(0, 1_000), (1, 150), (9, 300), (21, 850), (37, 1_000)];
    let points: Vec<Point> = shares
        .iter()
        .map(|&(at, share)| Point {
            at,
            share,
            told: format!("{at}: {} %", share / 10),
        })
        .collect();
    let name = w.t1("curve-title", "service", "Electronic health records");
    let ends = ("8 May 2024", "14 June 2024");
    let curves = Capacity::draw(&points, false, &name, ends)
        .map(|picture| (name, w.t("how-points"), picture));
    Sheet {
        curves: curves.into_iter().collect(),
        panels: vec![
            Panel {
                title: w.t("harm-figures"),
                beside: w.t1("harm-shown-from", "n", 5_u64),
                head: heads(
                    s,
                    &[
                        "harm-number",
                        "harm-what",
                        "harm-value",
                        "harm-grade",
                        "field-source",
                    ],
                ),
                rows: vec![
                    vec![
                        Cell::new("0"),
                        Cell::new("Operations postponed").chip(w.t("harm-corrected"), "warn"),
                        Cell::new("at least 214").below(w.t("apart-not-told")),
                        Cell::new(w.t("grade-a")),
                        Cell::new("Northern Health Network, 20 November"),
                    ],
                    vec![
                        Cell::new("1"),
                        Cell::new("Operations postponed").below("H-POST"),
                        Cell::new("231").below(format!(
                            "{}: 120, {}: 111",
                            w.t("sex-f"),
                            w.t("sex-m")
                        )),
                        Cell::new(w.t("grade-a")).below(w.t("causality-contributed")),
                        Cell::new("Northern Health Network, 21 November"),
                    ],
                ],
                note: w.t("harm-figures-note"),
            },
            Panel {
                title: w.t("harm-follows"),
                head: heads(s, &["harm-what", "harm-value", "harm-how"]),
                rows: vec![vec![
                    Cell::new(w.t("harm-measure-h-dwn")).below("H-DWN"),
                    Cell::new(days("37")),
                    Cell::new(w.t("how-dates")).below("t(restored) − t(onset)"),
                ]],
                note: w.t("harm-follows-note"),
                ..Panel::default()
            },
        ],
        offers: offers(s, &["figure", "service", "capacity", "milestone", "effect"]),
        ..Sheet::default()
    }
}

pub(crate) fn care(s: &Sample) -> Sheet {
    let w = s.w;
    let vendor = |name: &str, state: &str, tone, evidence: &str| {
        vec![
            Cell::new(name),
            Cell {
                link: Some(Link {
                    text: w.t("care-change"),
                    url: "#form".to_owned(),
                }),
                ..Cell::default().chip(w.word("vendor", state), tone)
            },
            Cell::new(evidence),
            Cell::new("2026-11-20").below("rosa.dimas"),
        ]
    };
    let states = ["cut", "asked", "shown", "attested", "connected", "dropped"];
    let fields = vec![
        Field::new("name", w.t("course-field-name"), Control::Text).required(),
        Field::new(
            "state",
            w.t("course-field-state"),
            Control::Select(choices(s, "vendor", &states)),
        )
        .required(),
        Field::new("evidence", w.t("course-field-evidence"), Control::Text)
            .wrong(w.t("error-incident-invalid")),
    ];
    Sheet {
        panels: vec![Panel {
            title: w.t("care-vendors"),
            beside: format!("1 {}", w.t("vendor-cut")),
            head: heads(
                s,
                &["care-vendor", "clock-state", "care-evidence", "care-since"],
            ),
            rows: vec![
                vendor(
                    "Medical imaging cooperative of the northern districts and islands",
                    "cut",
                    "bad",
                    "",
                ),
                vendor("Blood service", "connected", "good", "scan report 7"),
            ],
            ..Panel::default()
        }],
        pages: vec![Link {
            text: w.t("briefing-title"),
            url: "incident-care.html".to_owned(),
        }],
        offers: offers(s, &["step", "vendors", "system", "milestone", "backlog"]),
        form: Some((
            w.t("course-form-vendor"),
            form("#", w.t("form-save"), fields),
        )),
        ..Sheet::default()
    }
}

pub(crate) fn empty(s: &Sample) -> Sheet {
    let w = s.w;
    Sheet {
        empty: (w.t("care-empty"), w.t("care-empty-why")),
        offers: offers(s, &["step", "vendor", "system"]),
        ..Sheet::default()
    }
}
