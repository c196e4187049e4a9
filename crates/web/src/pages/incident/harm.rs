//! The harm of an incident as its tab shows it.

use std::collections::BTreeSet;

use incidents::{
    course::{Content, Course},
    harm::{
        Measure,
        computed::{Value, computed},
        groups::{SHOWN_FROM, Table},
        ratios::Ratio,
        sum,
    },
    model::{Case, HarmFigure},
};

use super::{
    course::in_short,
    curve,
    harm_value::{number, so_far},
    tabs::{harm as told, who},
};
use crate::{
    pages::incidents::dated,
    views::{
        form::Form,
        frame::Link,
        sheet::{Cell, Panel, Sheet},
    },
    words::Words,
};

/// What the tab can add.
pub(super) const FORMS: [&str; 6] = [
    "figure",
    "service",
    "capacity",
    "milestone",
    "effect",
    "withdrawn",
];

/// What the tab holds; the form that was asked for with its name.
pub(crate) fn tab(w: Words, case: &Case, may_edit: bool, form: Option<(String, Form)>) -> Sheet {
    let url = format!("/incidents/{}/harm", case.incident.public);
    let course = Course::of(&case.course);
    let open = form.as_ref().map(|(name, _)| name.clone());
    let offers = FORMS.into_iter().filter(|name| {
        let needs = match *name {
            "capacity" => course.services().next().is_some(),
            "withdrawn" => !course.standing().is_empty(),
            _ => true,
        };
        may_edit && needs && open.as_deref() != Some(name)
    });
    let panels = [
        figures(w, case),
        sums(w, case),
        follows(w, case, &course),
        effects(w, &course),
        entries(w, case, &course),
    ];
    Sheet {
        lead: Vec::new(),
        curves: curve::curves(w, case),
        panels: panels.into_iter().flatten().collect(),
        empty: (w.t("harm-empty"), w.t("harm-empty-why")),
        pages: Vec::new(),
        offers: offers
            .map(|name| Link {
                text: w.word("course-form", name),
                url: format!("{url}?form={name}#form"),
            })
            .collect(),
        form: form.map(|(name, form)| (heading(w, &name), form)),
    }
}

/// The heading of a form; `vendor-12` has that of `vendor`.
pub(crate) fn heading(w: Words, name: &str) -> String {
    let base = match name.rsplit_once('-') {
        Some((base, number)) if number.parse::<u32>().is_ok() => base,
        _ => name,
    };
    w.word("course-form", base)
}

fn heads(w: Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| w.t(key)).collect()
}

#[expect(clippy::too_many_lines, reason = "one piece for each kind")]
fn figures(w: Words, case: &Case) -> Option<Panel> {
    let totals = sum::totals(&case.harm);
    let standing = sum::standing(&case.harm);
    let rows = (0..)
        .zip(&case.harm)
        .map(|(number, figure): (u32, &HarmFigure)| {
            let line = told(w, figure);
            let detail = &figure.detail;
            let stands = standing.iter().any(|(other, _)| *other == number);
            let mut what = Cell::new(line.what).below(measure_of(w, figure.measure));
            if !stands {
                what = what.chip(w.t("harm-corrected"), "warn");
            }
            if let Some(correction) = &detail.corrects {
                let which = u64::from(correction.number);
                what = what.below(w.t2(
                    "harm-corrects",
                    &("n", which),
                    &("why", correction.reason.to_string()),
                ));
            }
            let mut value = Cell::new(line.value);
            value = value.below(
                detail
                    .nature
                    .map_or_else(String::new, |one| w.word("nature", one.as_str())),
            );
            if let Some(apart) = totals.apart.get(&number) {
                value = value.below(w.word("apart", apart.as_str()));
            }
            for table in figure.tables().iter().filter(|_| stands) {
                value = value.below(groups_of(w, table));
            }
            for ratio in figure.ratios().iter().filter(|_| stands) {
                value = value.below(ratio_of(w, ratio));
            }
            let mut grade = Cell::new(w.word("grade", figure.grade.as_str()));
            if let Some(confidence) = detail.confidence {
                grade = grade.below(w.word("harm-confidence", confidence.as_str()));
            }
            if let Some(causality) = &detail.causality {
                let proof = causality.evidence().map(ToString::to_string);
                let word = w.word("causality", causality.word());
                grade = grade.below(
                    [Some(word), proof]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(": "),
                );
            }
            let mut source = Cell::new(line.source).below(line.note);
            let lines = [
                detail.origin.map(|one| w.word("origin", one.as_str())),
                detail.method.as_ref().map(ToString::to_string),
                detail.baseline.as_ref().map(ToString::to_string),
                detail.as_of.map(|at| dated(w, at)),
                detail.entered.as_ref().map(|(by, _)| who(w, by.as_str())),
            ];
            for line in lines.into_iter().flatten() {
                source = source.below(line);
            }
            vec![Cell::new(number.to_string()), what, value, grade, source]
        });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Panel {
        title: w.t("harm-figures"),
        beside: w.t1("harm-shown-from", "n", SHOWN_FROM),
        head: heads(
            w,
            &[
                "harm-number",
                "harm-what",
                "harm-value",
                "harm-grade",
                "field-source",
            ],
        ),
        rows,
        note: w.t("harm-figures-note"),
    })
}

