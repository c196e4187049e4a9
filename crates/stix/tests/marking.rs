//! Markings and what they hold for.

use stix::{
    check::{Report, check_object},
    json::Document,
    marking::{SelectorError, TLP_2_EXTENSION, Tlp, Tlp1, TlpDefinitions, markings_of},
    objects::Object,
};

const RED: &str = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
const AMBER_1: &str = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
const STATEMENT: &str = "marking-definition--b7a1b4d5-5e4b-4b4c-8a3c-7d4b0f8f3c11";

fn marked() -> String {
    format!(
        r#"{{"type":"indicator","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","lang":"en",
        "name":"n","description":"d","labels":["a","b"],"extensions":{{"x":{{"y":1}}}},
        "object_marking_refs":["{AMBER_1}"],
        "granular_markings":[
            {{"selectors":["labels.[1]","extensions"],"marking_ref":"{RED}"}},
            {{"selectors":["description","nothing"],"marking_ref":"{STATEMENT}"}},
            {{"selectors":["extensions"],"lang":"fr"}},
            {{"selectors":["extensions.x.y","labels"],"lang":"de"}}
        ]}}"#
    )
}

#[test]
fn definitions_are_as_published_and_valid() {
    let all = Tlp::ALL
        .map(Tlp::definition)
        .into_iter()
        .chain(Tlp1::ALL.map(Tlp1::definition));
    let ids = Tlp::ALL
        .map(Tlp::marking_id)
        .into_iter()
        .chain(Tlp1::ALL.map(Tlp1::marking_id));
    for (text, id) in all.zip(ids) {
        let document = Document::parse(text.as_bytes()).unwrap();
        let mut report = Report::default();
        check_object(document.root(), &mut report);
        assert_eq!(report.findings(), [], "{text}");
        let object = Object::read(document.root()).unwrap();
        assert_eq!(object.id().as_str(), id);
        assert_eq!(
            Tlp::from_definition(document.root()),
            Tlp::from_marking_id(id)
        );
    }
    let strict = Tlp::AmberStrict.definition();
    assert!(strict.contains(&format!(
        r#""{TLP_2_EXTENSION}":{{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}"#
    )));
}

#[test]
fn colours_of_the_first_protocol_are_mapped() {
    assert_eq!(
        Tlp1::ALL.map(Tlp::from),
        [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::Red]
    );
    assert_eq!(Tlp::from_marking_id(AMBER_1), Some(Tlp::Amber));
    assert_eq!(
        Tlp::from_marking_id(&RED.replace("e828", "E828")),
        Some(Tlp::Red)
    );
    assert_eq!(Tlp::from_marking_id(STATEMENT), None);
    assert!(Tlp::ALL.is_sorted());
}

#[test]
fn a_marking_holds_for_what_is_within() {
    let text = marked();
    let document = Document::parse(text.as_bytes()).unwrap();
    let of = |selector| markings_of(document.root(), selector);
    assert_eq!(of("name").unwrap().marking_refs, [AMBER_1]);
    assert_eq!(
        of("description").unwrap().marking_refs,
        [AMBER_1, STATEMENT]
    );
    assert_eq!(of("labels.[1]").unwrap().marking_refs, [AMBER_1, RED]);
    assert_eq!(of("labels.[0]").unwrap().marking_refs, [AMBER_1]);
    let labels = of("labels").unwrap();
    assert_eq!(
        (labels.marking_refs, labels.within),
        (vec![AMBER_1], vec![RED])
    );
    assert_eq!(of("extensions.x.y").unwrap().marking_refs, [AMBER_1, RED]);
    let whole = of("").unwrap();
    assert_eq!(
        (whole.marking_refs, whole.within),
        (vec![AMBER_1], vec![RED, STATEMENT])
    );
}

#[test]
fn the_innermost_language_counts() {
    let text = marked();
    let document = Document::parse(text.as_bytes()).unwrap();
    let lang = |selector| markings_of(document.root(), selector).unwrap().lang;
    assert_eq!(
        ["name", "extensions.x", "extensions.x.y", "labels.[0]"].map(lang),
        [Some("en"), Some("fr"), Some("de"), Some("de")]
    );
}

