//! The severity of an incident as its tab shows it.

use incidents::{
    model::Case,
    severity::{
        Assessment, Evidence, Factor, FloorRule, Judgement, Level, Points, Rated, Rating, Scale,
        Severity,
    },
};

use super::tabs::who;
use crate::{
    pages::incidents::known,
    views::{
        form::Form,
        frame::Link,
        severity::{Earlier, Factor as FactorLine, Judged, Rating as RatingLine, Severity as Tab},
    },
    words::Words,
};

/// What the tab can add: an assessment, or what somebody says by another scale.
pub(super) const FORMS: [&str; 6] = ["assess", "own", "ncsc", "cisss", "nciss", "nis2"];

/// What the tab holds; the form that was asked for with its name.
pub(crate) fn tab(w: Words, case: &Case, may_edit: bool, form: Option<(String, Form)>) -> Tab {
    let facts = &case.incident.facts;
    let url = format!("/incidents/{}/severity", case.incident.public);
    let offer = |name: &str| Link {
        text: w.word("severity-form", name),
        url: format!("{url}?form={name}#form"),
    };
    let open = form.as_ref().map(|(name, _)| name.clone());
    let offers = FORMS
        .into_iter()
        .filter(|name| may_edit && open.as_deref() != Some(name));
    let earlier = case.assessments.iter().rev().skip(1).map(|assessment| {
        let severity = assessment.severity(facts);
        Earlier {
            level: severity.level.map(Level::number),
            sentence: sentence(w, &severity),
            by: who(w, assessment.by.as_str()),
            at: assessment.at,
        }
    });
    Tab {
        judged: case.assessments.last().map(|holds| judged(w, case, holds)),
        ratings: case
            .ratings
            .iter()
            .rev()
            .map(|one| rating(w, one))
            .collect(),
        earlier: earlier.collect(),
        offers: offers.map(offer).collect(),
        form: form.map(|(name, form)| (w.word("severity-form", &name), form)),
    }
}

fn judged(w: Words, case: &Case, holds: &Assessment) -> Judged {
    let severity = holds.severity(&case.incident.facts);
    let none = || w.t("severity-not-known");
    let figures = [
        (
            "severity-point",
            severity.point.map_or_else(none, |point| point.to_string()),
        ),
        (
            "severity-interval",
            w.t2(
                "severity-from-to",
                &("low", severity.low.to_string()),
                &("high", severity.high.to_string()),
            ),
        ),
        ("severity-coverage", format!("{} %", severity.coverage)),
        (
            "severity-emergency",
            w.t(if holds.emergency { "yes" } else { "no" }),
        ),
    ];
    Judged {
        level: severity.level.map(Level::number),
        sentence: sentence(w, &severity),
        figures: figures.map(|(key, value)| (w.t(key), value)).to_vec(),
        factors: Factor::ALL
            .iter()
            .map(|&factor| line(w, case, factor, (&severity, holds.judgements.get(&factor))))
            .collect(),
        floors: floors(w, &severity),
        changes: changes(w, &severity),
        crosswalk: severity
            .level
            .map_or_else(Vec::new, |level| crosswalk(w, level)),
        note: holds
            .note
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        by: who(w, holds.by.as_str()),
        at: holds.at,
    }
}

/// The level, and between which it lies where not everything is known.
fn sentence(w: Words, severity: &Severity) -> String {
    let name = |level: Level| w.word("level", &level.number().to_string());
    let range = severity.lowest != severity.highest;
    let ends = [
        ("low", name(severity.lowest)),
        ("high", name(severity.highest)),
    ];
    let [low, high] = ends;
    match severity.level {
        Some(level) if range => w.t3("severity-about", &("level", name(level)), &low, &high),
        Some(level) => w.t1("severity-is", "level", name(level)),
        None => w.t2("severity-open", &low, &high),
    }
}