/// The name of a group: an age speaks for itself.
fn group_name(w: Words, word: &str) -> String {
    match word {
        "f" | "m" | "other" => w.word("sex", word),
        "yes" | "no" | "unknown" => w.word("answer", word),
        word => word.to_owned(),
    }
}

/// How much more often a group was hit.
fn ratio_of(w: Words, one: &Ratio) -> String {
    let by = w.word("group-by", one.by.as_str());
    let told = w.with(
        "group-ratio",
        &[
            ("group", &group_name(w, &one.group)),
            ("against", &group_name(w, &one.against)),
            ("ratio", &one.ratio),
            ("low", &one.low),
            ("high", &one.high),
            ("hit", &one.hit),
            ("users", &one.use_it),
        ],
    );
    format!("{by}: {told}")
}

fn groups_of(w: Words, table: &Table) -> String {
    let by = w.word("group-by", table.by.as_str());
    let all = table.groups.iter().map(|group| {
        let name = group_name(w, &group.group);
        let count = group
            .count
            .map_or_else(|| w.t("group-held-back"), |count| w.number(&count));
        format!("{name} {count}")
    });
    format!("{by}: {}", all.collect::<Vec<_>>().join(&w.t("comma")))
}

pub(super) fn measure_of(w: Words, measure: Option<Measure>) -> String {
    measure.map_or_else(String::new, |measure| {
        format!(
            "{} · {}",
            measure.as_str(),
            w.word("harm-measure", measure.as_str())
        )
    })
}

