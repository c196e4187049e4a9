//! Words that MISP writes as numbers.

use serde::Serializer;

use super::member::{Scalar, alone, whole};

/// Declares enums whose variants are numbers in MISP.
macro_rules! coded {
    ($($(#[$note:meta])* $name:ident { $($(#[$variant_note:meta])* $variant:ident = $number:literal,)+ })+) => {
        $(
            $(#[$note])*
            #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
            pub enum $name {
                $($(#[$variant_note])* $variant,)+
            }

            impl $name {
                /// The number that MISP has for it.
                pub fn number(self) -> u64 {
                    match self {
                        $(Self::$variant => $number,)+
                    }
                }

                /// What the number stands for.
                pub fn from_number(number: u64) -> Option<Self> {
                    match number {
                        $($number => Some(Self::$variant),)+
                        _ => None,
                    }
                }
            }

            impl Scalar for $name {
                fn parse(json: &str) -> Option<Self> {
                    Self::from_number(whole(json)?)
                }

                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(&self.number())
                }
            }

            alone!($name);
        )+
    };
}

coded! {
    /// How far something may go.
    Distribution {
        /// To the organisation alone.
        Organisation = 0,
        /// To all organisations of the instance.
        Community = 1,
        /// And to those of the instances beside it.
        Connected = 2,
        /// To all.
        All = 3,
        /// To a sharing group.
        SharingGroup = 4,
        /// As far as what it belongs to.
        Inherited = 5,
    }

    /// How far the analysis of an event has come.
    Analysis {
        /// It has begun.
        Initial = 0,
        /// It goes on.
        Ongoing = 1,
        /// It is done.
        Completed = 2,
    }

    /// How grave an event is.
    ThreatLevel {
        /// Of a sophisticated attacker.
        High = 1,
        /// Of a persistent attacker.
        Medium = 2,
        /// Of mass malware.
        Low = 3,
        /// Not said.
        Undefined = 4,
    }

    /// What a sighting says.
    SightingType {
        /// It was seen.
        Seen = 0,
        /// It was seen where there was no threat.
        FalsePositive = 1,
        /// It is of no use from then on.
        Expiration = 2,
    }
}
