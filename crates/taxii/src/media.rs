//! Media types (TAXII 2.1 §1.6.8, §3.3).

use axum::http::{HeaderMap, header};
use kernel::{Problem, ProblemKind};

/// What every answer is.
pub const TAXII: &str = "application/taxii+json;version=2.1";
/// What objects are.
pub(crate) const STIX: &str = "application/stix+json;version=2.1";

/// Refuses a request that wants something else than TAXII 2.1.
pub(crate) fn accepted(headers: &HeaderMap) -> Result<(), Problem> {
    let mut wanted = headers.get_all(header::ACCEPT).iter().peekable();
    if wanted.peek().is_none() {
        return Ok(());
    }
    let acceptable = wanted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let range = Range::of(range);
            let known = ["application/taxii+json", "application/*", "*/*"];
            known.contains(&range.name.as_str()) && range.version_fits() && !range.refused
        });
    if acceptable {
        return Ok(());
    }
    let detail = format!("this server speaks {TAXII}");
    Err(Problem::new(
        ProblemKind::NotAcceptable,
        "taxii.not_acceptable",
        detail,
    ))
}

/// Refuses a body that is something else than TAXII 2.1.
pub(crate) fn sent(headers: &HeaderMap) -> Result<(), Problem> {
    let sent = headers.get(header::CONTENT_TYPE);
    let sent = sent.and_then(|value| value.to_str().ok()).map(Range::of);
    let fits = |sent: &Range| sent.name == "application/taxii+json" && sent.version_fits();
    if sent.as_ref().is_some_and(fits) {
        return Ok(());
    }
    let detail = format!("send the envelope as {TAXII}");
    Err(Problem::new(
        ProblemKind::Unsupported,
        "taxii.media_type",
        detail,
    ))
}

struct Range {
    name: String,
    version: Option<String>,
    refused: bool,
}

impl Range {
    fn of(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let mut range = Self {
            name,
            version: None,
            refused: false,
        };
        for (parameter, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match parameter.trim().to_ascii_lowercase().as_str() {
                "version" => range.version = Some(value.to_owned()),
                // RFC 9110 §12.4.2: a weight of zero is "not acceptable".
                "q" => range.refused = value.parse().is_ok_and(|weight: f32| weight <= 0.0),
                _ => {}
            }
        }
        range
    }

    fn version_fits(&self) -> bool {
        self.version
            .as_deref()
            .is_none_or(|version| version == "2.1")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asks(accept: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        accepted(&headers).is_ok()
    }

    #[test]
    fn what_is_not_taxii_2_1_is_not_acceptable() {
        assert!(accepted(&HeaderMap::new()).is_ok());
        assert!(asks("application/taxii+json;version=2.1"));
        assert!(asks("application/taxii+json; version=\"2.1\""));
        assert!(asks("text/html, */*;q=0.1"));
        assert!(!asks("application/taxii+json;version=2.0"));
        assert!(!asks("application/vnd.oasis.stix+json"));
        assert!(!asks("*/*;q=0"));
    }

    #[test]
    fn a_body_says_what_it_is() {
        let mut headers = HeaderMap::new();
        assert_eq!(sent(&headers).unwrap_err().status(), 415);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        assert!(sent(&headers).is_err());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TAXII));
        assert!(sent(&headers).is_ok());
    }
}
