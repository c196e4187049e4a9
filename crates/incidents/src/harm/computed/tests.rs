use proptest::prelude::*;

use super::*;
use kernel::Timestamp;

use crate::{
    course::{Capacity, Content, Event, Milestone},
    harm::{
        computed::lines::lines,
        curve::{Shape, Share},
    },
    model::{Dated, Fidelity},
    shipped,
    tests::entry,
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
        Value::AtLeast(one) => format!("at least {one}"),
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
    // Both together rest on the same assumption.
    assert_eq!(area[2], (None, None, "18.5 (0 to 37)".to_owned()));
    let days = told(&all, Measure::ServiceDays);
    assert_eq!(days[2], (None, None, "37 (0 to 74)".to_owned()));
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
fn what_was_counted_once_and_is_not_over_is_no_loss_of_nothing() {
    for key in ["hse-2021", "brno-hospital-2020"] {
        let all = of(key);
        for measure in [Measure::Area, Measure::ServiceDays] {
            let values = told(&all, measure);
            assert!(!values.is_empty(), "{key}");
            assert!(
                values.iter().all(|(.., value)| value == "not yet"),
                "{key} {values:?}"
            );
        }
    }
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
    // Trinidad and Tobago is named as a victim; that no effect there is named is not a share of nothing.
    assert_eq!(told(&of("costa-rica-2022"), Measure::CrossBorder), []);
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

/// A service with its capacity at some dates, for the whole of which these milestones hold.
fn service(points: &[(&str, u16)], milestones: &[(Event, &str)]) -> Vec<Entry> {
    let service = Content::Service(Service {
        name: "imaging".parse().unwrap(),
        facility: None,
        ward: None,
        care: None,
        people: Some(1_000),
        weight: Quantity::from_thousandths(1_000),
        yearly: Some((365, "examination".parse().unwrap())),
        shape: Shape::Linear,
    });
    let capacity = points.iter().map(|&(at, percent)| {
        Content::Capacity(Capacity {
            service: 0,
            at: at.parse().unwrap(),
            share: Share::new(percent * 10).unwrap(),
        })
    });
    let milestones = milestones
        .iter()
        .map(|&(event, at)| milestone(event, at, 1));
    let contents = std::iter::once(service).chain(capacity).chain(milestones);
    (0..)
        .zip(contents)
        .map(|(number, content)| entry(number, content))
        .collect()
}

/// What a measure comes to of a service.
fn one_of(entries: &[Entry], measure: Measure) -> Vec<String> {
    let all = told(&computed(entries), measure);
    all.into_iter().map(|(.., value)| value).collect()
}

#[test]
fn what_is_not_over_is_told_up_to_the_last_count() {
    let half = service(&[("2024-05-01", 0), ("2024-05-11", 50)], &[]);
    assert_eq!(
        one_of(&half, Measure::Downtime),
        ["10", "not yet", "not yet"]
    );
    assert_eq!(one_of(&half, Measure::Area), ["at least 7.5"]);
    assert_eq!(one_of(&half, Measure::PersonDays), ["at least 7500"]);
}

#[test]
fn person_days_of_several_services_are_told_together_where_all_are_known() {
    let mut entries = service(&[("2024-05-01", 0), ("2024-05-11", 100)], &[]);
    let other = |people| {
        let Content::Service(mut other) = entries[0].content.clone() else {
            panic!("a service comes first");
        };
        other.people = people;
        let of = |at: &str, percent: u16| {
            Content::Capacity(Capacity {
                service: 3,
                at: at.parse().unwrap(),
                share: Share::new(percent * 10).unwrap(),
            })
        };
        let contents = [
            Content::Service(other),
            of("2024-05-01", 50),
            of("2024-05-21", 100),
        ];
        let more = (3..)
            .zip(contents)
            .map(|(number, content)| entry(number, content));
        more.collect::<Vec<_>>()
    };
    let (known, unknown) = (other(Some(20)), other(None));
    let without = [entries.clone(), unknown].concat();
    assert_eq!(one_of(&without, Measure::PersonDays), ["5000"]);
    entries.extend(known);
    assert_eq!(
        one_of(&entries, Measure::PersonDays),
        ["5000", "100", "5100"]
    );
}

#[test]
fn months_make_intervals_of_times_and_losses() {
    let back = service(
        &[],
        &[(Event::Onset, "2024-05"), (Event::RecordsBack, "2024-07")],
    );
    assert_eq!(one_of(&back, Measure::Downtime), ["30 to 92"]);
    assert_eq!(one_of(&back, Measure::Area), ["0 to 92"]);
    assert_eq!(one_of(&back, Measure::Postponed), ["30 to 92"]);
    let counted = service(&[("2024-05", 0), ("2024-06", 100)], &[]);
    assert_eq!(
        one_of(&counted, Measure::Downtime),
        ["0 to 30.5", "0 to 54.9", "0 to 61"]
    );
    assert_eq!(one_of(&counted, Measure::ServiceDays), ["0 to 30.5"]);
}

#[test]
fn what_was_counted_before_the_onset_alone_says_nothing() {
    let before = service(
        &[("2024-05-01", 100), ("2024-05-04", 0)],
        &[(Event::Onset, "2024-05-05")],
    );
    assert_eq!(computed(&before), []);
}

#[test]
fn of_a_day_and_an_hour_the_time_between_is_an_interval() {
    let noticed = |compromise: &str, detected: &str| {
        let entries = service(
            &[],
            &[(Event::Compromise, compromise), (Event::Detected, detected)],
        );
        one_of(&entries, Measure::Dwell)
    };
    assert_eq!(noticed("2024-05-08", "2024-05-08T10Z"), ["0 to 0.458"]);
    assert_eq!(noticed("2024-05-08", "2024-06-14"), ["37"]);
    assert_eq!(noticed("2024-05-08T01:00Z", "2024-05-08T13:00Z"), ["0.5"]);
}

#[test]
fn diversion_that_is_known_to_the_day_is_an_interval() {
    let entries = [
        entry(0, milestone(Event::DiversionOn, "2024-05-08", 3)),
        entry(1, milestone(Event::DiversionOff, "2024-05-08", 3)),
    ];
    assert_eq!(one_of(&entries, Measure::Diversion), ["0 to 72"]);
    let goes_on = [
        entry(0, milestone(Event::DiversionOn, "2024-05-08T10Z", 2)),
        entry(1, milestone(Event::DiversionOff, "2024-05-08T16Z", 2)),
        entry(2, milestone(Event::DiversionOn, "2024-05-10T00Z", 1)),
    ];
    assert_eq!(one_of(&goes_on, Measure::Diversion), ["at least 12"]);
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
        told(&computed(&entries[..1]), Measure::Diversion),
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

    /// Whatever the day of each month was, what really was lost lies in the interval of the months.
    #[test]
    fn months_hold_what_any_of_their_days_comes_to(
        points in proptest::collection::vec((1_u8..29, 0_u16..200), 2..8),
    ) {
        let month = |at: usize| format!("2024-{:02}", at + 1);
        let told = |day: Option<usize>| -> Vec<Entry> {
            let points: Vec<(String, u16)> = points.iter().enumerate().map(|(at, &(of, percent))| {
                let day = day.map_or(String::new(), |_| format!("-{of:02}"));
                (month(at) + &day, percent)
            }).collect();
            let points: Vec<(&str, u16)> = points.iter().map(|(at, percent)| (at.as_str(), *percent)).collect();
            service(&points, &[])
        };
        let (days, months) = (told(Some(0)), told(None));
        let (days, months) = (Course::of(&days), Course::of(&months));
        let (exact, coarse) = (&lines(&days)[0], &lines(&months)[0]);
        let (low, high) = coarse.bounds();
        prop_assert!(low <= exact.curve.lost() && exact.curve.lost() <= high);
        for percent in BACK_AT {
            if let (Ok((at, same)), Ok((low, high))) = (exact.back(percent), coarse.back(percent)) {
                prop_assert_eq!(at, same);
                prop_assert!(low <= at && at <= high.saturating_add(1), "{} {} {}", low, at, high);
            }
        }
    }
}
