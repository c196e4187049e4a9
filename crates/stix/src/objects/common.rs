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
        $name:ident, $parts:ident {
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

            pub(crate) fn parts() -> $parts {
                $parts::default()
            }

            /// What the specification says about them; `type` stands for itself.
            pub const PROPERTIES: &[Property] = &[
                $(declare::property!(true, $need, $need_type $(, $($need_target),+)?),)+
                $(declare::property!(false, $may, $may_type $(, $($may_target),+)?),)+
            ];

            /// With what is required, and nothing else.
            pub fn new($($need: $need_type,)+) -> Self {
                Self { $($need,)+ $($may: None,)+ }
            }

            pub(crate) fn write(&self, draft: &mut Draft<'_>) {
                $(draft.value(stringify!($need), &self.$need);)+
                $(draft.optional(stringify!($may), self.$may.as_ref());)+
            }
        }

        /// What of it was read so far.
        #[derive(Default)]
        pub(crate) struct $parts {
            $($need: Option<$need_type>,)+
            $($may: Option<$may_type>,)+
        }

        impl $parts {
            /// Takes a member in, or says that it is none of these.
            pub(crate) fn take(&mut self, name: &str, member: Value<'_>) -> Result<bool, ReadError> {
                match name {
                    $(stringify!($need) => self.$need = Some(read_member(name, member)?),)+
                    $(stringify!($may) => self.$may = Some(read_member(name, member)?),)+
                    _ => return Ok(false),
                }
                Ok(true)
            }

            pub(crate) fn finish(self) -> Result<$name, ReadError> {
                Ok($name {
                    $($need: self.$need.ok_or_else(|| ReadError::missing(stringify!($need)))?,)+
                    $($may: self.$may,)+
                })
            }
        }
    };
}

common! {
    /// Of domain objects and relationship objects.
    Domain, DomainParts {
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
    Observable, ObservableParts {
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
    Meta, MetaParts {
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
    Marking, MarkingParts {
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

/// The common properties of an object of any family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Common<'o> {
    /// Of a domain object or relationship object.
    Domain(&'o Domain),
    /// Of an observable.
    Observable(&'o Observable),
    /// Of language content or of an extension definition.
    Meta(&'o Meta),
    /// Of a marking definition.
    Marking(&'o Marking),
}

/// Asks all families for what they all have.
macro_rules! of_all {
    ($common:expr, $field:ident) => {
        match $common {
            Common::Domain(common) => common.$field.as_ref(),
            Common::Observable(common) => common.$field.as_ref(),
            Common::Meta(common) => common.$field.as_ref(),
            Common::Marking(common) => common.$field.as_ref(),
        }
    };
}

impl<'o> Common<'o> {
    /// What identifies the object.
    pub fn id(self) -> &'o Id {
        match self {
            Self::Domain(common) => &common.id,
            Self::Observable(common) => &common.id,
            Self::Meta(common) => &common.id,
            Self::Marking(common) => &common.id,
        }
    }

    /// When the first version was made, where objects have versions or a beginning.
    pub fn created(self) -> Option<&'o Time> {
        match self {
            Self::Domain(common) => Some(&common.created),
            Self::Observable(_) => None,
            Self::Meta(common) => Some(&common.created),
            Self::Marking(common) => Some(&common.created),
        }
    }

    /// When this version was made, where objects have versions.
    pub fn modified(self) -> Option<&'o Time> {
        match self {
            Self::Domain(common) => Some(&common.modified),
            Self::Meta(common) => Some(&common.modified),
            Self::Observable(_) | Self::Marking(_) => None,
        }
    }

    /// Who made it.
    pub fn created_by_ref(self) -> Option<&'o Id> {
        match self {
            Self::Domain(common) => common.created_by_ref.as_ref(),
            Self::Observable(_) => None,
            Self::Meta(common) => common.created_by_ref.as_ref(),
            Self::Marking(common) => common.created_by_ref.as_ref(),
        }
    }

    /// The markings of the whole object.
    pub fn object_marking_refs(self) -> &'o [Id] {
        of_all!(self, object_marking_refs).map_or(&[], Vec::as_slice)
    }

    /// The markings of its parts.
    pub fn granular_markings(self) -> &'o [GranularMarking] {
        of_all!(self, granular_markings).map_or(&[], Vec::as_slice)
    }

    /// Its extensions.
    pub fn extensions(self) -> Option<&'o Extensions> {
        of_all!(self, extensions)
    }
}

/// Makes what is common to one family what is common to all.
macro_rules! common_from {
    ($($family:ident)+) => {
        $(impl<'o> From<&'o $family> for Common<'o> {
            fn from(common: &'o $family) -> Self {
                Self::$family(common)
            }
        })+
    };
}

common_from! { Domain Observable Meta Marking }
