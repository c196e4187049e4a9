//! Mails that wait, and how the mailbox does, by their pages.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use db::Engine;
use kernel::{Mode, Role};
use mail::Fetched;
use mailbox::{Login, Mailbox, Settings};
use testkit::Fleet;

use super::{
    circles::{press, shows},
    person::{Form, Person, nowhere},
};

const SECRET: &str = "open-sesame-9";
const BY_PROGRAM: &str = "From: Pump <7> <bot@example.net>\r\nAuto-Submitted: auto-generated\r\nMessage-ID: <3@example.net>\r\nSubject: Pump <b>7</b>\r\n\r\n<img src=http://example.net/seen> It stands still.\r\n";
const BY_PERSON: &str = "From: someone@example.net\r\nMessage-ID: <1@example.net>\r\nSubject: Ward nine\r\n\r\nDark.\r\n";

/// The mailbox of a node, as if its operator had configured servers that do not answer.
fn configured(fleet: &Fleet) -> Mailbox {
    Mailbox {
        settings: Some(Arc::new(Settings {
            address: "desk@example.org".parse().unwrap(),
            name: "Desk".to_owned(),
            imap: Some("imap+plain://127.0.0.1:1".parse().unwrap()),
            smtp: Some("smtp+plain://127.0.0.1:1".parse().unwrap()),
            folder: "INBOX".to_owned(),
            login: Some(Login {
                user: "desk".to_owned(),
                password: SECRET.into(),
            }),
            authority: None,
            every: Duration::from_mins(1),
            acknowledges: true,
        })),
        ..fleet.node("XA").mailbox().clone()
    }
}

async fn bring(mailbox: &Mailbox, uid: u32, mail: &str) {
    let whole = Fetched::Whole(mail.as_bytes().to_vec());
    mailbox::ops::take(mailbox, ("here", 1, uid), whole)
        .await
        .unwrap();
}

async fn person(fleet: &Fleet, mode: Mode, (name, role): (&str, Role)) -> Person {
    let seat = (mode, nowhere(), configured(fleet));
    Person::seated(fleet, "XA", (name, &[role]), seat).await
}

