//! What is said between parties: threads, message kinds, requests and their clocks.
#![forbid(unsafe_code)]
