//! Who takes part. All persons, offices, numbers and addresses are invented.

use directory::{
    model::{ContactKind, Duty, Profile, Reach},
    ops::NewContact,
};
use kernel::{Language, Role};

use crate::output::Failure;

/// The State whose hospital is hit.
pub(super) const ALDORIA: &str = "XA";
/// The State from whose territory the activity comes.
pub(super) const BREVONIA: &str = "XB";
/// The regional hub, which is no State.
pub(super) const HUB: &str = "regional-hub";

/// A party of the story.
pub(super) struct Party {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    /// The folder of its node, and the host of its console before `.localhost`.
    pub(super) word: &'static str,
    pub(super) witnesses: &'static [&'static str],
    pub(super) desks: &'static [Desk],
    pub(super) people: &'static [Person],
}

/// A point of contact.
pub(super) struct Desk {
    kind: ContactKind,
    entity: &'static str,
    role: &'static str,
    languages: &'static [&'static str],
    zone: &'static str,
    duty: Duty,
    email: &'static str,
    phone: &'static str,
}

/// A user of a node.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) display: &'static str,
    pub(super) roles: &'static [Role],
    pub(super) language: Language,
}

const fn person(
    name: &'static str,
    display: &'static str,
    roles: &'static [Role],
    language: Language,
) -> Person {
    Person {
        name,
        display,
        roles,
        language,
    }
}

/// The three.
pub(super) const PARTIES: [Party; 3] = [
    Party {
        code: ALDORIA,
        title: "Aldoria",
        word: "aldoria",
        witnesses: &[HUB],
        desks: &[
            Desk {
                kind: ContactKind::Technical,
                entity: "CSIRT Aldoria",
                role: "Duty officer",
                languages: &["en", "fr"],
                zone: "Europe/Lisbon",
                duty: Duty::Always,
                email: "duty@csirt.aldoria.example",
                phone: "+999 100 200 300",
            },
            Desk {
                kind: ContactKind::Diplomatic,
                entity: "Ministry of Foreign Affairs of Aldoria",
                role: "Office for ICT security",
                languages: &["en", "fr", "es"],
                zone: "Europe/Lisbon",
                duty: Duty::Office,
                email: "ict@mfa.aldoria.example",
                phone: "+999 100 200 400",
            },
        ],
        people: &[
            person("ilva", "Ilva Moreno", &[Role::DutyOfficer], Language::En),
            person("tomas", "Tomas Reyl", &[Role::Analyst], Language::En),
            person("noor", "Noor Delacourt", &[Role::Diplomat], Language::En),
            person(
                "stmaren",
                "St Maren General Hospital",
                &[Role::Reporter],
                Language::En,
            ),
            person(
                "admin",
                "Administrator of Aldoria",
                &[Role::Admin, Role::Auditor],
                Language::En,
            ),
        ],
    },
    Party {
        code: BREVONIA,
        title: "Brevonia",
        word: "brevonia",
        witnesses: &[HUB],
        desks: &[
            Desk {
                kind: ContactKind::Technical,
                entity: "National CERT of Brevonia",
                role: "Operations room",
                languages: &["en", "zh"],
                zone: "Asia/Singapore",
                duty: Duty::Always,
                email: "ops@cert.brevonia.example",
                phone: "+999 500 600 700",
            },
            Desk {
                kind: ContactKind::Diplomatic,
                entity: "Ministry of External Relations of Brevonia",
                role: "Division for information security",
                languages: &["en", "zh", "ru"],
                zone: "Asia/Singapore",
                duty: Duty::Office,
                email: "infosec@mer.brevonia.example",
                phone: "+999 500 600 800",
            },
        ],
        people: &[
            person("jun", "Jun Harland", &[Role::DutyOfficer], Language::En),
            person(
                "mei",
                "Mei Arquette",
                &[Role::DutyOfficer, Role::Analyst],
                Language::Zh,
            ),
            person("samir", "Samir Voss", &[Role::Diplomat], Language::En),
            person(
                "admin",
                "Administrator of Brevonia",
                &[Role::Admin, Role::Auditor],
                Language::En,
            ),
        ],
    },
    Party {
        code: HUB,
        title: "Regional hub",
        word: "hub",
        witnesses: &[],
        desks: &[Desk {
            kind: ContactKind::Technical,
            entity: "Watch of the regional hub",
            role: "Watch",
            languages: &["en", "zh", "fr", "ar"],
            zone: "Africa/Nairobi",
            duty: Duty::Always,
            email: "watch@hub.example",
            phone: "+999 800 900 100",
        }],
        people: &[
            person(
                "odile",
                "Odile Nkemba",
                &[Role::PolicyOfficer],
                Language::En,
            ),
            person(
                "ravi",
                "Ravi Lindqvist",
                &[Role::Analyst, Role::DutyOfficer],
                Language::En,
            ),
            person(
                "lin",
                "Lin Castellan",
                &[Role::PolicyOfficer, Role::Analyst],
                Language::Zh,
            ),
            person(
                "admin",
                "Administrator of the hub",
                &[Role::Admin, Role::Auditor],
                Language::En,
            ),
        ],
    },
];

impl Desk {
    /// As the directory takes it.
    pub(super) fn to_contact(&self) -> Result<NewContact, Failure> {
        Ok(NewContact {
            profile: Profile {
                kind: self.kind,
                entity: self.entity.parse()?,
                department: None,
                role: Some(self.role.parse()?),
                languages: self
                    .languages
                    .iter()
                    .map(|tag| tag.parse())
                    .collect::<Result<_, _>>()?,
                time_zone: self.zone.parse()?,
                duty: self.duty,
                duty_hours: None,
                channels: Vec::new(),
                nominated_by: Some("note verbale for the exercise".parse()?),
                valid_from: None,
            },
            reach: Reach {
                person: None,
                emails: vec![self.email.parse()?],
                phones: vec![self.phone.parse()?],
                fallback_phone: None,
            },
            verified: true,
        })
    }
}
