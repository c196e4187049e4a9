//! The node as a process: configuration, the two listeners, middleware, jobs, shutdown.
#![forbid(unsafe_code)]
