//! Users, sessions, keys and roles, and the one policy that decides who may see and do what.
#![forbid(unsafe_code)]
