//! What stands before every request, outermost first: its id and span, a host that is ours, the
//! rate of its caller, limits of size and time, the header fields that browsers obey.

pub mod door;
pub mod headers;
pub mod rate;
