//! Logs, from files of many kinds.
