//! The constituency and critical infrastructure by their pages.

use axum::http::StatusCode;
use db::Engine;
use kernel::{Mode, Role, Viewer};
use testkit::Fleet;

use super::person::{Form, Person, after, nowhere};

const FILE: &str = "organisation,host,vendor,product,version\nPort,<mx1>,Example,Mail,1.0\n\
    Port,mx2,Example,Mail,\nPort,,Example,Mail,1\n";
const KEV: &str = r#"{"catalogVersion":"1","vulnerabilities":[{"cveID":"CVE-2026-1111",
"vendorProject":"Example","product":"Mail","vulnerabilityName":"A hole","dateAdded":"2026-01-02",
"knownRansomwareCampaignUse":"Known"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_in_matched_judged_and_planned() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let register = person.get("/incidents").await.text;
    assert!(register.contains("href=\"/constituency\""));
    assert!(!register.contains("href=\"/infrastructure\""));
    let empty = person.get("/constituency").await.text;
    assert!(empty.contains("No assets"), "{empty}");
    let none = Form(vec![]);
    let bad = ("x.csv", "\u{0}\u{1}");
    let bad = person.post_file("/constituency/imports", &none, bad).await;
    assert!(bad.text.contains("not text in UTF-8"), "{}", bad.text);
    let handed = person
        .post_file("/constituency/imports", &none, ("assets.csv", FILE))
        .await;
    let url = handed.location;
    let looked = person.get(&url).await.text;
    assert!(looked.contains("&#60;mx1&#62;"), "{looked}");
    let begin = format!("{url}/begin");
    let form = Form::of(&looked, &begin);
    assert_eq!(person.post(&begin, &form).await.location, url);
    let ground = fleet.exchange("XA").ground;
    let viewer = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let id = url.rsplit('/').next().unwrap().parse().unwrap();
    constituency::ops::finish(&ground, &viewer, id)
        .await
        .unwrap();
    let done = person.get(&url).await.text;
    for part in ["2 new", "1 refused", "Asset: it is missing"] {
        assert!(done.contains(part), "no {part} in {done}");
    }
    let listed = person.get("/constituency?name=mx").await.text;
    // They can be written to a file, and the page says no other.
    assert!(listed.contains("/constituency/assets/file"), "{listed}");
    assert!(listed.contains("Lists go to no other node"), "{listed}");
    assert!(
        listed.contains("mx2") && !listed.contains("&#60;mx1"),
        "{listed}"
    );

    let taken = person
        .post_file("/constituency/matches", &none, ("kev.json", KEV))
        .await;
    assert!(taken.text.contains("1 new matches"), "{}", taken.text);
    let matches = person.get("/constituency/matches").await.text;
    assert!(matches.contains("same names"), "{matches}");
    let found = after(&matches, "href=\"/constituency/matches/match--");
    let found = found.split('"').next().unwrap();
    let page_of = format!("/constituency/matches/match--{found}");
    let page = person.get(&page_of).await.text;
    assert!(page.contains("Nobody has stated here"), "{page}");
    // A fact and what is said of it are two, to whoever hears the page or takes its text.
    assert!(page.contains(" <span class=\"sub\""), "{page}");
    assert!(!page.contains("><span class=\"sub\""), "{page}");
    let state = format!("{page_of}/state");
    let form = Form::of(&page, &state)
        .with("until", "1.1")
        .with("source", "the maker");
    let wrong = person
        .post(&state, &form.clone().with("until", "latest"))
        .await
        .text;
    assert!(wrong.contains("id=\"w-until\""), "{wrong}");
    assert_eq!(person.post(&state, &form).await.location, page_of);
    let page = person.get(&page_of).await.text;
    assert!(
        page.contains(">affected<") && page.contains(">not known<"),
        "{page}"
    );
    let plan = format!("{page_of}/plan");
    let whom = after(&page, "<option value=\"asset--");
    let whom = format!("asset--{}", whom.split('"').next().unwrap());
    let form = Form::of(&page, &plan)
        .with("whom", &whom)
        .with("due_on", "2020-01-01");
    assert_eq!(person.post(&plan, &form).await.location, page_of);
    let desk = person.get("/desk").await.text;
    assert!(desk.contains("CVE-2026-1111"), "{desk}");
    let calendar = person.get("/constituency/calendar").await.text;
    let remedy = after(&calendar, "href=\"/constituency/calendar/remedy--");
    let remedy = format!(
        "/constituency/calendar/remedy--{}",
        remedy.split('"').next().unwrap()
    );
    let page = person.get(&remedy).await.text;
    let form = Form::of(&page, &remedy).with("state", "accepted");
    let wrong = person.post(&remedy, &form).await.text;
    assert!(wrong.contains("id=\"w-reason\""), "{wrong}");
    let form = form
        .with("reason", "old ward")
        .with("until_on", "2199-01-01");
    let changed = person.post(&remedy, &form).await;
    assert_eq!(
        changed.location, "/constituency/calendar",
        "{}",
        changed.text
    );
    let list = person.get("/constituency/organisations").await.text;
    let number = after(&list, "href=\"/constituency/organisations/");
    let organisation = format!(
        "/constituency/organisations/{}",
        number.split('"').next().unwrap()
    );
    let page = person.get(&organisation).await.text;
    let form = Form::of(&page, &organisation).with("found", "two holes");
    let _recorded = person.post(&organisation, &form).await;
    assert!(person.get(&organisation).await.text.contains("two holes"));

    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    for path in [
        "/constituency",
        "/constituency/matches",
        &organisation,
        &url,
    ] {
        assert_eq!(
            diplomat.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn critical_infrastructure_is_there_for_its_readers_alone() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let before = person.get("/infrastructure").await;
    assert_eq!(before.status, StatusCode::NOT_FOUND);
    let exchange = fleet.exchange("XA");
    let register = infrastructure::Register {
        ground: exchange.ground.clone(),
        data_key: exchange.data_key.clone(),
    };
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let name = "rosa".parse().unwrap();
    let user = access::ops::user_named(&register.ground, &node, &name);
    let rights = infrastructure::model::Rights {
        is_named: true,
        may_edit: true,
        may_export: false,
    };
    let user = user.await.unwrap().id;
    let granted = (rights, "keeps the register");
    infrastructure::ops::grant(&register, &node, user, granted)
        .await
        .unwrap();
    let list = person.get("/infrastructure").await.text;
    let form = Form::of(&list, "/infrastructure").with("operator_name", "Grid <1>");
    let operator = person.post("/infrastructure", &form).await.location;
    assert!(
        operator.starts_with("/infrastructure/infrastructure--"),
        "{operator}"
    );
    let id = operator.rsplit('/').next().unwrap().to_owned();
    let mut made = Vec::new();
    for name in ["Power", "Hospital"] {
        let form = Form(vec![
            ("kind".to_owned(), "service".to_owned()),
            ("service_name".to_owned(), name.to_owned()),
            ("operator".to_owned(), id.clone()),
            ("category".to_owned(), "national".to_owned()),
        ]);
        made.push(person.post("/infrastructure", &form).await.location);
    }
    let page = person.get(&made[1]).await.text;
    let add = format!("{}/depends", made[1]);
    let power = made[0].rsplit('/').next().unwrap();
    let form = Form::of(&page, &add)
        .with("depends", power)
        .with("hours", "4");
    assert_eq!(person.post(&add, &form).await.location, made[1]);
    let contacts = format!("{}/contacts", made[1]);
    let page = person.get(&made[1]).await.text;
    let form =
        Form::of(&page, &contacts).with("contacts", "Ward | night | +000 12 | | always | ar en");
    assert_eq!(person.post(&contacts, &form).await.location, made[1]);
    let wrong = person
        .post(&contacts, &form.clone().with("contacts", "x | | <b>"))
        .await;
    assert!(wrong.text.contains("id=\"w-contacts\""), "{}", wrong.text);
    let page = person.get(&made[0]).await.text;
    assert!(
        page.contains("<svg") && page.contains("fails after 4 h"),
        "{page}"
    );
    let answers = format!("{}/answers", made[0]);
    let form = Form::of(&page, &answers).with("answer_users", "3");
    assert_eq!(person.post(&answers, &form).await.location, made[0]);
    assert!(person.get(&made[0]).await.text.contains("16 to 100 of 100"));
    let page = person.get(&made[0]).await.text;
    let remove = format!("{}/remove", made[0]);
    let refused = person.post(&remove, &Form::of(&page, &remove)).await;
    assert!(refused.text.contains(" to it. Take "), "{}", refused.text);
    assert_eq!(
        person.get(&made[0]).await.status,
        StatusCode::OK,
        "something needs it"
    );
    let exporting = person.get("/infrastructure").await.text;
    assert!(!exporting.contains("/api/v1/infrastructure/file"));

    let other = Person::with(&fleet, "XA", ("dora", &[Role::DutyOfficer]), nowhere()).await;
    assert_eq!(
        other.get("/infrastructure").await.status,
        StatusCode::NOT_FOUND
    );
    let nothing = other
        .get("/infrastructure/infrastructure--00000000-0000-4000-8000-000000000000")
        .await;
    for path in [&made[0], &operator] {
        let hidden = other.get(path).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(hidden.text.len(), nothing.text.len(), "{path}");
    }
    assert!(
        !other
            .get("/incidents")
            .await
            .text
            .contains("/infrastructure")
    );
    let search = other.get("/search?q=Hospital").await.text;
    assert!(!search.contains("infrastructure--"));
    fleet.end().await;
}
