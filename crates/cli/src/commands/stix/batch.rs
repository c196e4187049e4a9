//! `comity stix match --batch`: a question a line, an answer a line.

use std::{
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::Path,
};

use anyhow::Context;
use serde_json::{Value as Json, json};
use stix::{
    json::{Document, Kind, Limits as JsonLimits, Spare, Value},
    pattern::{Limits, MatchError, Matcher, Observed, Pattern},
};

use super::{
    files::{open, unreadable},
    matches::text,
};
use crate::output::Failure;

/// How long a line may be.
const LINE_BYTES_MAX: u64 = 1 << 30;

/// Why a question has no answer.
struct Refusal {
    code: &'static str,
    message: String,
    /// Byte offset in the pattern, or in the line where that is no question.
    position: Option<usize>,
}

/// Answers the questions of a file in their order.
pub(super) fn run(file: &Path) -> Result<u8, Failure> {
    let mut lines = BufReader::with_capacity(1 << 16, open(file)?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let reading = || format!("{} cannot be read on", file.display());
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut lines).take(LINE_BYTES_MAX);
        let read = limited.read_until(b'\n', &mut line);
        if read.with_context(reading).map_err(unreadable)? == 0 {
            out.flush()?;
            return Ok(0);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        writeln!(out, "{}", answer(&line))?;
        // Who asks through a pipe waits for the answer.
        if lines.buffer().is_empty() {
            out.flush()?;
        }
    }
}

fn answer(line: &[u8]) -> Json {
    let limits = JsonLimits {
        bytes_max: usize::MAX,
        depth_max: 128,
    };
    let document = match Document::parse_with(line, &limits, Spare::default()) {
        Ok(document) => document,
        Err(error) => {
            let code = error.kind.code();
            let position = Some(error.position);
            return refused(
                &Json::Null,
                Refusal {
                    code,
                    message: error.to_string(),
                    position,
                },
            );
        }
    };
    let question = document.root();
    let id = question.get("id").map_or(Json::Null, json_of);
    match holds(question) {
        Ok(matches) => json!({"id": id, "match": matches}),
        Err(refusal) => refused(&id, refusal),
    }
}

fn holds(question: Value<'_>) -> Result<bool, Refusal> {
    let wrong = |message: &str| Refusal {
        code: "batch.question",
        message: message.to_owned(),
        position: None,
    };
    let pattern = text(question, "pattern").ok_or_else(|| wrong("\"pattern\" is no string"))?;
    let bundles = question
        .get("bundles")
        .ok_or_else(|| wrong("\"bundles\" is missing"))?;
    if bundles.kind() != Kind::Array {
        return Err(wrong("\"bundles\" is no list"));
    }
    let pattern = Pattern::parse(pattern).map_err(|error| Refusal {
        code: error.code(),
        message: error.to_string(),
        position: Some(error.position),
    })?;
    let unanswered = |error: MatchError| Refusal {
        code: error.code(),
        message: error.to_string(),
        position: None,
    };
    let matcher = Matcher::new(&pattern, &Limits::default()).map_err(unanswered)?;
    let mut observed = Vec::new();
    for bundle in bundles.items() {
        observed.extend(Observed::from_bundle(bundle).map_err(unanswered)?);
    }
    matcher.matches(&observed).map_err(unanswered)
}

fn refused(id: &Json, refusal: Refusal) -> Json {
    let Refusal {
        code,
        message,
        position,
    } = refusal;
    json!({"id": id, "error": {"code": code, "message": message, "position": position}})
}

fn json_of(value: Value<'_>) -> Json {
    match value.as_str() {
        Some(text) => Json::String(text.to_owned()),
        None => serde_json::from_str(value.raw()).unwrap_or(Json::Null),
    }
}
