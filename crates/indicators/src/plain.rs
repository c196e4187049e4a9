//! Lists of one value a line, and the like: hosts files, filters of ad blockers, dnsmasq.
//!
//! Comments begin with `#`, `;` or `//`; what follows a value behind white space is not read, so
//! that a count there is no confidence.

use std::io::BufRead;

use super::{
    Format, Place, ReadError, Reason,
    blocks::{Ends, each_block},
    intake::{About, Intake, LeftOut},
    lines::each_line,
    words::Wanted,
};

/// Reads a list by lines.
pub(super) fn read(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
    format: Format,
) -> Result<(), ReadError> {
    each_block(intake, input, Ends::Lines, |intake, block, before| {
        lines(intake, block, before, format)
    })
}

fn lines(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
    before: u64,
    format: Format,
) -> Result<(), ReadError> {
    each_line(input, before, |number, line| {
        let place = || Place::Line(number);
        let line = match line {
            Ok(line) => line.trim_ascii(),
            Err(reason) => return intake.problem(place(), "", reason),
        };
        if line.is_empty() || is_comment(line) {
            return Ok(());
        }
        match format {
            Format::Hosts => hosts(intake, line, number),
            Format::Adblock => adblock(intake, line, number),
            Format::Dnsmasq => dnsmasq(intake, line, number),
            _ => {
                let value = first_column(line);
                taken(intake, value, Wanted::Any, number)
            }
        }
    })
}

/// Whether a line without white space around it is a comment.
pub(super) fn is_comment(line: &[u8]) -> bool {
    matches!(line, [b'#' | b';', ..]) || line.starts_with(b"//")
}

fn taken(
    intake: &mut Intake<'_>,
    value: &[u8],
    wanted: Wanted,
    number: u64,
) -> Result<(), ReadError> {
    let place = || Place::Line(number);
    match str::from_utf8(value) {
        Ok(text) => intake.text(text, wanted, &About::default(), place),
        Err(_) => intake.problem(place(), &String::from_utf8_lossy(value), Reason::NotUtf8),
    }
}

/// The value of a line: all of it where its kind has spaces, else what stands before white space.
pub(super) fn first_column(line: &[u8]) -> &[u8] {
    let before_tab = line.split(|byte| *byte == b'\t').next();
    let before_tab = before_tab.unwrap_or_default().trim_ascii_end();
    let has_hive = before_tab
        .first_chunk::<2>()
        .is_some_and(|head| head.eq_ignore_ascii_case(b"hk"));
    if has_hive && before_tab.contains(&b'\\') {
        return before_tab;
    }
    let mut columns = line.split(u8::is_ascii_whitespace);
    let first = columns.next().unwrap_or_default();
    // A range may be written with spaces around its hyphen.
    let mut behind = columns.filter(|column| !column.is_empty());
    let is_range = behind.next() == Some(b"-")
        && behind
            .next()
            .and_then(|last| str::from_utf8(last).ok()?.parse::<std::net::IpAddr>().ok())
            .is_some();
    let value = if is_range {
        let mut spaces = line.iter().enumerate();
        let third = spaces.find(|&(at, byte)| at > first.len() + 3 && byte.is_ascii_whitespace());
        third.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
    } else {
        first
    };
    unquoted(value)
}

fn unquoted(value: &[u8]) -> &[u8] {
    let value = value.strip_suffix(b",").unwrap_or(value);
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inner.unwrap_or(value)
}

/// An address, then names, which are the indicators; those of the machine itself are not.
fn hosts(intake: &mut Intake<'_>, line: &[u8], number: u64) -> Result<(), ReadError> {
    let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
    let mut columns = line
        .split(u8::is_ascii_whitespace)
        .filter(|column| !column.is_empty());
    let first = columns.next().unwrap_or_default();
    if !is_address(first) {
        return taken(intake, first, Wanted::Any, number);
    }
    let mut names = columns.peekable();
    if names.peek().is_none() {
        return taken(intake, first, Wanted::Any, number);
    }
    for name in names {
        if is_own(name) {
            intake.leave_out(LeftOut::NotForMatching);
        } else {
            taken(intake, name, Wanted::Domain, number)?;
        }
    }
    Ok(())
}

pub(super) fn is_address(column: &[u8]) -> bool {
    let text = str::from_utf8(column).unwrap_or_default();
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse::<std::net::IpAddr>().is_ok()
}

/// Names that every hosts file has for the machine itself, and addresses in their place.
fn is_own(name: &[u8]) -> bool {
    const OWN: &[&[u8]] = &[
        b"broadcasthost",
        b"ip6-allhosts",
        b"ip6-allnodes",
        b"ip6-allrouters",
        b"ip6-localhost",
        b"ip6-localnet",
        b"ip6-loopback",
        b"ip6-mcastprefix",
        b"local",
        b"localhost",
        b"localhost.localdomain",
        b"localhost4",
        b"localhost6",
        b"localhost6.localdomain6",
    ];
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) || is_address(name)
}

/// `||name^` stands for the name and all below it. Exceptions, parts of pages and paths with
/// wildcards are left out.
fn adblock(intake: &mut Intake<'_>, line: &[u8], number: u64) -> Result<(), ReadError> {
    if matches!(line, [b'!' | b'[', ..]) {
        return Ok(());
    }
    let hides = [&b"##"[..], b"#@#", b"#?#", b"#$#", b"#%#"];
    let is_part = hides
        .iter()
        .any(|mark| line.windows(mark.len()).any(|window| window == *mark));
    let Some(filter) = line.strip_prefix(b"||") else {
        if is_part || line.starts_with(b"@@") || line.iter().any(|byte| b"*|$/^".contains(byte)) {
            intake.leave_out(LeftOut::NotForMatching);
            return Ok(());
        }
        return hosts(intake, line, number);
    };
    let mut halves = filter.splitn(2, |byte| *byte == b'$');
    let name = halves.next().unwrap_or_default();
    let options = halves.next();
    let name = name.strip_suffix(b"|").unwrap_or(name);
    let whole = name.strip_suffix(b"^");
    let plain_options = options.is_none_or(|options| {
        let mut words = options.split(|byte| *byte == b',');
        words.all(|word| {
            matches!(
                word,
                b"all" | b"doc" | b"document" | b"important" | b"popup" | b"third-party"
            )
        })
    });
    match whole {
        Some(name)
            if plain_options && !is_part && !name.iter().any(|byte| b"*/^".contains(byte)) =>
        {
            taken(intake, name, Wanted::Domain, number)
        }
        _ => {
            intake.leave_out(LeftOut::NotForMatching);
            Ok(())
        }
    }
}

/// `address=/a/b/198.51.100.3`: the names between the slashes, with all below them.
fn dnsmasq(intake: &mut Intake<'_>, line: &[u8], number: u64) -> Result<(), ReadError> {
    let mut halves = line.splitn(2, |byte| *byte == b'=');
    let key = halves.next().unwrap_or_default().trim_ascii();
    let value = halves.next().unwrap_or_default().trim_ascii();
    let names = value
        .strip_prefix(b"/")
        .filter(|_| matches!(key, b"address" | b"local" | b"server"));
    let Some(names) = names else {
        intake.leave_out(LeftOut::NotForMatching);
        return Ok(());
    };
    let mut parts: Vec<&[u8]> = names.split(|byte| *byte == b'/').collect();
    // What stands behind the last slash is where the names lead to.
    parts.pop();
    for name in parts.into_iter().filter(|name| !name.is_empty()) {
        taken(intake, name, Wanted::Domain, number)?;
    }
    Ok(())
}
