//! Two presses of one button have one effect.
//!
//! A page that is drawn for somebody marks the token of its forms, so that a form that comes a second time
//! from the same page with the same answers is known for a repetition: a double click, a press while
//! nothing seemed to happen, a reload of what was sent. It is led to where the first one led, and waits for
//! it where that is not done. What was refused changed nothing, so it is thought over anew; a page that is
//! drawn again has another mark. The work goes on when the browser hangs up, as it does for the second press.
//! This needs no script. What comes with files is not held back: it is read piece by piece.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use access::http::{Refusal, Seated};
use audit::Ground;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, Request},
    http::{
        HeaderMap, Method, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, SET_COOKIE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind, UserId};
use seal::Digest;
use tokio::sync::watch;

use crate::shutdown::Shutdown;

/// The longest form that is looked at.
const BYTES_MAX: usize = 1024 * 1024;
/// How many forms are remembered, the latest of all.
const FORMS_MAX: usize = 4_096;
const FORM: &str = "application/x-www-form-urlencoded";

/// The forms that were sent, and where each led.
#[derive(Clone)]
pub struct Pressed {
    ground: Ground,
    shutdown: Shutdown,
    forms: Arc<Mutex<Forms>>,
}

#[derive(Default)]
struct Forms {
    led: HashMap<Form, watch::Receiver<Option<HeaderMap>>>,
    order: VecDeque<Form>,
}

/// User, address and answers, with the mark of the page among them.
type Form = [u8; 32];

enum Press {
    First(watch::Sender<Option<HeaderMap>>),
    Again(watch::Receiver<Option<HeaderMap>>),
}

impl std::fmt::Debug for Pressed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pressed").finish_non_exhaustive()
    }
}

/// Takes a form once.
pub async fn once(pressed: Pressed, request: Request, next: Next) -> Response {
    if is_form(&request) {
        match pressed.take(request, next).await {
            Ok(response) => response,
            Err(refusal) => refusal.into_response(),
        }
    } else {
        next.run(request).await
    }
}

fn is_form(request: &Request) -> bool {
    let of = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let media_type = of(CONTENT_TYPE).and_then(|text| text.split(';').next());
    let length = of(CONTENT_LENGTH).and_then(|text| text.parse::<usize>().ok());
    request.method() == Method::POST
        && media_type.is_some_and(|one| one.trim().eq_ignore_ascii_case(FORM))
        && length.is_some_and(|length| length <= BYTES_MAX)
}

impl Pressed {
    /// Where nothing was sent yet.
    pub fn new(ground: Ground, shutdown: Shutdown) -> Self {
        Self {
            ground,
            shutdown,
            forms: Arc::default(),
        }
    }

    async fn take(self, request: Request, next: Next) -> Result<Response, Refusal> {
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(body, BYTES_MAX).await.map_err(|broken| {
            let detail = broken.to_string();
            Problem::new(ProblemKind::Invalid, "request.unreadable", detail)
        })?;
        // Only a marked token is worth looking up whose it is.
        let user = match token(&body).filter(|sent| sent.contains('.')) {
            Some(marked) => Seated::from_request_parts(&mut parts, &self.ground)
                .await
                .ok()
                .filter(|seated| seated.session.csrf_matches(marked))
                .and_then(|seated| seated.viewer.user()),
            None => None,
        };
        let Some(user) = user else {
            return Ok(next.run(Request::from_parts(parts, Body::from(body))).await);
        };
        let form = digest(user, &parts, &body);
        loop {
            let mut led = match self.press(form) {
                Press::First(told) => {
                    let request = Request::from_parts(parts, Body::from(body));
                    let tracker = self.shutdown.clone();
                    let work = self.first(form, told, request, next);
                    let done = tracker.spawn(work).await;
                    return Ok(done.map_err(|fell| Problem::internal("internal", fell))?);
                }
                Press::Again(led) => led,
            };
            // An error is a first press that led nowhere: then this one is the first.
            if let Ok(headers) = led.wait_for(Option::is_some).await {
                let headers = headers.clone().unwrap_or_default();
                return Ok((StatusCode::SEE_OTHER, headers).into_response());
            }
        }
    }

    fn press(&self, form: Form) -> Press {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(led) = forms.led.get(&form) {
            return Press::Again(led.clone());
        }
        if forms.order.len() >= FORMS_MAX
            && let Some(oldest) = forms.order.pop_front()
        {
            forms.led.remove(&oldest);
        }
        let (told, led) = watch::channel(None);
        forms.order.push_back(form);
        forms.led.insert(form, led);
        Press::First(told)
    }

    async fn first(
        self,
        form: Form,
        told: watch::Sender<Option<HeaderMap>>,
        request: Request,
        next: Next,
    ) -> Response {
        // Forgotten whatever happens, unless it led somewhere: a handler may fall over.
        let mut forgets = Forgets {
            pressed: self,
            form,
            led: false,
        };
        let response = next.run(request).await;
        if response.status() == StatusCode::SEE_OTHER {
            let headers = response.headers().iter();
            let headers = headers.filter(|(name, _)| [LOCATION, SET_COOKIE].contains(name));
            let headers = headers.map(|(name, value)| (name.clone(), value.clone()));
            forgets.led = told.send(Some(headers.collect())).is_ok();
        }
        response
    }
}

/// Takes a form out of those that were sent, where it led nowhere.
struct Forgets {
    pressed: Pressed,
    form: Form,
    led: bool,
}

impl Drop for Forgets {
    fn drop(&mut self) {
        if !self.led {
            let forms = self.pressed.forms.lock();
            let mut forms = forms.unwrap_or_else(PoisonError::into_inner);
            forms.led.remove(&self.form);
            forms.order.retain(|one| *one != self.form);
        }
    }
}

/// The token as the form has it. No sign of it is escaped.
fn token(body: &Bytes) -> Option<&str> {
    let mut fields = std::str::from_utf8(body).ok()?.split('&');
    fields.find_map(|field| field.strip_prefix("csrf="))
}

fn digest(user: UserId, parts: &Parts, body: &Bytes) -> Form {
    let uri = parts.uri.to_string();
    let mut whole = Vec::with_capacity(body.len() + uri.len() + 32);
    whole.extend_from_slice(user.uuid().as_bytes());
    whole.extend_from_slice(uri.as_bytes());
    whole.push(0);
    whole.extend_from_slice(body);
    *Digest::of(&whole).as_bytes()
}
