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

/// The commands that a help text lists.
fn listed(text: &str) -> Vec<String> {
    let from = text.lines().skip_while(|line| *line != "Commands:").skip(1);
    from.take_while(|line| !line.is_empty())
        // What is indented further goes on from the line above.
        .filter_map(|line| {
            line.strip_prefix("  ")
                .filter(|line| !line.starts_with(' '))
        })
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

fn every_command(above: &[String], found: &mut Vec<Vec<String>>) {
    let words: Vec<&str> = above.iter().map(String::as_str).collect();
    for name in listed(&help(&words)) {
        let mut words = above.to_vec();
        words.push(name);
        every_command(&words, found);
        found.push(words);
    }
}

#[test]
fn no_command_is_without_an_example_and_its_exit_codes() {
    let mut commands = vec![Vec::new()];
    every_command(&[], &mut commands);
    assert!(commands.len() > 20, "{commands:?}");
    for words in commands {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let text = help(&words);
        let example = format!("  comity {}", words.join(" "));
        assert!(
            text.contains(example.trim_end()),
            "{words:?} has no example"
        );
        assert!(
            text.contains("Exit codes: 0 "),
            "{words:?} has no exit codes"
        );
    }
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_comity"))
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let scratch = tempfile::tempdir().unwrap();
    let pages = scratch.path().join("man1");
    run(&["man", pages.to_str().unwrap()]);
    for name in listed(&help(&[])) {
        for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
            assert!(
                run(&["completions", shell]).contains(&name),
                "{shell}: {name}"
            );
        }
        assert!(pages.join(format!("comity-{name}.1")).is_file(), "{name}");
    }
}

#[test]
fn every_command_says_what_it_does_with_examples_and_exit_codes() {
    for words in [
        &[][..],
        &["init"],
        &["serve"],
        &["demo"],
        &["evidence"],
        &["evidence", "export"],
        &["export"],
        &["import"],
        &["peer"],
        &["peer", "add"],
        &["peer", "update"],
        &["peer", "list"],
        &["peer", "remove"],
        &["peer", "card"],
        &["user"],
        &["user", "add"],
        &["user", "key"],
        &["key"],
        &["key", "rotate"],
        &["key", "revoke"],
        &["mail"],
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
