//! Where `tracing` writes.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::config::LogFormat;

/// A filter that cannot be read, or a second call.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// A part of the filter is neither a level nor `target=level`.
    #[error(
        "the log filter has {part:?}; each part is a level (off, error, warn, info, debug, trace) \
         or target=level"
    )]
    Filter {
        /// The part.
        part: String,
    },
    /// Somebody else has set the destination already.
    #[error("logging is already set up")]
    Twice(#[source] tracing_subscriber::util::TryInitError),
}

/// What is logged, such as `info,federation=debug`: a level for all, and levels for the parts of
/// the program that the names begin with. Nothing at all is logged without a level for all.
fn filter_of(text: &str) -> Result<Targets, LoggingError> {
    let mut filter = Targets::new();
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (target, level) = part.split_once('=').unwrap_or(("", part));
        let (target, level) = (target.trim(), level.trim());
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-');
        let readable = target.chars().all(is_name) && (part.contains('=') != target.is_empty());
        let level = level_of(level).filter(|_| readable);
        let level = level.ok_or_else(|| LoggingError::Filter {
            part: part.to_owned(),
        })?;
        filter = match target {
            "" => filter.with_default(level),
            target => filter.with_target(target, level),
        };
    }
    Ok(filter)
}

/// The words alone: the library also takes numbers, and no word at all for an error.
fn level_of(word: &str) -> Option<LevelFilter> {
    const WORDS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let word = word.to_ascii_lowercase();
    WORDS.contains(&word.as_str()).then(|| word.parse().ok())?
}

/// Sends the log to standard error, as text for people or as one JSON object a line.
pub fn start(format: LogFormat, filter: &str) -> Result<(), LoggingError> {
    let filter = filter_of(filter)?;
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => {
            let layer = fmt::layer().with_writer(io::stderr).with_target(false);
            // Where there is a terminal, the library leaves them out if NO_COLOR says so.
            let layer = if io::stderr().is_terminal() {
                layer
            } else {
                layer.with_ansi(false)
            };
            registry.with(layer).try_init()
        }
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
    }

    #[test]
    fn spaces_and_empty_parts_change_nothing() {
        let filter = filter_of(" INFO, federation = debug,,").unwrap();
        assert!(filter.would_enable("exchange::ops", &Level::INFO));
        assert!(filter.would_enable("federation::post", &Level::DEBUG));
    }

    #[test]
    fn what_is_no_filter_is_refused_with_its_part() {
        for part in [
            "federation=loud",
            "federation=",
            "=debug",
            "[delivery]=debug",
            "inf",
            "a=b=info",
            "5",
        ] {
            let error = filter_of(&format!("info,{part}")).unwrap_err().to_string();
            assert!(error.contains(&format!("{part:?}")), "{error}");
        }
    }
}
