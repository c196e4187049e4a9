//! STIX: indicators of bundles, of version 2.1 and of 2.0, which is lifted.
//!
//! Only objects of type `indicator` are indicators. Observables beside them are context, and are
//! passed over and counted as all other objects are.

use std::{collections::HashMap, io::BufRead};

use kernel::Tlp;
use stix::{
    Envelope, ReadLimits, Seen, Stream,
    json::{Document, Value},
    lift::{is_stix_2_0, lift_object},
};

use super::{
    Place, ReadError, Reason,
    intake::{About, Intake, LeftOut},
    patterns,
    times::moment_us,
};

/// Marking definitions of one source that are remembered.
const DEFINITIONS_MAX: usize = 100_000;

/// Reads bundles, lists of objects, or objects one after the other.
pub(super) fn read(intake: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<(), ReadError> {
    let mut stream = Stream::new(input, ReadLimits::default());
    let mut reader = Reader {
        intake,
        definitions: HashMap::new(),
        waiting: Vec::new(),
        number: 0,
    };
    loop {
        let mut taken = Ok(());
        let step = stream.step(|object| taken = reader.object(object));
        let step = step.map_err(ReadError::Stream);
        taken?;
        match step {
            Ok(Some(Seen::Object(_))) => {}
            Ok(Some(Seen::Bundle(envelope))) => {
                reader.end()?;
                if has_more(&envelope) {
                    let place = Place::Pointer("/more".to_owned());
                    reader.intake.warn(place, "true", Reason::More);
                }
                reader.number = 0;
            }
            Ok(None) => return reader.end(),
            // What came before the fault is taken.
            Err(error) => {
                reader.end()?;
                return Err(error);
            }
        }
    }
}

/// Whether an envelope of TAXII 2.1 says that it is not all.
fn has_more(envelope: &Envelope) -> bool {
    let members = Document::parse(envelope.as_json().as_bytes());
    members.is_ok_and(|members| members.root().get("more").and_then(Value::as_bool) == Some(true))
}

struct Reader<'r, 'a> {
    intake: &'r mut Intake<'a>,
    /// What the marking definitions that came say.
    definitions: HashMap<Box<str>, Colour>,
    /// Indicators whose marking definitions have not come yet.
    waiting: Vec<Found>,
    number: u64,
}

/// What a marking definition says. The stricter one is the greater.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
enum Colour {
    /// No colour of TLP: a statement, or another protocol.
    #[default]
    Without,
    Tlp(Tlp),
}

/// An indicator, read.
struct Found {
    number: u64,
    id: String,
    pattern: String,
    pattern_type: String,
    valid_from_us: Option<i64>,
    valid_until_us: Option<i64>,
    confidence: Option<u8>,
    /// The marking definitions of the whole.
    markings: Vec<String>,
    /// The marking definitions of parts.
    parts: Vec<String>,
}

impl Reader<'_, '_> {
    fn object(&mut self, object: Value<'_>) -> Result<(), ReadError> {
        self.number += 1;
        match object.text("type") {
            Some("indicator") => self.indicator(object),
            Some("marking-definition") => {
                self.intake.report.passed_over += 1;
                self.definition(object);
                Ok(())
            }
            _ => {
                self.intake.report.passed_over += 1;
                Ok(())
            }
        }
    }

    fn definition(&mut self, object: Value<'_>) {
        let Some(id) = object.text("id") else { return };
        if self.definitions.len() < DEFINITIONS_MAX {
            let said = stix::marking::Tlp::from_any_definition(object).map(house_tlp);
            let known = self.definitions.entry(id.into()).or_default();
            *known = (*known).max(said.map_or(Colour::Without, Colour::Tlp));
        }
    }

    fn indicator(&mut self, object: Value<'_>) -> Result<(), ReadError> {
        let revoked = object.get("revoked").and_then(Value::as_bool);
        if revoked == Some(true) {
            self.intake.leave_out(LeftOut::Revoked);
            return Ok(());
        }
        let found = if is_stix_2_0(object) {
            let lifted = lift_object(object, &mut || [0; 16]);
            let first = lifted.objects.into_iter().next().unwrap_or_default();
            match Document::parse(first.as_bytes()) {
                Ok(document) => Found::of(document.root(), self.number),
                // What was lifted is JSON; were it none, the original would still be.
                Err(_) => Found::of(object, self.number),
            }
        } else {
            Found::of(object, self.number)
        };
        let known = |id: &String| self.colour(id).is_some();
        if found.markings.iter().chain(&found.parts).all(known) {
            self.take(&found)
        } else {
            self.waiting.push(found);
            Ok(())
        }
    }

    /// What the marking definition of this id says; nothing where it is unknown.
    fn colour(&self, id: &str) -> Option<Colour> {
        let standard = stix::marking::Tlp::from_marking_id(id).map(house_tlp);
        standard
            .map(Colour::Tlp)
            .or_else(|| self.definitions.get(id).copied())
    }

    /// At the end of a bundle, what waits for definitions waits no longer.
    fn end(&mut self) -> Result<(), ReadError> {
        for found in std::mem::take(&mut self.waiting) {
            self.take(&found)?;
        }
        Ok(())
    }

    fn take(&mut self, found: &Found) -> Result<(), ReadError> {
        // A marking that is defined nowhere may mean anything: it is taken for the strictest.
        let red = Colour::Tlp(Tlp::Red);
        let strictest = |ids: &[String]| {
            let colours = ids.iter().map(|id| self.colour(id).unwrap_or(red));
            match colours.max() {
                Some(Colour::Tlp(tlp)) => Some(tlp),
                Some(Colour::Without) | None => None,
            }
        };
        let (whole, part) = (strictest(&found.markings), strictest(&found.parts));
        // Where only parts have a colour, the rest is not marked, which is never for everyone.
        let rest = || part.map(|part| part.max(Tlp::AmberStrict));
        let marking = whole.map_or_else(rest, |whole| Some(part.unwrap_or(whole).max(whole)));
        let about = About {
            id: &found.id,
            source: None,
            marking,
            valid_from_us: found.valid_from_us,
            valid_until_us: found.valid_until_us,
            confidence: found.confidence,
        };
        let place = || Place::Object {
            number: found.number,
            id: found.id.clone(),
        };
        match found.pattern_type.as_str() {
            "stix" => patterns::take(self.intake, &found.pattern, &about, &place),
            "sigma" => self.intake.rule("sigma", &found.pattern, &about),
            "yara" => self.intake.rule("yara", &found.pattern, &about),
            _ => {
                self.intake.leave_out(LeftOut::NotForMatching);
                Ok(())
            }
        }
    }
}

impl Found {
    fn of(object: Value<'_>, number: u64) -> Self {
        let text = |name| object.text(name).unwrap_or_default().to_owned();
        let moment = |name| object.text(name).and_then(|text| moment_us(text, false));
        let whole = object.get("object_marking_refs").into_iter();
        let parts = object.get("granular_markings").into_iter();
        let whole = whole.flat_map(Value::items);
        let parts = parts
            .flat_map(Value::items)
            .filter_map(|marking| marking.get("marking_ref"));
        let confidence = object.get("confidence").and_then(Value::as_i64);
        Self {
            number,
            id: text("id"),
            pattern: text("pattern"),
            pattern_type: object.text("pattern_type").unwrap_or("stix").to_owned(),
            valid_from_us: moment("valid_from"),
            valid_until_us: moment("valid_until"),
            confidence: confidence
                .and_then(|number| u8::try_from(number).ok())
                .filter(|number| *number <= 100),
            markings: texts(whole),
            parts: texts(parts),
        }
    }
}

fn texts<'v>(values: impl Iterator<Item = Value<'v>>) -> Vec<String> {
    let texts = values.filter_map(|value| value.as_str().map(String::from));
    texts.collect()
}

fn house_tlp(tlp: stix::marking::Tlp) -> Tlp {
    Tlp::from_foreign(Some(tlp.as_str()))
}
