//! The mailbox by its commands.

use std::fs;

use crate::command::{comity, done, found, refused};

#[test]
fn the_mailbox_is_tested_and_its_key_given_away() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("xa");
    done(&data, &["init", "--party", "XA"]);
    for words in [["mail", "test"], ["mail", "key"]] {
        let said = refused(&data, &words);
        assert!(said.contains("hint: put a table [mail]"), "{said}");
    }
    let configure = |lines: &str| {
        let text = format!("[mail]\naddress = \"desk@example.org\"\n{lines}");
        fs::write(data.join("comity.toml"), text).unwrap();
    };
    configure("imap = \"imap+plain://mail.example\"");
    let said = refused(&data, &["mail", "test"]);
    assert!(said.contains("without TLS"), "{said}");
    configure("imap = \"imap+plain://127.0.0.1:1\"\nuser = \"desk\"\npassword = \"open-sesame-3\"");
    let output = comity(&data, &["mail", "test"]);
    let (said, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(1), "{said} {errors}");
    let lines: Vec<_> = said.lines().collect();
    let server = "imap+plain://127.0.0.1:1";
    let [name, host, rest @ ..] = lines.as_slice() else {
        panic!("{said}")
    };
    assert_eq!(*name, format!("ok: {server}: the name is found: 127.0.0.1"));
    let failed = format!("failed: {server}: somebody answers there: {server} cannot be reached");
    assert!(host.starts_with(&failed), "{said}");
    assert_eq!(rest.len(), 3, "{said}");
    assert!(rest.iter().all(|line| line.starts_with("not tried: ")));
    assert!(errors.contains("hint: docs/operators/mail.md"), "{errors}");
    assert!(!format!("{said}{errors}").contains("open-sesame-3"));

    let output = comity(&data, &["mail", "test", "--json"]);
    let steps: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let of = |name: &str| -> Vec<_> { steps.iter().map(|step| step[name].clone()).collect() };
    assert_eq!(of("step"), ["name", "host", "answer", "sign-in", "folder"]);
    assert_eq!(
        of("came"),
        ["yes", "no", "not-tried", "not-tried", "not-tried"]
    );
    assert_eq!(steps[1]["code"], "mail.connect");
    assert_eq!(output.status.code(), Some(1));

    let findings = found(&data, "mailbox");
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(finding["ok"], false);
    let said = finding["found"].as_str().unwrap();
    assert!(said.starts_with(&failed), "{said}");
    assert!(
        !findings
            .iter()
            .any(|row| row.to_string().contains("open-sesame-3"))
    );

    let key = done(&data, &["mail", "key"]);
    assert!(key.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"));
    assert_eq!(key, done(&data, &["mail", "key"]), "it is made once");
    assert_eq!(comity(&data, &["mail"]).status.code(), Some(2));
    let wrong = comity(&data, &["mail", "send"]);
    assert_eq!(wrong.status.code(), Some(2));
}
