//! The table: for each act, how far each role reaches in it.

use std::{fmt, str::FromStr};

use kernel::{Role, Scope};

use super::Reach;

/// A part of the node that holds content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Area {
    /// The register.
    Incidents,
    /// Threads and messages.
    Exchange,
    /// Collections of intelligence.
    Intel,
    /// The register of critical infrastructure: seen by those alone whom it names.
    Infrastructure,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Incidents,
        Self::Exchange,
        Self::Intel,
        Self::Infrastructure,
    ];

    /// The act of reading it.
    pub const fn read(self) -> Act {
        match self {
            Self::Incidents => Act::IncidentRead,
            Self::Exchange => Act::ExchangeRead,
            Self::Intel => Act::IntelRead,
            Self::Infrastructure => Act::InfrastructureRead,
        }
    }
}

/// One row: an act, and who reaches how far in it.
pub(crate) struct Row {
    /// For a duty officer, analyst, diplomat, policy officer, reporter, auditor, administrator.
    roles: [Reach; 7],
    /// For the node itself: its jobs, and commands on the machine.
    pub(crate) node: Reach,
    /// For another party's node.
    pub(crate) peer: bool,
    /// What an API key needs; without a scope no key may.
    pub(crate) scope: Option<Scope>,
    word: &'static str,
    area: Option<Area>,
}

impl Row {
    /// How far the role reaches.
    pub(crate) const fn of(&self, role: Role) -> Reach {
        let [duty, analyst, diplomat, policy, reporter, auditor, admin] = self.roles;
        match role {
            Role::DutyOfficer => duty,
            Role::Analyst => analyst,
            Role::Diplomat => diplomat,
            Role::PolicyOfficer => policy,
            Role::Reporter => reporter,
            Role::Auditor => auditor,
            Role::Admin => admin,
        }
    }
}

