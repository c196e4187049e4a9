//! The page for whoever has to answer for an incident.

use incidents::{
    course::{Board, Course, Entry, Event, status_of},
    harm::{Measure, computed::computed},
    model::{Case, Dated, Fidelity},
    ops,
    severity::Level,
    state::Status,
};
use kernel::{IncidentRef, Timestamp};

use super::{
    care::{diversions, system_counts, systems, vendor_counts},
    harm_value::value_of,
};
use crate::{
    pages::{Answer, House, Reader, draw, incidents::dated},
    views::{frame::Section, sheet::Briefing},
    words::Words,
};

/// `GET /incidents/{id}/briefing`.
pub(crate) async fn page(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    by_itself: bool,
) -> Answer {
    let case = ops::view(&house.ground, &reader.viewer, id).await?;
    let w = reader.w;
    let shell = reader.shell(house, Section::Incidents).await?;
    let board = status_of(&case.course, w.now());
    let without = |_: &str, _: &Entry| None;
    let panels = [systems(w, &board, &without), diversions(w, &board)];
    let severity = case.severity();
    draw(&Briefing {
        w,
        shell,
        title: case.incident.facts.title.to_string(),
        back: format!("/incidents/{id}"),
        tlp: case.incident.facts.tlp,
        level: severity.and_then(|one| one.level).map(Level::number),
        at: w.now(),
        by_itself,
        figures: figures(w, &case, &board, w.now()),
        panels: panels.into_iter().flatten().collect(),
    })
}

/// What is asked for first: label, value, remark.
fn figures(
    w: Words,
    case: &Case,
    board: &Board<'_>,
    now: Timestamp,
) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    let mut add = |key: &str, value: String, note: String| {
        if !value.is_empty() {
            all.push((w.t(key), value, note));
        }
    };
    let stage = case.incident.status.stage();
    add(
        "incident-state",
        w.word("investigation", stage.as_str()),
        String::new(),
    );
    let course = Course::of(&case.course);
    if let Some((_, at)) = course.when(Event::Onset, None) {
        let note = match lasting(at, ended(case, &course), now) {
            Some(Lasting::Day(day)) => w.t1("briefing-day", "n", day),
            Some(Lasting::Over(days)) => w.t1("briefing-over", "n", days),
            None => String::new(),
        };
        add("briefing-onset", dated(w, at), note);
    }
    add("care-systems", system_counts(w, board), String::new());
    add("care-vendors", vendor_counts(w, board), String::new());
    let open = board.diversions.iter().filter(|one| one.off.is_none());
    let hospitals = open.fold(0_u64, |sum, one| {
        sum.saturating_add(u64::from(one.hospitals))
    });
    if !board.diversions.is_empty() {
        add("briefing-diverting", w.number(&hospitals), String::new());
    }
    if let Some(pages) = board.pages {
        add("backlog-pages", w.number(&pages), String::new());
    }
    let (done, of) = board.steps_done();
    if done > 0 {
        add(
            "care-steps",
            w.t2("briefing-steps", &("done", done), &("of", of)),
            String::new(),
        );
    }
    for one in computed(&case.course) {
        let told = matches!(
            one.measure,
            Measure::Downtime | Measure::PersonDays | Measure::Diversion
        );
        if told && one.at.is_none_or(|at| at == 100) && !one.unweighted {
            let service = one.service.and_then(|number| course.service(number));
            let name = service.map_or_else(String::new, |(_, one)| one.name.to_string());
            let label = w.word("harm-measure", one.measure.as_str());
            all.push((label, value_of(w, &one), name));
        }
    }
    all
}

/// How long it has been.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Lasting {
    /// It is this day of it, the first counted as 1.
    Day(u64),
    /// It was over after so many days.
    Over(u64),
}

/// When it was over: when its period ends, or else when the last site was back or it was closed.
fn ended(case: &Case, course: &Course<'_>) -> Option<Dated> {
    let last_back = || Some(course.when(Event::LastBack, None)?.1);
    let closed = || match case.incident.status {
        Status::Closed { at, .. } => Some(Dated::new(at, Fidelity::Second)),
        _ => None,
    };
    let facts = &case.incident.facts;
    facts.period.to().or_else(last_back).or_else(closed)
}

/// Days are told only where both ends are known to the day.
fn lasting(onset: Dated, end: Option<Dated>, now: Timestamp) -> Option<Lasting> {
    let to_the_day = |at: Dated| at.fidelity() >= Fidelity::Day;
    if !to_the_day(onset) || !end.is_none_or(to_the_day) {
        return None;
    }
    let over = end.map(Dated::first).filter(|&end| end <= now);
    let day = |at: Timestamp| at.as_seconds().div_euclid(86_400);
    let days = day(over.unwrap_or(now)).saturating_sub(day(onset.first()));
    let days = u64::try_from(days).ok()?;
    Some(match over {
        Some(_) => Lasting::Over(days),
        None => Lasting::Day(days.saturating_add(1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_to_the_end_and_only_where_they_are_known() {
        let dated = |text: &str| text.parse::<Dated>().unwrap();
        let now = dated("2024-06-20T08:00:00Z").first();
        let onset = dated("2024-05-08");
        let at = |end: Option<&str>| lasting(onset, end.map(dated), now);
        assert_eq!(at(None), Some(Lasting::Day(44)));
        assert_eq!(at(Some("2024-06-14")), Some(Lasting::Over(37)));
        assert_eq!(at(Some("2024-06-14T23:00Z")), Some(Lasting::Over(37)));
        // An end that is only foreseen.
        assert_eq!(at(Some("2024-07-01")), Some(Lasting::Day(44)));
        assert_eq!(at(Some("2024-06")), None);
        assert_eq!(lasting(dated("2024-05"), None, now), None);
        assert_eq!(lasting(dated("2024-06-21"), None, now), None);
        assert_eq!(
            lasting(dated("2024-06-20"), None, now),
            Some(Lasting::Day(1))
        );
    }
}
