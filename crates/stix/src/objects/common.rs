//! What all objects of a family have in common (STIX 2.1 §3.2).

use super::{Extensions, ExternalReference, GranularMarking};
use crate::{
    Id,
    json::Value,
    schema::{Draft, Family, List, Percent, Property, ReadError, Time, declare, read_member},
};

/// Declares the common properties of a family.
macro_rules! common {
    (
        $(#[$meta:meta])*
        $name:ident {
            required { $($(#[$need_meta:meta])* $need:ident: $need_type:ty $(=> [$($need_target:expr),+])?,)+ }
            optional { $($(#[$may_meta:meta])* $may:ident: $may_type:ty $(=> [$($may_target:expr),+])?,)+ }
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$need_meta])* pub $need: $need_type,)+
            $($(#[$may_meta])* pub $may: Option<$may_type>,)+
        }

        impl $name {
            pub(crate) const FAMILY: Family = Family::$name;

            /// What the specification says about them; `type` stands for itself.
            pub const PROPERTIES: &[Property] = &[
                $(declare::property!(true, $need, $need_type $(, $($need_target),+)?),)+
                $(declare::property!(false, $may, $may_type $(, $($may_target),+)?),)+
            ];

            /// With what is required, and nothing else.
            pub fn new($($need: $need_type,)+) -> Self {
                Self { $($need,)+ $($may: None,)+ }
            }

            pub(crate) fn knows(name: &str) -> bool {
                matches!(name, $(stringify!($need))|+ $(| stringify!($may))+)
            }

            pub(crate) fn read(value: Value<'_>) -> Result<Self, ReadError> {
                $(let mut $need: Option<$need_type> = None;)+
                $(let mut $may: Option<$may_type> = None;)+
                for (name, member) in value.members() {
                    match name {
                        $(stringify!($need) => $need = Some(read_member(name, member)?),)+
                        $(stringify!($may) => $may = Some(read_member(name, member)?),)+
                        _ => {}
                    }
                }
                Ok(Self {
                    $($need: $need.ok_or_else(|| ReadError::missing(stringify!($need)))?,)+
                    $($may,)+
                })
            }

            pub(crate) fn write(&self, draft: &mut Draft<'_>) {
                $(draft.value(stringify!($need), &self.$need);)+
                $(draft.optional(stringify!($may), self.$may.as_ref());)+
            }
        }
    };
}

common! {
    /// Of domain objects and relationship objects.
    Domain {
        required {
            /// Which version of STIX the object follows: `2.1`.
            spec_version: String,
            /// What identifies it in all its versions.
            id: Id,
            /// When the first version was made.
            created: Time,
            /// When this version was made.
            modified: Time,
        }
        optional {
            /// Who made it.
            created_by_ref: Id => ["identity"],
            /// Whether its maker holds it true no longer.
            revoked: bool,
            /// Words of its maker.
            labels: List<String>,
            /// How sure its maker is (Appendix A).
            confidence: Percent,
            /// The language of its text (RFC 5646).
            lang: String,
            /// Where more is found outside STIX.
            external_references: List<ExternalReference>,
            /// The markings of the whole object.
            object_marking_refs: List<Id> => ["marking-definition"],
            /// The markings of its parts.
            granular_markings: List<GranularMarking>,
            /// What extension definitions add.
            extensions: Extensions,
        }
    }
}

common! {
    /// Of cyber-observable objects.
    Observable {
        required {
            /// What identifies it; the same for the same facts.
            id: Id,
        }
        optional {
            /// Which version of STIX the object follows: `2.1`.
            spec_version: String,
            /// The markings of the whole object.
            object_marking_refs: List<Id> => ["marking-definition"],
            /// The markings of its parts.
            granular_markings: List<GranularMarking>,
            /// Whether its values were made harmless, as in `hxxp`.
            defanged: bool,
            /// The specification's extensions and those of extension definitions.
            extensions: Extensions,
        }
    }
}

common! {
    /// Of `language-content` and `extension-definition`.
    Meta {
        required {
            /// Which version of STIX the object follows: `2.1`.
            spec_version: String,
            /// What identifies it in all its versions.
            id: Id,
            /// When the first version was made.
            created: Time,
            /// When this version was made.
            modified: Time,
        }
        optional {
            /// Who made it.
            created_by_ref: Id => ["identity"],
            /// Whether its maker holds it true no longer.
            revoked: bool,
            /// Words of its maker.
            labels: List<String>,
            /// How sure its maker is (Appendix A).
            confidence: Percent,
            /// Where more is found outside STIX.
            external_references: List<ExternalReference>,
            /// The markings of the whole object.
            object_marking_refs: List<Id> => ["marking-definition"],
            /// The markings of its parts.
            granular_markings: List<GranularMarking>,
            /// What extension definitions add.
            extensions: Extensions,
        }
    }
}

common! {
    /// Of `marking-definition`, which has no versions.
    Marking {
        required {
            /// Which version of STIX the object follows: `2.1`.
            spec_version: String,
            /// What identifies it.
            id: Id,
            /// When it was made.
            created: Time,
        }
        optional {
            /// Who made it.
            created_by_ref: Id => ["identity"],
            /// Where more is found outside STIX.
            external_references: List<ExternalReference>,
            /// The markings of the definition itself.
            object_marking_refs: List<Id> => ["marking-definition"],
            /// The markings of its parts.
            granular_markings: List<GranularMarking>,
            /// What extension definitions add.
            extensions: Extensions,
        }
    }
}
