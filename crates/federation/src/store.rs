//! The rows of federation.

mod alarm;
mod held;
mod mail;
mod peer;

pub use alarm::{
    AlarmRow, EvidenceRow, NewAlarm, NewEvidence, alarms, evidence, insert_alarm, insert_evidence,
    mark_alarm_seen,
};
pub use held::{put_receipt, receipt, want_file, wanted_file, wanted_no_more};
pub use mail::{
    DeliveryRow, InboxRow, OutboxRow, bind_leaf, deliveries, delivery, envelope_in, envelope_out,
    incoming, insert_outgoing, own_grade, put_incoming, put_outgoing, set_sent_leaf,
};
pub use peer::{
    PeerRow, checkpoint_note, gaps, lock_peer, peers, put_checkpoint, put_gap, put_holdings,
    put_ledger, set_failed, set_heard,
};
