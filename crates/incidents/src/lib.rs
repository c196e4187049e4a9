//! The register: what happened, to whom, when, and what is known of it.
#![forbid(unsafe_code)]
