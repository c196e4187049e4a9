//! Who reads the register of critical infrastructure, and tables of it, by their pages.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

const TABLE: &str = "kind,ID,name,operated by,needs,phone\noperator,OP-1,Grid <1>,,,\n\
    service,S-1,Power,OP-1,,\nservice,S-2,Hospital,OP-1,,\ndependency,S-2,,,S-1,\n\
    contact,S-2,Night desk,,,+000 1\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_names_readers_and_they_take_a_table_in() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let admin = Person::with(&fleet, "XA", ("ada", &[Role::Admin]), nowhere()).await;
    let rosa = Person::with(&fleet, "XA", ("rosa", &[Role::Analyst]), nowhere()).await;
    let people = "/settings/infrastructure";
    assert_eq!(rosa.get(people).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        rosa.get("/infrastructure/import").await.status,
        StatusCode::NOT_FOUND
    );
    let page = admin.get(people).await.text;
    assert!(
        page.contains("Nobody is named: nobody reads the register."),
        "{page}"
    );
    let name = format!("{people}/name");
    let form = Form::of(&page, &name);
    assert!(
        page.contains(">rosa (rosa)<") && !page.contains(">ada (ada)<"),
        "{page}"
    );
    let user = page.split(">rosa (rosa)<").next().unwrap();
    let user = user.rsplit("value=\"user--").next().unwrap();
    let user = user.split('"').next().unwrap();
    let form = form.with("user", &format!("user--{user}"));
    let refused = admin.post(&name, &form).await.text;
    assert!(refused.contains("id=\"w-reason-name\""), "{refused}");
    let form = form
        .with("may_edit", "on")
        .with("may_export", "on")
        .with("reason", "keeps <the> register");
    assert_eq!(admin.post(&name, &form).await.location, people);
    let page = admin.get(people).await.text;
    assert!(page.contains("keeps &#60;the&#62; register"), "{page}");
    let withdraw = format!("{people}/withdraw");
    let form = Form::of(&page, &withdraw)
        .with("user", &format!("user--{user}"))
        .with("reason", "left");
    let kept = admin.post(&withdraw, &form).await.text;
    assert!(kept.contains("Name somebody else first"), "{kept}");
    // Who names reads nothing.
    assert_eq!(
        admin.get("/infrastructure").await.status,
        StatusCode::NOT_FOUND
    );

    let import = "/infrastructure/import";
    let list = rosa.get("/infrastructure").await.text;
    assert!(list.contains(import), "{list}");
    // What the page is for stands before what tells of it, and takes one file.
    let page = rosa.get(import).await.text;
    let (form, columns) = (page.find("type=\"file\""), page.find("<table"));
    assert!(form.is_some() && form < columns, "{page}");
    assert!(!page.contains(" multiple"), "{page}");
    let none = Form(vec![]);
    let bad = TABLE.replace("OP-1,,\nservice,S-2", "OP-9,,\nservice,S-2");
    let bad = rosa.post_file(import, &none, ("x.csv", &bad)).await.text;
    assert!(
        bad.contains("neither the file nor the register has it"),
        "{bad}"
    );
    assert!(!bad.contains("action=\"/infrastructure/import/take\""));
    let odd = rosa
        .post_file(import, &none, ("x.csv", "a,b\n1,2\n"))
        .await
        .text;
    assert!(odd.contains("The file needs one column for"), "{odd}");
    // Where no name is known, which column holds what is chosen on the page.
    let look = format!("{import}/look");
    let named = TABLE
        .replacen("kind", "Art", 1)
        .replacen("name", "Bezeichnung", 1);
    let unknown = rosa.post_file(import, &none, ("x.csv", &named)).await.text;
    assert!(
        unknown.contains("The file needs one column for"),
        "{unknown}"
    );
    let form = Form::of(&unknown, &look).with("column_row", "Art");
    let half = rosa.post(&look, &form).await.text;
    assert!(half.contains("The file needs one column for"), "{half}");
    let form = Form::of(&half, &look).with("column_name", "Bezeichnung");
    let chosen = rosa.post(&look, &form).await.text;
    assert!(chosen.contains("3 new, 0 changed"), "{chosen}");
    let looked = rosa.post_file(import, &none, ("x.csv", TABLE)).await.text;
    assert!(
        looked.contains("3 new, 0 changed") && looked.contains("Grid &#60;1&#62;"),
        "{looked}"
    );
    assert!(!looked.contains("Columns that nothing takes"), "{looked}");
    let more = TABLE
        .replace(",phone\n", ",phone,Colour\n")
        .replace(",\n", ",,\n");
    let more = more.replace("+000 1\n", "+000 1,\n");
    let more = rosa.post_file(import, &none, ("x.csv", &more)).await.text;
    assert!(
        more.contains("Columns that nothing takes") && more.contains(">Colour<"),
        "{more}"
    );
    // A dependency tells what is depended on, and by whom.
    let row = looked.split(">dependency<").nth(1).unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert!(row.find(">Power<") < row.find(">Hospital<"), "{row}");
    assert!(row.contains(">Power<"), "{row}");
    // Another column for the names, and back.
    let form = Form::of(&looked, &look).with("column_name", "ID");
    let other = rosa.post(&look, &form).await.text;
    assert!(other.contains(">OP-1<"), "{other}");
    assert!(!rosa.get("/infrastructure").await.text.contains("Hospital"));
    let take = format!("{import}/take");
    let form = Form::of(&looked, &take);
    assert_eq!(rosa.post(&take, &form).await.location, "/infrastructure");
    let listed = rosa.get("/infrastructure").await.text;
    assert!(
        listed.contains("Hospital") && listed.contains("Grid &#60;1&#62;"),
        "{listed}"
    );
    // By name, as the file has them the other way round.
    assert!(listed.find("Hospital") < listed.find("Power"), "{listed}");
    let again = rosa.post_file(import, &none, ("x.csv", TABLE)).await.text;
    assert!(again.contains("0 new, 0 changed, 3 as before"), "{again}");
    fleet.end().await;
}
