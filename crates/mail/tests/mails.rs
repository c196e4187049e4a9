//! Mails as they come, from all over the world and from people who mean harm.

use mail::{Keys, Letter, Note, TEXT_CHARS_MAX, read};
use proptest::prelude::*;

fn letter(mail: &str) -> Letter {
    read(mail.replace('\n', "\r\n").as_bytes(), &Keys::default())
}

const HEAD: &str = "From: someone@example.net\nTo: desk@example.org\n";

#[test]
fn words_in_any_script_and_charset_are_read() {
    let arabic = letter(
        "From: =?UTF-8?B?2YXYs9iq2LTZgdmJ?= <a@example.net>\nSubject: =?UTF-8?Q?=D9=87=D8=AC=D9=88=D9=85?=\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n2KfZhNmG2LjYp9mFINmF2KrZiNmC2YE=\n",
    );
    assert_eq!(arabic.from.unwrap().name, "مستشفى");
    assert_eq!(
        (arabic.subject.as_str(), arabic.text.as_str()),
        ("هجوم", "النظام متوقف")
    );
    // GB18030 and windows-1256, as bytes.
    let mut mail = format!("{HEAD}Content-Type: text/plain; charset=gb18030\n\n").into_bytes();
    mail.extend_from_slice(&[0xd2, 0xbd, 0xd4, 0xba]);
    assert_eq!(read(&mail, &Keys::default()).text, "医院");
    let mut mail = format!("{HEAD}Content-Type: text/plain; charset=windows-1256\n\n").into_bytes();
    mail.extend_from_slice(&[0xe3, 0xd3, 0xca, 0xd4, 0xdd, 0xec]);
    assert_eq!(read(&mail, &Keys::default()).text, "مستشفى");
    let subject =
        letter("From: a@example.net\nSubject: =?gb2312?B?0r3Uug==?= =?iso-8859-1?Q?caf=E9?=\n\nx");
    assert_eq!(subject.subject, "医院café");
}

#[test]
fn a_name_cannot_turn_the_line_around_or_end_it() {
    let spoofed = letter(
        "From: =?UTF-8?B?4oCuZ3JvLmVsYmF0aXVxZQ==?= <a@example.net>\nSubject: =?UTF-8?B?QQ0KQmNjOiB4QHku?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename*=UTF-8''a%E2%80%AEfdp.exe\n\nMZ\n--b--\n",
    );
    assert!(!spoofed.from.unwrap().name.contains('\u{202e}'));
    assert!(
        !spoofed.subject.contains(['\r', '\n']),
        "{:?}",
        spoofed.subject
    );
    assert_eq!(spoofed.parts[0].name, "afdp.exe");
    assert_eq!(
        (spoofed.parts[0].bytes, spoofed.parts[0].sha256.len()),
        (2, 64)
    );
}

#[test]
fn the_plain_text_of_nested_parts_is_shown_and_the_rest_is_listed() {
    let nested = letter(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlain.\n--b\nContent-Type: text/html\n\n<p>Page</p>\n--b--\n--a\nContent-Type: message/rfc822\n\nSubject: inner\nFrom: x@example.net\n\nInner text\n--a\nContent-Type: image/png; name=shot.png\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--a--\n"
    ));
    assert_eq!(nested.text, "Plain.");
    let kinds: Vec<_> = nested.parts.iter().map(|part| part.kind.as_str()).collect();
    assert_eq!(kinds, ["message/rfc822", "image/png"]);
    let page = letter(&format!(
        "{HEAD}Content-Type: text/html\n\n<style>x</style><p>Only a <b>page</b></p><script>alert(1)</script>"
    ));
    assert!(
        page.text.contains("Only a") && page.notes.contains(&Note::FromHtml),
        "{page:?}"
    );
}

#[test]
fn programs_and_lists_are_told_from_people() {
    let person = |extra: &str| letter(&format!("{HEAD}Subject: Help\n{extra}\n\nx")).is_automatic;
    assert!(!person("X-Mailer: anything"));
    assert!(!person("Auto-Submitted: no"));
    for program in [
        "Auto-Submitted: auto-replied",
        "auto-submitted: Auto-Generated",
        "Precedence: bulk",
        "Precedence: LIST",
        "List-Id: <l.example>",
        "List-Unsubscribe: <mailto:x@example>",
        "Return-Path: <>",
        "X-Auto-Response-Suppress: All",
        "Content-Type: multipart/report; boundary=b",
    ] {
        assert!(person(program), "{program}");
    }
    for from in [
        "MAILER-DAEMON@example.net",
        "no-reply@example.net",
        "bounces+1@example.net",
        "not an address",
    ] {
        assert!(letter(&format!("From: {from}\n\nx")).is_automatic, "{from}");
    }
    assert!(letter("Subject: nobody\n\nx").is_automatic);
}

#[test]
fn broken_mails_are_shown_as_far_as_they_go() {
    let cut = letter(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"never\"\n\nThere is no part."
    ));
    assert_eq!(
        cut.from.unwrap().address.unwrap().as_str(),
        "someone@example.net"
    );
    let endless = letter(&format!("{HEAD}\n{}", "word ".repeat(TEXT_CHARS_MAX)));
    assert!(endless.notes.contains(&Note::Cut) && endless.text.chars().count() <= TEXT_CHARS_MAX);
    let dates = letter("From: a@example.net\nDate: Thu, 99 Foo 9999 99:99:99 +9999\n\nx");
    assert_eq!(dates.sent_at, None);
}

proptest! {
    #[test]
    fn nothing_that_comes_ends_the_reader(mail in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read(&mail, &Keys::default());
    }

    #[test]
    fn nothing_that_looks_like_mail_ends_the_reader(lines in proptest::collection::vec("(From: |Content-Type: (multipart/(mixed|signed|encrypted|digest); boundary=[ab]; protocol=\"application/pgp-(signature|encrypted)\"|message/rfc822|text/(plain|html); charset=(utf-8|utf-16|iso-2022-jp|utf-7))|--[ab](--)?|-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|SIGNATURE)-----|Content-Transfer-Encoding: (base64|quoted-printable)|Date: |)[ -~]{0,30}", 0..40)) {
        read(lines.join("\r\n").as_bytes(), &Keys::default());
    }
}
