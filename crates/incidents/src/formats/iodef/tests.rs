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
        let doc = json([&case].into_iter());
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
        words(
            &assessment["Confidence"]["rating"],
            &["low", "medium", "high", "unknown"],
        );
        words(
            &assessment["Impact"][0]["SystemImpact"]["severity"],
            &["low", "medium", "high"],
        );
        for contact in incident["Contact"].as_array().unwrap() {
            words(&contact["role"], &["creator", "victim"]);
            words(&contact["type"], &["organization", "person"]);
        }
    }
}

#[test]
fn xml_has_its_elements_in_the_order_of_the_schema_and_escapes_text() {
    let text = xml([&full()].into_iter());
    let mut from = 0;
    for element in [
        "<IODEF-Document version=\"2.00\"",
        "<Incident purpose=\"reporting\"",
        "<IncidentID name=\"comity\">incident--",
        "<DetectTime>2024-05-09T00:00:00",
        "<GenerationTime>",
        "<Description>A &lt;title&gt; &amp; &quot;more&quot;</Description>",
        "<Assessment occurrence=\"actual\"><SystemImpact severity=\"low\" type=\"ext-value\" \
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
