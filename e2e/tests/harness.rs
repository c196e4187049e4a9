//! The checks on pages find what they are there to find.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
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

/// Serves the pages above until the process ends; returns the address.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            let body = match line.split(' ').nth(1) {
                Some("/good") => GOOD.to_owned(),
                Some("/wide") => WIDE.to_owned(),
                Some("/mute") => MUTE.to_owned(),
                Some("/pale") => PALE.to_owned(),
                Some("/heavy") => GOOD.replace("Nothing", &"very ".repeat(20_000)),
                _ => String::new(),
            };
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
            let length = body.len();
            write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        }
    });
    format!("http://{address}")
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
