//! Where `tracing` writes.

use std::io;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// A filter that cannot be read, or a second call.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter is no list of `target=level`.
    #[error("the log filter {filter:?} cannot be read")]
    Filter {
        /// The text.
        filter: String,
        /// Where it fails.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// Somebody else has set the destination already.
    #[error("logging is already set up")]
    Twice(#[source] tracing_subscriber::util::TryInitError),
}

/// Sends the log to standard error, as text for people or as one JSON object a line.
pub fn start(format: LogFormat, filter: &str) -> Result<(), LoggingError> {
    let layer = EnvFilter::try_new(filter).map_err(|source| LoggingError::Filter {
        filter: filter.to_owned(),
        source,
    })?;
    let registry = tracing_subscriber::registry().with(layer);
    match format {
        LogFormat::Text => registry
            .with(fmt::layer().with_writer(io::stderr).with_target(false))
            .try_init(),
        LogFormat::Json => registry
            .with(fmt::layer().json().with_writer(io::stderr))
            .try_init(),
    }
    .map_err(LoggingError::Twice)
}
