use proptest::prelude::*;

use super::*;
use crate::{
    course::Milestone,
    model::{Dated, Fidelity},
    shipped,
};

fn of(key: &str) -> Vec<Computed> {
    let all = shipped::all().unwrap();
    let one = all.iter().find(|one| one.key == key).unwrap();
    computed(&one.course)
}

fn told(all: &[Computed], measure: Measure) -> Vec<(Option<u32>, Option<u8>, String)> {
    let text = |value: Value| match value {
        Value::Point(one) => one.to_string(),
        Value::Between(low, high) => format!("{low} to {high}"),
        Value::Within(one, low, high) => format!("{one} ({low} to {high})"),
        Value::Never => "never".to_owned(),
        Value::NotYet => "not yet".to_owned(),
    };
    all.iter()
        .filter(|one| one.measure == measure && !one.unweighted)
        .map(|one| (one.service, one.at, text(one.value)))
        .collect()
}

#[test]
fn ascension_lost_eighteen_and_a_half_days_of_each_service() {
    let all = of("ascension-2024");
    assert_eq!(
        told(&all, Measure::Downtime),
        [
            (Some(0), Some(100), "37".to_owned()),
            (Some(1), Some(100), "37".to_owned())
        ]
    );
    let area = told(&all, Measure::Area);
    assert_eq!(area[0], (Some(0), None, "18.5 (0 to 37)".to_owned()));
    assert_eq!(area[2], (None, None, "18.5".to_owned()));
    // 600,000 surgeries a year: the most that can have been postponed, no estimate.
    assert_eq!(
        told(&all, Measure::Postponed),
        [(Some(1), None, "60822".to_owned())]
    );
    let exposed = all.iter().find(|one| one.measure == Measure::Postponed);
    assert_eq!(exposed.unwrap().how, How::Exposure);
}

#[test]
fn a_month_is_known_as_a_month() {
    // From some day of March to some day of May 2021.
    let all = of("hse-2021");
    assert_eq!(
        told(&all, Measure::Dwell),
        [(None, None, "30 to 92".to_owned())]
    );
    // The imaging was down, and nobody told when it came back.
    let imaging = told(&all, Measure::Downtime);
    assert_eq!(imaging[2], (Some(0), Some(100), "not yet".to_owned()));
}

#[test]
fn what_crosses_borders_is_counted_by_who_was_hit() {
    let all = of("ka-sat-2022");
    assert_eq!(
        told(&all, Measure::Cascade),
        [
            (None, Some(1), "8".to_owned()),
            (None, Some(2), "1".to_owned())
        ]
    );
    // Eight of nine are outside of Ukraine.
    assert_eq!(
        told(&all, Measure::CrossBorder),
        [(None, None, "88.9".to_owned())]
    );
}

fn entry(number: u32, content: Content) -> Entry {
    Entry {
        number,
        content,
        source: None,
        corrects: None,
        by: "user:amina".parse().unwrap(),
        entered_at: Timestamp::from_micros(0),
    }
}

fn milestone(event: Event, at: &str, hospitals: u32) -> Content {
    Content::Milestone(Milestone {
        event,
        service: None,
        at: at.parse().unwrap(),
        site: None,
        hospitals,
    })
}

#[test]
fn diversion_counts_hours_times_hospitals() {
    let entries = [
        entry(0, milestone(Event::DiversionOn, "2024-05-08T10Z", 4)),
        entry(1, milestone(Event::DiversionOff, "2024-05-08T16:30Z", 1)),
        entry(2, milestone(Event::DiversionOn, "2024-05-09T00Z", 1)),
        entry(3, milestone(Event::DiversionOff, "2024-05-09T02Z", 1)),
    ];
    assert_eq!(
        told(&computed(&entries), Measure::Diversion),
        [(None, None, "28".to_owned())]
    );
    assert_eq!(
        told(&computed(&entries[..3]), Measure::Diversion),
        [(None, None, "not yet".to_owned())]
    );
}

proptest! {
    /// What was lost by what is assumed lies between the least and the most, and no measure is negative.
    #[test]
    fn what_is_assumed_lies_within(first in 0_i64..60, end in 1_i64..400) {
        let day = |day: i64| {
            let at = Timestamp::from_micros(1_704_067_200_000_000 + day * DAY_MICROS);
            Dated::new(at, Fidelity::Day).to_string()
        };
        let entries = [
            entry(0, milestone(Event::Onset, &day(0), 1)),
            entry(1, milestone(Event::FirstBack, &day(first), 1)),
            entry(2, milestone(Event::LastBack, &day(end), 1)),
        ];
        for one in computed(&entries) {
            if let Value::Within(value, low, high) = one.value {
                prop_assert!(low.thousandths() <= value.thousandths());
                prop_assert!(value.thousandths() <= high.thousandths());
                prop_assert!(low.thousandths() >= 0);
            }
        }
    }
}
