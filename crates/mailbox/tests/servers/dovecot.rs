//! Dovecot, unprivileged, in a folder of its own on loopback, with a certificate of its own.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "a password with \"quotes\" and \\";

pub(crate) struct Dovecot {
    folder: TempDir,
    process: Child,
    port: u16,
    authority: String,
    delivered: AtomicU32,
}

impl Dovecot {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .self_signed(&key)
            .unwrap();
        let at = folder.path();
        fs::set_permissions(at, fs::Permissions::from_mode(0o755)).unwrap();
        let authority = pem("CERTIFICATE", certificate.der());
        fs::write(at.join("key.pem"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
        fs::write(at.join("cert.pem"), &authority).unwrap();
        fs::write(
            at.join("users"),
            format!("desk:{{PLAIN}}{PASSWORD}::::::\n"),
        )
        .unwrap();
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(at.join("mail").join(part)).unwrap();
        }
        fs::write(at.join("dovecot.conf"), configuration(at, port)).unwrap();
        let process = Command::new(program())
            .args(["-F", "-c"])
            .arg(at.join("dovecot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Dovecot is needed: apt-get install dovecot-imapd, or run `cargo xtask test`");
        let mut started = Self {
            port,
            process,
            authority,
            delivered: AtomicU32::new(0),
            folder,
        };
        started.wait();
        started
    }

    pub(crate) fn address(&self) -> String {
        format!("imaps://localhost:{}", self.port)
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Puts a mail into the mailbox, as a delivery does: written beside, then moved in.
    pub(crate) fn deliver(&self, mail: &str) {
        let number = self.delivered.fetch_add(1, Ordering::SeqCst);
        let name = format!("{}.{number}.test", 1_700_000_000 + number);
        let mailbox = self.folder.path().join("mail");
        fs::write(mailbox.join("tmp").join(&name), mail).unwrap();
        fs::set_permissions(
            mailbox.join("tmp").join(&name),
            fs::Permissions::from_mode(0o666),
        )
        .unwrap();
        fs::rename(
            mailbox.join("tmp").join(&name),
            mailbox.join("new").join(&name),
        )
        .unwrap();
    }

    /// As after a mailbox was put back from a backup: other numbers for the same mails.
    pub(crate) fn make_anew(&self) {
        let mailbox = self.folder.path().join("mail");
        for entry in fs::read_dir(&mailbox).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_str().unwrap().starts_with("dovecot") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }

    /// How many mails are not marked as read.
    pub(crate) fn unseen(&self) -> usize {
        let mailbox = self.folder.path().join("mail");
        let count = |part: &str, is_unseen: fn(&str) -> bool| {
            let names = fs::read_dir(mailbox.join(part))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| is_unseen(name)).count()
        };
        count("new", |_| true)
            + count("cur", |name| {
                !name.rsplit(',').next().unwrap().contains('S')
            })
    }

    /// Until somebody answers at the port. Dovecot that ended says why in its log.
    fn wait(&mut self) {
        loop {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            if let Some(status) = self.process.try_wait().unwrap() {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                panic!("Dovecot ended with {status}: {log}");
            }
            std::thread::yield_now();
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its children end with it when it is asked to, and stay when it is killed.
        let id = self.process.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        drop(self.process.wait());
    }
}

fn program() -> &'static str {
    let places = [
        "/usr/sbin/dovecot",
        "/usr/local/sbin/dovecot",
        "/opt/homebrew/sbin/dovecot",
    ];
    places
        .into_iter()
        .find(|place| Path::new(place).exists())
        .unwrap_or("dovecot")
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn output(program: &str, argument: &str) -> String {
    let said = Command::new(program).arg(argument).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

fn configuration(at: &Path, port: u16) -> String {
    let (user, group) = (output("id", "-un"), output("id", "-gn"));
    let at = at.display();
    // Whoever is the administrator lets mails belong to nobody: Dovecot serves none of root's.
    let (owner, own_group) = if user == "root" {
        ("nobody".to_owned(), output_group())
    } else {
        (user.clone(), group.clone())
    };
    // Nor does its door take part as the administrator: the package brings users for both.
    let (inner, door, inner_group) = if user == "root" {
        ("dovecot", "dovenull", "dovecot")
    } else {
        (user.as_str(), user.as_str(), group.as_str())
    };
    if user == "root" {
        let given = Command::new("chown")
            .args(["-R", &format!("{owner}:{own_group}"), &format!("{at}/mail")])
            .status();
        assert!(given.unwrap().success());
    }
    format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\n\
         default_internal_user = {inner}\ndefault_login_user = {door}\ndefault_internal_group = {inner_group}\n\
         ssl = required\nssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\ndisable_plaintext_auth = yes\n\
         mail_location = maildir:{at}/mail\nfirst_valid_uid = 1\nfirst_valid_gid = 1\nauth_mechanisms = plain\n\
         passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN {at}/users\n}}\n\
         userdb {{\n  driver = static\n  args = uid={owner} gid={own_group} home={at}/home\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = 0\n  }}\n  inet_listener imaps {{\n    port = {port}\n    ssl = yes\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n"
    )
}

fn output_group() -> String {
    let said = Command::new("id").args(["-gn", "nobody"]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

fn pem(label: &str, der: &[u8]) -> String {
    let lines: Vec<String> = der.chunks(48).map(|line| STANDARD.encode(line)).collect();
    let lines = lines.join("\n");
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}
