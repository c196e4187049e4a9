//! What became of an entry goes with its line, and classes and indicators into other formats, on both
//! engines.

use audit::Ground;
use db::Db;
use incidents::{
    evidence::model::Deed,
    formats::{
        model::{Fate, Settings, Why, Written},
        ops::{export_one, import_text},
    },
    model::Filter,
    ops::{self, Outcome},
    reporting::submission::{Nature, NewPart, NewSubmission, Part, ops::write},
    taxonomy::{ops as taxonomies, read::Given},
    work::parsed,
};
use kernel::{IncidentRef, Limit, Mode, PageRequest, Role, Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    evidence::scene,
    house::{facts, ground, user},
    merge::{entered, merged},
};

db::contract! {
    evidence_merges_splits_and_reports_go_with_the_line,
    another_register_keeps_the_past_and_hands_it_on,
    nothing_became_of_most_entries,
    classes_go_out_and_come_back_in_every_format_that_has_a_place,
    indicators_are_attributes_of_the_event,
    a_table_that_names_no_class_says_so,
}

async fn lines(ground: &Ground, viewer: &Viewer) -> Vec<Value> {
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let page = ops::export_lines(ground, viewer, &Filter::default(), request).await;
    page.unwrap().items
}

fn line_of(lines: &[Value], id: IncidentRef) -> &Value {
    let found = lines
        .iter()
        .find(|line| line["incident"]["id"] == json!(id));
    found.unwrap()
}

fn node() -> Viewer {
    Viewer::node("import", "XA".parse().unwrap(), Mode::Real)
}

async fn evidence_merges_splits_and_reports_go_with_the_line(db: Db) {
    let scene = scene(db).await;
    let (ground, amina) = (&scene.locker.ground, &scene.amina);
    let officer = user(2, Role::DutyOfficer);
    let item = scene.put(b"one line of a log").await;
    // Where it arrives the label of the entry alone guards it, so that this one stays.
    scene.put_under(Tlp::AmberStrict).await;
    let other = entered(ground, amina, facts("B")).await;
    merged(ground, amina, scene.id, other).await;
    let duty = ("nis2".parse().unwrap(), "UTC".parse().unwrap());
    ops::follow(ground, &officer, scene.id, duty).await.unwrap();
    let report = NewSubmission {
        regime: "nis2".parse().unwrap(),
        stage: "early-warning".parse().unwrap(),
        nature: Nature::First,
        corrects: None,
        parts: vec![NewPart {
            part: Part::Facts,
            body: "The ward is down.".parse().unwrap(),
            authorities: vec!["National CSIRT".parse().unwrap()],
        }],
    };
    write(ground, &officer, scene.id, report).await.unwrap();
    let written = lines(ground, amina).await;
    let past = &line_of(&written, scene.id)["past"];
    assert_eq!(past["register"], "XA");
    assert_eq!(past["merges"]["from"][0]["incident"], json!(other));
    assert_eq!(
        past["submissions"][0]["parts"][0]["text"],
        "The ward is down."
    );
    assert_eq!(past["evidence"].as_array().unwrap().len(), 1);
    assert_eq!(past["evidence"][0]["item"]["id"], json!(item.id));
    let custody = past["evidence"][0]["custody"].as_array().unwrap();
    let deeds: Vec<&Value> = custody.iter().map(|line| &line["act"]).collect();
    assert_eq!(
        deeds,
        [Deed::Put.as_str(), Deed::Exported.as_str()],
        "that it was written out is a line of it"
    );
    let theirs = &line_of(&written, other)["past"];
    assert_eq!(theirs["merges"]["into"]["incident"], json!(scene.id));
    // Whoever may not see evidence sees none of it in an export either.
    let diplomat = user(3, Role::Diplomat);
    if let Ok(page) = ops::export_lines(
        ground,
        &diplomat,
        &Filter::default(),
        PageRequest::default(),
    )
    .await
    {
        for line in page.items {
            assert_eq!(line["past"]["submissions"], Value::Null, "{line}");
        }
    }
}

