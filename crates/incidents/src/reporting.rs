//! How duties to report are kept in view: by which regimes the party reports by default, who is
//! reminded of what falls due, what was written for which authority and when it was released to it,
//! and what a single point of contact sees of incidents that cross borders.
//!
//! A reminder is told once for each report, each due time and each number of hours before it, and
//! once when it is late. The job that tells it stands in the queue from the transaction on that made
//! the clock run; what fell due while the node was down is told when it is back, and only the last of
//! several. What is filed, dropped or closed is not reminded of.

pub mod by_mail;
pub mod calendar;
mod choice;
pub mod contact;
pub mod http;
pub mod jobs;
pub mod ops;
mod remind;
pub(crate) mod store;
pub mod submission;
pub mod wire;

pub use choice::{AUTHORITIES_MAX, Choice, LEAD_HOURS_MAX, LEADS_MAX};
pub(crate) use ops::{plan, record_taken, take_chosen};
pub use remind::{Reminder, Step, steps};
