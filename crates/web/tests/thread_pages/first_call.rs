//! The first hours of a case on its pages: what is refused says why, and two officers who write at
//! once lose nothing; a report keeps the language of its link.

use axum::http::StatusCode;
use db::Engine;
use incidents::intake::{
    model::Code,
    ops::{officer, reporter},
};
use kernel::{Language, Mode, Role, Viewer};
use testkit::Fleet;

use super::{
    person::{Form, Person, nowhere},
    work::entered,
};

async fn person(fleet: &Fleet, name: &str, role: Role) -> Person {
    Person::with(fleet, "XA", (name, &[role]), nowhere()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_why_at_the_head_of_the_page_and_at_its_field() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = person(&fleet, "olga", Role::DutyOfficer).await;
    let case = entered(&olga).await;
    let told = |page: &str, why: &str| {
        assert!(page.contains(why), "no {why:?} in {page}");
        assert!(!page.contains("This cannot be taken as it stands"));
        assert!(page.contains("look at the field that is marked below"));
    };

    // A date as people write it, a link that is none, a name of nobody, a text without indicators.
    let timeline = format!("{case}/timeline");
    let event = Form::of(&olga.get(&timeline).await.text, &timeline).with("what", "A note");
    let page = olga.post(&timeline, &event.with("at", "23.11.2026")).await;
    told(&page.text, "Write it as 2024, 2024-05, 2024-05-08");
    let again = Form::of(&page.text, &timeline);
    assert_eq!(again.value("what"), "A note");
    let links = format!("{case}/links");
    let link = Form::of(&olga.get(&links).await.text, &links).with("label", "x");
    let page = olga
        .post(&links, &link.with("target", "javascript:alert(1)"))
        .await;
    told(&page.text, "Write an address that begins with https://");
    let form = |name: &str, field: &str, value: &str| {
        let pairs = [("form", name), (field, value)];
        Form(pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec())
    };
    let notes = format!("{case}/notes");
    // Whoever is named in capitals is the same, and nobody is believed to be told who is not.
    let page = olga
        .post(&notes, &form("note", "body", "Call @NOBODY"))
        .await;
    told(&page.text, "nobody who may see the work on this incident");
    assert!(page.text.contains("Call @NOBODY"), "what was typed stays");
    let indicators = format!("{case}/indicators");
    let page = olga
        .post(&indicators, &form("text", "text", "No address in this"))
        .await;
    told(&page.text, "No indicator was found in it");
    assert!(page.text.contains("No address in this"));

    let hand = olga.get(&format!("{indicators}?form=hand")).await.text;
    assert!(hand.contains("There is no collection yet"), "{hand}");
    let import = "/incidents/import";
    let blank = olga.get(import).await.text;
    let none = Form(vec![("step".to_owned(), "look".to_owned())]);
    assert!(blank.contains("Import incidents"));
    let none = olga.post_file(import, &none, ("", "")).await.text;
    assert!(none.contains("Choose a file."), "{none}");

    // An hour is an hour, and no minute is made up.
    let done = olga
        .post(&timeline, &again.with("at", "2026-11-19T04Z"))
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = olga.get(&timeline).await.text;
    assert!(page.contains("19 Nov 2026 04–05 h UTC"), "{page}");

    // A step on a page that is no longer new leads back to the incident.
    let status = format!("{case}/status");
    let step = Form::of(&olga.get(&case).await.text, &status).with("event", "contain");
    let old = olga.post(&status, &step.with("version", "1")).await;
    assert_eq!(old.location, case, "no dead end: {}", old.text);
    let page = olga.get(&case).await.text;
    assert!(!page.contains("contained since"), "{page}");
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_meets_another_version_reads_words_and_goes_on_writing() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = person(&fleet, "olga", Role::DutyOfficer).await;
    let nadia = person(&fleet, "nadia", Role::Analyst).await;
    let case = entered(&olga).await;
    let edit = format!("{case}/edit");
    let drawn = Form::of(&olga.get(&edit).await.text, &edit);
    let theirs = drawn.with("organisation", "Clinic of Aldoria");
    let done = nadia.post(&edit, &theirs).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // What comes after is not what was saved.
    let notes = format!("{case}/notes");
    let note = Form(vec![
        ("form".to_owned(), "note".to_owned()),
        ("body".to_owned(), "Later".to_owned()),
    ]);
    assert_eq!(olga.post(&notes, &note).await.status, StatusCode::SEE_OTHER);

    let mine = drawn
        .with("determination", "confirmed")
        .with("sectors", "health")
        .with("title", "Mine <b>");
    let conflict = olga.post(&edit, &mine).await.text;
    for told in [
        "nadia saved version 2",
        "Clinic of Aldoria",
        "Mine &#60;b&#62;",
        ">Suspected<",
        ">Confirmed<",
        ">Health<",
    ] {
        assert!(conflict.contains(told), "no {told:?} in {conflict}");
    }
    let on = olga
        .post(&edit, &Form::of(&conflict, &edit).with("again", "on"))
        .await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.text);
    let written = Form::of(&on.text, &edit);
    for (name, value) in [
        ("title", "Mine <b>"),
        ("determination", "confirmed"),
        ("sectors", "health"),
        ("version", "2"),
    ] {
        assert_eq!(written.value(name), value, "{name}");
    }
    let both = written.with("organisation", "Clinic of Aldoria");
    let done = olga.post(&edit, &both).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let history = olga.get(&format!("{case}/history")).await.text;
    for told in [">Suspected</del>", ">Confirmed</ins>", ">Health</ins>"] {
        assert!(history.contains(told), "no {told:?} in {history}");
    }

    // A task goes on in the same way, with what was typed.
    let tasks = format!("{case}/tasks");
    let task = Form(vec![
        ("form".to_owned(), "task".to_owned()),
        ("title".to_owned(), "Call ward 3".to_owned()),
        ("again".to_owned(), "on".to_owned()),
    ]);
    let page = olga.post(&tasks, &task).await.text;
    assert!(page.contains("value=\"Call ward 3\""), "{page}");
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_names_who_reads_a_red_incident() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = person(&fleet, "olga", Role::DutyOfficer).await;
    let anouk = person(&fleet, "anouk", Role::Analyst).await;
    let ines = person(&fleet, "ines", Role::Analyst).await;
    let page = olga.get("/incidents/new").await.text;
    let named = page.split("anouk (anouk)").next().unwrap();
    let named = named.rsplit("value=\"").next().unwrap();
    let named = named.split('"').next().unwrap();
    let form = Form::of(&page, "/incidents/new")
        .with("title", "Clinic")
        .with("kind", "incident")
        .with("determination", "suspected")
        .with("tlp", "RED")
        .with("named", named);
    let made = olga.post("/incidents/new", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    assert_eq!(anouk.get(&made.location).await.status, StatusCode::OK);
    assert_eq!(ines.get(&made.location).await.status, StatusCode::NOT_FOUND);
    // Who is not ticked any more reads it no more, and whoever writes it goes on reading it.
    let edit = format!("{}/edit", made.location);
    let form = Form::of(&olga.get(&edit).await.text, &edit);
    assert!(form.0.contains(&("named".to_owned(), named.to_owned())));
    let mut nobody = form.clone();
    nobody.0.retain(|(name, _)| name != "named");
    let done = olga.post(&edit, &nobody).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(
        anouk.get(&made.location).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(olga.get(&made.location).await.status, StatusCode::OK);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_keeps_the_language_of_its_link_and_what_is_not_seen_falls_away() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = person(&fleet, "olga", Role::DutyOfficer).await;
    let ground = fleet.exchange("XA").ground.clone();
    // The link says where the console is, so that it can be given away as it stands.
    let ask = Form(vec![("language".to_owned(), "fr".to_owned())]);
    let led = olga.post("/reports/link", &ask).await;
    let made = olga.keeping(&led).get("/reports").await.text;
    let (address, link) = made.split_once("/report?code=").unwrap();
    let origin = address.rsplit('>').next().unwrap();
    assert!(origin.starts_with("http"), "{origin}");
    let code = Code::typed(link.split('<').next().unwrap()).unwrap();

    let given = |act: &str, what: &str| {
        let pairs = [
            ("code", code.to_text()),
            ("kind", "near-miss".to_owned()),
            ("title", "Presque".to_owned()),
            ("what", what.to_owned()),
            ("act", act.to_owned()),
        ];
        Form(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
    };
    // The browser speaks English; who was given a French link goes on in French.
    let english = ("accept-language", "en");
    let saved = olga
        .post_from("/report", &given("save", "Un"), english)
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let report = reporter::open(&ground, &code).await.unwrap().report;
    assert_eq!(report.language, Language::Fr);
    let refused = olga.post_from("/report", &given("send", ""), english).await;
    assert!(
        refused.text.contains("Veuillez revoir ceci"),
        "{}",
        refused.text
    );
    // Telephones put marks of direction round what is copied from them.
    let hidden = given(
        "send",
        "Demander \u{202a}le service\u{202c} \u{2068}informatique\u{2069}",
    );
    let sent = olga.post_from("/report", &hidden, english).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let report = reporter::open(&ground, &code).await.unwrap().report;
    assert_eq!(report.language, Language::Fr);
    let answers = report.answers.clone().unwrap();
    assert_eq!(answers.what, "Demander le service informatique");

    // A near miss is no incident that is suspected; what is refused there is told at its field.
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    officer::view(&ground, &node, &report.reference)
        .await
        .unwrap();
    let accept = format!("/reports/{}/accept", report.reference);
    let form = Form::of(&olga.get(&accept).await.text, &accept);
    assert_eq!(form.value("determination"), "failed-attempt");
    let refused = olga.post(&accept, &form.with("from", "yesterday")).await;
    assert!(refused.text.contains("id=\"w-from\""), "{}", refused.text);
    let done = olga.post(&accept, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_tell_the_minister_what_was_done_and_whoever_enters_twice_what_is_there() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = person(&fleet, "olga", Role::DutyOfficer).await;
    let care = format!("{}/care", entered(&olga).await);
    let offer = "Take an entry back";
    let empty = olga.get(&care).await.text;
    assert!(empty.contains("Tick a step") && !empty.contains(offer));
    let form = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned()));
        Form(pairs.collect())
    };
    let step = |procedure, done| {
        form(&[
            ("form", "step"),
            ("procedure", procedure),
            ("done_at", done),
        ])
    };
    for form in [step("declare", "2026-11-23"), step("paper-charts", "")] {
        let done = olga.post(&care, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    assert!(olga.get(&care).await.text.contains(offer));
    let briefing = olga.get(&care.replace("/care", "/briefing")).await.text;
    assert!(briefing.contains("1 of 12 steps"), "{briefing}");

    let system = |state| {
        form(&[
            ("form", "system"),
            ("name", "Laboratory"),
            ("site", "Main house"),
            ("state", state),
            ("at", "2026-11-23"),
        ])
    };
    let first = olga.post(&care, &system("down")).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let again = olga.post(&care, &system("back")).await.text;
    assert!(again.contains("There is an entry about the same already (entry 2)"));
    assert!(!again.contains("Somebody else"), "{again}");
    fleet.end().await;
}
