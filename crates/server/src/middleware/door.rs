//! Who comes in: the address behind trusted proxies, a host that is ours, a rate, an id.

use std::{net::IpAddr, sync::Arc};

use access::http::{ClientAddress, Door as PageDoor};
use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{AUTHORIZATION, HOST},
    },
    middleware::Next,
    response::Response,
};
use kernel::{Problem, ProblemKind};
use metrics::counter;
use seal::Digest;
use tracing::{Instrument, debug, info_span};

use super::rate::{Caller, Rates};
use crate::{
    config::Network,
    listen::Remote,
    problem::{Renderer, form_of},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What the door of the web listener knows.
#[derive(Debug)]
pub struct Door {
    /// Proxies whose word is believed.
    pub proxies: Vec<Network>,
    /// Hosts, without port, under which the node is reached.
    pub hosts: Vec<String>,
    /// How its pages are reached, for sessions.
    pub pages: PageDoor,
    /// Rates.
    pub rates: Rates,
}

/// Lets a request in, or answers for the node.
pub async fn enter(
    door: Arc<Door>,
    renderer: Renderer,
    mut request: Request,
    next: Next,
) -> Response {
    let id = kernel::uuid_v4(renderer.rng.as_ref()).to_string();
    let remote = request.extensions().get::<Remote>();
    let address = remote.map(|remote| door.client(remote.0, request.headers()));
    if let Some(address) = address {
        request.extensions_mut().insert(ClientAddress(address));
    }
    request.extensions_mut().insert(door.pages.clone());
    let span = info_span!(
        "request",
        request.id = %id,
        http.method = %request.method(),
        http.path = request.uri().path(),
    );
    let checked = door.check(address, &request);
    let headers = request.headers().clone();
    let form = form_of(request.uri().path(), &headers);
    let response = async {
        let response = match checked {
            Ok(()) => next.run(request).await,
            Err(problem) => renderer.answer(&problem, form, &headers),
        };
        let status = response.status().as_u16().to_string();
        counter!("comity_requests_total", "status" => status).increment(1);
        debug!(http.status = response.status().as_u16(), "answered");
        response
    };
    let mut response = response.instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

impl Door {
    /// The last address in the chain that no trusted proxy vouches for away.
    fn client(&self, remote: IpAddr, headers: &HeaderMap) -> IpAddr {
        let trusted = |address: IpAddr| self.proxies.iter().any(|proxy| proxy.contains(address));
        let mut client = remote;
        let hops = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = hops.filter_map(|value| value.to_str().ok());
        for hop in hops.flat_map(|value| value.rsplit(',')) {
            if !trusted(client) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(hop) => client = hop.to_canonical(),
                Err(_no_address) => break,
            }
        }
        client
    }

    fn check(&self, address: Option<IpAddr>, request: &Request) -> Result<(), Problem> {
        if !self.is_ours(request) {
            return Err(Problem::new(
                ProblemKind::Invalid,
                "request.wrong_host",
                "this node is not reached under that name",
            ));
        }
        let key = request.headers().get(AUTHORIZATION);
        let key = key.map(|value| Caller::Secret(Digest::of(value.as_bytes())));
        let callers = address.map(Caller::at).into_iter().chain(key);
        for caller in callers {
            self.rates.take(caller).map_err(|retry_after_seconds| {
                let kind = ProblemKind::TooMany {
                    retry_after_seconds,
                };
                Problem::new(kind, "request.too_many", "too many requests")
            })?;
        }
        Ok(())
    }

    /// A page must not answer under a name that somebody else points at us.
    fn is_ours(&self, request: &Request) -> bool {
        let named = request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        let named = named.or_else(|| request.uri().host());
        named.is_some_and(|named| {
            let host = without_port(named);
            host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
                || host == "localhost"
                // RFC 6761 §6.3: such names lead nowhere but to this machine.
                || host.ends_with(".localhost")
                || self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host))
        })
    }
}

/// The host of an authority, without port and without the brackets of IPv6.
pub(crate) fn without_port(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(six) => six.split_once(']').map_or(six, |(host, _)| host),
        None => authority
            .split_once(':')
            .map_or(authority, |(host, _)| host),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use kernel::SystemClock;

    use super::*;

    fn door() -> Door {
        Door {
            proxies: vec!["10.0.0.0/8".parse().unwrap()],
            hosts: vec!["comity.example".to_owned()],
            pages: PageDoor {
                cookie: "comity-XA".into(),
                secure: false,
            },
            rates: Rates::new(Arc::new(SystemClock), 60),
        }
    }

    fn request(host: &str) -> Request {
        Request::builder()
            .header(HOST, host)
            .body(Body::empty())
            .unwrap()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_who_asks() {
        let mut headers = HeaderMap::new();
        headers.insert(
            FORWARDED_FOR,
            HeaderValue::from_static("198.51.100.9, 192.0.2.7, 10.0.0.2"),
        );
        let client = |remote: &str| door().client(remote.parse().unwrap(), &headers).to_string();
        assert_eq!(client("10.0.0.1"), "192.0.2.7");
        assert_eq!(client("203.0.113.5"), "203.0.113.5");
    }

    #[test]
    fn a_name_that_is_not_ours_is_refused() {
        let ours = |host: &str| door().check(None, &request(host)).is_ok();
        assert!(ours("comity.example") && ours("Comity.Example:8460"));
        assert!(ours("127.0.0.1:8460") && ours("[::1]:8460") && ours("localhost:1"));
        assert!(!ours("evil.example") && !ours("192.0.2.1"));
    }

    #[test]
    fn too_many_requests_of_one_address_are_refused_with_a_time() {
        let door = door();
        let address = Some("192.0.2.1".parse().unwrap());
        let refusal = (0..100)
            .find_map(|_| door.check(address, &request("comity.example")).err())
            .unwrap();
        assert_eq!((refusal.code, refusal.status()), ("request.too_many", 429));
    }
}
