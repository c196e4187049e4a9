//! Copies of a PostgreSQL database, made and brought back by the programs that come with it.

use std::{
    ffi::OsStr,
    io,
    path::Path,
    process::{Command, Stdio},
};

use crate::output::{Failure, Hint};

/// How much is told of what such a program says.
const SAID_CHARS_MAX: usize = 1_000;

/// Writes a consistent copy of the database while it is used.
pub(crate) fn dump(address: &str, to: &Path) -> Result<(), Failure> {
    let words = ["--format=custom", "--no-owner", "--no-privileges", "--file"];
    run("pg_dump", address, &words, to).hint(
        "is its version that of the server or newer? --without-database leaves the copy to you",
    )
}

/// Brings a copy back into an empty database: all of it, or nothing.
pub(crate) fn restore(address: &str, from: &Path) -> Result<(), Failure> {
    let words = [
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
    ];
    run("pg_restore", address, &words, from).hint(
        "the database must be there and be empty, and pg_restore of the server's version or newer; \
         remove the data folder before the next try",
    )
}

fn run(program: &str, address: &str, words: &[&str], file: &Path) -> Result<(), Failure> {
    let (address, password) = without_password(address);
    let mut command = Command::new(program);
    command
        .args(words)
        .arg(file)
        .args([OsStr::new("--dbname"), OsStr::new(&address)])
        .arg("--no-password")
        .stdin(Stdio::null());
    // Whoever lists processes sees what is typed, and not this.
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!(
            "{program} is not on this machine: install the client programs of PostgreSQL, such as \
             with apt-get install postgresql-client"
        ),
        _ => anyhow::Error::new(error).context(format!("{program} cannot be run")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: String = said.trim().chars().take(SAID_CHARS_MAX).collect();
    Err(anyhow::Error::msg(said)
        .context(format!("{program} failed"))
        .into())
}

/// The address without the password that stands in it, and the password.
fn without_password(address: &str) -> (String, Option<String>) {
    let parted = || {
        let (scheme, rest) = address.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let (who, host) = authority.rsplit_once('@')?;
        let (user, password) = who.split_once(':')?;
        Some((
            format!("{scheme}://{user}@{host}{path}"),
            decoded(password)?,
        ))
    };
    match parted() {
        Some((address, password)) => (address, Some(password)),
        None => (address.to_owned(), None),
    }
}

/// Text with `%` escapes (RFC 3986 §2.1).
fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_typed() {
        for (address, bare, password) in [
            ("postgres://a@h/d", "postgres://a@h/d", None),
            ("postgres:///d?host=/run", "postgres:///d?host=/run", None),
            (
                "postgres://a:p%40s%2fs@h:5432/d?sslmode=require",
                "postgres://a@h:5432/d?sslmode=require",
                Some("p@s/s"),
            ),
            ("postgres://a:b@h", "postgres://a@h", Some("b")),
        ] {
            let expected = (bare.to_owned(), password.map(str::to_owned));
            assert_eq!(without_password(address), expected);
        }
    }
}
