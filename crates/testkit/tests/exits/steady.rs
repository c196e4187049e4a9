//! Answers without what is new in each: names given by chance, and what time it is.

/// A text without what is new in each answer: bundles, imports and drawings of pages are named by chance,
/// and pages say what time it is and how long ago something was.
pub(crate) fn steady(text: &str) -> String {
    let mut steady = text.to_owned();
    let mut blank = |before: &str, end: char| steady = without(&steady, before, end);
    blank("\"bundle--", '"');
    blank("data-clock>UTC ", '<');
    // Each page has a mark of its own in the token of its forms.
    blank("name=\"csrf\" value=\"", '"');
    // What was taken in says when, and how it is called.
    if text.contains("\"success_count\"") || text.contains("\"refusals\"") {
        for name in ["id", "request_timestamp", "requested_at", "ended_at"] {
            blank(&format!("\"{name}\":\""), '"');
        }
    }
    // A collection that is written as an event of MISP is a new one.
    if text.contains("EXERCISE: none of this is real. About") {
        blank("{\"Event\":{\"uuid\":\"", '"');
        blank("\"timestamp\":\"", '"');
    }
    let mut parts = steady.split(" ago<");
    let mut plain = String::with_capacity(steady.len());
    let mut next = parts.next();
    while let Some(part) = next {
        next = parts.next();
        let end = if next.is_some() {
            part.rfind('>')
        } else {
            None
        };
        plain.push_str(end.and_then(|end| part.get(..=end)).unwrap_or(part));
    }
    plain
}

/// A text without what stands between a word and the next of some characters.
fn without(text: &str, before: &str, end: char) -> String {
    let mut parts = text.split(before);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        all.push_str(before);
        let rest = part.find(end).and_then(|at| part.get(at..));
        all.push_str(rest.unwrap_or_default());
    }
    all
}
