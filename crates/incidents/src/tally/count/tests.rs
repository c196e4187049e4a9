use super::*;
use crate::{
    clocks::Clocks,
    model::{Incident, Sector},
    state::Status,
    tally::Value,
    tests::facts,
};
use kernel::{IncidentId, IncidentRef, ManualClock, Mode, SeededRng};

fn line(change: impl FnOnce(&mut crate::model::Facts)) -> String {
    let (clock, rng) = (
        ManualClock::new(Timestamp::from_micros(0)),
        SeededRng::new(1),
    );
    let mut facts = facts("A");
    change(&mut facts);
    let at = Timestamp::from_micros(0);
    let incident = Incident {
        id: IncidentId::new(&clock, &rng),
        public: IncidentRef::random(&rng),
        mode: Mode::Real,
        facts,
        status: Status::Open { since: at },
        version: 1,
        created_at: at,
        updated_at: at,
        shipped: None,
    };
    let fact = Fact::of(&incident, None, &Clocks::default()).unwrap();
    fact.to_line()
}

fn of(tally: &Tally, by: Dimension) -> Vec<(&str, Option<u64>)> {
    let table = tally.tables.iter().find(|table| table.by == by).unwrap();
    let rows = table.rows.iter();
    rows.map(|row| (row.word.as_str(), row.count)).collect()
}

fn health() -> Sector {
    "health".parse().unwrap()
}

#[test]
fn an_entry_counts_in_each_of_its_sectors_and_once_in_all() {
    let lines = [
        line(|facts| facts.sectors = vec![health(), "energy".parse().unwrap()]),
        line(|facts| facts.sectors = vec![health()]),
        line(|_| ()),
    ];
    let all = Question::default();
    let now = Timestamp::from_micros(0);
    let tally = count(lines.iter().map(String::as_str), &all, now, false).unwrap();
    assert_eq!(tally.total, Some(3));
    let mut sectors = of(&tally, Dimension::Sector);
    sectors.sort_unstable();
    assert_eq!(
        sectors,
        [
            ("energy", Some(1)),
            ("health", Some(2)),
            ("unknown", Some(1))
        ]
    );
    assert_eq!(of(&tally, Dimension::Month), [("1970-01", Some(3))]);
    let narrow = Question {
        values: vec![Value::new(Dimension::Sector, "energy").unwrap()],
        ..Question::default()
    };
    let tally = count(lines.iter().map(String::as_str), &narrow, now, false).unwrap();
    assert_eq!(tally.total, Some(1));
}

#[test]
fn few_are_not_told_to_others() {
    let mut lines = vec![line(|facts| facts.sectors = vec![health()]); 7];
    lines.push(line(|_| ()));
    let all = Question::default();
    let now = Timestamp::from_micros(0);
    let ours = lines.iter().map(String::as_str);
    let tally = count(ours.clone(), &all, now, true).unwrap();
    assert_eq!(tally.total, Some(8));
    let back = [("health", None), ("unknown", None)];
    assert_eq!(of(&tally, Dimension::Sector), back);
    let tally = count(ours.take(3), &all, now, true).unwrap();
    assert_eq!(tally.total, None);
}

/// So many entries that began on one day and were noticed on another.
fn noticed(many: usize, on: Option<&str>) -> Vec<String> {
    let line = line(|facts| {
        let from = "2026-01-01".parse().ok();
        facts.period = crate::model::Period::new(from, None, None).unwrap();
        facts.detected = on.and_then(|on| on.parse().ok());
    });
    vec![line; many]
}

#[test]
fn of_how_many_a_time_is_known_does_not_tell_of_how_few_it_is_not() {
    let lines = |unknown| {
        let known = [
            noticed(12, Some("2026-01-01")),
            noticed(6, Some("2026-01-03")),
        ];
        [known.concat(), noticed(unknown, None)].concat()
    };
    let told = |unknown, outward| {
        let lines = lines(unknown);
        let (all, now) = (Question::default(), Timestamp::from_micros(0));
        count(lines.iter().map(String::as_str), &all, now, outward).unwrap()
    };
    // 21 in all, less 18 whose time is known, would be the three that are held back.
    assert_eq!(told(3, true).detection, Spread::default());
    assert_eq!(told(3, true).total, Some(21));
    assert_eq!(told(3, false).detection.known, Some(18));
    assert_eq!(told(7, true).detection.known, Some(18));
}

#[test]
fn causes_do_not_tell_of_a_class_that_is_held_back() {
    let of_class = |many: usize, class: &str| {
        vec![line(|facts| facts.rsit = Some(class.parse().unwrap())); many]
    };
    let causes = |parts: &[Vec<String>]| {
        let lines = parts.concat();
        let (all, now) = (Question::default(), Timestamp::from_micros(0));
        let tally = count(lines.iter().map(String::as_str), &all, now, true).unwrap();
        let causes = of(&tally, Dimension::Cause).into_iter();
        let told = causes.map(|(word, count)| (word.to_owned(), count));
        told.collect::<Vec<_>>()
    };
    let cause = |word: &str, count| (word.to_owned(), count);
    // Of 30, 15 and 9 are shown by class; malicious 19 would tell that intrusions are 4.
    let few = [
        of_class(15, "information-content-security"),
        of_class(4, "intrusions"),
        of_class(2, "other"),
        of_class(9, "vulnerable"),
    ];
    let back = [
        cause("malicious", None),
        cause("not-malicious", None),
        cause("unknown", None),
    ];
    assert_eq!(causes(&few), back);
    // All classes are shown; not malicious 11 would tell that 2 of availability were outages.
    let parted = [
        of_class(8, "availability/ddos"),
        of_class(2, "availability/outage"),
        of_class(9, "vulnerable"),
    ];
    assert_eq!(causes(&parted), back[..2]);
    let many = [of_class(8, "intrusions"), of_class(9, "vulnerable")];
    let told = [cause("malicious", Some(8)), cause("not-malicious", Some(9))];
    assert_eq!(causes(&many), told);
}

#[test]
fn half_and_nine_of_ten_are_times_that_were_seen() {
    let mut minutes: Vec<u32> = (1..=10).collect();
    let spread = spread(&mut minutes, Some);
    assert_eq!(spread.median_minutes, Some(5));
    assert_eq!(spread.ninetieth_minutes, Some(9));
    assert_eq!(super::spread(&mut [], Some).median_minutes, None);
}

#[test]
fn the_share_in_time_counts_what_is_overdue() {
    let on_time = OnTime {
        in_time: Some(3),
        late: Some(1),
        overdue: Some(2),
        running: Some(9),
    };
    assert_eq!(on_time.share(), Some(500));
    assert_eq!(OnTime::default().share(), None);
}
