//! Durable jobs, enqueued in the transaction of the change that asks for them.
#![forbid(unsafe_code)]
