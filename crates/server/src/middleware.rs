//! What stands before every request, outermost first: its id and span, a host that is ours, the
//! rate of its caller, limits of size and time, the header fields that browsers obey. Before the JSON
//! routes stands besides what makes the same request have its effect once, and before the pages what makes
//! two presses of one button one.

pub mod bounds;
pub mod door;
pub mod headers;
pub mod once;
pub mod pressed;
pub mod rate;
