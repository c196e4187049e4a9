//! Requests to one server, over connections that are kept.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, StatusCode,
    header::{ACCEPT_ENCODING, AUTHORIZATION, HOST, HeaderName, HeaderValue, LOCATION, USER_AGENT},
};
use rustls::ClientConfig;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::TaskTracker;

use crate::{
    Address, Answer, Credentials, Error, Network,
    body::Within,
    connect::{Line, Way},
    trust::{self, Authorities},
};

/// Connections of a session that wait for the next request.
const KEPT_MAX: usize = 8;
/// How long one may take to be ready again after an answer.
const READY_TIME_MAX: Duration = Duration::from_secs(1);

/// What requests to other makers' servers go through. Clones share all of it.
#[derive(Clone, Debug, Default)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    networks: Vec<Network>,
    authorities: Authorities,
    tasks: TaskTracker,
}

/// What bounds a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// How long looking up the name, connecting and TLS may take, each.
    pub connect_time_max: Duration,
    /// How long the server may be silent: before its answer, and between two pieces of it.
    pub silence_max: Duration,
    /// How long all of it may take.
    pub total_time_max: Duration,
    /// The longest body, unpacked.
    pub body_bytes_max: u64,
    /// How many redirects are followed.
    pub redirects_max: u32,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is to be done.
    pub method: Method,
    /// With what.
    pub address: Address,
    /// Fields besides those that every request has.
    pub fields: Vec<(HeaderName, HeaderValue)>,
    /// The body, or nothing.
    pub body: Bytes,
}

/// Requests to one server, with its credentials and its trust.
pub struct Session {
    client: Client,
    /// Credentials go here and nowhere else.
    home: String,
    tls: Arc<ClientConfig>,
    credentials: Option<HeaderValue>,
    limits: Limits,
    open: Arc<Open>,
}

type Open = Mutex<Vec<(String, Line)>>;

/// A connection that is given back when its answer was read to the end.
#[derive(Debug)]
pub(crate) struct Kept {
    origin: String,
    line: Line,
    open: Arc<Open>,
}

impl Client {
    /// A client that may also connect to these networks of our own.
    pub fn new(networks: Vec<Network>) -> Self {
        let inner = Inner {
            networks,
            ..Inner::default()
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Requests to the server of an address. `authority` has certificates in PEM that are believed
    /// besides those of the system's authorities.
    pub async fn session(
        &self,
        server: &Address,
        credentials: &Credentials,
        authority: Option<&str>,
        limits: Limits,
    ) -> Result<Session, Error> {
        Ok(Session {
            home: server.origin(),
            tls: self.inner.authorities.config(authority).await?,
            credentials: credentials.field()?,
            limits,
            open: Arc::default(),
            client: self.clone(),
        })
    }

    /// TLS with servers that speak no HTTP. `authority` is as for [`Client::session`].
    pub async fn tls(&self, authority: Option<&str>) -> Result<Arc<ClientConfig>, Error> {
        let mut config = ClientConfig::clone(&*self.inner.authorities.config(authority).await?);
        config.alpn_protocols.clear();
        Ok(Arc::new(config))
    }

    /// Whether a text has certificates that can be believed.
    pub fn check_authority(text: &str) -> Result<(), Error> {
        trust::certificates(text).map(drop)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_time_max: Duration::from_secs(10),
            silence_max: Duration::from_secs(30),
            total_time_max: Duration::from_mins(2),
            body_bytes_max: 64 << 20,
            redirects_max: 3,
        }
    }
}

impl Request {
    /// A question for what stands at an address.
    pub const fn get(address: Address) -> Self {
        Self::new(Method::GET, address)
    }