fn sums(w: Words, case: &Case) -> Option<Panel> {
    let totals = sum::totals(&case.harm);
    let rows = totals.sums.iter().map(|total| {
        let unit = w.word("unit", total.unit.as_str());
        let low = number(w, total.amount.low);
        let value = match total.amount.high {
            Some(high) if high == total.amount.low => {
                w.t2("bound-exact", &("value", low), &("unit", unit))
            }
            Some(high) => w.t3(
                "bound-range",
                &("low", low),
                &("high", number(w, high)),
                &("unit", unit),
            ),
            None => w.t2("bound-at-least", &("value", low), &("unit", unit)),
        };
        let of: Vec<String> = total.of.iter().map(ToString::to_string).collect();
        vec![
            Cell::new(w.word("nature", total.nature.as_str()))
                .below(measure_of(w, Some(total.measure))),
            Cell::new(value),
            Cell::new(of.join(&w.t("comma"))),
        ]
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Panel {
        title: w.t("harm-sums"),
        beside: String::new(),
        head: heads(w, &["harm-what", "harm-value", "harm-sum-of"]),
        rows,
        note: w.t("harm-sums-note"),
    })
}

fn follows(w: Words, case: &Case, course: &Course<'_>) -> Option<Panel> {
    // That it is not over is said once of each service, and once of the whole.
    let mut said = BTreeSet::new();
    let rows = computed(&case.course).into_iter().map(|one| {
        let of = one.service.and_then(|number| course.service(number));
        let of = of.map_or_else(
            || w.t("harm-whole"),
            |(_, service)| service.name.to_string(),
        );
        let at = one.at.map(|at| match one.measure {
            Measure::Downtime => w.t1("harm-back-at", "n", u64::from(at)),
            _ => w.word("effect-order", &at.to_string()),
        });
        let mut what = Cell::new(w.word("harm-measure", one.measure.as_str()))
            .below(format!("{} · {of}", one.measure));
        for line in at
            .into_iter()
            .chain(one.unweighted.then(|| w.t("harm-unweighted")))
        {
            what = what.below(line);
        }
        let mut value = Cell::new(so_far(w, &one));
        let goes_on = matches!(one.value, Value::AtLeast(_) | Value::NotYet);
        if goes_on && said.insert(one.service) {
            value = value.chip(w.t("harm-not-yet"), "warn");
        }
        let from: Vec<String> = one.from.iter().map(ToString::to_string).collect();
        vec![
            what,
            value,
            Cell::new(w.word("how", one.how.as_str()))
                .below(one.measure.formula())
                .below(w.t1("harm-from", "entries", from.join(&w.t("comma")))),
        ]
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Panel {
        title: w.t("harm-follows"),
        beside: String::new(),
        head: heads(w, &["harm-what", "harm-value", "harm-how"]),
        rows,
        note: w.t("harm-follows-note"),
    })
}

fn effects(w: Words, course: &Course<'_>) -> Option<Panel> {
    let state = |country: Option<kernel::Country>| {
        country.map_or_else(String::new, |one| one.name(w.language()).to_owned())
    };
    let mut those: Vec<_> = course
        .standing()
        .iter()
        .filter_map(|entry| match &entry.content {
            Content::Effect(one) => Some((one.order, entry.number, one)),
            _ => None,
        })
        .collect();
    those.sort_by_key(|(order, number, _)| (*order, *number));
    let rows = those.into_iter().map(|(order, _, one)| {
        let lag = one
            .lag_hours
            .map(|hours| w.t1("limit-hours", "n", u64::from(hours)));
        vec![
            Cell::new(one.to.to_string()).below(state(one.to_country)),
            Cell::new(one.from.to_string()).below(state(one.from_country)),
            Cell::new(w.word("effect-order", &order.to_string())).below(lag.unwrap_or_default()),
        ]
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Panel {
        title: w.t("harm-effects"),
        beside: String::new(),
        head: heads(w, &["effect-hit", "effect-through", "effect-how-far"]),
        rows,
        note: String::new(),
    })
}

fn entries(w: Words, case: &Case, course: &Course<'_>) -> Option<Panel> {
    let rows = case.course.iter().map(|entry| {
        let mut what = Cell::new(in_short(w, entry));
        if course.is_corrected(entry.number) {
            what = what.chip(w.t("harm-corrected"), "warn");
        }
        if let Some(correction) = &entry.corrects {
            what = what.below(w.t2(
                "harm-corrects",
                &("n", u64::from(correction.number)),
                &("why", correction.reason.to_string()),
            ));
        }
        let source = entry.source.as_ref().map(ToString::to_string);
        vec![
            what,
            Cell::new(source.unwrap_or_default()),
            Cell::new(who(w, entry.by.as_str())).below(w.date(&entry.entered_at)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Panel {
        title: w.t("course-entries"),
        beside: String::new(),
        head: heads(w, &["course-entry", "field-source", "history-who"]),
        rows,
        note: w.t("course-entries-note"),
    })
}
