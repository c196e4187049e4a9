//! The checks on pages find what they are there to find.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use e2e::{Browser, Scheme, Visit, check};

const GOOD: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>\
    <title>Good</title><main><h1>Good</h1><p>Nothing is wrong here.</p></main></html>";
const WIDE: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>\
    <title>Wide</title><main><h1>Wide</h1><p style='width:700px'>Too wide.</p></main></html>";
const MUTE: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>\
    <title>Mute</title><main><h1>Mute</h1><input></main></html>";
const PALE: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>\
    <title>Pale</title><main><h1>Pale</h1><p style='color:#ccc;background:#fff'>Pale</p></main></html>";

/// Leads to a page that lets itself be waited for.
const DOOR: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>\
    <title>Door</title><main><h1>Door</h1><form action=/late><input id=f aria-label=f>\
    <button class=go>Go</button></form></main></html>";
const LATE: Duration = Duration::from_millis(700);

/// Serves the pages above until the process ends; returns the address.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // A browser opens connections ahead of their use.
            thread::spawn(move || answer(&stream.unwrap()));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: &TcpStream) {
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    let body = match line.split([' ', '?']).nth(1) {
        Some("/good") => GOOD.to_owned(),
        Some("/wide") => WIDE.to_owned(),
        Some("/mute") => MUTE.to_owned(),
        Some("/pale") => PALE.to_owned(),
        Some("/door") => DOOR.to_owned(),
        Some("/late") => {
            thread::sleep(LATE);
            GOOD.to_owned()
        }
        Some("/heavy") => GOOD.replace("Nothing", &"very ".repeat(20_000)),
        _ => String::new(),
    };
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
    let length = body.len();
    write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
}

#[test]
fn checks_find_what_is_wrong_and_nothing_else() {
    let server = serve();
    let browser = Browser::start().unwrap();
    browser.resize(360, 800).unwrap();
    let result = |page: &str, language: &str| {
        browser.open(&format!("{server}/{page}")).unwrap();
        let visit = Visit {
            name: &format!("harness-{page}"),
            language,
            width: 360,
            scheme: Scheme::Light,
        };
        check(&browser, visit).map_err(|error| format!("{error:#}"))
    };
    assert_eq!(result("good", "en"), Ok(()));
    assert!(
        result("good", "zh")
            .unwrap_err()
            .contains("declares the language")
    );
    assert!(result("wide", "en").unwrap_err().contains("px wide"));
    assert!(result("mute", "en").unwrap_err().contains("\"label\""));
    assert!(result("pale", "en").unwrap_err().contains("color-contrast"));
    assert!(result("heavy", "en").unwrap_err().contains("weighs"));
}

#[test]
fn a_page_that_comes_late_is_waited_for() {
    let server = serve();
    let browser = Browser::start().unwrap();
    for scripts in [true, false] {
        browser.allow_scripts(scripts).unwrap();
        let ways: [&dyn Fn(); 2] = [&|| browser.follow(".go").unwrap(), &|| {
            browser.click("#f").unwrap();
            browser.enter().unwrap();
        }];
        for way in ways {
            browser.open(&format!("{server}/door")).unwrap();
            way();
            assert_eq!(browser.text("h1").unwrap(), "Good");
        }
    }
}
