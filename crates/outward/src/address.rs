//! Where a server is.

use std::{fmt, str::FromStr};

use hyper::{Uri, http::uri::Scheme};

/// The longest address in bytes.
const ADDRESS_BYTES_MAX: usize = 8_192;

/// `https://HOST[:PORT]/PATH[?QUERY]`, or the same with `http`. It names no user.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Address(Uri);

/// A text that is no address of a server.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an address is https://HOST/PATH or http://HOST/PATH, without a user or a fragment")]
pub struct AddressError;

impl Address {
    /// Whether it asks for TLS.
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == Some(&Scheme::HTTPS)
    }

    /// The host as TLS and the name service take it: without the brackets of IPv6.
    pub fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        host.strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        let implied = if self.is_secure() { 443 } else { 80 };
        self.0.port_u16().unwrap_or(implied)
    }

    /// Scheme, host and port, written in one way.
    pub fn origin(&self) -> String {
        let scheme = if self.is_secure() { "https" } else { "http" };
        let host = self.0.host().unwrap_or_default().to_ascii_lowercase();
        format!("{scheme}://{host}:{}", self.port())
    }

    /// Path and query.
    pub fn path(&self) -> &str {
        self.0.path_and_query().map_or("/", |path| path.as_str())
    }

    /// What the `Host` field says.
    pub(crate) fn authority(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    /// The address that a reference stands for which was found here (RFC 3986 §5.2, without the
    /// removal of dots): absolute, without its scheme, from the root or from the last slash.
    pub fn join(&self, reference: &str) -> Result<Self, AddressError> {
        let reference = reference.split('#').next().unwrap_or_default();
        let is_absolute = reference
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if is_absolute {
            return reference.parse();
        }
        let scheme = if self.is_secure() { "https" } else { "http" };
        if reference.starts_with("//") {
            return format!("{scheme}:{reference}").parse();
        }
        let base = format!("{scheme}://{}", self.authority());
        if reference.starts_with('/') {
            return format!("{base}{reference}").parse();
        }
        let path = self.0.path();
        if reference.is_empty() || reference.starts_with('?') {
            return format!("{base}{path}{reference}").parse();
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{base}{folder}/{reference}").parse()
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > ADDRESS_BYTES_MAX || text.contains('#') {
            return Err(AddressError);
        }
        let uri: Uri = text.parse().map_err(|_no_uri| AddressError)?;
        let known = matches!(uri.scheme_str(), Some("https" | "http"));
        let names_user = uri
            .authority()
            .is_none_or(|authority| authority.as_str().contains('@'));
        let has_host = uri.host().is_some_and(|host| !host.is_empty());
        if known && has_host && !names_user {
            Ok(Self(uri))
        } else {
            Err(AddressError)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_host_and_no_user() {
        let address: Address = "https://Taxii.Example/a/b?c=d".parse().unwrap();
        assert_eq!(address.origin(), "https://taxii.example:443");
        assert_eq!(address.path(), "/a/b?c=d");
        let local: Address = "http://[::1]:8080".parse().unwrap();
        assert_eq!((local.host(), local.port()), ("::1", 8080));
        for bad in [
            "",
            "taxii.example",
            "/taxii2/",
            "ftp://a/",
            "https:///a",
            "https://user@a/",
            "https://u:p@a/",
            "https://a/#b",
            "https://a b/",
            "file:///etc/passwd",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    #[test]
    fn references_are_read_as_others_write_them() {
        let base: Address = "https://a.example:8443/x/y?z=1".parse().unwrap();
        let join = |reference: &str| base.join(reference).unwrap().to_string();
        assert_eq!(join("https://b.example/c"), "https://b.example/c");
        assert_eq!(join("//b.example/c"), "https://b.example/c");
        assert_eq!(
            join("/c/?d=https://e"),
            "https://a.example:8443/c/?d=https://e"
        );
        assert_eq!(join("c/d"), "https://a.example:8443/x/c/d");
        assert_eq!(join("?d=e"), "https://a.example:8443/x/y?d=e");
        assert!(base.join("ftp://b.example/").is_err());
    }
}
