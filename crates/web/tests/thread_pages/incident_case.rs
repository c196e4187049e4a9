//! A case as a whole: on paper, and split into two.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::{
    person::{Form, Person, nowhere},
    work::entered,
};

async fn add(officer: &Person, case: &str, (tab, fields): (&str, &[(&str, &str)])) {
    let tab = format!("{case}/{tab}");
    let mut form = Form::of(&officer.get(&tab).await.text, &tab);
    for (name, value) in fields {
        form = form.with(name, value);
    }
    let done = officer.post(&tab, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

async fn event(officer: &Person, case: &str, what: &str) {
    let fields = [("at", "2026-11-20"), ("what", what)];
    add(officer, case, ("timeline", &fields)).await;
}

async fn put(officer: &Person, case: &str) {
    let tab = format!("{case}/evidence");
    let form = Form::of(&officer.get(&tab).await.text, &tab)
        .with("kind", "log")
        .with("tlp", "AMBER");
    let done = officer.post_file(&tab, &form, ("proxy.log", "GET /")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_printed_whole_as_far_as_its_reader_may_see_it() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let paul = Person::with(&fleet, "XA", ("paul", &[Role::PolicyOfficer]), nowhere()).await;
    let case = entered(&olga).await;
    // More events than a page of the timeline has, and more acts than a page of the history.
    let tab = format!("{case}/timeline");
    let form = Form::of(&olga.get(&tab).await.text, &tab).with("at", "2026-11-20");
    for n in 0..210 {
        let form = form.with("what", &format!("event {n} <ward>"));
        assert_eq!(olga.post(&tab, &form).await.status, StatusCode::SEE_OTHER);
    }
    let note = format!("{case}/notes");
    let page = olga.get(&note).await.text;
    let (_, rest) = page.split_once("id=\"form\"").unwrap();
    let form = Form::of(rest, &note).with("body", "between colleagues");
    assert_eq!(olga.post(&note, &form).await.status, StatusCode::SEE_OTHER);
    put(&olga, &case).await;

    let print = format!("{case}/print");
    let offered = format!("href=\"{print}\"");
    assert!(olga.get(&case).await.text.contains(&offered));
    let paper = olga.get(&print).await.text;
    let all = (0..210).all(|n| paper.contains(&format!("event {n} &#60;ward&#62;")));
    assert!(all, "{paper}");
    assert_eq!(paper.matches("Event added").count(), 210);
    for text in ["TLP:AMBER", "proxy.log", "SHA-256", "Put in", "incident--"] {
        assert!(paper.contains(text), "no {text}");
    }
    for text in ["between colleagues", "<nav", "class=\"rail\"", " ago"] {
        assert!(!paper.contains(text), "{text}");
    }
    let inner = olga.get(&format!("{print}?inner=on")).await.text;
    assert!(inner.contains("between colleagues"));
    // The custody that is printed is looked at.
    let again = olga.get(&print).await.text;
    assert_eq!(again.matches("Looked at").count(), 3, "{again}");

    // A policy officer prints and exports what he reads, and is asked for nothing else.
    let page = paul.get(&case).await.text;
    let export = format!("href=\"{case}/export\"");
    assert!(page.contains(&export) && page.contains(&offered), "{page}");
    assert!(!page.contains(&format!("href=\"{case}/split\"")));
    assert_eq!(paul.get(&print).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_become_an_incident_of_their_own_after_a_look_and_go_back() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let paul = Person::with(&fleet, "XA", ("paul", &[Role::PolicyOfficer]), nowhere()).await;
    let case = entered(&olga).await;
    event(&olga, &case, "Mails from the supplier").await;
    event(&olga, &case, "Records encrypted").await;
    put(&olga, &case).await;

    let split = format!("{case}/split");
    let page = olga.get(&split).await.text;
    assert!(
        page.contains("Records encrypted") && page.contains("proxy.log"),
        "{page}"
    );
    let form = Form::of(&page, &split)
        .with("title", "Mails")
        .with("step", "look");
    let why = form.with("reason", "another attack");
    let nothing = olga.post(&split, &why).await.text;
    assert!(nothing.contains("href=\"#f-parts\""), "{nothing}");
    let chosen = why.with("timeline", "0").with("evidence", "1");
    let look = olga.post(&split, &chosen).await.text;
    assert!(
        look.contains("Split now") && !look.contains("Records encrypted"),
        "{look}"
    );

    // Somebody adds to it meanwhile: nothing happens, and the choice stands.
    event(&olga, &case, "Ambulances diverted").await;
    let form = Form::of(&look, &split).with("step", "split");
    let stale = olga.post(&split, &form).await;
    assert!(stale.text.contains("value=\"0\" checked"), "{}", stale.text);
    let look = olga.post(&split, &chosen).await.text;
    let form = Form::of(&look, &split).with("step", "split");
    let done = olga.post(&split, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let new = done.location;
    assert_ne!(new, case);

    let page = olga.get(&format!("{new}/timeline")).await.text;
    assert!(
        page.contains("Mails from the supplier") && page.contains("Split from"),
        "{page}"
    );
    assert!(
        olga.get(&format!("{new}/evidence"))
            .await
            .text
            .contains("proxy.log")
    );
    let page = olga.get(&format!("{case}/timeline")).await.text;
    assert!(
        !page.contains("Mails from the supplier") && page.contains(&new),
        "{page}"
    );
    for (id, text) in [(&case, "Parts split into"), (&new, "Split from another")] {
        let history = olga.get(&format!("{id}/history")).await.text;
        assert!(
            history.contains(text) && history.contains("another attack"),
            "{history}"
        );
    }

    // The way back is a merge, which its page offers with the look at it.
    let (_, public) = new.rsplit_once('/').unwrap();
    let back = format!("{case}/merge?from={public}");
    assert!(olga.get(&new).await.text.contains(&back));
    let merge = format!("{case}/merge");
    let form = Form::of(&olga.get(&back).await.text, &merge);
    let done = olga
        .post(&merge, &form.with("reason", "one after all"))
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(
        olga.get(&format!("{case}/timeline"))
            .await
            .text
            .contains("Mails from the supplier")
    );
    // What went takes nothing more, and asks for nothing.
    let tab = format!("{new}/evidence");
    let page = olga.get(&tab).await.text;
    assert!(!page.contains("name=\"file\""), "{page}");
    assert!(!page.contains(&format!("href=\"{new}/split\"")));
    for tab in ["tasks", "notes", "indicators"] {
        let page = olga.get(&format!("{new}/{tab}")).await.text;
        assert!(!page.contains("id=\"form\""), "{page}");
    }

    let refused = paul.get(&split).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_is_told_of_personal_data_and_of_dates_that_do_not_go_together() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let paul = Person::with(&fleet, "XA", ("paul", &[Role::PolicyOfficer]), nowhere()).await;
    let case = entered(&olga).await;
    let warned = |page: &str| {
        let told = ["in the future", "an e-mail address"];
        told.map(|words| page.contains(words))
    };
    assert_eq!(warned(&olga.get(&case).await.text), [false, false]);
    let edit = format!("{case}/edit");
    let form = Form::of(&olga.get(&edit).await.text, &edit)
        .with("detected", "2199-11-19")
        .with("description", "Ask jane.doe@clinic.example.");
    let done = olga.post(&edit, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(warned(&olga.get(&case).await.text), [true, true]);
    let notes = format!("{case}/notes");
    assert_eq!(warned(&olga.get(&notes).await.text), [false, false]);
    let page = paul.get(&case).await.text;
    assert!(!page.contains("in the future"), "he cannot edit it: {page}");
}