macro_rules! table {
    ($(
        $(#[$doc:meta])* $act:ident $word:literal $area:ident $scope:ident
        [$duty:ident $analyst:ident $diplomat:ident $policy:ident $reporter:ident $auditor:ident $admin:ident]
        $node:ident $peer:literal
    )+) => {
        /// Something that a viewer may want to do. The word that stands for it in the API
        /// description (`x-act`) is its [`fmt::Display`].
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Act {
            $($(#[$doc])* $act,)+
        }

        impl Act {
            /// All acts.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];
        }

        /// The row of an act.
        pub(crate) const fn row(act: Act) -> Row {
            use Reach::{Act as Yes, Client as Cli, No as Non, Organisation as Org};
            match act {
                $(Act::$act => Row {
                    roles: [$duty, $analyst, $diplomat, $policy, $reporter, $auditor, $admin],
                    node: $node,
                    peer: $peer,
                    scope: table!(@scope $scope),
                    word: $word,
                    area: table!(@area $area),
                },)+
            }
        }
    };
    (@scope Never) => { None };
    (@scope $scope:ident) => { Some(Scope::$scope) };
    (@area House) => { None };
    (@area $area:ident) => { Some(Area::$area) };
}

table! {
    // act, word, area, scope of API keys,
    //   [duty analyst diplomat policy reporter auditor admin] node peer
    /// Read the register.
    IncidentRead "incident.read" Incidents IncidentsRead
        [Org Org Org Org Cli Non Non] Org false
    /// Enter something into the register.
    IncidentCreate "incident.create" Incidents IncidentsWrite
        [Org Org Non Non Cli Non Non] Org false
    /// Change an entry, or add to it.
    IncidentEdit "incident.edit" Incidents IncidentsWrite
        [Org Org Non Non Non Non Non] Org false
    /// Choose by which regimes the party reports, and who is reminded when.
    ReportingManage "reporting.manage" House IncidentsWrite
        [Yes Non Non Yes Non Non Non] Yes false
    /// Read how an entry is worked on: tasks, notes, indicators. Reporters do not.
    CaseRead "case.read" Incidents IncidentsRead
        [Org Org Org Org Non Non Non] Org false
    /// Take entries from a file.
    IncidentImport "incident.import" Incidents IncidentsWrite
        [Org Org Non Non Non Non Non] Org false
    /// Write entries to a file.
    IncidentExport "incident.export" Incidents IncidentsRead
        [Org Org Non Org Non Non Non] Org false
    /// Delete an incident for good, with all that hangs on it.
    IncidentDelete "incident.delete" Incidents Admin
        [Org Non Non Non Non Non Non] Org false
    /// See after how long what is deleted, what is due, and what was deleted.
    RetentionRead "retention.read" House Admin
        [Yes Non Non Yes Non Yes Yes] Yes false
    /// Say after how long what is deleted, and delete what is due.
    RetentionManage "retention.manage" House Admin
        [Non Non Non Non Non Non Yes] Yes false
    /// Read the mails that came to the node's mailbox, and what was answered.
    MailRead "mail.read" House IncidentsRead
        [Yes Yes Non Non Non Non Non] Yes false
    /// Answer a mail, and say that it was dealt with.
    MailAnswer "mail.answer" House IncidentsWrite
        [Yes Non Non Non Non Non Non] Yes false
    /// Say whose OpenPGP key is whose, for mails.
    MailTrust "mail.trust" House IncidentsWrite
        [Yes Non Non Non Non Non Non] Yes false
    /// See how the mailbox does, test it, and try again what could not go out. No mail is shown.
    MailManage "mail.manage" House Admin
        [Yes Non Non Non Non Non Yes] Yes false
    /// Read what the constituency runs, and what of it is known to be exploited.
    ConstituencyRead "constituency.read" House IncidentsRead
        [Yes Yes Non Yes Non Non Non] Yes false
    /// Take asset lists and the catalogue in, state versions, decide what is done until when, and
    /// write asset lists to a file.
    ConstituencyEdit "constituency.edit" House IncidentsWrite
        [Yes Yes Non Non Non Non Non] Yes false
    /// Read the register of critical infrastructure. Its content is RED: it is seen by those alone
    /// whom the register names. No API key may.
    InfrastructureRead "infrastructure.read" Infrastructure Never
        [Org Org Non Org Non Non Non] Org false
    /// Change the register of critical infrastructure.
    InfrastructureEdit "infrastructure.edit" Infrastructure Never
        [Org Org Non Org Non Non Non] Org false
    /// Write the register of critical infrastructure to a file, or take one in.
    InfrastructureExport "infrastructure.export" Infrastructure Never
        [Org Org Non Org Non Non Non] Org false
    /// Say who is named there. That lets nobody read it.
    InfrastructureGrant "infrastructure.grant" House Never
        [Non Non Non Non Non Non Yes] Yes false
    /// Read the statistics that ship with the program, and figures of the node.
    StatisticsRead "statistics.read" House IncidentsRead
        [Yes Yes Yes Yes Yes Yes Yes] Yes false
    /// See the desk: what waits for whom. What it lists is filtered area by area.
    DeskRead "desk.read" House ExchangeRead
        [Yes Yes Yes Yes Yes Yes Yes] Yes false
    /// Read threads and messages.
    ExchangeRead "exchange.read" Exchange ExchangeRead
        [Org Org Org Non Non Non Non] Org false
    /// Draft a message.
    ExchangeCompose "exchange.compose" Exchange ExchangeWrite
        [Org Org Org Non Non Non Non] Org false
    /// Send a message in the party's name, withdraw or correct one.
    ExchangeSend "exchange.send" Exchange ExchangeWrite
        [Org Non Org Non Non Non Non] Org false
    /// Close a thread.
    ExchangeClose "exchange.close" Exchange ExchangeWrite
        [Org Non Org Non Non Non Non] Org false
    /// Write a thread's evidence to a file for a third party.
    EvidenceExport "exchange.evidence" Exchange ExchangeRead
        [Org Non Org Non Non Non Non] Org false
    /// Read collections of intelligence. Guests read those that name them.
    IntelRead "intel.read" Intel IntelRead
        [Org Org Org Org Cli Non Non] Org false
    /// Add objects to a collection. Guests add to those that let them.
    IntelWrite "intel.write" Intel IntelWrite
        [Org Org Non Non Cli Non Non] Org false
    /// Take objects out of a collection, so that they do not come back.
    IntelDelete "intel.delete" Intel IntelWrite
        [Org Org Non Non Non Non Non] Org false
    /// Make and change roots and collections, and say who reads them.
    IntelManage "intel.manage" House IntelWrite
        [Yes Yes Non Non Non Non Non] Yes false
    /// Read the list of parties, without contact data.
    DirectoryRead "directory.read" House DirectoryRead
        [Yes Yes Yes Yes Non Yes Yes] Yes false
    /// Look at the contact data of a party. Each look is recorded.
    ContactLook "directory.look" House DirectoryRead
        [Yes Yes Yes Yes Non Non Non] Yes false
    /// Change contacts.
    ContactEdit "directory.edit" House DirectoryWrite
        [Yes Non Non Yes Non Non Non] Yes false
    /// Add and remove peers, accept their keys.
    PeerManage "directory.peers" House DirectoryWrite
        [Non Non Non Non Non Non Yes] Yes false
    /// Read circles: who belongs to them, their versions, and what became of each copy.
    CircleRead "circle.read" House DirectoryRead
        [Yes Yes Yes Yes Non Yes Yes] Yes false
    /// Make a circle of the party's own, change who belongs to it, end it.
    CircleSteward "circle.steward" House DirectoryWrite
        [Yes Non Yes Yes Non Non Non] Yes false
    /// Enter and leave another party's circle in the party's name.
    CircleMember "circle.member" House DirectoryWrite
        [Yes Non Yes Yes Non Non Non] Yes false
    /// Read the exchange ledger: hashes, checkpoints, receipts.
    LedgerRead "ledger.read" House LedgerRead
        [Yes Yes Yes Non Non Yes Non] Yes false
    /// Read who did what.
    ActsRead "acts.read" House LedgerRead
        [Non Non Non Non Non Yes Non] Yes false
    /// Create users, give roles, reset passwords, end sessions.
    UserManage "user.manage" House Admin
        [Non Non Non Non Non Non Yes] Yes false
    /// Rotate and revoke the node's keys.
    KeyManage "key.manage" House Admin
        [Non Non Non Non Non Non Yes] Yes false
    /// Write a backup, restore one.
    Backup "node.backup" House Admin
        [Non Non Non Non Non Non Yes] Yes false
    /// See the health, the queue and its dead letters, without content.
    NodeManage "node.manage" House Admin
        [Non Non Non Non Non Non Yes] Yes false
    /// See and change one's own session and password.
    SettingsOwn "own.settings" House Never
        [Yes Yes Yes Yes Yes Yes Yes] Non false
    /// Make and revoke API keys of one's own.
    ApiKeyOwn "own.keys" House Never
        [Yes Yes Yes Yes Non Yes Yes] Non false
    /// Hand over an envelope, a blob or a receipt.
    FederationDeliver "federation.deliver" House Never
        [Non Non Non Non Non Non Non] Non true
    /// Fetch the party's key sets.
    FederationKeys "federation.keys" House Never
        [Non Non Non Non Non Non Non] Non true
    /// Fetch checkpoints, tiles and proofs of the exchange ledger.
    FederationLedger "federation.ledger" House Never
        [Non Non Non Non Non Non Non] Non true
    /// Ask for a cosignature on a checkpoint.
    FederationWitness "federation.witness" House Never
        [Non Non Non Non Non Non Non] Non true
    /// Compare what both hold of each other's traffic.
    FederationReconcile "federation.reconcile" House Never
        [Non Non Non Non Non Non Non] Non true
}

/// A word that names no act.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no such act")]
pub struct UnknownAct;

impl Act {
    /// The area whose content the act is about.
    pub const fn area(self) -> Option<Area> {
        row(self).area
    }

    /// The word, such as `incident.read`.
    pub const fn as_str(self) -> &'static str {
        row(self).word
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Act {
    type Err = UnknownAct;

    fn from_str(word: &str) -> Result<Self, UnknownAct> {
        Self::ALL
            .iter()
            .copied()
            .find(|act| act.as_str() == word)
            .ok_or(UnknownAct)
    }
}
