//! What programs sign in with.

use anyhow::{Context, Result, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{Connection, Response};

/// A user with a password and an API key.
#[derive(Clone, Debug)]
pub struct Account {
    authority: String,
    /// The value of `Authorization`, with name and password.
    pub basic: String,
    /// The value of `Authorization`, with an API key that reads and writes intelligence.
    pub bearer: String,
}

impl Account {
    /// Uses a one-time code, signs in and makes a key.
    pub(crate) fn redeem(web: &str, (name, password): (&str, &str), code: &str) -> Result<Self> {
        let authority = web.strip_prefix("http://").context("not an http address")?;
        let body = json!({"name": name, "code": code, "password": password});
        post(authority, "/api/v1/password-resets", &[], &body)?;
        let body = json!({"name": name, "password": password, "mode": "real"});
        let session = post(authority, "/api/v1/session", &[], &body)?;
        let cookie = session.header("set-cookie").context("no session")?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        let said: Value = serde_json::from_slice(&session.body)?;
        let csrf = text(&said, "csrf")?;
        let body = json!({"label": "e2e", "scopes": ["intel_read", "intel_write"], "days": 1});
        let headers = [("Cookie", cookie), ("X-CSRF-Token", csrf)];
        let made = post(authority, "/api/v1/keys", &headers, &body)?;
        let made: Value = serde_json::from_slice(&made.body)?;
        let pair = BASE64_STANDARD.encode(format!("{name}:{password}"));
        Ok(Self {
            authority: authority.to_owned(),
            basic: format!("Basic {pair}"),
            bearer: format!("Bearer {}", text(&made, "secret")?),
        })
    }

    /// `host:port` of the node.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Posts JSON with the key.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let headers = [("Authorization", self.bearer.as_str())];
        let answer = post(&self.authority, path, &headers, body)?;
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

fn post(authority: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Response> {
    let mut all = vec![
        ("Content-Type", "application/json"),
        ("Connection", "close"),
    ];
    all.extend(headers);
    let body = body.to_string();
    let answer = Connection::open(authority)?.ask(("POST", path), &all, Some(body.as_bytes()))?;
    if !(200..300).contains(&answer.status) {
        let said = String::from_utf8_lossy(&answer.body);
        bail!("POST {path}: {} {said}", answer.status);
    }
    Ok(answer)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    let found = value.get(key).and_then(Value::as_str);
    found.with_context(|| format!("no {key:?} in the answer"))
}
