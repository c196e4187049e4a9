use kernel::{IncidentId, IncidentRef, Mode, Timestamp};
use uuid::Uuid;

use crate::{
    clocks::Clocks,
    model::{Case, Incident},
    state::Status,
    tests::facts,
};

/// An entry with nothing but a title.
pub(crate) fn case(title: &str) -> Case {
    let at = Timestamp::from_micros(1_700_000_000_000_000);
    Case {
        incident: Incident {
            id: IncidentId::from_uuid(Uuid::from_u128(1)),
            public: IncidentRef::from_uuid(Uuid::from_u128(0x4000_8000_0000_0000_0001)),
            mode: Mode::Real,
            facts: facts(title),
            status: Status::Open { since: at },
            version: 1,
            created_at: at,
            updated_at: at,
            shipped: None,
        },
        timeline: Vec::new(),
        harm: Vec::new(),
        statements: Vec::new(),
        links: Vec::new(),
        attachments: Vec::new(),
        assessments: Vec::new(),
        ratings: Vec::new(),
        classes: Vec::new(),
        clocks: Clocks::default(),
        course: Vec::new(),
    }
}
