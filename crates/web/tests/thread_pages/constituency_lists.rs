//! Whole lists, files of assets, and affected versions, by their pages.

use db::Engine;
use kernel::{Mode, Viewer};
use testkit::Fleet;

use super::person::{Form, Person};

const FILE: &str = "organisation,host,vendor,product,version\nPort,mx1,Example,Mail,1.0\n\
    Port,mx2,Example,Mail,1.5\nPort,mx3,Example,Mail,latest\n";
const KEV: &str = r#"{"vulnerabilities":[{"cveID":"CVE-2026-1111",
"vendorProject":"Example","product":"Mail","dateAdded":"2026-01-02"}]}"#;
const RECORD: &str = r#"{"dataType":"CVE_RECORD","dataVersion":"5.1",
"cveMetadata":{"cveId":"CVE-2026-1111","state":"PUBLISHED"},
"containers":{"cna":{"providerMetadata":{"shortName":"maker<1>"},"affected":[{"vendor":"Example",
"product":"Mail","defaultStatus":"unaffected","versions":[{"version":"0","lessThan":"1.2",
"status":"affected"}]}]}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_list_says_what_it_would_retire_and_versions_are_judged() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let none = Form(vec![]);
    let ground = fleet.exchange("XA").ground;
    let viewer = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let imports = "/constituency/imports";
    let finish = async |url: &str| {
        let id = url.rsplit('/').next().unwrap().parse().unwrap();
        constituency::ops::finish(&ground, &viewer, id)
            .await
            .unwrap();
        person.get(url).await.text
    };
    let url = person
        .post_file(imports, &none, ("a.csv", FILE))
        .await
        .location;
    let begin = format!("{url}/begin");
    let form = Form::of(&person.get(&url).await.text, &begin);
    assert_eq!(person.post(&begin, &form).await.location, url);
    finish(&url).await;

    // The list without one of three: it is asked for again.
    let less = FILE.replace("Port,mx2,Example,Mail,1.5\n", "");
    let url = person
        .post_file(imports, &none, ("a.csv", &less))
        .await
        .location;
    let begin = format!("{url}/begin");
    let form = Form::of(&person.get(&url).await.text, &begin).with("whole", "on");
    let asked = person.post(&begin, &form).await.text;
    assert!(
        asked.contains("1 of 3 assets of these organisations are not named"),
        "{asked}"
    );
    assert!(asked.contains("More than a tenth would go"), "{asked}");
    let form = Form::of(&asked, &begin);
    let again = person.post(&begin, &form).await.text;
    assert!(again.contains("More than a tenth would go"), "{again}");
    let form = Form::of(&again, &begin).with("agreed", "on");
    assert_eq!(person.post(&begin, &form).await.location, url);
    let done = finish(&url).await;
    assert!(done.contains("1 retired"), "{done}");
    let list = person.get("/constituency").await.text;
    assert!(list.contains("mx1") && !list.contains("mx2"), "{list}");
    let retired = person.get("/constituency?state=retired").await.text;
    assert!(
        retired.contains("mx2") && retired.contains("retired on"),
        "{retired}"
    );
    assert!(!retired.contains(">mx1<"), "{retired}");
    let file = "/api/v1/constituency/assets/file?form=csv&#38;retired=true";
    assert!(retired.contains(file), "{retired}");

    let taken = person
        .post_file("/constituency/matches", &none, ("kev.json", KEV))
        .await;
    assert!(
        taken.text.contains("no versions are stated"),
        "{}",
        taken.text
    );
    let ranges = "/constituency/ranges";
    let bad = person.post_file(ranges, &none, ("x.json", "{")).await.text;
    assert!(bad.contains("no record of the CVE Program"), "{bad}");
    let taken = person
        .post_file(ranges, &none, ("x.json", RECORD))
        .await
        .text;
    assert!(
        taken.contains("1 vulnerabilities, 0 as before; 1 products"),
        "{taken}"
    );
    assert!(
        taken.contains("1 affected · 1 not known · 0 not affected"),
        "{taken}"
    );
    let id = taken.split("/constituency/matches/match--").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let page = person
        .get(&format!("/constituency/matches/match--{id}"))
        .await
        .text;
    assert!(
        page.contains("before 1.2") && page.contains("CVE: maker&#60;1&#62;"),
        "{page}"
    );
    assert!(
        page.contains(">affected<") && page.contains(">not known<"),
        "{page}"
    );
    fleet.end().await;
}
