//! The program as a process of its own, serving a node that a fleet has founded.

use std::{
    io::{BufRead, BufReader, Lines},
    net::SocketAddr,
    process::{Child, ChildStderr, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use db::Address;
use testkit::Node;

/// A serving process; it is killed when this is dropped.
pub(crate) struct Binary {
    child: Child,
    federation: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Binary {
    /// Serves the node of a stopped member. `under` is a program, with its arguments, that runs it.
    pub(crate) fn serve(node: &Node, under: &[String]) -> Self {
        let program = env!("CARGO_BIN_EXE_comity").to_owned();
        let line: Vec<String> = under.iter().cloned().chain([program]).collect();
        let (first, rest) = line.split_first().unwrap();
        let database = match &node.config().database {
            Address::Sqlite(path) => format!("sqlite:{}", path.display()),
            Address::Postgres(address) => address.clone(),
        };
        let mut command = Command::new(first);
        command
            .args(rest)
            .args(["serve", "--federation", "127.0.0.1:0"])
            .args(["--web", "127.0.0.1:0", "--database"])
            .arg(database)
            .arg("--data")
            .arg(&node.config().data);
        let started = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = started.unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let federation = ready(&mut lines, &log);
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self {
            child,
            federation,
            log,
        }
    }

    /// Where it listens for nodes.
    pub(crate) const fn federation(&self) -> SocketAddr {
        self.federation
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Kills it (SIGKILL), and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // Where nobody looks at a terminal, the log is text.
        let log = self.log();
        assert!(!log.contains('\u{1b}'), "{log:?}");
    }

    /// Asks it to end, as a service manager does, and gives its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// Reads on until it says where nodes connect.
fn ready(lines: &mut Lines<BufReader<ChildStderr>>, log: &Mutex<String>) -> SocketAddr {
    let mut told = lines.map_while(Result::ok).map(|line| {
        let said = line.strip_suffix(" for nodes").and_then(|said| {
            let (_, address) = said.rsplit_once(' ')?;
            address.parse().ok()
        });
        log.lock().unwrap().push_str(&(line + "\n"));
        said
    });
    let found = told.find_map(|said| said);
    assert!(
        found.is_some(),
        "the program ended before it served:\n{}",
        log.lock().unwrap()
    );
    found.unwrap()
}
