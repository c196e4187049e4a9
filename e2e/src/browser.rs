//! A headless Chromium of our own, driven over the W3C `WebDriver` protocol.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{http, process::Process, variable};

/// The name that `WebDriver` gives to the reference of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Headless, on its own, and quiet on the network.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
];

/// The reader's choice between light and dark.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    Dark,
    Light,
}

impl Scheme {
    /// As media queries and file names write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// A browser with a profile of its own; it ends when this is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Driver,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub fn start() -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let driver = Driver::start()?;
        let mut flags: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let options = json!({
            "binary": variable("COMITY_TEST_CHROMIUM")?,
            "args": flags,
        });
        let capabilities = json!({"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
        }});
        let answer = driver.call("POST", "/session", &json!({"capabilities": capabilities}))?;
        let session = answer.get("sessionId").and_then(Value::as_str);
        Ok(Self {
            session: session.context("a session without an id")?.to_owned(),
            driver,
            _profile: profile,
        })
    }

    pub fn open(&self, url: &str) -> Result<()> {
        self.post("/url", &json!({"url": url})).map(drop)
    }

    /// The address of the page that is shown.
    pub fn url(&self) -> Result<String> {
        text(self.call("GET", "/url", &Value::Null)?)
    }

    pub fn title(&self) -> Result<String> {
        text(self.call("GET", "/title", &Value::Null)?)
    }

    /// The text of the first element that `css` selects, as a reader sees it.
    pub fn text(&self, css: &str) -> Result<String> {
        self.with(css, |element| {
            self.call("GET", &format!("/element/{element}/text"), &Value::Null)
        })
        .and_then(text)
    }

    /// Clicks on what changes the page that is shown, where a person would have scrolled to: below
    /// the bar on top, above the one at the bottom of a telephone. What leads to another page is for
    /// [`Browser::follow`].
    pub fn click(&self, css: &str) -> Result<()> {
        let element = self.with(css, |element| {
            let script = "arguments[0].scrollIntoView({block: 'center'})";
            let args = json!([{ELEMENT: element}]);
            self.post("/execute/sync", &json!({"script": script, "args": args}))?;
            Ok(element.to_owned())
        })?;
        self.post(&format!("/element/{element}/click"), &json!({}))
            .map(drop)
    }

    /// Clicks on what leads to another page, and waits until that page is there.
    pub fn follow(&self, css: &str) -> Result<()> {
        self.turn(|| self.click(css))
            .with_context(|| format!("{css:?} leads to no other page"))
    }

    /// Presses Enter on what leads to another page, and waits until that page is there.
    pub fn enter(&self) -> Result<()> {
        self.turn(|| self.press("\u{e007}"))
            .context("Enter leads to no other page")
    }

    /// Does what leads to another page and waits until the page that is shown is gone and the next
    /// one complete. `ChromeDriver` waits for a page only where it has noticed in time that one is on
    /// its way: after a key, or without scripts, it often has not.
    fn turn(&self, act: impl FnOnce() -> Result<()>) -> Result<()> {
        const TRIES: usize = 600;
        const PAUSE: Duration = Duration::from_millis(50);
        let page = self.find("html")?;
        act()?;
        let mut is_gone = false;
        for _ in 0..TRIES {
            let seen = if is_gone {
                self.run("return document.readyState")
            } else {
                self.call("GET", &format!("/element/{page}/name"), &Value::Null)
            };
            match seen {
                Ok(state) if is_gone && state == "complete" => return Ok(()),
                Err(error) if !is_between_pages(&error) => return Err(error),
                Err(_) => is_gone = true,
                Ok(_) => {}
            }
            thread::sleep(PAUSE);
        }
        bail!("{} is still there", self.url()?)
    }

    /// Clears the field and types into it.
    pub fn fill(&self, css: &str, value: &str) -> Result<()> {
        let element = self.with(css, |element| {
            self.post(&format!("/element/{element}/clear"), &json!({}))?;
            Ok(element.to_owned())
        })?;
        self.post(
            &format!("/element/{element}/value"),
            &json!({"text": value}),
        )
        .map(drop)
    }

    /// Presses keys one after the other, wherever the focus is. `\u{e004}` is Tab, `\u{e015}` the
    /// arrow down.
    pub fn press(&self, keys: &str) -> Result<()> {
        let strokes = keys.chars().flat_map(|key| {
            let stroke = |kind| json!({"type": kind, "value": key});
            [stroke("keyDown"), stroke("keyUp")]
        });
        let strokes: Vec<Value> = strokes.collect();
        let board = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.post("/actions", &json!({"actions": [board]}))
            .map(drop)
    }

    /// How many elements `css` selects.
    pub fn count(&self, css: &str) -> Result<usize> {
        let found = self.post("/elements", &json!({"using": "css selector", "value": css}))?;
        Ok(found.as_array().map_or(0, Vec::len))
    }

    /// Runs `script` as the body of a function and returns what it returns.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs `script`, whose last argument is a function to be called with the result.
    pub fn run_async(&self, script: &str) -> Result<Value> {
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    /// Shows pages at this width, as on a telephone or a desk.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.command(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        )
        .map(drop)
    }

    pub fn prefer(&self, scheme: Scheme) -> Result<()> {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme.word()});
        self.command(
            "Emulation.setEmulatedMedia",
            &json!({"features": [feature]}),
        )
        .map(drop)
    }

    /// Turns the page's scripts on or off, from the next page on.
    pub fn allow_scripts(&self, allowed: bool) -> Result<()> {
        self.command(
            "Emulation.setScriptExecutionDisabled",
            &json!({"value": !allowed}),
        )
        .map(drop)
    }

    /// Saves a picture of what is shown, or of the whole page.
    pub fn picture(&self, file: &Path, whole_page: bool) -> Result<()> {
        let answer = self.command(
            "Page.captureScreenshot",
            &json!({"format": "png", "captureBeyondViewport": whole_page}),
        )?;
        let data = answer
            .get("data")
            .and_then(Value::as_str)
            .context("no picture")?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, BASE64_STANDARD.decode(data)?)?;
        Ok(())
    }

    /// Does something with the first element that `css` selects. Where another page comes meanwhile,
    /// such as the one that a click led to, it is that of the other.
    fn with<T>(&self, css: &str, act: impl Fn(&str) -> Result<T>) -> Result<T> {
        const TRIES: usize = 20;
        const PAUSE: Duration = Duration::from_millis(50);
        let mut tried = 0;
        loop {
            tried += 1;
            match self.find(css).and_then(|element| act(&element)) {
                Err(error) if tried < TRIES && is_between_pages(&error) => thread::sleep(PAUSE),
                done => return done,
            }
        }
    }

    fn find(&self, css: &str) -> Result<String> {
        let found = self
            .post("/element", &json!({"using": "css selector", "value": css}))
            .with_context(|| format!("nothing is {css:?} on {}", self.url().unwrap_or_default()))?;
        let id = found.get(ELEMENT).and_then(Value::as_str);
        Ok(id.context("an element without an id")?.to_owned())
    }

    /// A command of the Chrome `DevTools` protocol.
    fn command(&self, name: &str, params: &Value) -> Result<Value> {
        self.post("/goog/cdp/execute", &json!({"cmd": name, "params": params}))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("POST", path, body)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        self.driver
            .call(method, &format!("/session/{}{path}", self.session), body)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Err(error) = self.call("DELETE", "", &Value::Null) {
            eprintln!("the browser did not end by itself: {error:#}");
        }
    }
}

