//! The rows of federation.

mod alarm;
mod gap;
mod held;
mod mail;
mod names;
mod peer;

pub use alarm::{
    AlarmRow, EvidenceRow, NewAlarm, NewEvidence, alarms, evidence, insert_alarm, insert_evidence,
    mark_alarm_seen,
};
pub use gap::{GapRow, gaps, lacking, open_gaps, put_gap};
pub use held::{put_receipt, receipt, want_file, wanted_file, wanted_no_more};
pub use mail::{
    DeliveryRow, InboxRow, OutboxRow, bind_leaf, deliveries, delivery, envelope_in, envelope_out,
    incoming, insert_outgoing, known, own_grade, put_envelope_in, put_incoming, put_outgoing,
    set_sent_leaf,
};
pub use names::{Between, Range, between};
pub use peer::{
    PeerRow, checkpoint_note, lock_peer, peer, peers, put_checkpoint, put_epoch, put_holdings,
    put_ledger, set_failed, set_heard,
};
