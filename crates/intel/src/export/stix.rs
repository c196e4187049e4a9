//! Objects as they are: in a bundle, or one a line.

use kernel::chain;
use serde_json::json;
use sha2::{Digest, Sha256};
use stix::{json::Document, lift};
use uuid::Uuid;

use super::{About, EXERCISE};
use crate::{
    convert::Losses,
    model::{Listed, Spec},
};

/// Of which the id of the statement of exercises is made.
const STATEMENTS: Uuid = Uuid::from_u128(0x7c0a_4e0b_63d1_4f0e_9a8e_0d54_2f1b_9c11);

#[derive(Debug)]
pub(crate) struct Bundle {
    about: About,
    is_lines: bool,
    is_begun: bool,
}

impl Bundle {
    pub(super) const fn new(about: About, is_lines: bool) -> Self {
        Self {
            about,
            is_lines,
            is_begun: false,
        }
    }

    pub(super) fn head(&mut self) -> String {
        let mut head = String::new();
        if !self.is_lines {
            let id = self.about.id;
            head = format!("{{\"type\":\"bundle\",\"id\":\"bundle--{id}\",\"objects\":[");
        }
        if self.about.mode.is_exercise() {
            // The objects stay as they were given; what they are is said before them.
            let id = Uuid::new_v5(&STATEMENTS, EXERCISE.as_bytes());
            let statement = json!({
                "type": "marking-definition",
                "spec_version": "2.1",
                "id": format!("marking-definition--{id}"),
                "created": "2026-01-01T00:00:00.000Z",
                "name": "Exercise",
                "definition_type": "statement",
                "definition": { "statement": EXERCISE },
            });
            self.put(&mut head, &statement.to_string());
        }
        head
    }

    pub(super) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let bytes = objects.iter().map(|object| object.body.len() + 2).sum();
        let mut page = String::with_capacity(bytes);
        for object in objects {
            if object.spec == Spec::V20 {
                self.lifted(&mut page, object, losses);
            } else if self.is_lines && object.body.contains('\n') {
                match flat(&object.body) {
                    Ok(line) => self.put(&mut page, &line),
                    Err(why) => losses.add(&object.stix_id, &why, 1),
                }
            } else {
                self.put(&mut page, &object.body);
            }
        }
        page
    }

    pub(super) fn tail(&mut self) -> String {
        if self.is_lines {
            String::new()
        } else {
            "]}\n".to_owned()
        }
    }

    fn put(&mut self, page: &mut String, object: &str) {
        if self.is_begun && !self.is_lines {
            page.push_str(",\n");
        }
        self.is_begun = true;
        page.push_str(object);
        if self.is_lines {
            page.push('\n');
        }
    }

    fn lifted(&mut self, page: &mut String, object: &Listed, losses: &mut Losses) {
        let Ok(document) = Document::parse(object.body.as_bytes()) else {
            losses.add(&object.stix_id, "lift.unreadable", 1);
            return;
        };
        let mut seed = Sha256::digest(&object.body);
        let lifted = lift::lift_object(document.root(), &mut || {
            seed = Sha256::digest(seed);
            let mut random = [0; 16];
            random
                .iter_mut()
                .zip(seed)
                .for_each(|(to, from)| *to = from);
            random
        });
        for change in &lifted.changes {
            losses.add("STIX 2.0", change.what.code(), 1);
        }
        for text in &lifted.objects {
            self.put(page, text);
        }
    }
}

/// The object on one line.
fn flat(body: &str) -> Result<String, String> {
    let value: Box<serde_json::value::RawValue> =
        serde_json::from_str(body).map_err(|error| chain(&error))?;
    // Between values a line break is white space; within texts JSON has none.
    Ok(value.get().replace(['\n', '\r'], " "))
}
