//! The Identity Contact Information extension of the OASIS common object repository.

use super::ExtensionType;
use crate::{
    Id,
    schema::{List, nested, vocabulary},
};

/// The key of [`IdentityContact`].
pub const IDENTITY_CONTACT: &str = "extension-definition--66e2492a-bbd3-4be6-88f5-cc91a017a498";

nested! {
    /// How to reach somebody (Identity Contact Information).
    IdentityContact "identity-contact", "Identity Contact Information", Extension {
        required {
            /// `property-extension`.
            extension_type: ExtensionType,
        }
        optional {
            /// Telephone and fax.
            contact_numbers: List<ContactNumber>,
            /// Email.
            email_addresses: List<EmailContact>,
            /// Accounts in social media.
            social_media_accounts: List<SocialMediaContact>,
            /// The first name of a person.
            first_name: String,
            /// The last name of a person.
            last_name: String,
            /// The names of a person in between.
            middle_name: String,
            /// What stands before the name: a title.
            prefix: String,
            /// What stands behind the name: a degree.
            suffix: String,
            /// The team that a person belongs to.
            team: String,
        }
    }
}

nested! {
    /// A telephone or fax number (Identity Contact Information).
    ContactNumber "contact-number", "Identity Contact Information" {
        required {
            /// The number.
            contact_number: String,
            /// What it is for.
            contact_number_type: ContactNumberType,
        }
        optional {
            /// Whether it reaches a classified network.
            classified: bool,
            /// More about it.
            description: String,
        }
    }
}

nested! {
    /// An address of email (Identity Contact Information).
    EmailContact "email-contact", "Identity Contact Information" {
        required {
            /// The address.
            email_address_ref: Id => ["email-addr"],
            /// What it is for.
            digital_contact_type: DigitalContactType,
        }
        optional {
            /// Whether it reaches a classified network.
            classified: bool,
            /// More about it.
            description: String,
        }
    }
}

nested! {
    /// An account in a social medium (Identity Contact Information).
    SocialMediaContact "social-media-contact", "Identity Contact Information" {
        required {
            /// The account.
            user_account_ref: Id => ["user-account"],
            /// What it is for.
            digital_contact_type: DigitalContactType,
        }
        optional {
            /// Whether it reaches a classified network.
            classified: bool,
            /// More about it.
            description: String,
        }
    }
}

vocabulary! {
    /// What a number is for (Identity Contact Information).
    open ContactNumberType "contact-number-ov" {
        PersonalLandlinePhone "personal-landline-phone",
        PersonalMobilePhone "personal-mobile-phone", PersonalFax "personal-fax",
        WorkPhone "work-phone", WorkFax "work-fax",
    }
}

vocabulary! {
    /// What an address or account is for (Identity Contact Information).
    open DigitalContactType "digital-contact-ov" {
        Organizational "organizational", Personal "personal", Work "work",
    }
}
