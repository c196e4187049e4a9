//! The work on an incident by its tabs, and on the desk.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::{
    collections::{made, press},
    person::{Form, Person, nowhere},
};

pub(crate) async fn entered(officer: &Person) -> String {
    let blank = officer.get("/incidents/new").await.text;
    let form = Form::of(&blank, "/incidents/new")
        .with("title", "Clinic")
        .with("kind", "incident")
        .with("tlp", "AMBER")
        .with("determination", "suspected");
    officer.post("/incidents/new", &form).await.location
}

/// The form that is open on a tab; before it stands the one to watch the incident.
fn open(page: &str, tab: &str) -> Form {
    let (_, rest) = page.split_once("id=\"form\"").unwrap();
    Form::of(rest, tab)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_given_taken_and_contested() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let nadia = Person::with(&fleet, "XA", ("nadia", &[Role::Analyst]), nowhere()).await;
    let rita = Person::with(&fleet, "XA", ("rita", &[Role::Reporter]), nowhere()).await;
    let case = entered(&olga).await;
    let tab = format!("{case}/tasks");
    assert!(olga.get(&tab).await.text.contains("Nothing is to be done"));

    // A template brings its tasks; a task of one's own has a name and a time.
    let page = olga.get(&format!("{tab}?form=template")).await.text;
    let form = open(&page, &tab).with("template", "ransomware-hospital");
    assert_eq!(olga.post(&tab, &form).await.status, StatusCode::SEE_OTHER);
    let page = olga.get(&format!("{tab}?form=task")).await.text;
    assert!(!page.contains("value=\"rita\""), "reporters see no work");
    let new = open(&page, &tab)
        .with("title", "Call <ward 3>")
        .with("assignee", "nadia")
        .with("due", "2020-01-01T00:00");
    let nobody = olga.post(&tab, &new.with("assignee", "rita")).await;
    assert!(nobody.text.contains("id=\"w-assignee\""), "{}", nobody.text);
    assert_eq!(olga.post(&tab, &new).await.status, StatusCode::SEE_OTHER);
    let desk = nadia.get("/desk").await.text;
    assert!(desk.contains("Call &#60;ward 3&#62;"), "{desk}");
    assert!(!olga.get("/desk").await.text.contains("ward 3"));

    // Two change it at the same time: the second sees both texts and decides.
    let drawn = nadia.get(&format!("{tab}?form=task-13")).await.text;
    let theirs = open(&drawn, &tab).with("state", "doing");
    let mine = theirs.with("title", "Call ward 4").with("state", "open");
    assert_eq!(
        nadia.post(&tab, &theirs).await.status,
        StatusCode::SEE_OTHER
    );
    let conflict = olga.post(&tab, &mine).await;
    assert_eq!(conflict.status, StatusCode::OK);
    for text in [
        "Call &#60;ward 3&#62;",
        "Call ward 4",
        "nadia",
        "as version 3",
    ] {
        assert!(
            conflict.text.contains(text),
            "no {text} in {}",
            conflict.text
        );
    }
    let anyway = Form::of(&conflict.text, &tab);
    assert_eq!(olga.post(&tab, &anyway).await.status, StatusCode::SEE_OTHER);
    assert!(nadia.get(&tab).await.text.contains("Call ward 4"));

    // Whoever may not see the incident, or the work on it, finds neither.
    assert_eq!(rita.get(&tab).await.status, StatusCode::NOT_FOUND);
    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    assert!(!diplomat.get(&tab).await.text.contains("?form="));
    let refused = diplomat.post(&tab, &new).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_whom_it_names_and_indicators_are_looked_at_first() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let nadia = Person::with(&fleet, "XA", ("nadia", &[Role::Analyst]), nowhere()).await;
    let case = entered(&olga).await;
    let notes = format!("{case}/notes");
    let page = olga.get(&notes).await.text;
    let note = open(&page, &notes);
    let nobody = olga.post(&notes, &note.with("body", "@nobody look")).await;
    assert!(nobody.text.contains("id=\"w-body\""), "{}", nobody.text);
    let told = olga.post(&notes, &note.with("body", "@nadia look")).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    assert!(
        nadia
            .get("/desk")
            .await
            .text
            .contains("you are mentioned by")
    );
    let page = nadia.get(&notes).await.text;
    assert!(page.contains("1 note mentions you"), "{page}");
    let seen = Form::of(&page, &notes).with("form", "seen");
    assert_eq!(
        nadia.post(&notes, &seen).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(
        !nadia
            .get("/desk")
            .await
            .text
            .contains("you are mentioned by")
    );

    let tab = format!("{case}/indicators");
    let page = olga.get(&tab).await.text;
    let pasted = open(&page, &tab).with(
        "text",
        "C2 hxxps://evil[.]example/a at 10.0.0.7\nand 203.0.113[.]9",
    );
    let look = olga.post(&tab, &pasted).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(
        look.text.contains("https://evil.example/a"),
        "{}",
        look.text
    );
    let kept = olga.get(&tab).await.text;
    assert!(kept.contains("No indicators are kept here"), "{kept}");
    let keep = open(&look.text, &tab).with("indicators", "url https://evil.example/a");
    assert_eq!(olga.post(&tab, &keep).await.status, StatusCode::SEE_OTHER);
    let page = olga.get(&tab).await.text;
    assert!(page.contains("1 indicator"), "{page}");
    // They go to a collection as an upload that is looked at, under the incident's marking.
    let collection = made(&olga, "Feed").await;
    let page = olga.get(&format!("{tab}?form=hand")).await.text;
    let hand = open(&page, &tab).with("collection", "exercise feed");
    let handed = olga.post(&tab, &hand).await.location;
    let preview = olga.get(&handed).await.text;
    assert!(preview.contains("evil.example"), "{preview}");
    press(&olga, &preview, &format!("{handed}/begin")).await;
    fleet
        .until("XA", "the import ends", async || {
            let page = olga.get(&handed).await.text;
            page.contains("See the collection").then_some(page)
        })
        .await;
    let objects = olga.get(&collection).await.text;
    assert!(objects.contains("evil.example/a"), "{objects}");
    assert!(objects.contains("AMBER"), "{objects}");
    let unchanged = olga
        .post(&tab, &pasted.with("text", "nothing at all"))
        .await;
    assert!(
        unchanged.text.contains("id=\"w-text\""),
        "{}",
        unchanged.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_tells_what_stood_there_before() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let case = entered(&olga).await;
    let edit = format!("{case}/edit");
    let page = olga.get(&edit).await.text;
    let form = Form::of(&page, &edit).with("title", "Clinic of the north");
    assert_eq!(olga.post(&edit, &form).await.status, StatusCode::SEE_OTHER);
    let page = olga.get(&format!("{case}/history")).await.text;
    assert!(page.contains("<del dir=\"auto\">Clinic</del>"), "{page}");
    assert!(
        page.contains("<ins dir=\"auto\">Clinic of the north</ins>"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_is_said_before_an_incident_is_closed() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let case = entered(&olga).await;
    let (tasks, status) = (format!("{case}/tasks"), format!("{case}/status"));
    let page = olga.get(&format!("{tasks}?form=template")).await.text;
    let form = open(&page, &tasks).with("template", "ransomware-hospital");
    assert_eq!(olga.post(&tasks, &form).await.status, StatusCode::SEE_OTHER);

    let close = Form::of(&olga.get(&case).await.text, &status).with("event", "close");
    let asked = olga.post(&status, &close).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    for said in ["12 tasks that are not done", "None is written"] {
        assert!(asked.text.contains(said), "no {said} in {}", asked.text);
    }
    assert!(!asked.text.contains("due and not filed"), "{}", asked.text);
    let page = olga.get(&case).await.text;
    assert!(page.contains("<b>Open</b>"), "{page}");

    // The officer goes on all the same.
    let sure = Form::of(&asked.text, &status);
    assert_eq!(olga.post(&status, &sure).await.location, case);
    let page = olga.get(&case).await.text;
    assert!(page.contains("<b>Closed</b>"), "{page}");
    assert!(!page.contains("Nothing more is to be done"), "{page}");

    // Of another version, there is nothing to ask.
    let stale = olga.post(&status, &close).await;
    assert_eq!(stale.location, case, "{}", stale.text);

    // Of which nothing is open, one press closes it.
    let case = entered(&olga).await;
    let (notes, status) = (format!("{case}/notes"), format!("{case}/status"));
    let page = olga.get(&format!("{notes}?form=lesson")).await.text;
    let lesson = open(&page, &notes)
        .with("kind", "worked")
        .with("body", "Calls");
    assert_eq!(
        olga.post(&notes, &lesson).await.status,
        StatusCode::SEE_OTHER
    );
    let close = Form::of(&olga.get(&case).await.text, &status).with("event", "close");
    assert_eq!(olga.post(&status, &close).await.location, case);
    fleet.end().await;
}

/// By its mark the same form of one page is known when it comes twice.
#[tokio::test(flavor = "multi_thread")]
async fn each_drawing_of_a_page_has_a_mark_of_its_own() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let notes = format!("{}/notes", entered(&olga).await);
    let token = async || {
        let page = olga.get(&notes).await.text;
        let all = page.split("name=\"csrf\" value=\"").skip(1);
        let mut all: Vec<_> = all
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        all.dedup();
        assert_eq!(all.len(), 1, "one page, one mark: {all:?}");
        all.remove(0)
    };
    let (one, two) = (token().await, token().await);
    assert_ne!(one, two);
    for drawn in [&one, &two] {
        let (ours, mark) = drawn.split_once('.').unwrap();
        assert_eq!((ours, mark.len()), (olga.csrf.as_str(), 12));
    }
    // It is taken as the token is, with files too.
    let olga = Person { csrf: one, ..olga };
    let form = open(&olga.get(&notes).await.text, &notes).with("body", "hello");
    assert_eq!(olga.post(&notes, &form).await.status, StatusCode::SEE_OTHER);
    let evidence = notes.replace("/notes", "/evidence");
    let form = Form::of(&olga.get(&evidence).await.text, &evidence)
        .with("kind", "log")
        .with("tlp", "AMBER");
    let done = olga
        .post_file(&evidence, &form, ("proxy.log", "GET /"))
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    fleet.end().await;
}
