use super::Column;

macro_rules! faults {
    ($($(#[$of:meta])* $variant:ident $word:literal)+) => {
        /// Why a line cannot be taken in.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Fault {
            $($(#[$of])* $variant,)+
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

faults! {
    /// Something that the line cannot be without is not there.
    Missing "missing"
    /// It is longer than allowed.
    TooLong "too_long"
    /// It has characters that are no text.
    Control "control"
    /// It is none of the words that can stand there.
    Word "word"
    /// It is no code of a State.
    Country "country"
    /// It is no whole number of hours.
    Number "number"
    /// It is no telephone number.
    Phone "phone"
    /// It is no tag of a language.
    Language "language"
    /// It is no answer of the questionnaire.
    Answer "answer"
    /// It is no id of an incident.
    Incident "incident"
    /// Neither the file nor the register has it.
    Unknown "unknown"
    /// Several have this name: a key says which.
    Several "several"
    /// It is an operator where a service is meant, or the other way round.
    Kind "kind"
    /// The file has the same one already.
    Double "double"
    /// A service would depend on itself.
    Itself "itself"
    /// It names a service of the register and another one.
    Both "both"
    /// That is more than one record can hold.
    Many "many"
    /// The line has more or fewer cells than the first one.
    Cells "cells"
    /// A quote is not closed.
    Quote "quote"
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Wrong {
    /// The number of the line, from 1.
    pub line: i64,
    /// The column, where it is one.
    pub column: Option<Column>,
    /// Why.
    pub fault: Fault,
}