fn line(
    w: Words,
    case: &Case,
    factor: Factor,
    (severity, judgement): (&Severity, Option<&Judgement>),
) -> FactorLine {
    let opinion = judgement.map(|judgement| &judgement.opinion);
    let points = opinion.and_then(|opinion| opinion.points);
    let counted = factor.weight() > 0;
    let adds = severity.contributions.get(&factor).filter(|_| counted);
    let heaviest = u32::from(Factor::People.weight());
    let thousandths = |points: u8| {
        let part = u32::from(factor.weight()) * u32::from(points) * 1_000;
        part / (heaviest * u32::from(Points::MAX.number()))
    };
    let evidence = opinion.map_or(&[][..], |opinion| &opinion.evidence);
    FactorLine {
        code: factor.as_str().to_owned(),
        name: w.word("factor", factor.as_str()),
        weight: u64::from(factor.weight()),
        points: points.map(|points| (points.number(), meaning(w, factor, points))),
        adds: adds.map(ToString::to_string).unwrap_or_default(),
        most: thousandths(Points::MAX.number()),
        bar: points.map_or(0, |points| thousandths(points.number())),
        reason: opinion
            .and_then(|opinion| opinion.reason.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        evidence: evidence.iter().map(|one| proof(case, one)).collect(),
        judged: judgement.map(|judgement| (who(w, judgement.by.as_str()), judgement.at)),
    }
}

/// What the points of a factor mean.
pub(crate) fn meaning(w: Words, factor: Factor, points: Points) -> String {
    let family = format!("factor-{}", factor.as_str().to_ascii_lowercase());
    w.word(&family, &points.number().to_string())
}

fn proof(case: &Case, evidence: &Evidence) -> Link {
    let url = format!("/incidents/{}", case.incident.public);
    match evidence {
        Evidence::Document(place) => Link {
            text: place.to_string(),
            url: String::new(),
        },
        Evidence::File(sha256) => {
            let file = case.attachments.iter().find(|file| file.sha256 == *sha256);
            Link {
                text: file.map_or_else(|| kernel::hex(sha256), |file| file.name.to_string()),
                url: format!("{url}/attachments"),
            }
        }
        Evidence::Link(kind, target) => {
            let link = case
                .links
                .iter()
                .find(|link| link.kind == *kind && link.target == *target);
            Link {
                text: link.map_or_else(|| target.to_string(), |link| link.label.to_string()),
                url: format!("{url}/links"),
            }
        }
    }
}

fn floors(w: Words, severity: &Severity) -> Vec<String> {
    let told = severity.floors.iter().map(|floor| {
        let why = w.word("floor", FloorRule::as_str(floor.rule));
        let key = if floor.raises {
            "floor-raises"
        } else {
            "floor-holds"
        };
        let level = w.word("level", &floor.level.number().to_string());
        w.t2(key, &("why", why), &("level", level))
    });
    told.collect()
}

fn changes(w: Words, severity: &Severity) -> Vec<String> {
    let told = severity.changes.iter().map(|change| {
        let factor = w.word("factor", change.factor.as_str());
        let to = change.to.number().to_string();
        let level = w.word("level", &change.level.number().to_string());
        match change.from {
            Some(from) => w.with(
                "severity-change",
                &[
                    ("factor", &factor),
                    ("from", &from.number().to_string()),
                    ("to", &to),
                    ("level", &level),
                ],
            ),
            None => w.t3(
                "severity-change-open",
                &("factor", factor),
                &("to", to),
                &("level", level),
            ),
        }
    });
    told.collect()
}

fn crosswalk(w: Words, level: Level) -> Vec<String> {
    let ncsc: Vec<String> = level
        .ncsc()
        .iter()
        .map(|one| w.word("ncsc", &one.to_string()))
        .collect();
    let cisss = level.cisss().map(|one| w.word("cisss", &one.to_string()));
    let ncsc = w.t1("crosswalk-ncsc", "value", ncsc.join(&w.t("or")));
    let cisss = cisss.map(|value| w.t1("crosswalk-cisss", "value", value));
    [ncsc].into_iter().chain(cisss).collect()
}

fn rating(w: Words, rated: &Rated) -> RatingLine {
    let stated = &rated.stated;
    let mut answers = Vec::new();
    let value = match &stated.rating {
        Rating::Nciss(nciss) => {
            for (category, choice) in nciss.answers() {
                let family = format!("nciss-{category}");
                answers.push((
                    w.word("nciss", category.as_str()),
                    w.word(&family, choice.word),
                ));
            }
            let band = w.word("nciss-band", nciss.band().as_str());
            w.t2("nciss-value", &("score", nciss.score()), &("band", band))
        }
        Rating::Cisss(level) => w.word("cisss", &level.to_string()),
        Rating::Ncsc(category) => w.word("ncsc", &category.to_string()),
        Rating::Nis2(test) => {
            for (question, answer) in [("disruption", test.disruption), ("damage", test.damage)] {
                let question = w.word("nis2", question);
                answers.push((question, w.word("answer", answer.as_str())));
            }
            w.word("nis2-verdict", test.verdict().as_str())
        }
        Rating::Own { value, .. } => value.to_string(),
    };
    let state = stated.country.map(|country| country.name(w.language()));
    let at = stated
        .at
        .map(known)
        .map(|at| w.dated_to(&at.at, &at.fidelity));
    let source = [at, stated.source.as_ref().map(ToString::to_string)];
    let who_says = [Some(stated.said_by.as_str()), state];
    RatingLine {
        scale: match (stated.rating.scale(), stated.rating.name()) {
            (Scale::Own, Some(name)) => name.to_string(),
            (scale, _) => w.word("scale", scale.as_str()),
        },
        value,
        answers,
        who: who_says
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        source: source.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        note: stated
            .note
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        entered: (who(w, rated.by.as_str()), rated.entered_at),
    }
}