#[test]
fn selectors_that_lead_nowhere_are_refused() {
    let text = marked();
    let document = Document::parse(text.as_bytes()).unwrap();
    let of = |selector| markings_of(document.root(), selector).unwrap_err();
    assert_eq!(of("labels.[2]"), SelectorError::Nothing);
    assert_eq!(of("labels.a"), SelectorError::Nothing);
    assert_eq!(of("name.[0]"), SelectorError::Nothing);
    for broken in [
        "labels.[01]",
        "labels.[",
        "labels.[x]",
        "labels..a",
        ".",
        "labels.[0",
    ] {
        assert_eq!(of(broken), SelectorError::Syntax, "{broken}");
    }
}

#[test]
fn the_strictest_colour_counts_and_none_is_never_clear() {
    let text = marked();
    let document = Document::parse(text.as_bytes()).unwrap();
    let known = TlpDefinitions::default();
    assert_eq!(known.strictest(document.root()), Some(Tlp::Red));
    let part = |selector| {
        markings_of(document.root(), selector)
            .unwrap()
            .strictest(&known)
    };
    assert_eq!(
        ["name", "labels", "labels.[0]"].map(part),
        [Some(Tlp::Amber), Some(Tlp::Red), Some(Tlp::Amber)]
    );
    let bare = Document::parse(br#"{"type":"url","value":"http://a.example/"}"#).unwrap();
    assert_eq!(known.strictest(bare.root()), None);
    assert_eq!(
        markings_of(bare.root(), "value").unwrap().strictest(&known),
        None
    );
}

#[test]
fn a_colour_of_a_part_is_none_of_the_whole() {
    let text = format!(
        r#"{{"type":"url","value":"x","granular_markings":[{{"marking_ref":"{RED}","selectors":["value"]}}]}}"#
    );
    let document = Document::parse(text.as_bytes()).unwrap();
    let known = TlpDefinitions::default();
    assert_eq!(known.of_whole(document.root()), None);
    assert_eq!(known.strictest(document.root()), Some(Tlp::Red));
}

#[test]
fn a_definition_of_tlp_without_a_known_colour_says_red() {
    for said in [
        r#""definition_type":"tlp","definition":{"tlp":"purple"}"#.to_owned(),
        r#""definition_type":"tlp""#.to_owned(),
        format!(r#""extensions":{{"{TLP_2_EXTENSION}":{{"tlp_2_0":"purple"}}}}"#),
    ] {
        let text = format!(r#"{{"type":"marking-definition","id":"{STATEMENT}",{said}}}"#);
        let document = Document::parse(text.as_bytes()).unwrap();
        assert_eq!(Tlp::from_definition(document.root()), None);
        assert_eq!(Tlp::from_any_definition(document.root()), Some(Tlp::Red));
        let mut known = TlpDefinitions::default();
        assert!(known.believe(document.root()));
        assert_eq!(known.tlp_of(STATEMENT), Some(Tlp::Red));
    }
}

#[test]
fn a_definition_of_ones_own_counts_only_when_believed() {
    let own = format!(
        r#"{{"type":"marking-definition","id":"{STATEMENT}","definition_type":"tlp","definition":{{"tlp":"red"}}}}"#
    );
    let own = Document::parse(own.as_bytes()).unwrap();
    let mut known = TlpDefinitions::default();
    assert_eq!(known.tlp_of(STATEMENT), None);
    assert!(known.believe(own.root()));
    assert_eq!(known.tlp_of(STATEMENT), Some(Tlp::Red));
    // The colour of a standard id is fixed, whatever someone says about it.
    let forged = own
        .root()
        .raw()
        .replace(STATEMENT, Tlp::Red.marking_id())
        .replace("red", "white");
    let forged = Document::parse(forged.as_bytes()).unwrap();
    assert!(!known.believe(forged.root()));
    assert_eq!(known.tlp_of(RED), Some(Tlp::Red));
    let statement = br#"{"type":"marking-definition","id":"marking-definition--b7a1b4d5-5e4b-4b4c-8a3c-7d4b0f8f3c12","definition_type":"statement","definition":{"statement":"x"}}"#;
    assert!(!known.believe(Document::parse(statement).unwrap().root()));
}
