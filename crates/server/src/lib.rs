//! The node as a process: configuration, the two listeners, middleware, jobs, shutdown.
#![forbid(unsafe_code)]

pub mod config;
pub mod listen;
pub mod logging;
pub mod shutdown;
pub mod tls;
pub mod transport;
