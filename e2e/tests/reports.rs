//! A reporter on a telephone fills in the form by keyboard alone, and an officer makes an incident of it.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use e2e::{Browser, Node, Program, Scheme, Visit, check};

const TAB: &str = "\u{e004}";
const DOWN: &str = "\u{e015}";
/// A telephone.
const WIDTH: u32 = 390;

/// Presses Tab until the focus is on what the script finds.
fn tab_to(browser: &Browser, test: &str) {
    let script = format!("const e = document.activeElement; return {test}");
    let there = (0..60).any(|_| {
        browser.press(TAB).unwrap();
        browser.run(&script).unwrap().as_bool() == Some(true)
    });
    assert!(there, "no Tab leads to {test}");
}

fn write(browser: &Browser, name: &str, text: &str) {
    tab_to(browser, &format!("e.name === '{name}'"));
    browser.press(text).unwrap();
}

/// An officer makes a link in a window of a desk.
fn invite(browser: &Browser, web: &str) -> String {
    browser.resize(1280, 900).unwrap();
    browser.open(&format!("{web}/reports")).unwrap();
    browser.fill("#f-note", "ward 3").unwrap();
    browser
        .follow("form[action='/reports/link'] .btn.go")
        .unwrap();
    browser.text("#made").unwrap().trim().to_owned()
}

fn report_in(browser: &Browser, web: &str, (tag, right_to_left): (&str, bool), said: [&str; 3]) {
    let [title, what, thanks] = said;
    let link = invite(browser, web);
    browser.resize(WIDTH, 844).unwrap();
    assert!(link.starts_with(&format!("{web}/report?code=")), "{link}");
    browser.open(&link).unwrap();
    assert!(
        !browser.url().unwrap().contains("code"),
        "the address is clean"
    );
    browser.open(&format!("{web}/report?lang={tag}")).unwrap();
    let direction = browser.run("return document.documentElement.dir").unwrap();
    assert_eq!(direction.as_str() == Some("rtl"), right_to_left);
    look(browser, "report-form", tag);

    tab_to(browser, "e.name === 'kind'");
    browser.press(DOWN).unwrap();
    write(browser, "title", title);
    // What is saved comes back.
    tab_to(browser, "e.value === 'save'");
    browser.enter().unwrap();
    assert_eq!(value(browser, "title"), title);
    assert_eq!(value(browser, "kind"), "near-miss");
    write(browser, "what", what);
    write(browser, "contact", "nurse@hospital.example");
    tab_to(browser, "e.value === 'send'");
    browser.enter().unwrap();
    let page = browser.text("main").unwrap();
    assert!(page.contains(thanks) && page.contains(title), "{page}");
    look(browser, "report-status", tag);
    write(browser, "text", "192.0.2.1");
    tab_to(browser, "e.tagName === 'BUTTON'");
    browser.enter().unwrap();
    assert!(browser.text("main").unwrap().contains("192.0.2.1"));

    browser.resize(1280, 900).unwrap();
    browser
        .open(&format!("{web}/reports?state=received"))
        .unwrap();
    browser.follow("td.first a").unwrap();
    let page = browser.text("main").unwrap();
    assert!(
        page.contains(what) && page.contains("nurse@hospital.example"),
        "{page}"
    );
    look(browser, "report", "en");
    browser.follow(".head .btn.go").unwrap();
    look(browser, "report-accept", "en");
    browser.follow("form.form .btn.go").unwrap();
    let heading = browser.text("h1").unwrap();
    assert!(
        heading.contains(title),
        "{heading}: {}",
        browser.text("main").unwrap()
    );
    browser.resize(WIDTH, 844).unwrap();
    browser.open(&format!("{web}/report")).unwrap();
    assert!(browser.text("main").unwrap().contains("R-"));
}

fn value(browser: &Browser, name: &str) -> String {
    let script = format!("return document.querySelector('[name={name}]').value");
    browser.run(&script).unwrap().as_str().unwrap().to_owned()
}

fn look(browser: &Browser, name: &str, language: &str) {
    let wide = browser.run("return innerWidth").unwrap().as_u64().unwrap();
    let visit = Visit {
        name,
        language,
        width: u32::try_from(wide).unwrap(),
        scheme: Scheme::Light,
    };
    check(browser, visit).unwrap();
}

#[test]
fn a_report_is_written_by_keyboard_in_arabic_and_in_chinese() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    let browser = Browser::start().unwrap();
    browser.prefer(Scheme::Light).unwrap();
    node.sign_in(&browser).unwrap();
    let web = node.web();
    browser.open(&format!("{web}/reports")).unwrap();
    look(&browser, "reports", "en");
    let arabic = ["حواسيب المستشفى مقفلة", "على كل شاشة رسالة فدية", "شكراً لك"];
    report_in(&browser, web, ("ar", true), arabic);
    let chinese = ["医院电脑被锁定", "每个屏幕都显示勒索信息", "谢谢"];
    report_in(&browser, web, ("zh", false), chinese);
    browser.open(&format!("{web}/report?lang=en")).unwrap();
    let page = browser.text("main").unwrap();
    assert!(page.contains("It became an incident"), "{page}");
    // Nothing that a reporter holds stands in the log.
    assert!(!node.log().contains("code="));
    assert_eq!(node.stop().unwrap(), Some(0));
}

#[test]
fn a_report_needs_no_script_and_the_public_address_is_off_at_first() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    let browser = Browser::start().unwrap();
    browser.allow_scripts(false).unwrap();
    let web = node.web();
    browser.open(&format!("{web}/report?lang=fr")).unwrap();
    assert!(
        browser
            .text("h1")
            .unwrap()
            .contains("Ouvrir votre signalement")
    );
    node.sign_in(&browser).unwrap();
    browser.open(&format!("{web}/reports")).unwrap();
    browser
        .follow("form[action='/reports/form'] button")
        .unwrap();
    browser.open(&format!("{web}/report")).unwrap();
    browser.fill("#f-title", "Tout est bloqué").unwrap();
    browser
        .fill("#f-what", "Écrivez à nurse@hospital.example")
        .unwrap();
    browser.follow(".acts .btn.go").unwrap();
    let warned = browser.text(".warnful").unwrap();
    assert!(warned.contains("une adresse électronique"), "{warned}");
    browser.click("#f-confirm").unwrap();
    browser.follow(".acts .btn.go").unwrap();
    assert!(browser.text("main").unwrap().contains("Merci."));
    assert_eq!(node.stop().unwrap(), Some(0));
}
