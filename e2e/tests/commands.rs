//! The program on the command line, as an operator's scripts see it.

use e2e::{Node, Program};

#[test]
fn wrong_usage_is_told_from_failure() {
    let program = Program::find().unwrap();
    let usage = program
        .run(["serve", "--nothing-like-that"])
        .unwrap()
        .expect(2)
        .unwrap();
    assert!(usage.stdout.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let failure = program
        .run(["serve", "--data", data])
        .unwrap()
        .expect(1)
        .unwrap();
    assert!(failure.stderr.contains("hint:"), "{}", failure.stderr);
    let unreadable = program.run(["verify", "nowhere", "nowhere", "--keys", data]);
    unreadable.unwrap().expect(2).unwrap();
}

#[test]
fn a_node_is_never_written_over() {
    let program = Program::find().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let data = data.to_str().unwrap();
    program
        .run(["init", "--party", "XA", "--data", data])
        .unwrap()
        .expect(0)
        .unwrap();
    let again = program
        .run(["init", "--party", "XB", "--data", data])
        .unwrap();
    let again = again.expect(1).unwrap();
    assert!(again.stderr.contains("already"), "{}", again.stderr);
}

#[test]
fn the_doctor_finds_a_root_key_that_was_left_behind() {
    let program = Program::find().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let path = data.to_str().unwrap();
    program
        .run(["init", "--party", "XA", "--data", path])
        .unwrap()
        .expect(0)
        .unwrap();
    let sick = program
        .run(["doctor", "--data", path])
        .unwrap()
        .expect(1)
        .unwrap();
    assert!(sick.stdout.contains("root key"), "{}", sick.stdout);
    std::fs::remove_dir_all(data.join("take-offline")).unwrap();
    program
        .run(["doctor", "--data", path])
        .unwrap()
        .expect(0)
        .unwrap();
}

#[test]
fn a_node_ends_in_order_when_asked() {
    let node = Node::start(&Program::find().unwrap()).unwrap();
    assert_eq!(node.stop().unwrap(), Some(0));
}

#[test]
fn every_command_explains_itself() {
    let program = Program::find().unwrap();
    let mut waiting = vec![Vec::new()];
    let mut seen = 0;
    while let Some(command) = waiting.pop() {
        let mut line: Vec<String> = command.clone();
        line.push("--help".to_owned());
        let help = program.run(&line).unwrap().expect(0).unwrap().stdout;
        let below = commands(&help);
        if below.is_empty() {
            assert!(
                help.contains("Exit codes:"),
                "{command:?} does not say its exit codes: {help}"
            );
            assert!(
                help.contains("Example"),
                "{command:?} has no example: {help}"
            );
            seen += 1;
        }
        waiting.extend(below.into_iter().map(|name| {
            let mut command = command.clone();
            command.push(name);
            command
        }));
    }
    assert!(seen > 10, "{seen} commands");
}

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    // A name stands two columns in; what a description goes on with stands further.
    let names = listed
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}
