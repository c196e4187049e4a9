//! The binary `comity`: one file a command.
#![forbid(unsafe_code)]

fn main() {}