    /// A request without fields and body.
    pub const fn new(method: Method, address: Address) -> Self {
        Self {
            method,
            address,
            fields: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// The request with one more field.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.push((name, value));
        self
    }

    /// The request with a body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    const fn is_safe(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }
}

impl Session {
    /// Sends a request and waits for the head of its answer, whatever its status. Redirects of
    /// questions are followed, but not from TLS to plain text; where one leads to another server,
    /// that server is shown no credentials.
    pub async fn send(&self, mut request: Request) -> Result<Answer, Error> {
        let until = Instant::now() + self.limits.total_time_max;
        let mut followed = 0;
        loop {
            let answer = self.ask(&request, until).await?;
            let moved = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
            let Some(to) = answer.field(LOCATION.as_str()).filter(|_| moved) else {
                return Ok(answer);
            };
            let refuse = |why| {
                let status = answer.status.as_u16();
                Err(Error::Redirect { status, why })
            };
            let Ok(to) = answer.from.join(to) else {
                return refuse("it leads to no address");
            };
            if !request.is_safe() {
                return refuse("the request changes something");
            }
            if answer.from.is_secure() && !to.is_secure() {
                return refuse("it leads away from TLS");
            }
            if followed == self.limits.redirects_max {
                return refuse("there were too many");
            }
            followed += 1;
            request.address = to;
        }
    }

    async fn ask(&self, request: &Request, until: Instant) -> Result<Answer, Error> {
        let origin = request.address.origin();
        while let Some(line) = self.kept(&origin).await {
            match self.send_over(line, request, (&origin, until)).await {
                // The server closed what was kept while the request was on its way. What changes
                // nothing is asked again; what was never sent too.
                Err(Error::Broken(error)) if error.is_canceled() || request.is_safe() => {}
                ended => return ended,
            }
        }
        let inner = &self.client.inner;
        let way = Way {
            networks: &inner.networks,
            tls: &self.tls,
            tasks: &inner.tasks,
            has_credentials: self.credentials.is_some() && origin == self.home,
            time_max: self.limits.connect_time_max,
        };
        let line = way.connect(&request.address).await?;
        self.send_over(line, request, (&origin, until)).await
    }

    async fn send_over(
        &self,
        mut line: Line,
        request: &Request,
        (origin, until): (&str, Instant),
    ) -> Result<Answer, Error> {
        let written = self.write(request, origin)?;
        let Limits {
            silence_max,
            total_time_max,
            body_bytes_max,
            ..
        } = self.limits;
        let by = until.min(Instant::now() + silence_max);
        let answered = timeout_at(by, line.send_request(written)).await;
        let late = |_elapsed| Error::Late {
            what: "the answer",
            after: if by == until {
                total_time_max
            } else {
                silence_max
            },
        };
        let answer = answered.map_err(late)?.map_err(Error::Broken)?;
        let within = Within {
            bytes_max: body_bytes_max,
            silence_max,
            total_max: total_time_max,
            until,
        };
        let kept = Kept {
            origin: origin.to_owned(),
            line,
            open: Arc::clone(&self.open),
        };
        Answer::new((request.address.clone(), within), answer, kept)
    }

    fn write(&self, request: &Request, origin: &str) -> Result<hyper::Request<Full<Bytes>>, Error> {
        const PROGRAM: &str = concat!("comity/", env!("CARGO_PKG_VERSION"));
        let address = &request.address;
        let mut written = hyper::Request::builder()
            .method(&request.method)
            .uri(address.path())
            .header(HOST, address.authority())
            .header(USER_AGENT, PROGRAM)
            .header(ACCEPT_ENCODING, "gzip");
        for (name, value) in &request.fields {
            written = written.header(name, value);
        }
        if let Some(credentials) = self.credentials.as_ref().filter(|_| origin == self.home) {
            written = written.header(AUTHORIZATION, credentials);
        }
        let written = written.body(Full::new(request.body.clone()));
        written.map_err(Error::Request)
    }

    /// A connection to that server which is ready.
    async fn kept(&self, origin: &str) -> Option<Line> {
        loop {
            let mut line = {
                let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
                let place = open.iter().position(|(to, _)| to == origin)?;
                open.swap_remove(place).1
            };
            if matches!(timeout(READY_TIME_MAX, line.ready()).await, Ok(Ok(()))) {
                return Some(line);
            }
        }
    }
}

impl Kept {
    pub(crate) fn give_back(self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() < KEPT_MAX && !self.line.is_closed() {
            open.push((self.origin, self.line));
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

/// Whether a status says that the same may succeed later.
#[must_use]
pub const fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500..=599)
}
