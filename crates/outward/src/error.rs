//! What can go wrong on the way to a server. No error has credentials, a body or a query in it.

use std::{io, net::IpAddr, time::Duration};

/// A request that came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name is not known.
    #[error("the name {host} cannot be resolved")]
    Name {
        /// The name.
        host: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The name stands for no address.
    #[error("the name {host} has no address")]
    NoAddress {
        /// The name.
        host: String,
    },
    /// It is in our own network.
    #[error(
        "{host} is {address}, which is not of the public internet and not among `remote_networks`"
    )]
    Own {
        /// The name.
        host: String,
        /// What it stands for.
        address: IpAddr,
    },
    /// Credentials would go over the open network as plain text.
    #[error("credentials do not go to {host} without TLS: use https")]
    Plain {
        /// The name.
        host: String,
    },
    /// Nobody answers there.
    #[error("{host} cannot be reached")]
    Connect {
        /// The name.
        host: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No TLS came about: a certificate that is not trusted, or no TLS at all.
    #[error("no TLS with {host}")]
    Tls {
        /// The name.
        host: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The certificates of authorities cannot be read.
    #[error("the certificates of authorities cannot be used: {detail}")]
    Authorities {
        /// What is wrong with them.
        detail: String,
    },
    /// The credentials have characters that no field may have.
    #[error("the credentials cannot stand in a field of HTTP")]
    Credentials,
    /// A field of the request cannot be sent.
    #[error("the request cannot be written")]
    Request(#[source] hyper::http::Error),
    /// It took too long.
    #[error("{what} took longer than {} s", after.as_secs())]
    Late {
        /// What took too long.
        what: &'static str,
        /// How long it may take.
        after: Duration,
    },
    /// The connection broke, or what came is no HTTP.
    #[error("the connection broke")]
    Broken(#[source] hyper::Error),
    /// A redirect that is not followed.
    #[error("a redirect ({status}) is not followed: {why}")]
    Redirect {
        /// The status.
        status: u16,
        /// Why.
        why: &'static str,
    },
    /// The body is too long.
    #[error("the answer is longer than {max} bytes")]
    TooLong {
        /// How long it may be.
        max: u64,
    },
    /// A coding of the content that was not asked for.
    #[error("the answer is coded in a way that was not asked for")]
    Coding,
    /// What should be gzip is not.
    #[error("the answer cannot be unpacked")]
    Packed(#[source] io::Error),
}

/// How far a request came.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Stage {
    /// Nothing was asked yet: something of ours is wrong.
    Ours,
    /// The name was looked up.
    Name,
    /// Its address was looked at.
    Network,
    /// A connection was opened.
    Connect,
    /// Keys were exchanged.
    Tls,
    /// The request was sent, and an answer awaited.
    Answer,
}

impl Error {
    /// At which stage it went wrong.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Authorities { .. } | Self::Credentials | Self::Request(_) => Stage::Ours,
            Self::Name { .. } | Self::NoAddress { .. } => Stage::Name,
            Self::Own { .. } | Self::Plain { .. } => Stage::Network,
            Self::Connect { .. } => Stage::Connect,
            Self::Tls { .. } => Stage::Tls,
            Self::Late { .. }
            | Self::Broken(_)
            | Self::Redirect { .. }
            | Self::TooLong { .. }
            | Self::Coding
            | Self::Packed(_) => Stage::Answer,
        }
    }

    /// Whether the same request may succeed later, without anybody changing anything here.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Name { .. }
            | Self::Connect { .. }
            | Self::Late { .. }
            | Self::Broken(_)
            | Self::Packed(_) => true,
            Self::NoAddress { .. }
            | Self::Own { .. }
            | Self::Plain { .. }
            | Self::Tls { .. }
            | Self::Authorities { .. }
            | Self::Credentials
            | Self::Request(_)
            | Self::Redirect { .. }
            | Self::TooLong { .. }
            | Self::Coding => false,
        }
    }
}
