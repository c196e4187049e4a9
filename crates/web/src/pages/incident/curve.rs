//! The capacity of an incident's services over time, as its harm tab draws it.

use incidents::{
    harm::{
        computed::{Drawn, drawn},
        curve::Shape,
    },
    model::{Case, Quantity},
};

use crate::words::{Capacity, Point, Words};

/// The curves of an incident: whose, how it came about, and the picture.
pub(crate) fn curves(w: Words, case: &Case) -> Vec<(String, String, Capacity)> {
    let all = drawn(&case.course);
    all.iter().filter_map(|one| curve(w, one)).collect()
}

fn curve(w: Words, one: &Drawn) -> Option<(String, String, Capacity)> {
    let whose = one.name.clone().unwrap_or_else(|| w.t("harm-whole"));
    let whose = w.t1("curve-title", "service", whose);
    let points: Vec<Point> = one
        .curve
        .points()
        .iter()
        .map(|(at, share)| {
            let share = share.thousandths();
            let percent = Quantity::from_thousandths(i64::from(share) * 100).to_string();
            Point {
                at: at.as_micros(),
                share,
                told: w.t2("curve-point", &("at", w.date(at)), &("share", percent)),
            }
        })
        .collect();
    let lost = one.curve.lost().days()?;
    let lost = w.t1("curve-lost", "days", lost.to_string());
    let title = format!("{whose}. {lost}");
    let end =
        |at: Option<&(kernel::Timestamp, _)>| at.map_or_else(String::new, |(at, _)| w.date(at));
    let ends = (
        end(one.curve.points().first()),
        end(one.curve.points().last()),
    );
    let steps = one.curve.shape() == Shape::Step;
    let picture = Capacity::draw(&points, steps, &title, (&ends.0, &ends.1))?;
    let how = w.word("how", one.how.as_str());
    Some((whose, format!("{lost} · {how}"), picture))
}
