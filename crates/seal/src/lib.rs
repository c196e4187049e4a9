//! Keys, signatures, commitments and encrypted files: what makes a message safe to send and possible to prove.
#![forbid(unsafe_code)]
