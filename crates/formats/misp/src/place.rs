//! Where in a document something stands.

use std::fmt;

/// Where an attribute stands: written as a JSON pointer such as `/response/3/Event/Attribute/17`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Place {
    pub(crate) root: Root,
    /// The number of the event, from 0.
    pub(crate) event: u64,
    /// The number of the object that it belongs to.
    pub(crate) object: Option<u64>,
    pub(crate) attribute: Option<u64>,
}

/// In which shape the events came.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Root {
    /// The event's members stand alone.
    #[default]
    Bare,
    /// `{"Event": {…}}`.
    Event,
    /// `[{"Event": {…}}, …]`.
    Array,
    /// `{"response": [{"Event": {…}}, …]}`.
    Response,
    /// `{"response": {"Attribute": […]}}`.
    Search,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.root {
            Root::Bare => {}
            Root::Event => f.write_str("/Event")?,
            Root::Array => write!(f, "/{}/Event", self.event)?,
            Root::Response => write!(f, "/response/{}/Event", self.event)?,
            Root::Search => f.write_str("/response")?,
        }
        if let Some(object) = self.object {
            write!(f, "/Object/{object}")?;
        }
        if let Some(attribute) = self.attribute {
            write!(f, "/Attribute/{attribute}")?;
        }
        Ok(())
    }
}
