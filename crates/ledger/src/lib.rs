//! A tamper-evident log: RFC 6962 tree, C2SP tiles, notes, checkpoints, cosignatures and proofs.
#![forbid(unsafe_code)]
