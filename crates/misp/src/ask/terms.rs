//! Words, moments and numbers, as MISP takes them.

use intel::events::model::{Moments, Terms};
use kernel::Timestamp;
use serde_json::Value;

use super::limited;
use crate::answer::Fail;

/// A text, number or truth value as a text.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(u8::from(*is).to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A text or a list of them.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(text_of).collect(),
        one => text_of(one).into_iter().collect(),
    }
}

/// Whether something is said.
pub(crate) fn flag(value: &Value) -> bool {
    text_of(value).is_some_and(|text| matches!(text.as_str(), "1" | "true"))
}

/// Words of which one must fit, or none where a `!` stands before them; `&&` and `||` stand between
/// them. In an object, `OR`, `AND` and `NOT` say how they are meant.
pub(super) fn terms(name: &str, value: &Value) -> Result<Terms, Fail> {
    let mut terms = Terms::default();
    match value {
        Value::Object(members) => {
            for (how, words) in members {
                let words = texts(words);
                match how.to_ascii_uppercase().as_str() {
                    "OR" => terms.any.extend(words),
                    "AND" => terms.all.extend(words),
                    "NOT" => terms.none.extend(words),
                    _ => {
                        let message = format!("{name}: OR, AND or NOT is expected.");
                        return Err(Fail::bad(message));
                    }
                }
            }
        }
        Value::String(text) => {
            let words = text.split("&&").flat_map(|part| part.split("||"));
            words.for_each(|word| sort(&mut terms, word));
        }
        other => texts(other).iter().for_each(|word| sort(&mut terms, word)),
    }
    for list in [&mut terms.any, &mut terms.all, &mut terms.none] {
        list.retain(|word| !word.trim().is_empty());
        limited(name, list.len())?;
    }
    Ok(terms)
}

fn sort(terms: &mut Terms, word: &str) {
    match word.trim().strip_prefix('!') {
        Some(word) => terms.none.push(word.to_owned()),
        None => terms.any.push(word.trim().to_owned()),
    }
}

/// Numbers that stand for words.
pub(super) fn codes(name: &str, value: &Value) -> Result<Vec<i32>, Fail> {
    let read = |word: String| {
        let read = word.parse();
        read.map_err(|_none| Fail::bad(format!("{name}: {word} is no number.")))
    };
    let all = texts(value);
    limited(name, all.len())?;
    all.into_iter().map(read).collect()
}

/// From a moment on, or between two: seconds since 1970, a day, or a span before now such as `7d`.
pub(crate) fn moments(value: Option<&Value>, now: i64) -> Result<Moments, Fail> {
    let mut moments = Moments::default();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Array(all)) => {
            let mut all = all.iter().filter(|one| !one.is_null());
            moments.from = all.next().map(|one| moment(one, now)).transpose()?;
            moments.to = all.next().map(|one| moment(one, now)).transpose()?;
            // MISP takes them in either order.
            if let (Some(from), Some(to)) = (moments.from, moments.to)
                && from > to
            {
                (moments.from, moments.to) = (Some(to), Some(from));
            }
        }
        Some(one) => moments.from = Some(moment(one, now)?),
    }
    Ok(moments)
}

fn moment(value: &Value, now: i64) -> Result<i64, Fail> {
    let text = text_of(value).unwrap_or_default();
    let bad = || {
        let message =
            format!("{text}: seconds since 1970, a day, or a span such as 7d is expected.");
        Fail::bad(message)
    };
    if let Ok(seconds) = text.parse::<i64>() {
        return Ok(seconds);
    }
    if let Ok(seconds) = text.parse::<f64>()
        && seconds.is_finite()
    {
        let whole = text.split('.').next().unwrap_or_default();
        return whole.parse().map_err(|_long| bad());
    }
    if let Some(span) = span(&text) {
        return Ok(now.saturating_sub(span));
    }
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((&text, "00:00:00Z"));
    let time = time.trim_end_matches("+00:00").trim_end_matches('Z');
    let read: Result<Timestamp, _> = format!("{date}T{time}Z").parse();
    read.map(Timestamp::as_seconds).map_err(|_none| bad())
}

fn span(text: &str) -> Option<i64> {
    let (number, seconds) = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)]
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))?;
    let number: i64 = number.trim().parse().ok()?;
    number.checked_mul(seconds).filter(|span| *span >= 0)
}

/// A day, `2026-01-31`.
pub(super) fn day(name: &str, value: &Value, now: i64) -> Result<String, Fail> {
    let seconds = moment(value, now)
        .map_err(|_none| Fail::bad(format!("{name}: a day such as 2026-01-31 is expected.")))?;
    let moment = Timestamp::from_micros(seconds.saturating_mul(1_000_000));
    Ok(moment.to_string().chars().take(10).collect())
}
