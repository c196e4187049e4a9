//! Who makes events, and to whom they may go.

use super::record::record;

record! {
    /// An organisation.
    Organisation "an organisation" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its name.
        name: Option<String> = "name",
        /// What it is.
        description: Option<String> = "description",
        /// Of what kind it is.
        kind: Option<String> = "type",
        /// Where it is.
        nationality: Option<String> = "nationality",
        /// In what it works.
        sector: Option<String> = "sector",
        /// How to reach it.
        contacts: Option<String> = "contacts",
        /// Who made it, on the instance that wrote it.
        created_by: Option<u64> = "created_by",
        /// When it was made.
        date_created: Option<String> = "date_created",
        /// When it was changed last.
        date_modified: Option<String> = "date_modified",
        /// Whether it has users on the instance that wrote it.
        local: Option<bool> = "local",
        /// The domains that addresses of its users are of.
        restricted_to_domain: Vec<String> = "restricted_to_domain",
    }
}

record! {
    /// A group of organisations and instances.
    SharingGroup "a sharing group" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its name.
        name: Option<String> = "name",
        /// What it is for.
        description: Option<String> = "description",
        /// To whom what it has may be given.
        releasability: Option<String> = "releasability",
        /// Who made it.
        organisation_uuid: Option<String> = "organisation_uuid",
        /// Who made it, on the instance that wrote it.
        org_id: Option<u64> = "org_id",
        /// The user who synchronises it, there.
        sync_user_id: Option<u64> = "sync_user_id",
        /// Whether it is in use.
        active: Option<bool> = "active",
        /// Whether it was made there.
        local: Option<bool> = "local",
        /// Whether it goes to all instances of its organisations.
        roaming: Option<bool> = "roaming",
        /// When it was made.
        created: Option<String> = "created",
        /// When it was changed last.
        modified: Option<String> = "modified",
        /// Who made it.
        organisation: Option<Box<Organisation>> = "Organisation",
        /// Its organisations.
        organisations: Vec<SharingGroupOrg> = "SharingGroupOrg",
        /// Its instances.
        servers: Vec<SharingGroupServer> = "SharingGroupServer",
    }
}

record! {
    /// An organisation in a sharing group.
    SharingGroupOrg "an organisation in a sharing group" {
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The group, there.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// The organisation, there.
        org_id: Option<u64> = "org_id",
        /// Whether it may change the group.
        extend: Option<bool> = "extend",
        /// The organisation.
        organisation: Option<Box<Organisation>> = "Organisation",
    }
}

record! {
    /// An instance in a sharing group.
    SharingGroupServer "an instance in a sharing group" {
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The group, there.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// The instance, there; 0 for itself.
        server_id: Option<u64> = "server_id",
        /// Whether all organisations of the instance are meant.
        all_orgs: Option<bool> = "all_orgs",
        /// The instance.
        server: Option<Box<Server>> = "Server",
    }
}

record! {
    /// An instance of MISP.
    Server "an instance" {
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its name.
        name: Option<String> = "name",
        /// Where it is.
        url: Option<String> = "url",
    }
}

record! {
    /// A key that signs an event.
    CryptographicKey "a key" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Of what kind it is, such as `pgp`.
        kind: Option<String> = "type",
        /// The key.
        key_data: Option<String> = "key_data",
        /// Its fingerprint.
        fingerprint: Option<String> = "fingerprint",
        /// When it was added, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// Whether it counts no longer.
        revoked: Option<bool> = "revoked",
        /// What it signs, on the instance that wrote it.
        parent_id: Option<u64> = "parent_id",
        /// Of what kind that is.
        parent_type: Option<String> = "parent_type",
    }
}
