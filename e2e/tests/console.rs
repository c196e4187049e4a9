//! A new user walks through the pages of a node.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use e2e::{Browser, Look, Node, Program, Scheme, get, look_at};

/// Each page of the rail, and what leads on from it.
const PAGES: &[(&str, &str)] = &[
    ("incidents", "/incidents"),
    ("incident-new", "/incidents/new"),
    ("statistics", "/incidents/statistics?cause=unknown"),
    ("incident-import", "/incidents/import"),
    ("reports", "/reports"),
    ("directory", "/directory"),
    ("party-new", "/directory/new"),
    ("circles", "/circles"),
    ("collections", "/collections"),
    ("collection-tools", "/collections/tools"),
    ("collection-search", "/collections/search?q=evil"),
    ("remotes", "/remotes"),
    ("remote-new", "/remotes/new"),
    ("remote-form", "/remotes/new?kind=misp&direction=push"),
    ("warninglists", "/warninglists"),
    ("values-check", "/values/check"),
    ("values-common", "/values/common"),
    ("constituency", "/constituency"),
    ("taxonomies", "/taxonomies"),
    ("taxonomy", "/taxonomies/rsit/1003"),
    ("crosswalk", "/crosswalks/veris-to-rsit/2"),
    ("constituency-matches", "/constituency/matches"),
    ("constituency-calendar", "/constituency/calendar"),
    ("constituency-organisations", "/constituency/organisations"),
    ("constituency-imports", "/constituency/imports"),
    ("sharing", "/sharing"),
    ("ledger", "/ledger"),
    ("search", "/search?q=hospital"),
    ("cross-border", "/incidents/cross-border"),
    ("settings", "/settings"),
    ("settings-reporting", "/settings/reporting"),
    ("settings-users", "/settings/users"),
    ("settings-node", "/settings/node"),
    ("settings-retention", "/settings/retention"),
    ("settings-infrastructure", "/settings/infrastructure"),
];

/// How each page is looked at.
const LOOKS: &[Look] = &[
    ("en", 360, Scheme::Light),
    ("en", 768, Scheme::Light),
    ("en", 1440, Scheme::Light),
    ("en", 1440, Scheme::Dark),
    ("zh", 360, Scheme::Dark),
    ("zh", 1440, Scheme::Light),
];

fn walk(browser: &Browser, web: &str) -> Vec<String> {
    let incident = first_incident(browser, web, "");
    let case = first_incident(browser, web, "?q=Ascension");
    let tasks = format!("{case}/tasks?form=template");
    let notes = format!("{case}/notes?form=lesson");
    let indicators = format!("{case}/indicators");
    let evidence = format!("{case}/evidence");
    let harm = format!("{case}/harm?form=figure");
    let health_care = format!("{case}/care?form=vendor");
    let briefing = format!("{case}/briefing");
    let export = format!("{case}/export");
    let judged = format!("{case}/severity?form=assess");
    let written = format!("{case}/submissions");
    let print = format!("{case}/print?inner=on");
    let split = format!("{case}/split");
    let pages = PAGES.iter().copied().chain([
        ("incident-harm", harm.as_str()),
        ("incident-care", health_care.as_str()),
        ("incident-briefing", briefing.as_str()),
        ("incident-export", export.as_str()),
        ("incident-print", print.as_str()),
        ("incident-split", split.as_str()),
        ("incident", incident.as_str()),
        ("incident-severity", judged.as_str()),
        ("incident-tasks", tasks.as_str()),
        ("incident-notes", notes.as_str()),
        ("incident-indicators", indicators.as_str()),
        ("incident-evidence", evidence.as_str()),
        ("incident-submissions", written.as_str()),
    ]);
    let pages: Vec<_> = pages
        .map(|(name, path)| (name.to_owned(), path.to_owned()))
        .collect();
    look_at(browser, web, &pages, LOOKS).unwrap()
}

/// The path of the first incident of the historical record that the query finds.
fn first_incident(browser: &Browser, web: &str, query: &str) -> String {
    browser.open(&format!("{web}/incidents{query}")).unwrap();
    let script = "return document.querySelector('td.first a').getAttribute('href')";
    let path = browser.run(script).unwrap();
    path.as_str().unwrap().to_owned()
}

