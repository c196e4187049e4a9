//! Records: one declaration makes the type, its reader and its writer.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::{
    Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::{EventLimits, member::Member};

/// An object of MISP's format with members that are known.
pub(crate) trait Record: Default + Serialize {
    /// What it is, for errors: `an attribute`.
    const WHAT: &'static str;

    /// Reads the value of the member of this name.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        reading: &Reading,
    ) -> Result<(), A::Error>;

    /// Writes the members, but those of these names.
    fn write<M: SerializeMap>(&self, map: &mut M, without: &[&str]) -> Result<(), M::Error>;
}

/// What a reading keeps in mind.
#[derive(Debug)]
pub(crate) struct Reading {
    parts_max: u64,
    parts: Cell<u64>,
    /// The JSON pointer of what is read; after an error, of where it is.
    path: RefCell<String>,
}

impl Reading {
    pub(crate) fn new(limits: &EventLimits) -> Self {
        Self {
            parts_max: limits.parts_max,
            parts: Cell::new(0),
            path: RefCell::default(),
        }
    }

    /// A new event begins.
    pub(crate) fn renew(&self) {
        self.parts.set(0);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.parts.get() > self.parts_max
    }

    pub(crate) fn path(&self) -> String {
        self.path.borrow().clone()
    }

    /// Counts a part.
    pub(crate) fn count<E: Error>(&self) -> Result<(), E> {
        self.parts.set(self.parts.get().saturating_add(1));
        if self.is_full() {
            return Err(E::custom("too many"));
        }
        Ok(())
    }

    /// Reads with `read` what stands one step further in.
    pub(crate) fn within<T, E>(
        &self,
        step: impl fmt::Display,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.enter(step);
        let value = read()?;
        self.leave(before);
        Ok(value)
    }

    /// Goes a step further in; gives what [`Reading::leave`] needs to come back.
    pub(crate) fn enter(&self, step: impl fmt::Display) -> usize {
        let mut path = self.path.borrow_mut();
        let before = path.len();
        path.push('/');
        path.push_str(&step.to_string());
        before
    }

    pub(crate) fn leave(&self, before: usize) {
        self.path.borrow_mut().truncate(before);
    }
}

/// Reads one record.
pub(crate) struct RecordSeed<'r, T>(&'r Reading, std::marker::PhantomData<T>);

impl<'r, T> RecordSeed<'r, T> {
    pub(crate) fn new(reading: &'r Reading) -> Self {
        Self(reading, std::marker::PhantomData)
    }
}

impl<'de, T: Record> DeserializeSeed<'de> for RecordSeed<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Record> Visitor<'de> for RecordSeed<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, which is an object", T::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        self.0.count()?;
        let mut record = T::default();
        while let Some(name) = map.next_key::<String>()? {
            record.member(&name, &mut map, self.0)?;
        }
        Ok(record)
    }
}

/// A member's value as it is written.
pub(crate) struct Written<'m, M>(pub(crate) &'m M);

impl<M: Member> Serialize for Written<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// Declares records: for each member its name here, its type and its name in MISP.
macro_rules! record {
    (
        $(#[$note:meta])*
        $record:ident $what:literal {
            $($(#[$member_note:meta])* $field:ident: $kind:ty = $name:literal,)+
        }
    ) => {
        $(#[$note])*
        #[derive(Clone, Debug, Default, Eq, PartialEq)]
        pub struct $record {
            $($(#[$member_note])* pub $field: $kind,)+
            /// Members that are not known here, or not of the known form.
            pub rest: $crate::full::Rest,
        }

        impl $crate::full::record::Record for $record {
            const WHAT: &'static str = $what;

            fn member<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                name: &str,
                map: &mut A,
                reading: &$crate::full::record::Reading,
            ) -> Result<(), A::Error> {
                use $crate::full::member::Member as _;
                match name {
                    $($name => {
                        let kept;
                        (self.$field, kept) = <$kind>::read(map, $name, reading)?;
                        match kept {
                            Some(kept) => self.rest.keep(std::borrow::Cow::Borrowed($name), kept),
                            None => self.rest.remove($name),
                        }
                    })+
                    other => {
                        let kept = $crate::full::member::kept(map)?;
                        self.rest.keep(std::borrow::Cow::Owned(other.to_owned()), kept);
                    }
                }
                Ok(())
            }

            fn write<M: serde::ser::SerializeMap>(
                &self,
                map: &mut M,
                without: &[&str],
            ) -> Result<(), M::Error> {
                use $crate::full::member::Member as _;
                $(if self.$field.is_given() && !without.contains(&$name) {
                    map.serialize_entry($name, &$crate::full::record::Written(&self.$field))?;
                })+
                self.rest.write(map, |name| {
                    let given = match name {
                        $($name => self.$field.is_given(),)+
                        _ => false,
                    };
                    !given && !without.contains(&name)
                })
            }
        }

        impl serde::Serialize for $record {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $crate::full::record::Record::write(self, &mut map, &[])?;
                map.end()
            }
        }

        /// From JSON alone: what is not known is kept in the words of JSON.
        impl<'de> serde::Deserialize<'de> for $record {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let reading =
                    $crate::full::record::Reading::new(&$crate::full::EventLimits::default());
                let seed = $crate::full::record::RecordSeed::new(&reading);
                serde::de::DeserializeSeed::deserialize(seed, deserializer)
            }
        }
    };
}
pub(crate) use record;
