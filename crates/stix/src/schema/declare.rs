//! The macros that declare objects.

/// Declares a vocabulary: an enum of its words and the table of them.
///
/// An open one has a further variant for words of one's own; a closed one refuses them.
macro_rules! vocabulary {
    ($(#[$meta:meta])* open $name:ident $label:literal { $($variant:ident $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[expect(missing_docs, reason = "the words of the vocabulary explain themselves")]
        pub enum $name { $($variant,)+
            /// A word of one's own.
            Other(Box<str>),
        }

        impl $name {
            /// The words of the specification.
            pub const VOCABULARY: $crate::schema::Vocabulary = $crate::schema::Vocabulary {
                name: $label, open: true, words: &[$($word),+],
            };

            /// The word as it is written.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word,)+ Self::Other(word) => word }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word { $($word => Self::$variant,)+ other => Self::Other(other.into()) }
            }
        }

        impl $crate::schema::ValueType for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::Word(&Self::VOCABULARY);
            fn read(value: $crate::json::Value<'_>) -> Result<Self, $crate::schema::ReadError> {
                $crate::schema::ReadError::text(value).map(Self::from)
            }
            fn write(&self, out: &mut String) {
                $crate::json::write_string(self.as_str(), out);
            }
        }
    };
    ($(#[$meta:meta])* closed $name:ident $label:literal { $($variant:ident $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[expect(missing_docs, reason = "the words of the enumeration explain themselves")]
        pub enum $name { $($variant,)+ }

        impl $name {
            /// The words of the specification.
            pub const VOCABULARY: $crate::schema::Vocabulary = $crate::schema::Vocabulary {
                name: $label, open: false, words: &[$($word),+],
            };

            /// The word as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The variant of a word, if the enumeration has it.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::schema::ValueType for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::Word(&Self::VOCABULARY);
            fn read(value: $crate::json::Value<'_>) -> Result<Self, $crate::schema::ReadError> {
                let word = $crate::schema::ReadError::text(value)?;
                Self::from_word(word).ok_or_else(|| {
                    $crate::schema::ReadError::here(concat!("a word of ", $label))
                })
            }
            fn write(&self, out: &mut String) {
                $crate::json::write_string(self.as_str(), out);
            }
        }
    };
}
pub(crate) use vocabulary;

