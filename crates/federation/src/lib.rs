//! How messages travel between nodes: protocol, peers, outbox, inbox, receipts, blobs, witnesses.
#![forbid(unsafe_code)]