/// The addresses of a kind that a page leads to.
fn leads<'p>(page: &'p str, before: &str, behind: &str) -> Vec<&'p str> {
    let found = page.split('"').filter(|part| part.starts_with(before));
    found.filter(|part| part.ends_with(behind)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_wait_are_looked_at_and_dealt_with() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let mailbox = configured(&fleet);
    let officer = person(&fleet, Mode::Real, ("rosa", Role::DutyOfficer)).await;
    let none = officer.get("/mails").await.text;
    assert!(none.contains("No mail waits for somebody"), "{none}");
    bring(&mailbox, 1, BY_PERSON).await;
    bring(&mailbox, 2, BY_PROGRAM).await;
    bring(&mailbox, 3, &BY_PROGRAM.replace("<3@", "<4@")).await;
    let desk = officer.get("/desk").await.text;
    assert!(desk.contains("2 mails wait for somebody"), "{desk}");
    let register = officer.get("/incidents").await.text;
    assert_eq!(leads(&register, "/mails", "").len(), 1, "{register}");
    let list = officer.get("/mails").await.text;
    let pages = leads(&list, "/mails/", "");
    assert_eq!(pages.len(), 2, "{list}");
    assert!(
        list.contains("A program wrote it") && !list.contains("Ward nine"),
        "{list}"
    );
    let all = officer.get("/mails?show=in").await.text;
    assert_eq!(leads(&all, "/mails/", "").len(), 3, "{all}");

    // It is shown as text, and nothing of it is loaded.
    let page = officer.get(pages[0]).await.text;
    assert!(page.contains("Pump &#60;b&#62;7&#60;/b&#62;"), "{page}");
    assert!(
        page.contains("&#60;img src=http://example.net/seen&#62;"),
        "{page}"
    );
    assert!(!page.contains("<img"), "{page}");
    assert_eq!(leads(&page, "/api/v1/mails/", "/whole").len(), 1);
    let attach = format!("{}/attach", pages[0]);
    let form = Form::of(&page, &attach).with("reference", "R-00000-00000");
    let wrong = officer.post(&attach, &form).await.text;
    assert!(wrong.contains("id=\"w-reference\""), "{wrong}");
    press(&officer, &page, &format!("{}/report", pages[0])).await;
    let page = officer.get(pages[0]).await.text;
    let reports = leads(&page, "/reports/R-", "");
    assert_eq!(leads(&page, pages[0], "/report").len(), 0, "{page}");
    let report = officer.get(reports[0]).await.text;
    assert!(report.contains("It stands still."), "{report}");
    let mails = leads(&report, "/mails?reference=R-", "");
    let matter = officer.get(mails[0]).await.text;
    assert_eq!(leads(&matter, "/mails/", ""), [pages[0]], "{matter}");

    // The other one goes where the first went, or aside, once.
    let aside = format!("{}/aside", pages[1]);
    let page = officer.get(pages[1]).await.text;
    let form = Form::of(&page, &aside).with("reason", "The pump is <mended>");
    let done = officer.post(&aside, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = officer.get(pages[1]).await.text;
    assert!(page.contains("The pump is &#60;mended&#62;"), "{page}");
    let twice = officer.post(&aside, &form).await.text;
    assert!(twice.contains("somebody has dealt with it"), "{twice}");
    let answer = format!("{}/answer", pages[1]);
    let form = Form::of(&page, &answer).with("text", "Thank you.");
    let done = officer.post(&answer, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(officer.get("/mails").await.text.contains("No mail waits"));

    for (mode, name, role, status) in [
        (Mode::Real, "ada", Role::Admin, StatusCode::FORBIDDEN),
        (
            Mode::Exercise,
            "eve",
            Role::DutyOfficer,
            StatusCode::NOT_FOUND,
        ),
    ] {
        let other = person(&fleet, mode, (name, role)).await;
        for path in ["/mails", "/mails?show=in", pages[0]] {
            assert_eq!(other.get(path).await.status, status, "{name} {path}");
        }
        let desk = other.get("/desk").await.text;
        assert!(!desk.contains("wait for somebody"), "{desk}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_mailbox_does_is_seen_without_its_mails() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let mailbox = configured(&fleet);
    let admin = person(&fleet, Mode::Real, ("ada", Role::Admin)).await;
    let own = admin.get("/settings").await.text;
    assert_eq!(leads(&own, "/settings/mail", "").len(), 1, "{own}");
    let page = admin.get("/settings/mail").await.text;
    assert!(page.contains("Not tried yet"), "{page}");
    assert!(page.contains("Nothing waits to go out"), "{page}");
    for setting in ["password_file", "every_seconds", "imap+plain://127.0.0.1:1"] {
        assert!(page.contains(setting), "{setting} {page}");
    }
    let form = Form::of(&page, "/settings/mail/test");
    let tested = admin.post("/settings/mail/test", &form).await.text;
    assert!(tested.contains("Somebody answers there"), "{tested}");
    assert!(
        tested.contains("The mail server cannot be reached."),
        "{tested}"
    );
    assert!(
        tested.contains("Look at the port and at firewalls."),
        "{tested}"
    );
    assert!(!tested.contains(SECRET), "{tested}");
    mailbox::ops::visit(&mailbox).await.unwrap_err();
    let page = admin.get("/settings/mail").await.text;
    assert!(page.contains("Does not work since"), "{page}");
    assert!(
        page.contains("Look at the port and at firewalls."),
        "{page}"
    );

    // The node that runs has no server for the acknowledgement: it is given up, and a person decides.
    bring(&mailbox, 1, BY_PERSON).await;
    let page = shows(&fleet, "XA", &admin, "/settings/mail", "Given up").await;
    assert!(
        !page.contains("example.net") && !page.contains("/mails/"),
        "{page}"
    );
    assert!(page.contains("1 came in, 0 of them wait"), "{page}");
    let retry = leads(&page, "/settings/mail/", "/retry")[0];
    press(&admin, &page, retry).await;
    let page = shows(&fleet, "XA", &admin, "/settings/mail", "Given up").await;
    let discard = leads(&page, "/settings/mail/", "/discard")[0];
    press(&admin, &page, discard).await;
    let page = admin.get("/settings/mail").await.text;
    assert!(page.contains("Nothing waits to go out"), "{page}");
    assert!(page.contains("1 failed"), "{page}");

    let analyst = person(&fleet, Mode::Real, ("ann", Role::Analyst)).await;
    let refused = analyst.get("/settings/mail").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let own = analyst.get("/settings").await.text;
    assert!(leads(&own, "/settings/mail", "").is_empty(), "{own}");
    let refused = analyst.post("/settings/mail/test", &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let seat = (Mode::Real, nowhere(), fleet.node("XA").mailbox().clone());
    let other = Person::seated(&fleet, "XA", ("bob", &[Role::Admin]), seat).await;
    let page = other.get("/settings/mail").await.text;
    assert!(
        page.contains("No mailbox") && page.contains("comity.toml"),
        "{page}"
    );
}
