//! Two presses of one button have one effect.
//!
//! A page that is drawn for somebody marks the token of its forms, so that a form that comes a second time
//! from the same page with the same answers is known for a repetition: a double click, a press while
//! nothing seemed to happen, a reload of what was sent. It is led to where the first one led, and waits for
//! it where that is not done. What was refused changed nothing, so it is thought over anew; a page that is
//! drawn again has another mark. The work goes on when the browser hangs up, as it does for the second press.
//! This needs no script. What comes with files goes on piece by piece once its beginning is known; a second
//! press waits for the first before its files are read.

mod sent;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use access::http::{Refusal, Seated};
use audit::Ground;
use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{
        HeaderMap, StatusCode,
        header::{LOCATION, SET_COOKIE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind};
use sent::{Kind, Sent};
use tokio::sync::watch;

use crate::shutdown::Shutdown;

/// How many forms are remembered, the latest of all.
const FORMS_MAX: usize = 4_096;
/// The forms of whoever has no account that are marked.
const GUESTS: [&str; 1] = ["/report/add"];

/// The forms that were sent, and where each led.
#[derive(Clone)]
pub struct Pressed {
    ground: Ground,
    shutdown: Shutdown,
    forms: Arc<Mutex<Forms>>,
    /// Those of strangers, apart: they push out no others.
    guests: Arc<Mutex<Forms>>,
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
    let Some(kind) = Kind::of(&request) else {
        return next.run(request).await;
    };
    match pressed.take(kind, request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

impl Pressed {
    /// Where nothing was sent yet.
    pub fn new(ground: Ground, shutdown: Shutdown) -> Self {
        Self {
            ground,
            shutdown,
            forms: Arc::default(),
            guests: Arc::default(),
        }
    }

    async fn take(self, kind: Kind, request: Request, next: Next) -> Result<Response, Refusal> {
        let (mut parts, body) = request.into_parts();
        let sent = Sent::begin(kind, body).await.map_err(|broken| {
            let detail = broken.to_string();
            Problem::new(ProblemKind::Invalid, "request.unreadable", detail)
        })?;
        // Only a marked token is worth looking up whose it is.
        let pressed = match sent.token().filter(|token| token.contains('.')) {
            Some(mark) if mark.starts_with('.') && GUESTS.contains(&parts.uri.path()) => {
                let forms = Arc::clone(&self.guests);
                Some((
                    sent.digest(&[], &parts),
                    Self {
                        forms,
                        ..self.clone()
                    },
                ))
            }
            Some(marked) => Seated::from_request_parts(&mut parts, &self.ground)
                .await
                .ok()
                .filter(|seated| seated.session.csrf_matches(marked))
                .and_then(|seated| seated.viewer.user())
                .map(|user| (sent.digest(user.uuid().as_bytes(), &parts), self)),
            None => None,
        };
        let body = sent.into_body();
        match pressed {
            Some((form, pressed)) => pressed.lead(form, (parts, body), next).await,
            None => Ok(next.run(Request::from_parts(parts, body)).await),
        }
    }

    /// Takes the form, or waits where the one before it leads.
    async fn lead(
        self,
        form: Form,
        (parts, body): (Parts, Body),
        next: Next,
    ) -> Result<Response, Refusal> {
        loop {
            let mut led = match self.press(form) {
                Press::First(told) => {
                    let request = Request::from_parts(parts, body);
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