#[test]
fn every_page_is_accessible_light_and_fits() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    let browser = Browser::start().unwrap();
    node.sign_in(&browser).unwrap();
    let wrong = walk(&browser, node.web());
    assert!(
        wrong.is_empty(),
        "{} views:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    assert_eq!(node.stop().unwrap(), Some(0));
}

#[test]
fn pages_work_without_scripts() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    let browser = Browser::start().unwrap();
    browser.allow_scripts(false).unwrap();
    node.sign_in(&browser).unwrap();
    browser
        .open(&format!("{}/incidents?q=African+Union", node.web()))
        .unwrap();
    assert!(
        browser
            .text("main")
            .unwrap()
            .contains("African Union Commission")
    );
}

/// A bundle with one bad object, in a script without quotes of its own.
const BUNDLE: &str = r#"{"type":"bundle","objects":[{"id":"bad"},
{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-000000000001",
"created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","name":"login page",
"pattern_type":"stix","pattern":"[domain-name:value = 'evil.example']",
"valid_from":"2026-01-01T00:00:00Z"}]}"#;

#[test]
fn a_bundle_goes_into_a_collection_and_out_again() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    let browser = Browser::start().unwrap();
    node.sign_in(&browser).unwrap();
    let web = node.web();
    browser.open(&format!("{web}/collections")).unwrap();
    browser.fill("#f-title", "Phishing").unwrap();
    browser.fill("#f-alias", "phishing").unwrap();
    browser.follow("#make .btn.go").unwrap();
    assert!(browser.text("main").unwrap().contains("Nothing in it yet"));
    let page = browser.url().unwrap();
    let page = page.split('?').next().unwrap().to_owned();

    browser.open(&format!("{page}/upload")).unwrap();
    browser.fill("#f-text", BUNDLE).unwrap();
    browser.follow("form.form .btn.go").unwrap();
    let preview = browser.text("main").unwrap();
    assert!(preview.contains("Its id is no id of STIX"), "{preview}");
    browser.follow(".confirm .btn.go").unwrap();
    let import = browser.url().unwrap();
    let mut report = browser.text("main").unwrap();
    for _ in 0..200 {
        if report.contains("See the collection") {
            break;
        }
        browser.open(&import).unwrap();
        report = browser.text("main").unwrap();
    }
    assert!(
        report.contains("complete") && report.contains("Refused"),
        "{report}"
    );

    browser
        .open(&format!("{web}/collections/search?q=EVIL.example"))
        .unwrap();
    browser.follow("td.first a").unwrap();
    let object = browser.text("main").unwrap();
    assert!(
        object.contains("evil.example") && object.contains("TLP:AMBER+STRICT"),
        "{object}"
    );
    let id = browser.url().unwrap();
    let looks = [
        ("collection".to_owned(), page.replace(web, "")),
        ("object".to_owned(), id.replace(web, "")),
        (
            "events".to_owned(),
            format!("{}/events", page.replace(web, "")),
        ),
        (
            "upload".to_owned(),
            format!("{}/upload", page.replace(web, "")),
        ),
        (
            "settings".to_owned(),
            format!("{}/settings", page.replace(web, "")),
        ),
        ("import".to_owned(), import.replace(web, "")),
        (
            "export".to_owned(),
            format!("{}/export?format=csv&max=RED", page.replace(web, "")),
        ),
    ];
    let wrong = look_at(&browser, web, &looks, LOOKS).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));

    let address = format!("{page}/export/file?format=values&max=RED");
    let script =
        format!("const done = arguments[0]; fetch('{address}').then(r => r.text()).then(done)");
    let file = browser.run_async(&script).unwrap();
    assert_eq!(file.as_str(), Some("evil.example\n"));
}

#[test]
fn strangers_see_the_door_and_strict_headers() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    let door = get(&format!("{}/sign-in", node.web())).unwrap();
    assert_eq!(door.status, 200);
    let policy = door.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(door.header("x-content-type-options"), Some("nosniff"));
    for (_, path) in PAGES {
        let page = get(&format!("{}{path}", node.web())).unwrap();
        assert!(
            page.status == 303 || page.status == 302,
            "{path}: {}",
            page.status
        );
        assert!(
            page.header("location").unwrap().starts_with("/sign-in"),
            "{path}"
        );
    }
}
