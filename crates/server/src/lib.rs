//! The node as a process: configuration, the two listeners, middleware, jobs, shutdown.
#![forbid(unsafe_code)]

mod bind;
pub mod config;
pub mod folder;
pub mod health;
pub mod introduction;
pub mod keys;
pub mod listen;
pub mod logging;
pub mod loopback;
pub mod middleware;
pub mod node;
mod openapi;
mod peers;
pub mod problem;
pub mod renewal;
pub mod rooms;
pub mod router;
mod runs;
pub mod shutdown;
pub mod thaw;
pub mod tls;
pub mod transport;
mod unlock;
