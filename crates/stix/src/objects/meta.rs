//! The meta objects (STIX 2.1 §7).

use super::{ExtensionType, Extensions, TlpLevel, rules_meta as rules};
use crate::{
    Id,
    schema::{Dictionary, List, Raw, ReadError, Rule, Time, nested, object},
};

object! {
    /// Another object's text in other languages (STIX 2.1 §7.1).
    LanguageContent "language-content", "7.1", Meta {
        required {
            /// The object.
            object_ref: Id => ["sdo", "sro", "sco", "marking-definition", "extension-definition"],
            /// By language (RFC 5646) and property the text, or lists and objects of texts where the
            /// property has them.
            contents: Dictionary<Dictionary<Raw>>,
        }
        optional {
            /// The version of the object that the text was made for.
            object_modified: Time,
        }
    }
    rules [Rule::Code(rules::language_content)]
}

object! {
    /// What one may do with marked data (STIX 2.1 §7.2.1).
    MarkingDefinition "marking-definition", "7.2.1", Marking {
        optional {
            /// What it is called.
            name: String,
            /// What `definition` is: `statement` or `tlp`.
            definition_type: String,
            /// The marking itself; [`MarkingDefinition::marking`] reads it.
            definition: Raw,
        }
    }
    rules [Rule::Code(rules::marking_definition)]
}

/// What a marking definition says.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkingContent<'m> {
    /// Words: a copyright, terms of use.
    Statement(StatementMarking),
    /// A colour of the first Traffic Light Protocol.
    Tlp(TlpMarking),
    /// What extensions say, such as those of TLP 2.0.
    Extensions(&'m Extensions),
}

impl MarkingDefinition {
    /// What it says, if it is of a kind that the specification knows, or has extensions.
    pub fn marking(&self) -> Option<Result<MarkingContent<'_>, ReadError>> {
        let definition = self.definition.as_ref();
        match (self.definition_type.as_deref(), definition) {
            (Some("statement"), Some(raw)) => Some(raw.read().map(MarkingContent::Statement)),
            (Some("tlp"), Some(raw)) => Some(raw.read().map(MarkingContent::Tlp)),
            _ => Some(Ok(MarkingContent::Extensions(
                self.common.extensions.as_ref()?,
            ))),
        }
    }
}

nested! {
    /// A marking by words (STIX 2.1 §7.2.1.3).
    StatementMarking "statement-marking", "7.2.1.3" {
        required {
            /// The words.
            statement: String,
        }
    }
}

nested! {
    /// A marking by a colour of the first Traffic Light Protocol (STIX 2.1 §7.2.1.4).
    TlpMarking "tlp-marking", "7.2.1.4" {
        required {
            /// The colour.
            tlp: TlpLevel,
        }
    }
}

object! {
    /// What an extension adds to STIX (STIX 2.1 §7.3).
    ExtensionDefinition "extension-definition", "7.3", Meta {
        required {
            /// What it is called.
            name: String,
            /// Its schema, or where it is.
            schema: String,
            /// Its version.
            version: String,
            /// What it adds.
            extension_types: List<ExtensionType>,
        }
        optional {
            /// What it is for.
            description: String,
            /// The properties that it adds at the top of objects.
            extension_properties: List<String>,
        }
    }
    rules [Rule::Code(rules::extension_definition)]
}
