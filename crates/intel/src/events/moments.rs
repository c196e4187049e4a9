//! Moments that events and parts say: none before 1970, and none after the year 9999.

use formats_misp::full::{Event, Sighting};
use kernel::Timestamp;

use super::model::{Fault, Refused};

/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;
/// MISP has no days before.
const FIRST_YEAR: &str = "1600";
const MEMBER: &str = "timestamp";
const EXPECTED: &str = "seconds since 1970 are expected, up to the year 9999";

/// Refuses an event that says a day or a moment that is none. Its attributes and objects are refused
/// one by one.
pub(crate) fn check(event: &Event) -> Result<(), Fault> {
    let date = event.date.as_deref().map(str::trim);
    if date.is_some_and(|date| !date.is_empty() && !is_day(date)) {
        return Err(Fault::Invalid {
            field: "date",
            detail: "Expected date format: YYYY-MM-DD".to_owned(),
        });
    }
    let reports = event.reports.iter().map(|report| report.timestamp);
    let mut moments = reports.chain([event.timestamp]);
    let field = if moments.any(is_bad) {
        MEMBER
    } else if is_bad(event.publish_timestamp) {
        "publish_timestamp"
    } else {
        return Ok(());
    };
    Err(Fault::Invalid {
        field,
        detail: EXPECTED.to_owned(),
    })
}

/// What is wrong with a part that says such a moment, of itself or of a sighting.
pub(crate) fn fault(
    (timestamp, sightings): (Option<i64>, &[Sighting]),
    uuid: Option<&str>,
) -> Option<Refused> {
    let mut moments = sightings.iter().map(|sighting| sighting.date_sighting);
    let field = if is_bad(timestamp) {
        MEMBER
    } else if moments.any(is_bad) {
        "date_sighting"
    } else {
        return None;
    };
    Some(Refused {
        uuid: uuid.unwrap_or_default().chars().take(64).collect(),
        field,
        code: "intel.event_invalid",
        detail: EXPECTED.to_owned(),
    })
}

/// Makes of each such moment the nearest that there is.
pub(crate) fn close(event: &mut Event) {
    shut(&mut event.timestamp);
    shut(&mut event.publish_timestamp);
    for report in &mut event.reports {
        shut(&mut report.timestamp);
    }
    let of_objects = event.objects.iter_mut().flat_map(|object| {
        shut(&mut object.timestamp);
        &mut object.attributes
    });
    for attribute in event.attributes.iter_mut().chain(of_objects) {
        shut(&mut attribute.timestamp);
        for sighting in &mut attribute.sightings {
            shut(&mut sighting.date_sighting);
        }
    }
}

/// Whether a text is a day as MISP writes one.
pub(crate) fn is_day(text: &str) -> bool {
    text.len() == 10
        && text >= FIRST_YEAR
        && format!("{text}T00:00:00Z").parse::<Timestamp>().is_ok()
}

/// Whether a moment is none that there is.
pub(crate) fn is_bad(moment: Option<i64>) -> bool {
    moment.is_some_and(|moment| !(0..=LAST_SECOND).contains(&moment))
}

fn shut(moment: &mut Option<i64>) {
    *moment = moment.map(|moment| moment.clamp(0, LAST_SECOND));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_that_misp_has() {
        for day in ["2026-11-20", "1600-01-01", "9998-12-31"] {
            assert!(is_day(day), "{day}");
        }
        for none in [
            "0000-01-01",
            "2026-13-01",
            "2026-02-30",
            "-026-01-01",
            "today",
        ] {
            assert!(!is_day(none), "{none}");
        }
    }

    #[test]
    fn moments_that_there_are_not_are_refused_or_moved() {
        for strange in [-1, 99_999_999_999_999, i64::MIN] {
            let mut event = Event {
                timestamp: Some(strange),
                ..Event::default()
            };
            assert!(check(&event).is_err());
            assert!(fault((Some(strange), &[]), None).is_some());
            close(&mut event);
            assert!(check(&event).is_ok());
        }
        assert!(fault((Some(0), &[]), None).is_none());
    }
}