async fn another_register_keeps_the_past_and_hands_it_on(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let theirs = json!({ "register": "XB", "merges": { "into": null, "from": [] } });
    let id = entered(&ground, &officer, facts("A")).await;
    let mut line = line_of(&lines(&ground, &officer).await, id).clone();
    line["incident"]["id"] = json!("incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e");
    line["past"] = theirs.clone();
    let done = ops::take_in(&ground, &officer, &[line.clone()])
        .await
        .unwrap();
    assert_eq!(done[0].outcome, Outcome::Created);
    assert!(done[0].unmapped.is_empty(), "{done:?}");
    let taken = done[0].incident.unwrap();
    let out = lines(&ground, &officer).await;
    assert_eq!(line_of(&out, taken)["past"], theirs);
    // More became of it there, and nothing that the entry itself says.
    let theirs =
        json!({ "register": "XB", "merges": { "into": null, "from": [] }, "evidence": [] });
    line["past"] = theirs.clone();
    let done = ops::take_in(&ground, &officer, &[line]).await.unwrap();
    assert_eq!(done[0].outcome, Outcome::Unchanged);
    let out = lines(&ground, &officer).await;
    assert_eq!(line_of(&out, taken)["past"], theirs);
    // A past of our own does not take its place.
    merged(&ground, &officer, taken, id).await;
    let out = lines(&ground, &officer).await;
    let past = &line_of(&out, taken)["past"];
    assert_eq!(past["register"], "XA");
    assert_eq!(past["merges"]["from"][0]["incident"], json!(id));
    assert_eq!(past["before"], theirs);
    assert_eq!(line_of(&out, taken)["kept"], Value::Null);
}

async fn nothing_became_of_most_entries(db: Db) {
    let ground = ground(db).await;
    ops::import_shipped(&ground, &node()).await.unwrap();
    for line in lines(&ground, &node()).await {
        assert_eq!(line.get("past"), None, "{}", line["incident"]["id"]);
    }
}

async fn taxonomy(ground: &Ground, viewer: &Viewer) {
    let file = json!({ "taxonomy": "attack", "version": "1", "entries": [
        { "code": "T1", "name": "Phishing" }, { "code": "impact", "name": "Impact" },
        { "code": "impact/data lost", "parent": "impact" }] });
    let file = file.to_string();
    taxonomies::import(ground, viewer, file.as_bytes(), &Given::default())
        .await
        .unwrap();
}

async fn classified(ground: &Ground, viewer: &Viewer) -> IncidentRef {
    taxonomy(ground, viewer).await;
    let id = entered(ground, viewer, facts("Classified")).await;
    for code in ["T1", "impact/data lost"] {
        let class = (&"attack".parse().unwrap(), &"1".parse().unwrap(), code);
        taxonomies::classify(ground, viewer, id, class)
            .await
            .unwrap();
    }
    id
}

