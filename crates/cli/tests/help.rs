//! What every command says of itself.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::process::Command;

fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(words)
        .arg("--help")
        .env("COLUMNS", "100")
        .env_remove("COMITY_DATA")
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_says_what_it_does_with_examples_and_exit_codes() {
    for words in [
        &[][..],
        &["init"],
        &["serve"],
        &["import"],
        &["peer"],
        &["peer", "add"],
        &["peer", "list"],
        &["peer", "remove"],
        &["peer", "card"],
        &["user"],
        &["user", "add"],
        &["key"],
        &["key", "rotate"],
        &["key", "revoke"],
        &["verify"],
        &["backup"],
        &["restore"],
        &["doctor"],
        &["completions"],
        &["man"],
    ] {
        let text = help(words);
        let name = format!(
            "help-{}",
            if words.is_empty() {
                "comity".to_owned()
            } else {
                words.join("-")
            }
        );
        insta::assert_snapshot!(name, text);
    }
}