/// The program between us and the browser.
#[derive(Debug)]
struct Driver {
    _process: Process,
    authority: String,
}

impl Driver {
    /// Starts it on a port that it chooses. It asks for the same port at both addresses of the
    /// loopback one after the other and ends where somebody else was quicker at the second, so it is
    /// started again.
    fn start() -> Result<Self> {
        const TRIES: usize = 5;
        let mut said = String::new();
        for _ in 0..TRIES {
            match Self::try_start()? {
                Ok(driver) => return Ok(driver),
                Err(last) => said = last,
            }
        }
        bail!("ChromeDriver ended {TRIES} times before it was ready: {said}")
    }

    /// Starts it and reads which port it has; what it said last where it ended.
    fn try_start() -> Result<Result<Self, String>> {
        const SAYS_PORT: &str = "started successfully on port ";
        let program = variable("COMITY_TEST_CHROMEDRIVER")?;
        let mut command = Command::new(&program);
        command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = Process::start("ChromeDriver", &mut command)
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout()?;
        let mut driver = Self {
            _process: process,
            authority: String::new(),
        };
        let mut said = String::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some((_, port)) = line.split_once(SAYS_PORT) {
                driver.authority = format!("127.0.0.1:{}", port.trim_end_matches('.'));
                return Ok(Ok(driver));
            }
            said = line;
        }
        Ok(Err(said))
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let json = (method == "POST").then(|| body.to_string());
        let response = http::send(method, &self.authority, path, json.as_deref())?;
        let mut answer: Value = serde_json::from_slice(&response.body)?;
        let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
        if response.status != 200 {
            let message = value
                .get("message")
                .and_then(Value::as_str)
                .unwrap_or("no reason");
            bail!(
                "{method} {path}: {}",
                message.lines().next().unwrap_or_default()
            );
        }
        Ok(value)
    }
}

/// Whether a page that renews itself, or is left, may be why there is nothing.
fn is_between_pages(error: &anyhow::Error) -> bool {
    const SAYINGS: [&str; 6] = [
        "stale element",
        "no such element",
        "does not belong to the document",
        "aborted by navigation",
        "context was destroyed",
        "Cannot find context",
    ];
    let words = format!("{error:#}");
    SAYINGS.iter().any(|saying| words.contains(saying))
}

fn text(value: Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text),
        other => bail!("not a text: {other}"),
    }
}
