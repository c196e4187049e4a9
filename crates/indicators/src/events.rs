//! MISP: events, warninglists and manifests of feeds.
//!
//! A domain stands for all names below it, a `hostname` for itself. Of composites each part is taken
//! that can be looked for alone; see [`rows::parts`]. What MISP does not mean to be looked for
//! (`to_ids`) is left out. The marking is the strictest TLP tag of the attribute and of its event; a
//! TLP tag that is not known counts as RED.

use std::{io::BufRead, ops::ControlFlow};

use formats_misp::{Attribute, Event, Limits, Part, Place as MispPlace};
use kernel::Tlp;

use super::{
    Place, ReadError,
    intake::{About, Intake, LeftOut},
    rows,
    words::{Meaning, meaning},
};

/// Reads events.
pub(super) fn read(intake: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<(), ReadError> {
    let mut reader = Reader {
        intake,
        waiting: Vec::new(),
    };
    let mut taken = Ok(());
    let read = formats_misp::read_events(input, &Limits::default(), |part, place| {
        taken = reader.part(part, place);
        if taken.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    taken?;
    // Of an event that is cut off what came is taken, with the strictest marking: its own is not known.
    if read.is_err() {
        reader.end(Some(Tlp::Red))?;
    }
    let seen = read?;
    intake.report.passed_over += seen.unknown;
    Ok(())
}

/// Reads a warninglist.
pub(super) fn read_warninglist(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
) -> Result<(), ReadError> {
    let list = formats_misp::read_warninglist(input, &Limits::default())?;
    intake.warninglist(list)
}

/// Reads a manifest, whose events are in other files.
pub(super) fn read_manifest(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
) -> Result<(), ReadError> {
    let entries = formats_misp::read_manifest(input, &Limits::default())?;
    intake.report.passed_over += u64::try_from(entries.len()).unwrap_or(u64::MAX);
    Ok(())
}

struct Reader<'r, 'a> {
    intake: &'r mut Intake<'a>,
    /// Attributes of the event that is being read: its tags come behind them.
    waiting: Vec<Waiting>,
}

struct Waiting {
    uuid: Box<str>,
    kind: Box<str>,
    value: Box<str>,
    marking: Option<Tlp>,
    place: MispPlace,
}

impl Reader<'_, '_> {
    fn part(&mut self, part: Part, place: MispPlace) -> Result<(), ReadError> {
        match part {
            Part::Attribute(attribute) => {
                self.attribute(attribute, place);
                Ok(())
            }
            Part::End(event) => self.event(&event),
        }
    }

    fn attribute(&mut self, attribute: Attribute, place: MispPlace) {
        let wanted = attribute.to_ids || self.intake.options.include_context;
        if attribute.deleted {
            self.intake.leave_out(LeftOut::Revoked);
        } else if !wanted || is_context(&attribute) {
            self.intake.leave_out(LeftOut::NotForMatching);
        } else {
            self.waiting.push(Waiting {
                uuid: attribute.uuid.into(),
                kind: attribute.kind.into(),
                value: attribute.value.into(),
                marking: marking(&attribute.tags),
                place,
            });
        }
    }

    fn event(&mut self, event: &Event) -> Result<(), ReadError> {
        self.end(marking(&event.tags))
    }

    fn end(&mut self, of_event: Option<Tlp>) -> Result<(), ReadError> {
        for waiting in std::mem::take(&mut self.waiting) {
            let attribute = Attribute {
                kind: waiting.kind.into(),
                value: waiting.value.into(),
                ..Attribute::default()
            };
            let about = About {
                id: &waiting.uuid,
                marking: waiting.marking.max(of_event),
                ..About::default()
            };
            let place = || Place::Pointer(waiting.place.to_string());
            rows::parts(self.intake, &attribute, &about, &place)?;
        }
        Ok(())
    }
}

/// Whether no part of it can be looked for, whatever its value.
fn is_context(attribute: &Attribute) -> bool {
    let mut kinds = attribute
        .kind
        .split('|')
        .filter(|kind| *kind != "malware-sample");
    attribute.kind != "malware-sample"
        && kinds.all(|kind| matches!(meaning(kind), Meaning::Context | Meaning::Unknown))
}

/// What the strictest TLP tag says.
fn marking(tags: &[String]) -> Option<Tlp> {
    rows::of_tags(tags.iter().map(String::as_str))
}
