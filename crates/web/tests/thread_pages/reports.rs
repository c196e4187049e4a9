//! The marking of a report, and who reads it while it is RED.

use axum::http::StatusCode;
use db::Engine;
use incidents::intake::{
    model::Answers,
    ops::{
        officer,
        reporter::{self, Caller, Writing},
    },
};
use kernel::{Language, Mode, Role, Viewer};
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

/// A report that was sent, by its page.
async fn sent(fleet: &Fleet) -> String {
    let ground = fleet.exchange("XA").ground.clone();
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let invited = officer::invite(&ground, &node, None, Language::En).await;
    let (_, code) = invited.unwrap();
    let answers = Answers {
        kind: "incident".into(),
        title: "Locked".into(),
        what: "Every screen shows a note.".into(),
        began: "2026-11-20".into(),
        country: "XB".into(),
        contact: "nurse@hospital.example".into(),
        ..Answers::default()
    };
    let caller = Caller {
        party: "XA".parse().unwrap(),
        address: None,
    };
    let writing = Writing {
        code,
        answers,
        language: Language::En,
        send: true,
    };
    let report = reporter::write(&ground, &caller, writing).await.unwrap();
    format!("/reports/{}", report.reference)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_red_report_is_for_those_whom_the_page_names() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = async |name, role| Person::with(&fleet, "XA", (name, &[role]), nowhere()).await;
    let olga = person("olga", Role::DutyOfficer).await;
    let anouk = person("anouk", Role::Analyst).await;
    let ines = person("ines", Role::Analyst).await;
    person("dora", Role::Diplomat).await;
    let url = sent(&fleet).await;
    assert_eq!(ines.get(&url).await.status, StatusCode::OK);
    let page = olga.get(&url).await.text;
    let to = format!("{url}/label");
    assert!(
        page.contains("anouk (anouk)") && !page.contains("dora"),
        "{page}"
    );
    let id = page.split("anouk (anouk)").next().unwrap();
    let id = id
        .rsplit("value=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let marked = Form::of(&page, &to).with("tlp", "RED").with("named", id);
    let done = olga.post(&to, &marked).await;
    assert_eq!(done.location, url, "{}", done.text);
    let stale = olga.post(&to, &marked).await;
    assert!(stale.location.is_empty(), "the version has gone on");
    let page = olga.get(&url).await.text;
    assert!(page.contains("<dd dir=\"auto\">anouk, olga</dd>"), "{page}");
    assert_eq!(anouk.get(&url).await.status, StatusCode::OK);
    assert_eq!(ines.get(&url).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ines.post(&to, &marked).await.status, StatusCode::NOT_FOUND);
    fleet.end().await;
}

/// What an officer copies goes into a mail or a message as it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_link_for_a_reporter_is_a_whole_address() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let page = olga.get("/reports").await.text;
    let form = Form::of(&page, "/reports/link").with("language", "fr");
    let led = olga.post("/reports/link", &form).await;
    assert_eq!(led.location, "/reports", "{}", led.text);
    let page = olga.keeping(&led).get("/reports").await;
    assert_eq!(page.kept, "comity-XA-report-made=", "it is shown once");
    assert!(!olga.get("/reports").await.text.contains("id=\"made\""));
    let page = page.text;
    let made = page.split("id=\"made\"").nth(1).unwrap();
    let (_, made) = made.split_once('>').unwrap();
    let (made, after) = made.split_once("</pre>").unwrap();
    let form = "https://console.example/report?code=";
    assert!(made.starts_with(form), "{made}");
    let code = made.trim_start_matches(form);
    let read_out = format!("to be typed at https://console.example/report/open: {code}</p>");
    assert!(after.contains(&read_out), "{after}");
    fleet.end().await;
}

