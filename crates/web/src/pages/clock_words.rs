//! What is said of how a due time came about.

use incidents::clocks::{Counted, Limit, Running, Start, WeekDay};
use jiff::Zoned;

use super::settings;
use crate::words::Words;

/// How long there is, and from when on.
pub(super) fn rule(w: Words, running: &Running) -> String {
    let limit = match running.limit {
        Limit::Hours(n) => w.t1("limit-hours", "n", u64::from(n)),
        Limit::Days(n) => w.t1("limit-days", "n", u64::from(n)),
        Limit::Months(n) => w.t1("limit-months", "n", u64::from(n)),
        Limit::BusinessDays(n) => w.t1("limit-business-days", "n", u64::from(n)),
        Limit::AtOnce => w.t("limit-at-once"),
        Limit::Promptly => w.t("limit-promptly"),
    };
    let from = match &running.from {
        Start::At(moment) => w.word("clock-moment", moment.as_str()),
        Start::Request => w.t("clock-request"),
        Start::Filed(stage) => w.t1("clock-filed", "stage", w.word("clock-stage", stage)),
    };
    w.t2("clock-rule", &("limit", limit), &("from", from))
}

/// How business days were counted: how many, and which days were left out.
pub(super) fn counted(w: Words, counted: &Counted) -> String {
    let days = w.t1("limit-business-days", "n", u64::from(counted.days));
    let without = counted.without.iter().map(|(off, name)| {
        let day = ("day", settings::calendars::day(w, *off));
        w.t2("clock-day-off", &day, &("name", name.to_string()))
    });
    let without = without.collect::<Vec<_>>().join(&w.t("comma"));
    let mut said = vec![match without.as_str() {
        "" => days,
        _ => w.t2("clock-counted", &("days", days), &("without", without)),
    }];
    let usual = [WeekDay::Saturday, WeekDay::Sunday];
    if counted.weekend != usual {
        let weekend = counted.weekend.iter().copied();
        said.push(settings::calendars::weekend(w, weekend));
    }
    if !counted.is_kept {
        said.push(w.t("clock-unkept"));
    }
    said.join(&w.t("comma"))
}

/// A moment by the clocks of a zone, in digits that every language reads.
pub(super) fn local(at: &Zoned) -> String {
    let zone = at.time_zone().iana_name().unwrap_or_default();
    format!("{} {zone}", at.strftime("%Y-%m-%d %H:%M %:z"))
}
