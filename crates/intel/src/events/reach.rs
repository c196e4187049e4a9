//! How far events and parts may go: what is no distribution is never taken for none.

use formats_misp::{
    full::{Distribution, Event, Rest},
    transfer::is_strange,
};

use super::model::{Fault, Refused};

const MEMBER: &str = "distribution";
const EXPECTED: &str = "one of 0 to 5 is expected";

/// Refuses an event that says a distribution that is none, of itself or of a report. Its attributes
/// and objects are refused one by one.
pub(crate) fn check(event: &Event) -> Result<(), Fault> {
    let reports = event.reports.iter().any(|report| is_strange(&report.rest));
    if reports || is_strange(&event.rest) {
        return Err(Fault::Invalid {
            field: MEMBER,
            detail: EXPECTED.to_owned(),
        });
    }
    Ok(())
}

/// What is wrong with an attribute or object that says a distribution that is none.
pub(crate) fn fault(rest: &Rest, uuid: Option<&str>) -> Option<Refused> {
    is_strange(rest).then(|| Refused {
        uuid: uuid.unwrap_or_default().chars().take(64).collect(),
        field: MEMBER,
        code: "intel.event_invalid",
        detail: EXPECTED.to_owned(),
    })
}

/// Makes of each distribution that is none "your organisation only".
pub(crate) fn close(event: &mut Event) {
    shut(&mut event.distribution, &mut event.rest);
    for report in &mut event.reports {
        shut(&mut report.distribution, &mut report.rest);
    }
    for attribute in &mut event.attributes {
        shut(&mut attribute.distribution, &mut attribute.rest);
    }
    for object in &mut event.objects {
        shut(&mut object.distribution, &mut object.rest);
        for attribute in &mut object.attributes {
            shut(&mut attribute.distribution, &mut attribute.rest);
        }
    }
}

fn shut(distribution: &mut Option<Distribution>, rest: &mut Rest) {
    if is_strange(rest) {
        *distribution = Some(Distribution::Organisation);
        rest.remove(MEMBER);
    }
}
