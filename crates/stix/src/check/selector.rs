//! Selectors of granular markings and of language content (STIX 2.1 §7.2.3).

use super::{
    finding::{Report, Step, shown},
    text,
};
use crate::json::{Kind, Value};

/// Checks that each selector of an object's granular markings leads to something, and the languages
/// that they name.
pub(super) fn check<'d>(object: Value<'d>, markings: Option<Value<'d>>, report: &mut Report<'d>) {
    let Some(markings) = markings else { return };
    report.within(Step::Member("granular_markings"), |report| {
        for (at, marking) in markings.items().enumerate() {
            if let Some(language) = marking.get("lang").and_then(Value::as_str) {
                report.within(Step::Item(at), |report| {
                    report.within(Step::Member("lang"), |report| {
                        text::language(language, report);
                    });
                });
            }
            let selectors = marking.get("selectors").into_iter().flat_map(Value::items);
            let texts = selectors
                .enumerate()
                .filter_map(|(at, text)| Some((at, text.as_str()?)));
            for (place, selector) in texts {
                if resolve(object, selector).is_none() {
                    let (at, place) = (at.to_string(), place.to_string());
                    let tail = [at.as_str(), "selectors", place.as_str()];
                    let message = format!("{} leads to nothing in this object", shown(selector));
                    report.error("selector.nothing", &tail, message);
                }
            }
        }
    });
}

/// What a selector such as `labels.[0]` or `extensions.ntfs-ext.sid` leads to.
pub(crate) fn resolve<'d>(object: Value<'d>, selector: &str) -> Option<Value<'d>> {
    selector
        .split('.')
        .try_fold(object, |value, step| match index(step) {
            Some(at) => (value.kind() == Kind::Array)
                .then(|| value.items().nth(at))
                .flatten(),
            None => value.get(step),
        })
}

/// `[0]`, without leading zeros.
fn index(step: &str) -> Option<usize> {
    let digits = step.strip_prefix('[')?.strip_suffix(']')?;
    let canonical = digits == "0" || !digits.starts_with('0');
    (canonical && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}
