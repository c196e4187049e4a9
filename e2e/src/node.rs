//! One node of our own: made, filled and served as an operator does it.

use std::{fs, net::TcpListener, process::Stdio, thread, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{Account, Browser, Program, get, process::Process};

const PROBE_INTERVAL: Duration = Duration::from_millis(20);
const PROBES_MAX: usize = 1_500;
const USER: &str = "rosa";
/// So that every page may be seen.
const ROLES: &[&str] = &["admin", "analyst", "auditor", "diplomat", "duty_officer"];
/// Long enough to be taken.
const PASSWORD: &str = "a calm instrument for people under stress";

/// How a node is made and run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setup<'a> {
    /// The historical incidents are taken in.
    pub shipped: bool,
    /// The address of an empty `PostgreSQL` database; a file of `SQLite` if nothing is said.
    pub database: Option<&'a str>,
    /// The most memory of its own that the serving process may have, in KiB: the system refuses it
    /// more.
    pub memory_kib: Option<u64>,
    /// How many requests a minute it lets one address ask; the default if nothing is said.
    pub requests_per_minute: Option<u32>,
}

/// A node that serves on loopback; it stops when this is dropped.
#[derive(Debug)]
pub struct Node {
    server: Process,
    web: String,
    code: String,
    folder: tempfile::TempDir,
    place: Vec<String>,
}

impl Node {
    /// Makes a hub with the historical incidents and waits until it serves.
    pub fn start(program: &Program) -> Result<Self> {
        let setup = Setup {
            shipped: true,
            ..Setup::default()
        };
        Self::set_up(program, setup)
    }

    /// Makes a hub and waits until it serves.
    pub fn set_up(program: &Program, setup: Setup<'_>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("node");
        let data = data
            .to_str()
            .context("a temporary folder that is no text")?;
        let mut place = vec!["--data".to_owned(), data.to_owned()];
        if let Some(database) = setup.database {
            place.extend(["--database".to_owned(), database.to_owned()]);
        }
        let run = |line: &[&str]| {
            let line = line.iter().copied().chain(place.iter().map(String::as_str));
            program.run(line)?.expect(0)
        };
        run(&["init", "--party", "regional-hub"])?;
        if setup.shipped {
            run(&["import", "--shipped"])?;
        }
        let mut add = vec!["user", "add", USER, "--json"];
        add.extend(ROLES.iter().flat_map(|role| ["--role", role]));
        let added: Value = serde_json::from_str(&run(&add)?.stdout)?;
        let code = added.get("one_time_code").and_then(Value::as_str);
        // What init made to be taken away is taken away.
        fs::rename(
            folder.path().join("node/take-offline"),
            folder.path().join("safe"),
        )?;
        let web = format!("127.0.0.1:{}", free_port()?);
        let log = fs::File::create(folder.path().join("log"))?;
        let mut command = program.within(setup.memory_kib);
        command
            .args(["serve", "--federation", "127.0.0.1:0", "--web", &web])
            .args(&place)
            .stdout(Stdio::null())
            .stderr(log);
        if let Some(requests) = setup.requests_per_minute {
            command.env("COMITY_REQUESTS_PER_MINUTE", requests.to_string());
        }
        let mut node = Self {
            server: Process::start("the node", &mut command)?,
            web: format!("http://{web}"),
            code: code.context("a user without a one-time code")?.to_owned(),
            folder,
            place,
        };
        node.wait_until_ready()?;
        Ok(node)
    }

    /// The options that say which node a command is about.
    pub fn place(&self) -> &[String] {
        &self.place
    }

    /// Uses the one-time code of the user and gives what programs sign in with.
    pub fn account(&self) -> Result<Account> {
        Account::redeem(&self.web, (USER, PASSWORD), &self.code)
    }

    /// The most memory that the serving process has had, in KiB.
    pub fn peak_kib(&self) -> Result<u64> {
        self.server.peak_kib()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        for _ in 0..PROBES_MAX {
            if let Some(status) = self.server.ended()? {
                bail!("the node ended at once: {status}\n{}", self.log());
            }
            if get(&format!("{}/readyz", self.web)).is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            thread::sleep(PROBE_INTERVAL);
        }
        bail!("the node did not become ready\n{}", self.log());
    }

    /// What the node has logged.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log"));
        log.unwrap_or_else(|error| format!("(its log cannot be read: {error})"))
    }

    /// The address of its pages.
    pub fn web(&self) -> &str {
        &self.web
    }

    /// Uses the one-time code of the user, then signs in.
    pub fn sign_in(&self, browser: &Browser) -> Result<()> {
        browser.open(&format!("{}/reset", self.web))?;
        browser.fill("[name=name]", USER)?;
        browser.fill("[name=code]", &self.code)?;
        browser.fill("[name=password]", PASSWORD)?;
        browser.follow("main button, .panel button")?;
        leave(browser, "/reset")?;
        self.sign_in_again(browser)
    }

    /// Signs in with the password that [`Node::sign_in`] has set.
    pub fn sign_in_again(&self, browser: &Browser) -> Result<()> {
        enter(browser, &self.web, (USER, PASSWORD))
    }

    /// Asks it to end, as a service manager does, and returns its exit code.
    pub fn stop(mut self) -> Result<Option<i32>> {
        self.server.signal("TERM")?;
        self.server.wait()
    }
}

/// Signs in at a console.
pub(crate) fn enter(browser: &Browser, web: &str, (user, password): (&str, &str)) -> Result<()> {
    browser.open(&format!("{web}/sign-in"))?;
    browser.fill("[name=name]", user)?;
    browser.fill("[name=password]", password)?;
    browser.follow("main button, .panel button")?;
    leave(browser, "/sign-in")
}

/// What was filled in at this page was taken.
fn leave(browser: &Browser, page: &str) -> Result<()> {
    if browser.url()?.ends_with(page) {
        bail!("still at {page}: {}", browser.text("body")?);
    }
    Ok(())
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
