//! The observable objects of STIX 2.1 §6 that stand on running systems and in mail, and their
//! extensions.

use super::{
    AccountType, WindowsIntegrityLevel, WindowsServiceStartType, WindowsServiceStatus,
    WindowsServiceType, rules,
};
use crate::{
    Id,
    schema::{Dictionary, List, Raw, Rule, Time, nested, object},
};

object! {
    /// An address of email (STIX 2.1 §6.5).
    EmailAddress "email-addr", "6.5", Observable {
        required {
            /// The address, without a name.
            value: String,
        }
        optional {
            /// The name that stood beside it.
            display_name: String,
            /// The account that it belongs to.
            belongs_to_ref: Id => ["user-account"],
        }
    }
    rules [Rule::Code(rules::email_address)]
    id ["value"]
}

object! {
    /// An email (STIX 2.1 §6.6).
    EmailMessage "email-message", "6.6", Observable {
        required {
            /// Whether the body has parts.
            is_multipart: bool,
        }
        optional {
            /// When it was sent.
            date: Time,
            /// What the body is: the value of `Content-Type`.
            content_type: String,
            /// `From`.
            from_ref: Id => ["email-addr"],
            /// `Sender`.
            sender_ref: Id => ["email-addr"],
            /// `To`.
            to_refs: List<Id> => ["email-addr"],
            /// `CC`.
            cc_refs: List<Id> => ["email-addr"],
            /// `BCC`.
            bcc_refs: List<Id> => ["email-addr"],
            /// `Message-ID`.
            message_id: String,
            /// `Subject`.
            subject: String,
            /// The `Received` fields in their order.
            received_lines: List<String>,
            /// Other fields of the head, each with all its values.
            additional_header_fields: Dictionary<List<String>>,
            /// The body, if it has no parts.
            body: String,
            /// The parts of the body.
            body_multipart: List<EmailMimePart>,
            /// The whole mail as it came.
            raw_email_ref: Id => ["artifact"],
        }
    }
    rules [Rule::Code(rules::email_message)]
    id ["from_ref", "subject", "body"]
}

nested! {
    /// A part of an email (STIX 2.1 §6.6.2).
    EmailMimePart "email-mime-part-type", "6.6.2" {
        optional {
            /// The text of the part.
            body: String,
            /// What the part holds if it is no text.
            body_raw_ref: Id => ["artifact", "file"],
            /// What the part is: the value of `Content-Type`.
            content_type: String,
            /// The value of `Content-Disposition`.
            content_disposition: String,
        }
    }
    rules [Rule::AtLeastOne(&["body", "body_raw_ref"])]
}

object! {
    /// A lock that programs share by its name (STIX 2.1 §6.11).
    Mutex "mutex", "6.11", Observable {
        required {
            /// The name.
            name: String,
        }
    }
    id ["name"]
}

object! {
    /// A running instance of a program (STIX 2.1 §6.13).
    Process "process", "6.13", Observable {
        optional {
            /// Whether it hides.
            is_hidden: bool,
            /// Its number.
            pid: i64,
            /// When it was started.
            created_time: Time,
            /// The directory that it works in.
            cwd: String,
            /// The whole command with its arguments.
            command_line: String,
            /// Its environment variables.
            environment_variables: Dictionary<String>,
            /// The connections that it opened.
            opened_connection_refs: List<Id> => ["network-traffic"],
            /// Who started it.
            creator_user_ref: Id => ["user-account"],
            /// The program that it is an instance of.
            image_ref: Id => ["file"],
            /// The process that started it.
            parent_ref: Id => ["process"],
            /// The processes that it started.
            child_refs: List<Id> => ["process"],
        }
    }
    rules [Rule::AtLeastOne(&[
        "is_hidden", "pid", "created_time", "cwd", "command_line", "environment_variables",
        "opened_connection_refs", "creator_user_ref", "image_ref", "parent_ref", "child_refs",
        "extensions",
    ])]
    extensions [&WindowsProcessExt::SCHEMA, &WindowsServiceExt::SCHEMA]
}