/// Declares what stands within objects: a struct, its reader, its writer and its [`Schema`].
///
/// [`Schema`]: crate::schema::Schema
macro_rules! nested {
    (
        $(#[$meta:meta])*
        $name:ident $label:literal, $clause:literal $(, $family:ident)? {
            $(required { $($(#[$need_meta:meta])* $need:ident $(as $need_json:literal)? : $need_type:ty $(=> [$($need_target:expr),+ $(,)?])?,)+ })?
            $(optional { $($(#[$may_meta:meta])* $may:ident $(as $may_json:literal)? : $may_type:ty $(=> [$($may_target:expr),+ $(,)?])?,)+ })?
        }
        $(rules [$($rule:expr),+ $(,)?])?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($($(#[$need_meta])* pub $need: $need_type,)+)?
            $($($(#[$may_meta])* pub $may: Option<$may_type>,)+)?
            /// Properties that the specification does not know, as they came.
            pub custom: $crate::objects::Custom,
        }

        impl $name {
            /// What the specification says about it.
            pub const SCHEMA: $crate::schema::Schema = $crate::schema::Schema {
                name: $label,
                clause: $clause,
                family: $crate::schema::declare::family!($($family)?),
                properties: &[
                    $($($crate::schema::declare::property!(true, $need $($need_json)?, $need_type $(, $($need_target),+)?),)+)?
                    $($($crate::schema::declare::property!(false, $may $($may_json)?, $may_type $(, $($may_target),+)?),)+)?
                ],
                rules: &[$($($rule),+)?],
                contributing: &[],
                extensions: &[],
            };

            /// One with what is required, and nothing else.
            pub fn new($($($need: $need_type,)+)?) -> Self {
                Self {
                    $($($need,)+)?
                    $($($may: None,)+)?
                    custom: $crate::objects::Custom::default(),
                }
            }
        }

        $crate::schema::declare::default_if_free! { $name $($($need)+)? }

        impl $crate::schema::ValueType for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::Object(&Self::SCHEMA);

            fn read(value: $crate::json::Value<'_>) -> Result<Self, $crate::schema::ReadError> {
                if value.kind() != $crate::json::Kind::Object {
                    return Err($crate::schema::ReadError::here("an object"));
                }
                $($(let mut $need: Option<$need_type> = None;)+)?
                $($(let mut $may: Option<$may_type> = None;)+)?
                let mut custom = $crate::objects::Custom::default();
                for (name, member) in value.members() {
                    match name {
                        $($($crate::schema::declare::json_name!($need $($need_json)?) => {
                            $need = Some($crate::schema::read_member(name, member)?);
                        })+)?
                        $($($crate::schema::declare::json_name!($may $($may_json)?) => {
                            $may = Some($crate::schema::read_member(name, member)?);
                        })+)?
                        _ => custom.push(name, member),
                    }
                }
                Ok(Self {
                    $($($need: $need.ok_or_else(|| $crate::schema::ReadError::missing(
                        $crate::schema::declare::json_name!($need $($need_json)?),
                    ))?,)+)?
                    $($($may,)+)?
                    custom,
                })
            }

            fn write(&self, out: &mut String) {
                let mut draft = $crate::schema::Draft::open(out);
                $($(draft.value($crate::schema::declare::json_name!($need $($need_json)?), &self.$need);)+)?
                $($(draft.optional($crate::schema::declare::json_name!($may $($may_json)?), self.$may.as_ref());)+)?
                self.custom.write(&mut draft);
                draft.close();
            }
        }
    };
}
pub(crate) use nested;

/// Declares a type of object: as [`nested!`], with the common properties of its family.
macro_rules! object {
    (
        $(#[$meta:meta])*
        $name:ident $label:literal, $clause:literal, $family:ident {
            $(required { $($(#[$need_meta:meta])* $need:ident $(as $need_json:literal)? : $need_type:ty $(=> [$($need_target:expr),+ $(,)?])?,)+ })?
            $(optional { $($(#[$may_meta:meta])* $may:ident $(as $may_json:literal)? : $may_type:ty $(=> [$($may_target:expr),+ $(,)?])?,)+ })?
        }
        $(rules [$($rule:expr),+ $(,)?])?
        $(id [$($contributing:literal),+ $(,)?])?
        $(extensions [$($extension:expr),+ $(,)?])?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The properties that all objects of its family have.
            pub common: $crate::objects::$family,
            $($($(#[$need_meta])* pub $need: $need_type,)+)?
            $($($(#[$may_meta])* pub $may: Option<$may_type>,)+)?
            /// Properties that the specification does not know, as they came.
            pub custom: $crate::objects::Custom,
        }

        impl $name {
            /// What the specification says about it.
            pub const SCHEMA: $crate::schema::Schema = $crate::schema::Schema {
                name: $label,
                clause: $clause,
                family: $crate::objects::$family::FAMILY,
                properties: &[
                    $($($crate::schema::declare::property!(true, $need $($need_json)?, $need_type $(, $($need_target),+)?),)+)?
                    $($($crate::schema::declare::property!(false, $may $($may_json)?, $may_type $(, $($may_target),+)?),)+)?
                ],
                rules: &[$($($rule),+)?],
                contributing: &[$($($contributing),+)?],
                extensions: &[$($($extension),+)?],
            };

            /// One with what is required, and nothing else.
            pub fn new(common: $crate::objects::$family, $($($need: $need_type,)+)?) -> Self {
                Self {
                    common,
                    $($($need,)+)?
                    $($($may: None,)+)?
                    custom: $crate::objects::Custom::default(),
                }
            }
        }

        impl $crate::schema::ValueType for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::Object(&Self::SCHEMA);

            fn read(value: $crate::json::Value<'_>) -> Result<Self, $crate::schema::ReadError> {
                $($(let mut $need: Option<$need_type> = None;)+)?
                $($(let mut $may: Option<$may_type> = None;)+)?
                let mut common = $crate::objects::$family::parts();
                let mut custom = $crate::objects::Custom::default();
                $crate::schema::ReadError::unless_type(value, $label)?;
                for (name, member) in value.members() {
                    match name {
                        "type" => {}
                        $($($crate::schema::declare::json_name!($need $($need_json)?) => {
                            $need = Some($crate::schema::read_member(name, member)?);
                        })+)?
                        $($($crate::schema::declare::json_name!($may $($may_json)?) => {
                            $may = Some($crate::schema::read_member(name, member)?);
                        })+)?
                        _ if common.take(name, member)? => {}
                        _ => custom.push(name, member),
                    }
                }
                Ok(Self {
                    common: common.finish()?,
                    $($($need: $need.ok_or_else(|| $crate::schema::ReadError::missing(
                        $crate::schema::declare::json_name!($need $($need_json)?),
                    ))?,)+)?
                    $($($may,)+)?
                    custom,
                })
            }

            fn write(&self, out: &mut String) {
                let mut draft = $crate::schema::Draft::open(out);
                draft.text("type", $label);
                self.common.write(&mut draft);
                $($(draft.value($crate::schema::declare::json_name!($need $($need_json)?), &self.$need);)+)?
                $($(draft.optional($crate::schema::declare::json_name!($may $($may_json)?), self.$may.as_ref());)+)?
                self.custom.write(&mut draft);
                draft.close();
            }
        }
    };
}
pub(crate) use object;

/// What requires nothing can be made of nothing.
macro_rules! default_if_free {
    ($name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($name:ident $($need:ident)+) => {};
}
pub(crate) use default_if_free;

macro_rules! property {
    ($required:literal, $field:ident $($json:literal)?, $type:ty $(, $($target:expr),+)?) => {
        $crate::schema::Property {
            name: $crate::schema::declare::json_name!($field $($json)?),
            kind: <$type as $crate::schema::ValueType>::KIND,
            required: $required,
            targets: &[$($($target),+)?],
        }
    };
}
pub(crate) use property;

macro_rules! json_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $json:literal) => {
        $json
    };
}
pub(crate) use json_name;

macro_rules! family {
    () => {
        $crate::schema::Family::Nested
    };
    ($family:ident) => {
        $crate::schema::Family::$family
    };
}
pub(crate) use family;
