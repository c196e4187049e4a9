//! Events out.

use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Attribute, Event, Object, record::Record};

/// Writes `{"Event": {…}}`, in many small pieces: give it a buffer.
pub fn write_event(out: impl Write, event: &Event) -> io::Result<()> {
    serde_json::to_writer(out, &Wrapped { event })?;
    Ok(())
}

#[derive(Serialize)]
struct Wrapped<'e> {
    #[serde(rename = "Event")]
    event: &'e Event,
}

/// Writes `{"Event": {…}}` whose attributes and objects come one by one, so that memory does not
/// grow with them: attributes first, then objects. Both lists are written, though they be empty.
///
/// It writes in many small pieces: give it a buffer.
#[derive(Debug)]
pub struct EventWriter<W> {
    out: W,
    within: Within,
    /// Whether the list has an item.
    begun: bool,
}

/// Where the writer stands.
#[derive(Debug, Eq, PartialEq)]
enum Within {
    Attributes,
    Objects,
}

impl<W: Write> EventWriter<W> {
    /// Writes what the event says of itself, and the attributes and objects that it has already.
    pub fn begin(mut out: W, event: &Event) -> io::Result<Self> {
        out.write_all(b"{\"Event\":")?;
        let mut head = serde_json::to_vec(&Head(event))?;
        // The object stays open.
        head.pop();
        if head.len() > 1 {
            head.push(b',');
        }
        out.write_all(&head)?;
        out.write_all(b"\"Attribute\":[")?;
        let mut writer = Self {
            out,
            within: Within::Attributes,
            begun: false,
        };
        for attribute in &event.attributes {
            writer.attribute(attribute)?;
        }
        for object in &event.objects {
            writer.object(object)?;
        }
        Ok(writer)
    }

    /// Writes an attribute of the event.
    ///
    /// An error of the kind [`io::ErrorKind::InvalidInput`] if an object was written already.
    pub fn attribute(&mut self, attribute: &Attribute) -> io::Result<()> {
        if self.within == Within::Objects {
            let error = "attributes of an event are written before its objects";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
        }
        self.item(attribute)
    }

    /// Writes an object of the event.
    pub fn object(&mut self, object: &Object) -> io::Result<()> {
        if self.within == Within::Attributes {
            self.objects()?;
        }
        self.item(object)
    }

    /// Writes the end, and gives back what was written to.
    pub fn end(mut self) -> io::Result<W> {
        if self.within == Within::Attributes {
            self.objects()?;
        }
        self.out.write_all(b"]}}")?;
        Ok(self.out)
    }

    fn objects(&mut self) -> io::Result<()> {
        self.within = Within::Objects;
        self.begun = false;
        self.out.write_all(b"],\"Object\":[")
    }

    fn item(&mut self, item: &impl Serialize) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b",")?;
        }
        serde_json::to_writer(&mut self.out, item)?;
        Ok(())
    }
}

/// An event without its attributes and objects.
struct Head<'e>(&'e Event);

impl Serialize for Head<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.write(&mut map, &["Attribute", "Object"])?;
        map.end()
    }
}
