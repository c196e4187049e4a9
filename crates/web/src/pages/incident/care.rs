//! The boards of health care.

use super::{course, harm::heading, tabs::who};
use crate::{
    pages::{Reader, incidents::dated},
    views::{
        form::Form,
        frame::Link,
        sheet::{Cell, Panel, Sheet},
    },
    words::Words,
};
use incidents::{
    course::{Board, Course, Entry, Procedure, StepState, SystemState, VendorState, status_of},
    model::{Case, Dated, Quantity},
};

/// What the tab can add.
const FORMS: [&str; 8] = [
    "step",
    "vendor",
    "vendors",
    "system",
    "milestone",
    "backlog",
    "service",
    "withdrawn",
];

/// What the tab holds; the form that was asked for with its name.
pub(crate) fn tab(w: Words, case: &Case, may_edit: bool, form: Option<(String, Form)>) -> Sheet {
    let url = format!("/incidents/{}", case.incident.public);
    let board = status_of(&case.course, w.now());
    let change = |kind: &str, entry: &Entry| {
        may_edit.then(|| Link {
            text: w.t("care-change"),
            url: format!("{url}/care?form={kind}-{}#form", entry.number),
        })
    };
    let open = form.as_ref().map(|(name, _)| name.clone());
    let has_entries = !Course::of(&case.course).standing().is_empty();
    let offers = FORMS
        .into_iter()
        .filter(|name| *name != "withdrawn" || has_entries)
        .filter(|name| may_edit && open.as_deref() != Some(name))
        .map(|name| Link {
            text: w.word("course-form", name),
            url: format!("{url}/care?form={name}#form"),
        });
    let panels = [
        services(w, &board),
        steps(w, &board),
        systems(w, &board, &change),
        vendors(w, &board, &change),
        diversions(w, &board),
        backlog(w, &board),
    ];
    Sheet {
        lead: Vec::new(),
        curves: Vec::new(),
        panels: if board.is_empty() {
            Vec::new()
        } else {
            panels.into_iter().flatten().collect()
        },
        empty: (w.t("care-empty"), w.t("care-empty-why")),
        pages: vec![Link {
            text: w.t("briefing-title"),
            url: format!("{url}/briefing"),
        }],
        offers: offers.collect(),
        form: form.map(|(name, form)| (heading(w, &name), form)),
    }
}

/// The form of that name; nothing where there is none of it.
pub(crate) fn form(reader: &Reader, case: &Case, asked: &str) -> Option<Form> {
    let known = FORMS.iter().any(|name| asked.starts_with(name));
    known
        .then(|| course::form(reader, case, "care", asked))
        .flatten()
}

fn heads(w: Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| w.t(key)).collect()
}

fn panel(
    w: Words,
    title: &str,
    beside: String,
    head: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Option<Panel> {
    (!rows.is_empty()).then(|| Panel {
        title: w.t(title),
        beside,
        head: heads(w, head),
        rows,
        note: String::new(),
    })
}

fn entered(w: Words, entry: &Entry, at: Option<Dated>) -> Cell {
    Cell::new(at.map_or_else(String::new, |at| dated(w, at))).below(who(w, entry.by.as_str()))
}

fn services(w: Words, board: &Board<'_>) -> Option<Panel> {
    let rows = board.services.iter().map(|(entry, one)| {
        let place = [&one.facility, &one.ward];
        let place = place.into_iter().flatten().map(ToString::to_string);
        vec![
            Cell::new(one.name.to_string()).below(
                one.care
                    .map_or_else(String::new, |care| w.word("care", care.as_str())),
            ),
            Cell::new(place.collect::<Vec<_>>().join(" · ")),
            Cell::new(
                one.people
                    .map_or_else(String::new, |people| w.number(&people)),
            ),
            entered(w, entry, None),
        ]
    });
    let head = ["care-service", "care-place", "care-people", "history-who"];
    panel(w, "care-services", String::new(), &head, rows.collect())
}

fn steps(w: Words, board: &Board<'_>) -> Option<Panel> {
    let mut rows = Vec::new();
    for (procedure, those) in &board.steps {
        let name = w.word("procedure", procedure.as_str());
        if those.is_empty() && *procedure != Procedure::Own {
            let open = Cell::default().chip(w.t("step-open"), "");
            rows.push(vec![
                Cell::new(name.clone()),
                open,
                Cell::default(),
                Cell::default(),
            ]);
        }
        for (entry, step) in those {
            let what = match &step.text {
                Some(text) if *procedure == Procedure::Own => Cell::new(text.to_string()),
                text => Cell::new(name.clone())
                    .below(text.as_ref().map(ToString::to_string).unwrap_or_default()),
            };
            let (chip, at) = match step.state {
                StepState::Done(at) => ((w.t("step-done"), "good"), Some(at)),
                StepState::NotNeeded => ((w.t("step-not-needed"), ""), None),
            };
            let site = step.site.as_ref().map(ToString::to_string);
            rows.push(vec![
                what,
                Cell::default().chip(chip.0, chip.1),
                Cell::new(site.unwrap_or_else(|| w.t("care-everywhere"))),
                entered(w, entry, at),
            ]);
        }
    }
    let head = ["care-step", "clock-state", "care-site", "care-when"];
    panel(w, "care-steps", String::new(), &head, rows)
}

/// How many stand how, in words.
fn counts<K: Copy>(
    w: Words,
    family: &str,
    all: impl IntoIterator<Item = (K, usize)>,
    word: fn(K) -> &'static str,
) -> String {
    let counts = all.into_iter().map(|(state, count)| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        format!("{} {}", w.number(&count), w.word(family, word(state)))
    });
    counts.collect::<Vec<_>>().join(&w.t("comma"))
}

