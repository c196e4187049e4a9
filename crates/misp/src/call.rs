//! A request, read as MISP reads it.

use std::{collections::BTreeMap, ops::ControlFlow};

use audit::Ground;
use axum::body::Bytes;
use formats_misp::full::{Event, EventLimits, read_events};
use intel::events::model::{Scope, Which};
use kernel::Viewer;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::answer::Fail;

/// The most attributes, objects, tags and the like of an event that is sent.
const PARTS_MAX: u64 = 500_000;
/// The most steps of a path.
const STEPS_MAX: usize = 32;

/// What a path says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Path {
    /// A root and a collection, where the address names one.
    pub(crate) place: Option<(String, String)>,
    pub(crate) controller: String,
    pub(crate) action: String,
    /// What stands behind the action.
    pub(crate) arguments: Vec<String>,
    /// `name:value` among it.
    pub(crate) named: BTreeMap<String, String>,
}

impl Path {
    /// Reads what stands behind `/misp/`. Nothing for what cannot be an address of MISP.
    pub(crate) fn read(path: &str) -> Option<Self> {
        let mut steps: Vec<String> = Vec::new();
        for step in path.split('/').filter(|step| !step.is_empty()) {
            steps.push(decoded(step)?);
        }
        if steps.len() > STEPS_MAX {
            return None;
        }
        let mut read = Self::default();
        let mut steps = steps.into_iter().peekable();
        if steps.peek().is_some_and(|step| step == "in") {
            steps.next();
            read.place = Some((steps.next()?, steps.next()?));
        }
        plain(&steps.next()?).clone_into(&mut read.controller);
        for step in steps {
            match step.split_once(':') {
                Some((name, value)) => {
                    // Of a list the last counts: `deleted[]:0/deleted[]:1` asks for both.
                    let name = name.strip_suffix("[]").unwrap_or(name);
                    read.named.insert(name.to_owned(), plain(value).to_owned());
                }
                None if read.action.is_empty() => plain(&step).clone_into(&mut read.action),
                None => read.arguments.push(plain(&step).to_owned()),
            }
        }
        if read.action.is_empty() {
            "index".clone_into(&mut read.action);
        } else if Which::parse(&read.action).is_some() {
            // MISP takes `/events/7` for `/events/view/7`.
            let number = std::mem::replace(&mut read.action, "view".to_owned());
            read.arguments.insert(0, number);
        }
        Some(read)
    }
}

fn plain(step: &str) -> &str {
    step.strip_suffix(".json").unwrap_or(step)
}

/// A step without its percent signs; `+` stands for a blank, as scripts for MISP write it.
fn decoded(step: &str) -> Option<String> {
    let mut bytes = step.bytes();
    let mut text = Vec::with_capacity(step.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let code = digit()? * 16 + digit()?;
                text.push(u8::try_from(code).ok()?);
            }
            b'+' => text.push(b' '),
            other => text.push(other),
        }
    }
    String::from_utf8(text).ok()
}

/// A request whose sender is known.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) ground: Ground,
    pub(crate) viewer: Viewer,
    pub(crate) scope: Scope,
    pub(crate) path: Path,
    /// The address as MISP names it in answers.
    pub(crate) url: String,
    pub(crate) query: Vec<(String, String)>,
    /// What the sender takes, and what he says that the body is.
    pub(crate) accept: Option<String>,
    pub(crate) content_type: Option<String>,
    /// The mark of the answer that the sender has.
    pub(crate) mark: Option<String>,
    pub(crate) body: Bytes,
}

impl Call {
    /// The first argument.
    pub(crate) fn argument(&self) -> Option<&str> {
        self.path.arguments.first().map(String::as_str)
    }

    /// What the first argument names.
    pub(crate) fn which(&self, what: &str) -> Result<Which, Fail> {
        let named = self.argument().and_then(Which::parse);
        named.ok_or_else(|| Fail::missing(&format!("Invalid {what}")))
    }

    /// The body as an object of JSON, with what the path and the query say beside it; empty where
    /// nothing was sent.
    pub(crate) fn asked(&self) -> Result<Map<String, Value>, Fail> {
        let mut asked = match self.json()? {
            Value::Object(members) => members,
            Value::Null => Map::new(),
            Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(Fail::bad("Invalid JSON input: an object is expected."));
            }
        };
        // Older scripts wrap what they ask.
        if let Some(Value::Object(inner)) = asked.remove("request") {
            asked.extend(inner);
        }
        let named = self.path.named.iter();
        let named = named.map(|(name, value)| (name.clone(), value.clone()));
        for (name, value) in named.chain(self.query.iter().cloned()) {
            asked.entry(name).or_insert(Value::String(value));
        }
        Ok(asked)
    }

    /// The body as JSON; null where nothing was sent.
    pub(crate) fn json(&self) -> Result<Value, Fail> {
        if self.body.trim_ascii().is_empty() {
            return Ok(Value::Null);
        }
        self.read()
    }

    /// The body as something in particular.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Fail> {
        serde_json::from_slice(&self.body).map_err(|error| unreadable(&error))
    }

    /// The body as one event.
    pub(crate) fn event(&self) -> Result<Box<Event>, Fail> {
        let limits = EventLimits {
            event_bytes_max: u64::try_from(self.body.len()).unwrap_or(u64::MAX),
            parts_max: PARTS_MAX,
        };
        let mut found = None;
        let read = read_events(&self.body[..], &limits, |event| {
            found = Some(Box::new(event));
            ControlFlow::Break(())
        });
        read.map_err(|error| Fail::bad(format!("Invalid JSON input: {error}")))?;
        found.ok_or_else(|| Fail::bad("Invalid JSON input: no event was found in it."))
    }
}

pub(crate) fn unreadable(error: &serde_json::Error) -> Fail {
    Fail::bad(format!("Invalid JSON input: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_misp_reads_them() {
        let read = |path: &str| Path::read(path).unwrap();
        let view = read("events/view/7.json");
        assert_eq!((&*view.controller, &*view.action), ("events", "view"));
        assert_eq!(view.arguments, ["7"]);
        assert_eq!(
            read("attributes/describeTypes.json").action,
            "describeTypes"
        );
        assert_eq!(read("events").action, "index");
        assert_eq!(read("events/7/").action, "view");
        let named = read("organisations/index/scope:local/searchall:a+b%2Fc");
        assert_eq!(named.named["scope"], "local");
        assert_eq!(named.named["searchall"], "a b/c");
        let placed = read("in/intel/feed/events/index");
        assert_eq!(placed.place, Some(("intel".to_owned(), "feed".to_owned())));
        assert!(Path::read("").is_none() && Path::read("a/%zz").is_none());
        assert!(Path::read(&"a/".repeat(40)).is_none());
    }
}
