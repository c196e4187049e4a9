//! A new user walks through the pages of a node.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use e2e::{Browser, Look, Node, Program, Scheme, get, look_at};

/// Each page of the rail, and what leads on from it.
const PAGES: &[(&str, &str)] = &[
    ("incidents", "/incidents"),
    ("incident-new", "/incidents/new"),
    ("directory", "/directory"),
    ("party-new", "/directory/new"),
    ("circles", "/circles"),
    ("ledger", "/ledger"),
    ("search", "/search?q=hospital"),
    ("settings", "/settings"),
    ("settings-users", "/settings/users"),
    ("settings-node", "/settings/node"),
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
    let incident = first_incident(browser, web);
    let pages = PAGES
        .iter()
        .copied()
        .chain([("incident", incident.as_str())]);
    let pages: Vec<_> = pages
        .map(|(name, path)| (name.to_owned(), path.to_owned()))
        .collect();
    look_at(browser, web, &pages, LOOKS).unwrap()
}

/// The path of an incident of the historical record.
fn first_incident(browser: &Browser, web: &str) -> String {
    browser.open(&format!("{web}/incidents")).unwrap();
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