pub(super) fn vendor_counts(w: Words, board: &Board<'_>) -> String {
    let all = board
        .vendor_counts
        .iter()
        .map(|(&state, &count)| (state, count));
    counts(w, "vendor", all, VendorState::as_str)
}

pub(super) fn system_counts(w: Words, board: &Board<'_>) -> String {
    let all = board
        .system_counts
        .iter()
        .map(|(&state, &count)| (state, count));
    counts(w, "system", all, SystemState::as_str)
}

type Change<'a> = &'a dyn Fn(&str, &Entry) -> Option<Link>;

pub(super) fn systems(w: Words, board: &Board<'_>, change: Change<'_>) -> Option<Panel> {
    let rows = board.sites.iter().flat_map(|site| {
        site.systems.iter().map(|(entry, one)| {
            let tone = match one.state {
                SystemState::Down => "bad",
                SystemState::Restoring | SystemState::Testing => "warn",
                SystemState::Back => "good",
            };
            vec![
                Cell::new(one.name.to_string()),
                Cell::new(one.site.to_string()),
                Cell {
                    link: change("system", entry),
                    ..Cell::default().chip(w.word("system", one.state.as_str()), tone)
                },
                entered(w, entry, Some(one.at)),
            ]
        })
    });
    let head = ["care-system", "care-site", "clock-state", "care-since"];
    panel(
        w,
        "care-systems",
        system_counts(w, board),
        &head,
        rows.collect(),
    )
}

fn vendors(w: Words, board: &Board<'_>, change: Change<'_>) -> Option<Panel> {
    let rows = board.vendors.iter().map(|(entry, one)| {
        let tone = match one.state {
            VendorState::Cut => "bad",
            VendorState::Asked | VendorState::Shown => "warn",
            VendorState::Attested | VendorState::Connected => "good",
            VendorState::Dropped => "",
        };
        let evidence = one.evidence.as_ref().map(ToString::to_string);
        let attested = one.attested_by.as_ref();
        let attested = attested.map(|name| w.t1("care-attested", "who", name.to_string()));
        vec![
            Cell::new(one.name.to_string()).below(
                one.service
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ),
            Cell {
                link: change("vendor", entry),
                ..Cell::default().chip(w.word("vendor", one.state.as_str()), tone)
            },
            Cell::new(evidence.unwrap_or_default()).below(attested.unwrap_or_default()),
            entered(w, entry, Some(one.at)),
        ]
    });
    let head = ["care-vendor", "clock-state", "care-evidence", "care-since"];
    panel(
        w,
        "care-vendors",
        vendor_counts(w, board),
        &head,
        rows.collect(),
    )
}

pub(super) fn diversions(w: Words, board: &Board<'_>) -> Option<Panel> {
    let rows = board.diversions.iter().map(|one| {
        let until = one
            .off
            .map_or_else(|| w.t("diversion-goes-on"), |at| dated(w, at));
        vec![
            Cell::new(
                one.site
                    .map_or_else(|| w.t("care-everywhere"), str::to_owned),
            ),
            Cell::new(format!("{} – {until}", dated(w, one.on))),
            Cell::new(w.number(&u64::from(one.hospitals))),
            Cell::new(hours(one.hours)),
        ]
    });
    let head = [
        "care-site",
        "care-when",
        "care-hospitals",
        "diversion-hours",
    ];
    panel(w, "care-diversions", String::new(), &head, rows.collect())
}

/// Hours from the least to the most, or one number where they are the same.
fn hours((low, high): (Quantity, Quantity)) -> String {
    if low == high {
        low.to_string()
    } else {
        format!("{low}–{high}")
    }
}

fn backlog(w: Words, board: &Board<'_>) -> Option<Panel> {
    let rows = board.backlog.iter().rev().map(|(entry, one)| {
        let site = one.site.as_ref().map(ToString::to_string);
        vec![
            Cell::new(site.unwrap_or_else(|| w.t("care-everywhere"))),
            Cell::new(w.number(&one.pages)),
            entered(w, entry, Some(one.at)),
        ]
    });
    let beside = board.cleared.map_or_else(String::new, |at| {
        w.t1("backlog-cleared", "at", dated(w, at))
    });
    let head = ["care-site", "backlog-pages", "care-when"];
    panel(w, "care-backlog", beside, &head, rows.collect())
}
