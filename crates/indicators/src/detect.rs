//! Which format a list is of, by its beginning.

use stix::json::{Document, JsonErrorKind, Kind, Limits, Spare, Value};

use super::{
    Format, ReadError,
    columns::{Layout, Role, layout, role_of},
    plain::{first_column, is_address, is_comment},
};

/// A format with what else was found out.
pub(super) struct Detected {
    pub(super) format: Format,
    /// Of a table.
    pub(super) layout: Option<Layout>,
    /// Whether JSON stands one value a line.
    pub(super) is_json_lines: bool,
}

/// Lines that a list is judged by.
const SAMPLE_LINES_MAX: usize = 200;

/// Finds out the format of what begins so; `is_whole` where nothing follows.
pub(super) fn detect(
    head: &[u8],
    is_whole: bool,
    given: Option<Format>,
) -> Result<Detected, ReadError> {
    if given.is_none() {
        refuse_foreign(head)?;
    }
    let trimmed = head.trim_ascii_start();
    let format = match (given, trimmed.first()) {
        (Some(given), _) => given,
        (None, Some(b'{')) => json_object(trimmed),
        (None, Some(b'[')) => json_list(trimmed).unwrap_or_else(|| by_lines(head)),
        (None, Some(b'"')) if json_lines(head) => Format::Json,
        (None, Some(b'<')) => xml(trimmed)?,
        _ => by_lines(head),
    };
    let lines = lines_of(head, is_whole);
    let mut layout = None;
    let mut format = format;
    if given.is_none_or(|given| given == Format::Table)
        && matches!(format, Format::Plain | Format::Table)
    {
        layout = self::layout(&lines);
        if given.is_none() && layout.is_some() {
            format = Format::Table;
        }
    }
    Ok(Detected {
        format,
        layout,
        is_json_lines: json_lines(head),
    })
}

/// Files that are no text.
fn refuse_foreign(head: &[u8]) -> Result<(), ReadError> {
    const FOREIGN: &[(&[u8], &str)] = &[
        (b"\x1f\x8b", "compressed by gzip: unpack it first"),
        (b"\x28\xb5\x2f\xfd", "compressed by zstd: unpack it first"),
        (b"BZh", "compressed by bzip2: unpack it first"),
        (b"\xfd7zXZ", "compressed by xz: unpack it first"),
        (
            b"PK\x03\x04",
            "a zip archive or an office document: give the text in it",
        ),
        (b"%PDF", "a PDF document: give the list as text"),
    ];
    let found = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic));
    found.map_or(Ok(()), |(_, why)| Err(ReadError::NotRead(why)))
}

fn xml(head: &[u8]) -> Result<Format, ReadError> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    if text.contains("openioc") || text.contains("schemas.mandiant.com") || text.contains("<ioc ") {
        Ok(Format::OpenIoc)
    } else {
        Err(ReadError::NotRead(
            "XML or HTML, which is no list: give the list as text, CSV, JSON, STIX or MISP",
        ))
    }
}

/// The names of the members that an object begins with, and what STIX and MISP say by them.
fn json_object(head: &[u8]) -> Format {
    let members = members(head);
    let value = |name: &str| {
        let found = members.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_deref().unwrap_or_default())
    };
    let has = |name: &str| value(name).is_some();
    let is_uuid = |(name, _): &(String, Option<String>)| {
        name.len() == 36 && name.split('-').map(str::len).eq([8, 4, 4, 4, 12])
    };
    if value("type") == Some("bundle")
        || has("spec_version")
        || has("objects")
        || has("pattern_type")
    {
        Format::Stix
    } else if has("Event") || has("response") || has("Attribute") || has("orgc_id") || has("Orgc") {
        Format::Misp
    } else if has("matching_attributes")
        || (has("list") && (has("name") || has("version") || has("description")))
    {
        Format::Warninglist
    } else if members.first().is_some_and(is_uuid) {
        Format::MispManifest
    } else if value("type").is_some_and(|_| value("id").is_some_and(|id| id.contains("--"))) {
        Format::Stix
    } else if has("pattern") {
        Format::StixPatterns
    } else {
        Format::Json
    }
}

/// A list of texts or of objects; nothing where the bracket begins something else.
fn json_list(head: &[u8]) -> Option<Format> {
    let inner = head.get(1..)?.trim_ascii_start();
    match inner.first() {
        Some(b'{') => match json_object(inner) {
            Format::StixPatterns => Some(Format::Json),
            other => Some(other),
        },
        Some(b'"' | b']') | None => Some(Format::Json),
        Some(b'[')
            if inner
                .get(1..)
                .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"")) =>
        {
            Some(Format::Json)
        }
        _ => None,
    }
}

const LIMITS: Limits = Limits {
    depth_max: 64,
    bytes_max: 1 << 20,
};

