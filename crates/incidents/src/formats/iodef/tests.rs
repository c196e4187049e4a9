use super::*;
use crate::formats::tests::case;

fn full() -> Case {
    let mut case = case("A <title> & \"more\"");
    let facts = &mut case.incident.facts;
    facts.organisation = "A hospital".parse().ok();
    facts.rsit = "availability/ddos".parse().ok();
    facts.detected = "2024-05-09".parse().ok();
    facts.description = "What\nhappened.".parse().unwrap();
    case.timeline.push(crate::model::TimelineEntry {
        at: "2024-05-08T10:30Z".parse().unwrap(),
        what: "Encryption".parse().unwrap(),
        source: None,
    });
    case
}

#[test]
fn what_the_standard_asks_for_is_there_and_of_its_words() {
    for case in [case("A"), full()] {
        let doc = json([&case].into_iter(), "XA");
        assert_eq!(doc["version"], "2.0");
        let incident = &doc["Incident"][0];
        assert_eq!(incident["purpose"], "reporting");
        assert_eq!(
            incident["IncidentID"]["id"],
            case.incident.public.to_string()
        );
        assert!(incident["IncidentID"]["name"].is_string());
        assert!(incident["GenerationTime"].is_string());
        let words = |value: &Value, allowed: &[&str]| {
            assert!(allowed.contains(&value.as_str().unwrap()), "{value}");
        };
        words(
            &incident["status"],
            &["new", "in-progress", "forwarded", "resolved", "future"],
        );
        words(
            &incident["restriction"],
            &["white", "green", "amber", "red"],
        );
        let assessment = &incident["Assessment"][0];
        words(&assessment["occurrence"], &["actual", "potential"]);
        assert!(
            assessment.get("Confidence").is_none(),
            "RFC 8727 asks for a number in it"
        );
        // Nobody judged it: it is not low.
        let system = &assessment["Impact"][0]["SystemImpact"];
        assert_eq!(system["type"], "ext-value");
        assert!(system.get("severity").is_none(), "{system}");
        assert_eq!(incident["Contact"][0]["role"], "creator");
        assert_eq!(incident["Contact"][0]["ContactName"], json!(["XA"]));
        for contact in incident["Contact"].as_array().unwrap() {
            words(&contact["role"], &["creator", "victim"]);
            words(&contact["type"], &["organization", "person"]);
        }
    }
}

#[test]
fn xml_has_its_elements_in_the_order_of_the_schema_and_escapes_text() {
    let text = xml([&full()].into_iter(), "XA");
    let mut from = 0;
    for element in [
        "<IODEF-Document version=\"2.00\"",
        "<Incident purpose=\"reporting\"",
        "<IncidentID name=\"comity\">incident--",
        "<DetectTime>2024-05-09T00:00:00",
        "<GenerationTime>",
        "<Description>A &lt;title&gt; &amp; &quot;more&quot;</Description>",
        "<Assessment occurrence=\"actual\"><SystemImpact type=\"ext-value\" \
         ext-type=\"rsit:availability/ddos\">",
        "<Confidence rating=\"low\"></Confidence></Assessment>",
        "<Contact role=\"creator\" type=\"organization\">",
        "<Contact role=\"victim\" type=\"organization\"><ContactName>A hospital",
        "<History><HistoryItem action=\"other\"><DateTime>",
        "<AdditionalData dtype=\"string\" meaning=\"tlp\">",
        "</IODEF-Document>",
    ] {
        let rest = text.get(from..).unwrap();
        let found = rest.find(element);
        assert!(found.is_some(), "{element} after {rest}");
        from += found.unwrap();
    }
}

#[test]
fn a_level_is_one_of_three_words_and_a_false_alarm_is_no_occurrence() {
    let words = [0, 1, 2, 3, 4, 5].map(|number| grade(Level::new(number).unwrap()));
    assert_eq!(words, ["low", "low", "medium", "medium", "high", "high"]);
    let mut case = full();
    case.incident.facts.determination = Determination::FalsePositive;
    let doc = json([&case].into_iter(), "XA");
    assert!(
        doc["Incident"][0]["Assessment"][0]
            .get("occurrence")
            .is_none()
    );
}

#[test]
fn what_is_known_coarsely_does_not_end_before_it_begins() {
    let mut case = full();
    let period = ("2024-05-08".parse().ok(), "2024-05".parse().ok());
    case.incident.facts.period = crate::model::Period::new(period.0, period.1, None).unwrap();
    let doc = json([&case].into_iter(), "XA");
    let moment = |name: &str| doc["Incident"][0][name].as_str().unwrap().to_owned();
    assert!(moment("StartTime") <= moment("EndTime"));
    assert!(moment("EndTime").starts_with("2024-05-31T23:59:59"));
}

#[test]
fn only_amounts_that_were_lost_are_impacts() {
    use crate::harm::{Detail, Origin};
    let figure = |value: &str, change: fn(&mut Detail)| {
        let mut detail = Detail::default();
        change(&mut detail);
        crate::model::HarmFigure {
            what: "Cost".parse().unwrap(),
            measure: None,
            bound: Bound::Exact(value.parse().unwrap()),
            unit: "EUR".parse().unwrap(),
            grade: crate::model::Grade::C,
            source: None,
            note: None,
            detail,
        }
    };
    let mut case = full();
    case.harm = vec![
        figure("0", |_| {}),
        figure("5", |detail| detail.nature = Some(Nature::Demanded)),
        figure("7", |detail| detail.origin = Some(Origin::Attacker)),
        figure("12.5", |_| {}),
    ];
    let doc = json([&case].into_iter(), "XA");
    let impacts = doc["Incident"][0]["Assessment"][0]["Impact"]
        .as_array()
        .unwrap();
    let money: Vec<_> = impacts
        .iter()
        .filter_map(|one| one.get("MonetaryImpact"))
        .collect();
    assert_eq!(money, [&json!({ "currency": "EUR", "value": 12.5 })]);
}
