use kernel::SeededRng;

use super::*;

fn answers() -> Answers {
    Answers {
        kind: "incident".into(),
        title: "Screens locked".into(),
        what: "All screens show a note.\r\nNobody can log in.".into(),
        began: "2026-11-20".into(),
        ..Answers::default()
    }
}

#[test]
fn codes_and_numbers_round_trip_and_codes_stay_silent() {
    let rng = SeededRng::new(5);
    let (code, reference) = (Code::random(&rng), Reference::random(&rng));
    assert_eq!(
        Code::typed(&code.to_text().to_lowercase()),
        Some(code.clone())
    );
    assert_eq!(reference.as_str().parse::<Reference>().unwrap(), reference);
    assert_eq!(format!("{code:?}"), "Code(…)");
    for text in [
        "",
        "R-",
        "R-12345",
        "R-12345-1234U",
        "X-12345-12345",
        "R-éé345-12345",
    ] {
        assert!(text.parse::<Reference>().is_err(), "{text}");
    }
    assert_eq!(Code::typed("ABC"), None);
}

#[test]
fn a_whole_report_is_told() {
    let told = answers().told(Mode::Real).unwrap();
    assert_eq!(told.kind, ReportKind::Incident);
    assert_eq!(
        told.description.as_str(),
        "All screens show a note.\nNobody can log in."
    );
    assert_eq!(told.period.from().unwrap().to_string(), "2026-11-20");
}

#[test]
fn what_nobody_sees_is_taken_out_and_not_refused() {
    let given = Answers {
        title: "Call \u{2066}+353 1 234 5678\u{2069}".into(),
        what: "\u{202b}كل الشاشات\u{202c}\u{200f}\u{b}مقفلة".into(),
        organisation: "\u{feff}St\tMary".into(),
        contact: "\u{202a}+353 1 234 5678\u{202c}".into(),
        // It is counted as it is kept.
        field: format!("{}care", "\u{200e}".repeat(200)),
        ..answers()
    };
    let told = given.told(Mode::Real).unwrap();
    assert_eq!(told.title.as_str(), "Call +353 1 234 5678");
    assert_eq!(told.description.as_str(), "كل الشاشات\nمقفلة");
    assert_eq!(told.organisation.unwrap().as_str(), "St Mary");
    assert_eq!(told.field.unwrap().as_str(), "care");
    assert_eq!(given.bounded().unwrap().contact, "+353 1 234 5678");
    let added = addition("192.0.2.1\u{202c} \u{2067}ثم\u{2069}").unwrap();
    assert_eq!(added.as_str(), "192.0.2.1 ثم");
    assert!(addition("\u{2066}\u{2069}").is_err());
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let field = |change: fn(&mut Answers)| {
        let mut given = answers();
        change(&mut given);
        given.told(Mode::Real).unwrap_err().field
    };
    assert_eq!(field(|one| one.title = " ".into()), "title");
    assert_eq!(field(|one| one.what = "\n".into()), "what");
    assert_eq!(field(|one| one.kind = String::new()), "kind");
    assert_eq!(field(|one| one.began = "yesterday".into()), "began");
    assert_eq!(field(|one| one.country = "XA".into()), "country");
    assert_eq!(field(|one| one.title = "\u{200b}".into()), "title");
    assert_eq!(
        field(|one| one.what = "x".repeat(PROSE_CHARS_MAX + 1)),
        "what"
    );
}

#[test]
fn closed_reports_take_no_step() {
    for state in ReportState::ALL {
        for step in Step::ALL {
            let next = state.advance(*step);
            assert!(!(state.is_decided() && next.is_some()), "{state} {step}");
            assert!(next != Some(ReportState::Draft));
        }
    }
    assert_eq!(
        ReportState::Draft.advance(Step::Send),
        Some(ReportState::Received)
    );
    assert_eq!(ReportState::Draft.advance(Step::Accept), None);
}
