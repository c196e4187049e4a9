//! A network made of function calls, which can be cut and can alter what it carries.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Extension, Router,
    body::{Body as HttpBody, to_bytes},
    http::{Request, StatusCode},
};
use federation::{
    http::router,
    post::Post,
    transport::{Answer, CallError, Method, PeerKey, Transport},
};
use seal::Digest;
use tower::ServiceExt;

use super::party::Party;

/// The network between the nodes of one test.
#[derive(Clone, Default)]
pub(crate) struct Network {
    routers: Arc<Mutex<HashMap<String, Router>>>,
    /// Nothing gets through.
    pub(crate) cut: Arc<AtomicBool>,
    /// Requests get through, answers do not.
    pub(crate) deaf: Arc<AtomicBool>,
    /// One byte of the next request's body is flipped.
    pub(crate) tamper: Arc<AtomicBool>,
}

impl Network {
    pub(crate) fn connect(&self, party: &Party, post: &Post) {
        let mut routers = self.routers.lock().unwrap();
        routers.insert(party.code.to_string(), router(post.clone()));
    }

    /// The node shows these key sets as its own, whatever it has.
    pub(crate) fn answer_key_sets(
        &self,
        party: &Party,
        shown: &Arc<Mutex<Vec<String>>>,
        post: &Post,
    ) {
        let shown = Arc::clone(shown);
        let answer = move || async move { axum::Json(shown.lock().unwrap().clone()) };
        let known = axum::routing::get(answer);
        let other = Router::new()
            .route("/federation/v1/keysets", known)
            .fallback_service(router(post.clone()));
        let mut routers = self.routers.lock().unwrap();
        routers.insert(party.code.to_string(), other);
    }

    /// A node is gone: nobody answers at its address.
    pub(crate) fn disconnect(&self, party: &Party) {
        self.routers.lock().unwrap().remove(party.code.as_str());
    }

    pub(crate) fn transport(&self, from: Digest) -> Transport {
        let network = self.clone();
        Transport::new(move |call| {
            let network = network.clone();
            Box::pin(async move {
                if network.cut.load(Ordering::SeqCst) {
                    return Err(CallError::Unreachable("the line is cut".to_owned()));
                }
                let router = network
                    .routers
                    .lock()
                    .unwrap()
                    .get(&call.to.authority)
                    .cloned();
                let router = router.ok_or(CallError::Unreachable("nobody there".to_owned()))?;
                let mut body = call.body;
                if network.tamper.swap(false, Ordering::SeqCst)
                    && let Some(byte) = body.get_mut(200)
                {
                    *byte ^= 1;
                }
                let method = match call.method {
                    Method::Get => "GET",
                    Method::Post => "POST",
                    Method::Put => "PUT",
                    Method::Head => "HEAD",
                };
                let request = Request::builder()
                    .method(method)
                    .uri(call.path)
                    .body(HttpBody::from(body))
                    .unwrap();
                let router = router.layer(Extension(PeerKey(from)));
                let response = router.oneshot(request).await.unwrap();
                if network.deaf.load(Ordering::SeqCst) {
                    return Err(CallError::Interrupted("the line broke".to_owned()));
                }
                let status = response.status();
                let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
                assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body:?}");
                Ok(Answer {
                    status: status.as_u16(),
                    headers: Vec::new(),
                    body: body.to_vec(),
                })
            })
        })
    }
}