nested! {
    /// What a process has more on Windows (STIX 2.1 §6.13.2).
    WindowsProcessExt "windows-process-ext", "6.13.2", Extension {
        optional {
            /// Whether its addresses are random.
            aslr_enabled: bool,
            /// Whether its data cannot be run.
            dep_enabled: bool,
            /// Its priority class.
            priority: String,
            /// The security id of its owner.
            owner_sid: String,
            /// The title of its main window.
            window_title: String,
            /// What it was started with.
            startup_info: Dictionary<Raw>,
            /// How far Windows trusts it.
            integrity_level: WindowsIntegrityLevel,
        }
    }
    rules [
        Rule::AtLeastOne(&[
            "aslr_enabled", "dep_enabled", "priority", "owner_sid", "window_title",
            "startup_info", "integrity_level",
        ]),
        Rule::Code(rules::windows_process),
    ]
}

nested! {
    /// What a process has more if it is a Windows service (STIX 2.1 §6.13.3).
    WindowsServiceExt "windows-service-ext", "6.13.3", Extension {
        optional {
            /// The name of the service.
            service_name: String,
            /// What it is said to do.
            descriptions: List<String>,
            /// The name that is shown.
            display_name: String,
            /// The group that it is loaded with.
            group_name: String,
            /// When it starts.
            start_type: WindowsServiceStartType,
            /// Its libraries.
            service_dll_refs: List<Id> => ["file"],
            /// How it runs.
            service_type: WindowsServiceType,
            /// What it is doing.
            service_status: WindowsServiceStatus,
        }
    }
    rules [Rule::AtLeastOne(&[
        "service_name", "descriptions", "display_name", "group_name", "start_type",
        "service_dll_refs", "service_type", "service_status",
    ])]
}

object! {
    /// Software (STIX 2.1 §6.14).
    Software "software", "6.14", Observable {
        required {
            /// Its name.
            name: String,
        }
        optional {
            /// Its name in the dictionary of CPE 2.3.
            cpe: String,
            /// Its SWID tag.
            swid: String,
            /// The languages that it speaks (RFC 5646).
            languages: List<String>,
            /// Who made it.
            vendor: String,
            /// Its version.
            version: String,
        }
    }
    rules [Rule::Code(rules::software)]
    id ["name", "cpe", "swid", "vendor", "version"]
}

object! {
    /// An account of somebody or of a service (STIX 2.1 §6.16).
    UserAccount "user-account", "6.16", Observable {
        optional {
            /// What the system knows it by: a number, a security id.
            user_id: String,
            /// A password in clear.
            credential: String,
            /// What its owner logs in with, where that is not `user_id`.
            account_login: String,
            /// Where the account is.
            account_type: AccountType,
            /// The name that is shown.
            display_name: String,
            /// Whether no person owns it.
            is_service_account: bool,
            /// Whether it may do more than others.
            is_privileged: bool,
            /// Whether it can become one that may do more.
            can_escalate_privs: bool,
            /// Whether it is blocked.
            is_disabled: bool,
            /// When it was created.
            account_created: Time,
            /// When it ends.
            account_expires: Time,
            /// When its password was last changed.
            credential_last_changed: Time,
            /// When it was first used.
            account_first_login: Time,
            /// When it was last used.
            account_last_login: Time,
        }
    }
    rules [Rule::AtLeastOne(&[
        "user_id", "credential", "account_login", "account_type", "display_name",
        "is_service_account", "is_privileged", "can_escalate_privs", "is_disabled",
        "account_created", "account_expires", "credential_last_changed", "account_first_login",
        "account_last_login", "extensions",
    ])]
    id ["account_type", "user_id", "account_login"]
    extensions [&UnixAccountExt::SCHEMA]
}

nested! {
    /// What an account has more on Unix (STIX 2.1 §6.16.2).
    UnixAccountExt "unix-account-ext", "6.16.2", Extension {
        optional {
            /// Its main group by number.
            gid: i64,
            /// Its groups by name.
            groups: List<String>,
            /// Its directory.
            home_dir: String,
            /// What it begins with.
            shell: String,
        }
    }
    rules [Rule::AtLeastOne(&["gid", "groups", "home_dir", "shell"])]
}
