//! `cargo xtask test`: every test, with real servers and a real browser.

use std::{path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::{
    args::Args,
    browser, debian, machine, peers,
    postgres::{self, Cluster},
    shell, workspace,
};

/// The crate whose tests drive a browser.
const BROWSER_CRATE: &str = "e2e";
/// The crate whose tests run clients in Python.
const CLIENTS_CRATE: &str = "testkit";
/// The crate whose tests speak to servers of mail.
const MAIL_CRATE: &str = "mailbox";
/// Where Debian puts it, which is on nobody's PATH but the administrator's.
const DOVECOT: &str = "/usr/sbin/dovecot";
/// The crate of the program that they start. When its own tests are run, these build it.
const PROGRAM_CRATE: &str = "cli";

/// What to test, and with what.
struct Plan {
    packages: Vec<String>,
    with_browser: bool,
    runner_args: Vec<String>,
}

pub(crate) fn run(mut args: Args) -> Result<()> {
    let mut packages = Vec::new();
    while let Some(package) = args.value("-p")? {
        packages.push(package);
    }
    let without_browser = args.flag("--no-browser");
    let plan = Plan {
        with_browser: !without_browser
            && (packages.is_empty() || packages.iter().any(|name| name == BROWSER_CRATE)),
        packages,
        runner_args: args.finish()?,
    };
    if without_browser {
        println!("note: --no-browser: the journeys through the pages are left out of this run");
    }
    let environment = Environment::prepare(&plan)?;
    if plan.with_browser && !plan.covers(PROGRAM_CRATE) {
        shell::step("build the program that the journeys start");
        shell::run(shell::cargo().args(["build", "--quiet", "-p", PROGRAM_CRATE]))?;
    }
    run_doc_tests(&plan, &environment)?;
    run_tests(&plan, &environment)
}

/// What the tests find around them; servers stop when it is dropped.
struct Environment {
    _cluster: Option<Cluster>,
    variables: Vec<(&'static str, PathBuf)>,
}

impl Environment {
    fn prepare(plan: &Plan) -> Result<Self> {
        let mut variables = Vec::new();
        if let Some(folder) = machine::data()? {
            variables.push((machine::DATA, folder));
        }
        if plan.with_browser {
            shell::step("find the browser");
            variables.extend(browser::find_or_install()?);
        }
        if plan.covers(PROGRAM_CRATE) {
            shell::step("find strace");
            let strace =
                debian::program(&["strace"], &["strace"], "strace, which makes disks fail")?;
            println!("{}", strace.display());
        }
        if plan.covers(MAIL_CRATE) {
            shell::step("find Dovecot");
            debian::file(DOVECOT, &["dovecot-imapd"], "Dovecot, a server of IMAP")?;
            println!("{DOVECOT}");
        }
        if plan.covers(CLIENTS_CRATE) || plan.covers(MAIL_CRATE) {
            shell::step("find the clients in Python");
            let python = peers::clients()?;
            println!("{}", python.display());
            variables.push(("COMITY_TEST_PYTHON", python));
        }
        variables.push(("COMITY_TEST_BIN", shell::target().join("debug/comity")));
        variables.push(("COMITY_TEST_OUTPUT", shell::target()));
        shell::step("start PostgreSQL");
        let cluster = if let Some(address) = std::env::var_os(postgres::VARIABLE) {
            println!("{} is set: {}", postgres::VARIABLE, address.display());
            None
        } else {
            let cluster = Cluster::start()?;
            println!("{}", cluster.address());
            variables.push((postgres::VARIABLE, cluster.address().into()));
            Some(cluster)
        };
        Ok(Self {
            _cluster: cluster,
            variables,
        })
    }

    fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }
}

/// Examples in the documentation. They go first: a reader of the log looks at its end for the sum
/// of the tests proper.
fn run_doc_tests(plan: &Plan, environment: &Environment) -> Result<()> {
    shell::step("examples in the documentation");
    let libraries: Vec<_> = workspace::members()?
        .into_iter()
        .filter(|member| member.has_library && plan.covers(&member.name))
        .map(|member| member.name)
        .collect();
    if libraries.is_empty() {
        println!("none: what was asked for has no library");
        return Ok(());
    }
    let mut command = shell::cargo();
    command.args(["test", "--doc", "--quiet"]);
    for library in &libraries {
        command.args(["-p", library]);
    }
    shell::run(environment.apply(&mut command))
}

fn run_tests(plan: &Plan, environment: &Environment) -> Result<()> {
    shell::step("tests");
    let nextest = shell::succeeds(shell::cargo().args(["nextest", "--version"]));
    let mut command = shell::cargo();
    if nextest {
        // One failure must not hide the next: a run takes minutes.
        command.args(["nextest", "run", "--no-tests=fail", "--no-fail-fast"]);
        if machine::is_ci() {
            command.args(["--profile", "ci"]);
        }
    } else {
        println!("cargo-nextest is not here: cargo's own runner does it");
        command.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    plan.select(&mut command);
    command.args(&plan.runner_args);
    environment.apply(&mut command);
    if nextest {
        return shell::run(&mut command);
    }
    let sum = Sum::of(&shell::run_and_read(&mut command)?);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.passed == 0 {
        bail!("no test was run");
    }
    Ok(())
}

impl Plan {
    fn covers(&self, package: &str) -> bool {
        self.packages.is_empty() || self.packages.iter().any(|name| name == package)
    }

    fn select(&self, command: &mut Command) {
        if self.packages.is_empty() {
            command.arg("--workspace");
            if !self.with_browser {
                command.args(["--exclude", BROWSER_CRATE]);
            }
        }
        for package in &self.packages {
            command.args(["-p", package]);
        }
    }
}

/// What cargo's runner says, test binary by test binary, in one line.
#[derive(Debug, Default, PartialEq)]
struct Sum {
    passed: u64,
    failed: u64,
}

impl Sum {
    fn of(output: &str) -> Self {
        let mut sum = Self::default();
        let results = output
            .lines()
            .filter(|line| line.starts_with("test result:"));
        for part in results.flat_map(|line| line.split([';', '.'])) {
            let mut words = part.split_whitespace();
            match (words.next().map(str::parse::<u64>), words.next()) {
                (Some(Ok(count)), Some("passed")) => sum.passed += count,
                (Some(Ok(count)), Some("failed")) => sum.failed += count,
                _ => {}
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_binaries_are_added() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; finished in 0.20s\n\
                      test a ... ok\n\
                      test result: FAILED. 3 passed; 2 failed; 0 ignored; finished in 0.01s\n";
        assert_eq!(
            Sum::of(output),
            Sum {
                passed: 15,
                failed: 2
            }
        );
    }
}
