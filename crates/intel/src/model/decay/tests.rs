#![expect(clippy::float_cmp, reason = "known values are exact, or rounded to be")]

use proptest::prelude::*;

use super::*;

fn day(number: i64) -> Timestamp {
    Timestamp::from_micros(1_795_219_200_000_000 + number * 86_400_000_000)
}

fn model(lifetime_days: f64, decay_speed: f64, threshold: f64) -> Polynomial {
    Polynomial {
        lifetime_days,
        decay_speed,
        threshold,
        default_base_score: 80.0,
        weights: BTreeMap::new(),
        label_scores: BTreeMap::new(),
    }
}

fn of_day_0() -> Vital {
    Vital {
        changed: Some(day(0)),
        ..Vital::default()
    }
}

fn score(model: &Polynomial, vital: &Vital, at: i64) -> f64 {
    let decay = Decay::Polynomial(model.clone());
    let (score, _) = decay.life(vital, day(at)).score.unwrap();
    (score * 1_000.0).round() / 1_000.0
}

/// By hand: 80 * (1 - (t/τ)^(1/δ)).
#[test]
fn known_scores() {
    // (1/4)^(1/2) = 1/2; (1/16)^(1/2) = 1/4.
    let root = model(16.0, 2.0, 30.0);
    for (at, expected) in [
        (0, 80.0),
        (1, 60.0),
        (4, 40.0),
        (9, 20.0),
        (16, 0.0),
        (20, 0.0),
    ] {
        assert_eq!(score(&root, &of_day_0(), at), expected, "day {at}");
    }
    // (1/2)^2 = 1/4; (1/4)^2 = 1/16.
    let square = model(4.0, 0.5, 30.0);
    for (at, expected) in [(1, 75.0), (2, 60.0), (3, 35.0), (4, 0.0)] {
        assert_eq!(score(&square, &of_day_0(), at), expected, "day {at}");
    }
    // (1/3)^(1/5) = 0.80274.
    assert_eq!(score(&model(3.0, 5.0, 30.0), &of_day_0(), 1), 15.781);
}

#[test]
fn a_sighting_begins_anew_and_the_threshold_ends() {
    let decay = Decay::Polynomial(model(16.0, 2.0, 30.0));
    let mut vital = of_day_0();
    assert_eq!(decay.life(&vital, day(6)).state, State::Live);
    assert_eq!(decay.life(&vital, day(7)).state, State::Decayed);
    vital.last_seen = Some(day(6));
    assert_eq!(decay.life(&vital, day(7)).state, State::Live);
    assert_eq!(decay.life(&vital, day(6)).score, Some((80.0, 80.0)));
    // What is asked of an earlier moment knows nothing of it.
    assert_eq!(decay.life(&vital, day(4)).score, Some((40.0, 80.0)));
}

#[test]
fn bases_come_from_taxonomies_then_confidence_then_the_model() {
    let mut model = model(16.0, 2.0, 30.0);
    let word = |text: &str| text.to_owned();
    model.weights = [
        (word("admiralty-scale:source-reliability"), 75.0),
        (word("phishing:state"), 25.0),
        (word("retention"), 0.0),
    ]
    .into();
    model.label_scores = [
        (word("admiralty-scale:source-reliability=\"a\""), 100.0),
        (word("phishing:state=\"active\""), 60.0),
        (word("retention:90d"), 50.0),
    ]
    .into();
    let base = |labels: &[&str], confidence| {
        let vital = Vital {
            labels: labels.iter().map(|label| word(label)).collect(),
            confidence,
            ..of_day_0()
        };
        model.base(&vital)
    };
    let (source, state) = (
        "admiralty-scale:source-reliability=\"a\"",
        "phishing:state=\"active\"",
    );
    assert_eq!(base(&[source, state], Some(10)), 90.0);
    assert_eq!(base(&[state, "other"], Some(10)), 60.0);
    assert_eq!(base(&["retention:90d"], Some(10)), 10.0);
    assert_eq!(base(&["phishing:state=\"unknown\""], None), 80.0);
}

#[test]
fn validity_has_its_say_under_every_model() {
    for decay in [Decay::Validity, Decay::Polynomial(model(16.0, 2.0, 0.0))] {
        let vital = Vital {
            valid_from: Some(day(1)),
            valid_until: Some(day(3)),
            ..of_day_0()
        };
        let state = |vital: &Vital, at| decay.life(vital, day(at)).state;
        assert_eq!(state(&vital, 0), State::NotYet);
        assert_eq!(state(&vital, 1), State::Live);
        assert_eq!(state(&vital, 3), State::Ended);
        let revoked = Vital {
            revoked: true,
            ..of_day_0()
        };
        assert_eq!(state(&revoked, 1), State::Revoked);
        let mut expired = Vital {
            expired: Some(day(2)),
            ..of_day_0()
        };
        assert_eq!(state(&expired, 1), State::Live);
        assert_eq!(state(&expired, 2), State::Expired);
        expired.last_seen = Some(day(3));
        assert_eq!(state(&expired, 3), State::Live);
    }
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    for bad in [
        model(0.0, 2.0, 30.0),
        model(f64::NAN, 2.0, 30.0),
        model(1.0, 0.0, 30.0),
        model(1.0, f64::INFINITY, 30.0),
        model(1.0, 1.0, 101.0),
        model(1.0, 1.0, -1.0),
    ] {
        assert!(Decay::Polynomial(bad.clone()).checked().is_err(), "{bad:?}");
    }
    assert!(Decay::Polynomial(model(365.0, 0.3, 30.0)).checked().is_ok());
}

proptest! {
    #[test]
    fn a_score_falls_and_stays_within_its_bounds(
        lifetime in 0.1_f64..1_000.0,
        speed in 0.01_f64..100.0,
        base in 0_u8..=100,
        early in 0_i64..2_000,
        later in 0_i64..2_000,
    ) {
        let model = model(lifetime, speed, 0.0);
        let vital = Vital { confidence: Some(base), ..of_day_0() };
        let at = |days| model.score(&vital, day(days)).0;
        let (first, second) = (at(early), at(early + later));
        prop_assert!((0.0..=f64::from(base)).contains(&first));
        prop_assert!(second <= first);
        prop_assert!(at(0) == f64::from(base));
    }

    #[test]
    fn a_sighting_never_lowers_a_score(
        lifetime in 0.1_f64..1_000.0,
        speed in 0.01_f64..100.0,
        seen in 0_i64..1_000,
        at in 0_i64..1_000,
    ) {
        let model = model(lifetime, speed, 0.0);
        let mut vital = of_day_0();
        let before = model.score(&vital, day(at)).0;
        vital.last_seen = Some(day(seen));
        prop_assert!(model.score(&vital, day(at)).0 >= before);
    }
}