async fn classes_go_out_and_come_back_in_every_format_that_has_a_place(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = classified(&ground, &officer).await;
    let told = format!("{}", id.uuid());
    let other = "6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e";
    for (number, format) in (1..).zip([Written::Misp, Written::Stix, Written::Csv]) {
        let file = export_one(&ground, &officer, id, format).await.unwrap();
        // To another register: the same under another id.
        let theirs = other.replace("6f9c1c44", &format!("{number:08}"));
        let text = file.text.replace(&told, &theirs);
        let settings = Settings::default();
        let done = import_text(&ground, &officer, (&text, None), &settings, false).await;
        let (_, report, _) = done.unwrap();
        assert_eq!(report.of(Fate::Created), 1, "{format}: {report:?}");
        let taken: IncidentRef = format!("incident--{theirs}").parse().unwrap();
        let case = ops::view(&ground, &officer, taken).await.unwrap();
        let classes: Vec<String> = case.classes.iter().map(ToString::to_string).collect();
        assert_eq!(
            classes,
            ["attack 1: T1", "attack 1: impact/data lost"],
            "{format}"
        );
        let again = import_text(&ground, &officer, (&text, None), &settings, false).await;
        assert_eq!(again.unwrap().1.of(Fate::Unchanged), 1, "{format}");
    }
    let iodef = export_one(&ground, &officer, id, Written::IodefXml).await;
    assert!(
        iodef
            .unwrap()
            .text
            .contains("attack:T1; attack:impact/data lost")
    );
    let misp = export_one(&ground, &officer, id, Written::Misp).await;
    let event: Value = serde_json::from_str(&misp.unwrap().text).unwrap();
    let tags: Vec<&Value> = event["Event"]["Tag"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    assert!(tags.contains(&&json!("attack:T1")), "{tags:?}");
    assert!(
        tags.contains(&&json!("attack:impact=\"data lost\"")),
        "{tags:?}"
    );
}

async fn indicators_are_attributes_of_the_event(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer, facts("A")).await;
    let values = [
        ("domain", "evil.example"),
        ("ipv4", "192.0.2.7"),
        ("sha256", &"a".repeat(64)),
        ("eth", "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae"),
    ];
    let values = values.map(|(kind, value)| parsed(kind, value).unwrap());
    ops::keep_indicators(&ground, &officer, id, values.to_vec())
        .await
        .unwrap();
    let file = export_one(&ground, &officer, id, Written::Misp)
        .await
        .unwrap();
    let event: Value = serde_json::from_str(&file.text).unwrap();
    let attributes = event["Event"]["Attribute"].as_array().unwrap();
    let of = |kind: &str| {
        let found = attributes.iter().find(|one| one["type"] == kind);
        found.unwrap()
    };
    assert_eq!(of("domain")["value"], "evil.example");
    assert_eq!(of("domain")["category"], "Network activity");
    assert_eq!(of("ip-dst")["value"], "192.0.2.7");
    assert_eq!(of("other")["comment"], "eth");
    assert!(attributes.iter().all(|one| one["to_ids"] == json!(false)));
    // MISP's own rules hold for each.
    let limits = formats_misp::full::EventLimits::default();
    let mut read = Vec::new();
    let seen = formats_misp::full::read_events(file.text.as_bytes(), &limits, |event| {
        read.extend(event.attributes);
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(seen.unwrap().events, 1);
    assert_eq!(read.len(), attributes.len());
    for one in &read {
        let wrong = formats_misp::vocabulary::check_attribute(one);
        assert_eq!(wrong, [], "{one:?}");
    }
    // An event that came in gets what it does not have.
    let told = format!("{}", id.uuid());
    let text = file
        .text
        .replace(&told, "6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e");
    let settings = Settings::default();
    import_text(&ground, &officer, (&text, None), &settings, false)
        .await
        .unwrap();
    let taken: IncidentRef = "incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e"
        .parse()
        .unwrap();
    let more = ["evil.example", "worse.example"].map(|name| parsed("domain", name).unwrap());
    ops::keep_indicators(&ground, &officer, taken, more.to_vec())
        .await
        .unwrap();
    let file = export_one(&ground, &officer, taken, Written::Misp).await;
    let event: Value = serde_json::from_str(&file.unwrap().text).unwrap();
    let all = event["Event"]["Attribute"].as_array().unwrap();
    assert_eq!(all.len(), attributes.len() + 1);
    let none = export_one(&ground, &officer, taken, Written::Stix).await;
    assert!(!none.unwrap().text.contains("worse.example"));
}

async fn a_table_that_names_no_class_says_so(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    taxonomy(&ground, &officer).await;
    let text = "title,classes\nA,attack:T1; attack:T9\nB,nonsense\n";
    let settings = Settings::default();
    let look = import_text(&ground, &officer, (text, None), &settings, true).await;
    let done = import_text(&ground, &officer, (text, None), &settings, false).await;
    for (_, report, _) in [look.unwrap(), done.unwrap()] {
        let whys: Vec<(Fate, Why)> = report
            .told
            .iter()
            .map(|told| (told.fate, told.remarks[0].why))
            .collect();
        assert!(whys.contains(&(Fate::Refused, Why::Unreadable)), "{whys:?}");
        assert!(
            whys.contains(&(Fate::Created, Why::UnknownTerm)),
            "{whys:?}"
        );
    }
    let filter = Filter {
        class: Some("attack:T1".parse().unwrap()),
        ..Filter::default()
    };
    let page = ops::list(&ground, &officer, &filter, PageRequest::default()).await;
    assert_eq!(page.unwrap().items[0].title, "A");
}
