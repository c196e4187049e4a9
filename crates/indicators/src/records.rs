//! JSON of no standard: texts and records, in a list or one a line.

use std::{borrow::Cow, io::BufRead};

use stix::{
    ReadLimits, Stream,
    json::{Document, Kind, Limits, Spare, Value},
};

use super::{
    Place, ReadError, Reason,
    columns::{Role, role_of, settle},
    intake::{About, Intake},
    lines::each_line,
    rows,
    words::Wanted,
};

/// What one record may be.
const LIMITS: Limits = Limits {
    depth_max: 64,
    bytes_max: 16 << 20,
};

/// Reads a list, or values one after the other.
pub(super) fn read(intake: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<(), ReadError> {
    let limits = ReadLimits {
        object: LIMITS,
        ..ReadLimits::default()
    };
    let mut stream = Stream::new(input, limits);
    let mut number = 0;
    loop {
        number += 1;
        let mut taken = Ok(());
        let more = stream.next(|value| {
            let id = value.text("id").unwrap_or_default();
            let place = || Place::Object {
                number,
                id: id.to_owned(),
            };
            taken = record(intake, value, &place);
        });
        let more = more.map_err(ReadError::Stream)?;
        taken?;
        if more.is_none() {
            return Ok(());
        }
    }
}

/// Reads one value a line, so that one line that is broken costs no other.
pub(super) fn read_lines(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
) -> Result<(), ReadError> {
    each_line(input, 0, |number, line_read| match line_read {
        Ok(text) if text.trim_ascii().is_empty() => Ok(()),
        Ok(text) => line(intake, text, number),
        Err(reason) => intake.problem(Place::Line(number), "", reason),
    })
}

/// Takes the value of a line.
pub(super) fn line(intake: &mut Intake<'_>, text: &[u8], number: u64) -> Result<(), ReadError> {
    let place = || Place::Line(number);
    match Document::parse_with(text, &LIMITS, Spare::default()) {
        Ok(document) => record(intake, document.root(), &place),
        Err(error) => {
            let text = String::from_utf8_lossy(text);
            intake.problem(place(), &text, Reason::Json(error.kind))
        }
    }
}

fn record(
    intake: &mut Intake<'_>,
    value: Value<'_>,
    place: &dyn Fn() -> Place,
) -> Result<(), ReadError> {
    if let Some(text) = value.as_str() {
        return intake.text(text, Wanted::Any, &About::default(), place);
    }
    if value.kind() == Kind::Array {
        return value.items().try_for_each(|item| match item.as_str() {
            Some(text) => intake.text(text, Wanted::Any, &About::default(), place),
            None => intake.problem(place(), item.raw(), Reason::NoValue),
        });
    }
    let mut roles = Vec::new();
    let mut texts = Vec::new();
    for (name, member) in value.members() {
        let role = role_of(name);
        if role == Role::Other {
            continue;
        }
        let mut put = |text: Cow<'_, str>| {
            roles.push(role);
            texts.push(text.into_owned());
        };
        match member.kind() {
            Kind::Array => {
                let items = member.items().filter_map(Value::as_str);
                items.for_each(|text| put(text.into()));
            }
            Kind::Object | Kind::Null => {}
            _ => put(member
                .as_str()
                .map_or_else(|| member.raw().into(), Cow::Borrowed)),
        }
    }
    settle(&mut roles);
    let fields: Vec<_> = roles
        .into_iter()
        .zip(texts.into_iter().map(Cow::Owned))
        .collect();
    if fields.is_empty() {
        return intake.problem(place(), value.raw(), Reason::NoValue);
    }
    rows::take(intake, &fields, Reason::NoValue, place)
}