/// Whoever has a link writes, and reads what became of it, in the language of the link, whatever the browser
/// prefers; another language is for the reporter to choose.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_stays_in_the_language_of_its_link() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let ground = fleet.exchange("XA").ground.clone();
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let invited = officer::invite(&ground, &node, None, Language::Fr).await;
    let code = invited.unwrap().1;
    let language = async || {
        let whole = reporter::open(&ground, &code).await.unwrap();
        whole.report.language
    };
    let cookie = format!("comity-XA-report={}", code.to_text());
    let at = |cookie: String| Person {
        router: olga.router.clone(),
        cookie,
        csrf: String::new(),
    };
    let nurse = at(cookie.clone());
    let page = nurse.get("/report").await.text;
    assert!(page.contains("<html lang=\"fr\""), "{page}");
    let form = Form::of(&page, "/report").with("title", "Écrans bloqués");
    // The page saves by itself as well, with the same request.
    let saved = nurse.post("/report", &form.with("act", "save")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(language().await, Language::Fr);
    let page = nurse.get("/report").await.text;
    assert!(page.contains("<html lang=\"fr\""), "{page}");
    // What is refused is said in that language, too.
    let refused = nurse.post("/report", &form.with("act", "send")).await;
    assert!(
        refused.text.contains("<html lang=\"fr\""),
        "{}",
        refused.text
    );

    let chosen = at(format!("{cookie}; comity-XA-report-language=ar"));
    let page = chosen.get("/report").await.text;
    assert!(page.contains("<html lang=\"ar\""), "{page}");
    let whole = Form::of(&page, "/report")
        .with("kind", "incident")
        // A number copied from a telephone has marks round it that nobody sees.
        .with("contact", "\u{202a}+353 1 234 5678\u{202c}")
        .with("title", "\u{2067}الشاشات\u{2069}")
        .with("what", "كل الشاشات مقفلة");
    let sent = chosen.post("/report", &whole.with("act", "send")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(language().await, Language::Ar);
    let kept = reporter::open(&ground, &code).await.unwrap().report.answers;
    let kept = kept.unwrap();
    let said = (kept.contact.as_str(), kept.title.as_str());
    assert_eq!(said, ("+353 1 234 5678", "الشاشات"));
    // Where the choice is forgotten, the report stands in it.
    let page = nurse.get("/report").await.text;
    assert!(page.contains("<html lang=\"ar\""), "{page}");
    let empty = nurse
        .post(
            "/report/add",
            &Form(Vec::new()).with("code", &code.to_text()),
        )
        .await;
    assert!(empty.text.contains("<html lang=\"ar\""), "{}", empty.text);
    fleet.end().await;
}

/// Whoever reports may be mistaken about a day, and may be right: he is told in his language where it
/// stands, sends it all the same, and the officer sees the doubt.
#[tokio::test(flavor = "multi_thread")]
async fn days_that_do_not_go_together_are_told_to_the_reporter_and_the_officer() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let ground = fleet.exchange("XA").ground.clone();
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let told = [
        (Language::Ar, "هذا قبل اليوم الذي بدأ فيه الأمر"),
        (Language::Zh, "这早于事情开始的那一天"),
        (Language::En, "This is before the day on which it began"),
        (Language::Es, "Es anterior al día en que empezó"),
        (Language::Fr, "C’est avant le jour où cela a commencé"),
        (Language::Ru, "Это раньше дня, когда всё началось"),
    ];
    for (language, why) in told {
        let invited = officer::invite(&ground, &node, None, language).await;
        let (report, code) = invited.unwrap();
        let nurse = Person {
            router: olga.router.clone(),
            cookie: format!("comity-XA-report={}", code.to_text()),
            csrf: String::new(),
        };
        let page = nurse.get("/report").await.text;
        assert!(!page.contains("name=\"sure\""), "{page}");
        let form = Form::of(&page, "/report").with("title", "Locked");
        let form = form.with("kind", "incident");
        let form = form.with("what", "Screens").with("began", "2026-05-05");
        let form = form.with("noticed", "2020-01-01").with("act", "send");
        let asked = nurse.post("/report", &form).await;
        assert_eq!(asked.status, StatusCode::OK, "it is not sent yet");
        let at_field = asked.text.split("id=\"w-noticed\">").nth(1).unwrap();
        assert!(at_field.starts_with(why), "{language:?}: {at_field}");
        let kept = Form::of(&asked.text, "/report");
        assert_eq!(kept.value("noticed"), "2020-01-01", "what was typed stays");
        let sent = nurse.post("/report", &form.with("sure", "on")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{language:?}");
        for page in ["", "/accept"] {
            let page = format!("/reports/{}{page}", report.reference);
            let page = olga.get(&page).await.text;
            let doubt = "It is said to have been noticed before it began.";
            assert!(page.contains(doubt), "{page}");
        }
    }
    let page = olga.get(&sent(&fleet).await).await.text;
    assert!(!page.contains("Check the dates"), "{page}");
    fleet.end().await;
}
