//! The address at which people reach the pages.

use std::net::SocketAddr;

use super::{Config, ConfigError, wrong};

/// The address that was said, or that of the listener.
pub(super) fn web_url(text: Option<String>, web: SocketAddr) -> Result<String, ConfigError> {
    let Some(text) = text else {
        return Ok(format!("http://{web}"));
    };
    let text = text.trim_end_matches('/').to_owned();
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or_default();
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return Err(wrong("web_url", "it is not https://HOST or http://HOST"));
    }
    Ok(text)
}

impl Config {
    /// The address of the pages as people type it. Where the system chose the port of the listener, it is
    /// the port that it chose.
    pub fn reached_at(&self, listens: SocketAddr) -> String {
        if self.web.port() != 0 {
            return self.web_url.clone();
        }
        let said = &self.web_url;
        let (scheme, host) = said.rsplit_once("://").unwrap_or(("http", said));
        let ported = host.rsplit_once(':');
        let ported = ported.filter(|(_, port)| port.parse::<u16>().is_ok());
        let host = ported.map_or(host, |(host, _)| host);
        format!("{scheme}://{host}:{}", listens.port())
    }
}
