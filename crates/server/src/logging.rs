//! Where `tracing` writes.

use std::io;

use tracing_subscriber::{
    filter::{ParseError, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

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
        source: ParseError,
    },
    /// Somebody else has set the destination already.
    #[error("logging is already set up")]
    Twice(#[source] tracing_subscriber::util::TryInitError),
}

/// What is logged, such as `info,federation=debug`.
fn filter_of(text: &str) -> Result<Targets, LoggingError> {
    text.parse().map_err(|source| LoggingError::Filter {
        filter: text.to_owned(),
        source,
    })
}

/// Sends the log to standard error, as text for people or as one JSON object a line.
pub fn start(format: LogFormat, filter: &str) -> Result<(), LoggingError> {
    let filter = filter_of(filter)?;
    let registry = tracing_subscriber::registry().with(filter);
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

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn a_filter_names_levels_and_targets() {
        let filter = filter_of("info,federation=debug,sqlx=warn").unwrap();
        assert!(filter.would_enable("exchange::ops", &Level::INFO));
        assert!(!filter.would_enable("exchange::ops", &Level::DEBUG));
        assert!(filter.would_enable("federation::post", &Level::DEBUG));
        assert!(!filter.would_enable("sqlx::query", &Level::INFO));
        let error = filter_of("federation=loud").unwrap_err();
        assert!(error.to_string().contains("federation=loud"), "{error}");
    }
}
