//! A server of IMAP that does wrong what a real one cannot be asked to: on loopback, without TLS.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use tokio::sync::Notify;

#[derive(Default)]
struct Kept {
    mails: Vec<String>,
    seen: BTreeSet<usize>,
    said: Vec<String>,
    /// Whether the next `STORE` is never answered.
    stalls: bool,
}

pub(crate) struct Imapd {
    kept: Arc<Mutex<Kept>>,
    stalled: Arc<Notify>,
    port: u16,
}

impl Imapd {
    pub(crate) fn start(mails: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let started = Self {
            port: listener.local_addr().unwrap().port(),
            kept: Arc::new(Mutex::new(Kept {
                mails: mails.iter().map(|&mail| mail.to_owned()).collect(),
                ..Kept::default()
            })),
            stalled: Arc::default(),
        };
        let (kept, stalled) = (Arc::clone(&started.kept), Arc::clone(&started.stalled));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, stalled) = (Arc::clone(&kept), Arc::clone(&stalled));
                thread::spawn(move || serve(&stream.unwrap(), &kept, &stalled));
            }
        });
        started
    }

    /// Its address, as one of a server without TLS, or with STARTTLS, which it has not.
    pub(crate) fn address(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// From now on, or no longer, it takes the mark of a mail as read and never answers.
    pub(crate) fn stall(&self, stalls: bool) {
        self.kept.lock().unwrap().stalls = stalls;
    }

    /// Until somebody waits for that answer.
    pub(crate) async fn stalled(&self) {
        self.stalled.notified().await;
    }

    /// The mails that are marked as read, by number.
    pub(crate) fn seen(&self) -> Vec<usize> {
        self.kept.lock().unwrap().seen.iter().copied().collect()
    }

    /// All that it was told.
    pub(crate) fn said(&self) -> Vec<String> {
        self.kept.lock().unwrap().said.clone()
    }
}

fn serve(stream: &TcpStream, kept: &Mutex<Kept>, stalled: &Notify) {
    let mut out = stream;
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    if !say("* OK at your service") {
        return;
    }
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        let mut kept = kept.lock().unwrap();
        kept.said.push(line.clone());
        let (tag, command) = line.split_once(' ').unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        let answer = match words.as_slice() {
            ["CAPABILITY"] => "* CAPABILITY IMAP4rev1\r\n".to_owned(),
            ["SELECT", _] => format!(
                "* {} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n",
                kept.mails.len()
            ),
            ["UID", "SEARCH", "UID", from] => {
                let from: usize = from.trim_end_matches(":*").parse().unwrap();
                let found = (from..=kept.mails.len()).map(|uid| format!(" {uid}"));
                format!("* SEARCH{}\r\n", found.collect::<String>())
            }
            ["UID", "FETCH", uid, ..] => {
                let uid: usize = uid.parse().unwrap();
                let mail = &kept.mails[uid - 1];
                let bytes = mail.len();
                format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{bytes}}}\r\n{mail})\r\n")
            }
            ["UID", "STORE", ..] if kept.stalls => {
                stalled.notify_one();
                continue;
            }
            ["UID", "STORE", uid, ..] => {
                kept.seen.insert(uid.parse().unwrap());
                String::new()
            }
            ["LOGIN", ..] | ["LOGOUT"] => String::new(),
            _ => {
                say(&format!("{tag} BAD unknown command"));
                continue;
            }
        };
        drop(kept);
        if !say(&format!("{answer}{tag} OK done")) {
            return;
        }
    }
}
