//! Walks through the consoles that the demo leaves open.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code: a surprise ends the test"
)]

use std::{thread, time::Duration};

use e2e::{Browser, Demo, HEIGHT, Look, Program, Scheme, look_at};

/// How each page is looked at.
const LOOKS: &[Look] = &[
    ("en", 360, Scheme::Light),
    ("en", 1440, Scheme::Dark),
    ("zh", 360, Scheme::Dark),
    ("zh", 1440, Scheme::Light),
];

const TITLE: &str = "Since when the rented server was misused <b>&amp;</b>";

/// How often is looked whether a page has changed, and how long in between.
const LOOKS_AGAIN: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// The path that the first element selected by `css` on `page` leads to.
fn path_to(browser: &Browser, page: &str, css: &str) -> String {
    browser.open(page).unwrap();
    let script = format!("return document.querySelector({css:?})?.getAttribute('href')");
    let path = browser.run(&script).unwrap();
    let path = path.as_str().map(str::to_owned);
    path.unwrap_or_else(|| panic!("{page} has no {css}"))
}

/// The pages of the exchange at a console, by the names of their pictures.
fn exchange_pages(browser: &Browser, web: &str, party: &str) -> Vec<(String, String)> {
    let closed = path_to(
        browser,
        &format!("{web}/threads?state=closed"),
        "td.first a",
    );
    let open = path_to(browser, &format!("{web}/threads?state=open"), "td.first a");
    let proof = path_to(browser, &format!("{web}{closed}"), "a[href$='/proof']");
    let print = path_to(browser, &format!("{web}{closed}"), "a[href$='/print']");
    // The register of the State that was hit holds the case.
    let case = (party == "aldoria").then(|| {
        let path = path_to(browser, &format!("{web}/incidents"), "td.first a");
        (format!("{party}-case"), path)
    });
    let pages = [
        ("desk", "/desk".to_owned()),
        ("threads", "/threads".to_owned()),
        ("thread", closed),
        ("open", open),
        ("proof", proof),
        ("print", print),
        ("compose", "/compose".to_owned()),
        ("incidents", "/incidents".to_owned()),
        ("directory", "/directory".to_owned()),
        ("ledger", "/ledger".to_owned()),
    ]
    .map(|(name, path)| (format!("{party}-{name}"), path));
    pages.into_iter().chain(case).collect()
}

/// Reloads the page until `css` is on it.
fn wait_for(browser: &Browser, css: &str) {
    let page = browser.url().unwrap();
    // With a fragment, it would not be fetched again.
    let page = page.split('#').next().unwrap();
    for _ in 0..LOOKS_AGAIN {
        if browser.count(css).unwrap() > 0 {
            return;
        }
        thread::sleep(PAUSE);
        browser.open(page).unwrap();
    }
    panic!(
        "{page} never shows {css}: {}",
        browser.text("main").unwrap()
    );
}

/// Writes a request for information to Aldoria's technical desk, and sends it after the preview.
fn ask_aldoria(browser: &Browser, web: &str) {
    browser.open(&format!("{web}/compose")).unwrap();
    browser.click("input[name=kind][value=RFI]").unwrap();
    browser
        .click("#f-to optgroup[label=Aldoria] option")
        .unwrap();
    browser.follow("main form .btn.go").unwrap();
    browser.fill("[name=title]", TITLE).unwrap();
    browser
        .fill(
            "[name=questions]",
            "When was the account first used?\nFrom where?",
        )
        .unwrap();
    browser
        .fill("[name=why]", "To find the other machines of this customer.")
        .unwrap();
    browser
        .fill("[name=permitted_use]", "Mitigation only; not as evidence.")
        .unwrap();
    browser.follow("main form .btn.go").unwrap();
    let preview = browser.text("main").unwrap();
    for told in ["Who will see this", TITLE, "Aldoria"] {
        assert!(
            preview.contains(told),
            "the preview does not say {told:?}: {preview}"
        );
    }
    browser.fill("[name=confirm]", "Aldoria").unwrap();
    browser.follow(".confirm .btn.go").unwrap();
}

#[test]
fn an_officer_asks_and_another_acknowledges_without_scripts() {
    let demo = Demo::start(&Program::find().unwrap()).unwrap();
    let (asking, answering) = (Browser::start().unwrap(), Browser::start().unwrap());
    for browser in [&asking, &answering] {
        browser.allow_scripts(false).unwrap();
        browser.resize(360, HEIGHT).unwrap();
    }
    let (brevonia, aldoria) = (
        demo.told("brevonia").unwrap(),
        demo.told("aldoria").unwrap(),
    );
    demo.sign_in(&asking, "brevonia", "jun").unwrap();
    ask_aldoria(&asking, brevonia);
    wait_for(&asking, "article.msg.ours a[href$='/proof']");

    demo.sign_in(&answering, "aldoria", "ilva").unwrap();
    answering
        .open(&format!("{aldoria}/threads?state=waiting_for_us"))
        .unwrap();
    wait_for(&answering, "td.first .chip.good");
    answering.follow("td.first a.main").unwrap();
    assert!(answering.text("h1").unwrap().contains(TITLE));
    answering.follow("#acts form .btn.go").unwrap();
    assert!(
        answering
            .text("main")
            .unwrap()
            .contains("cknowledging is not agreeing")
    );
    answering.fill("[name=confirm]", "Brevonia").unwrap();
    answering.follow(".confirm .btn.go").unwrap();
    wait_for(&answering, "article.msg.ours");

    wait_for(&asking, "article.msg.theirs");
    assert!(
        asking
            .text("article.msg.theirs")
            .unwrap()
            .contains("cknowledging is not agreeing")
    );
    assert_eq!(demo.stop().unwrap(), Some(0));
}

#[test]
fn the_consoles_of_the_demo_are_fit_to_be_shown() {
    let demo = Demo::start(&Program::find().unwrap()).unwrap();
    let browser = Browser::start().unwrap();
    let mut wrong = Vec::new();
    for (party, user) in [("aldoria", "ilva"), ("brevonia", "jun")] {
        let web = demo.told(party).unwrap().to_owned();
        demo.sign_in(&browser, party, user).unwrap();
        let pages = exchange_pages(&browser, &web, party);
        wrong.extend(look_at(&browser, &web, &pages, LOOKS).unwrap());
    }
    assert!(
        wrong.is_empty(),
        "{} views:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    assert_eq!(demo.stop().unwrap(), Some(0));
}