/// Members of an object that may be cut off: their names, and their values where these are texts.
fn members(object: &[u8]) -> Vec<(String, Option<String>)> {
    const MEMBERS_MAX: usize = 64;
    let mut found = Vec::new();
    let mut rest = object.get(1..).unwrap_or_default();
    while found.len() < MEMBERS_MAX {
        let Some((name, behind)) = value(rest) else {
            break;
        };
        let Some(name) = name else { break };
        let Some(behind) = behind.trim_ascii_start().strip_prefix(b":") else {
            break;
        };
        let Some((text, behind)) = value(behind) else {
            found.push((name, None));
            break;
        };
        found.push((name, text));
        let Some(behind) = behind.trim_ascii_start().strip_prefix(b",") else {
            break;
        };
        rest = behind;
    }
    found
}

/// The text of the value that this begins with, if it is one, and what follows it.
fn value(text: &[u8]) -> Option<(Option<String>, &[u8])> {
    let whole = valid(text);
    let (document, taken) = Document::parse_prefix(whole, &LIMITS, Spare::default()).ok()?;
    let text_of = document.root().as_str().map(String::from);
    Some((text_of, text.get(taken..)?))
}

/// Without half a character at the end.
fn valid(text: &[u8]) -> &[u8] {
    match str::from_utf8(text) {
        Ok(_) => text,
        Err(error) => text.get(..error.valid_up_to()).unwrap_or_default(),
    }
}

/// Whether the first line is a JSON value and not all there is of it.
fn json_lines(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let whole = Document::parse_with(first, &LIMITS, Spare::default());
    match whole {
        Ok(document) => matches!(document.root().kind(), Kind::Object | Kind::String),
        // One broken line among many is reported as such.
        Err(error) => {
            let second = lines.find(|line| !line.is_empty()).unwrap_or_default();
            error.kind != JsonErrorKind::Incomplete
                && first.starts_with(b"{")
                && Document::parse(second).is_ok_and(|document| is_record(document.root()))
        }
    }
}

fn is_record(value: Value<'_>) -> bool {
    let mut members = value.members();
    members.any(|(name, _)| matches!(role_of(name), Role::Value | Role::Typed(_) | Role::Pattern))
}

/// The lines of the beginning; the last counts only where it is whole.
fn lines_of(head: &[u8], is_whole: bool) -> Vec<&str> {
    let mut lines: Vec<_> = head.split(|byte| *byte == b'\n').collect();
    if !is_whole && lines.len() > 1 {
        lines.pop();
    }
    let lines = lines.into_iter().map(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        str::from_utf8(line).unwrap_or_default()
    });
    lines.collect()
}

/// The format that most lines are of.
fn by_lines(head: &[u8]) -> Format {
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty() && !is_comment(line));
    let mut counts = [
        (Format::Hosts, 0_usize),
        (Format::Adblock, 0),
        (Format::Dnsmasq, 0),
        (Format::StixPatterns, 0),
    ];
    let mut total = 0;
    for line in lines.take(SAMPLE_LINES_MAX) {
        total += 1;
        let found = format_of(line);
        for (_, count) in counts
            .iter_mut()
            .filter(|(format, _)| Some(*format) == found)
        {
            *count += 1;
        }
    }
    let found = counts.into_iter().find(|(_, count)| *count * 2 > total);
    found.map_or(Format::Plain, |(format, _)| format)
}

fn format_of(line: &[u8]) -> Option<Format> {
    if line.starts_with(b"||")
        || matches!(line, [b'!', ..])
        || line.starts_with(b"@@")
        || line.starts_with(b"[Adblock")
    {
        return Some(Format::Adblock);
    }
    if [&b"address=/"[..], b"server=/", b"local=/"]
        .iter()
        .any(|head| line.starts_with(head))
    {
        return Some(Format::Dnsmasq);
    }
    if matches!(line, [b'[' | b'(', ..]) && is_pattern(line) {
        return Some(Format::StixPatterns);
    }
    let first = first_column(line);
    let behind = line
        .get(first.len()..)
        .unwrap_or_default()
        .trim_ascii_start();
    let second = first_column(behind);
    let is_name = second.iter().any(u8::is_ascii_alphabetic) && !second.contains(&b':');
    (is_address(first) && is_name && !second.contains(&b',')).then_some(Format::Hosts)
}

/// Whether this begins as a STIX pattern does: a bracket, then a type, a colon and a path.
fn is_pattern(line: &[u8]) -> bool {
    let inner = line
        .iter()
        .position(|byte| !matches!(byte, b'[' | b'(' | b' '));
    let mut inner = inner.and_then(|at| line.get(at..)).unwrap_or_default();
    for word in [&b"NOT "[..], b"EXISTS "] {
        inner = inner.strip_prefix(word).unwrap_or(inner);
    }
    let mut halves = inner.splitn(2, |byte| *byte == b':');
    let object = halves.next().unwrap_or_default();
    let path = halves.next().unwrap_or_default();
    let is_type = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    object.len() >= 3
        && object.iter().all(is_type)
        && path.first().is_some_and(u8::is_ascii_alphabetic)
        && line.contains(&b']')
}
