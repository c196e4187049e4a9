//! JSON that can be changed.

use crate::{
    json::{Kind, Value, write_string},
    schema::Draft,
};

/// A value, its members in order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Tree {
    /// JSON text that nobody looks into: a number or a literal, or what is finished.
    Raw(String),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Recursion ends, since a document's depth has a limit.
    pub(super) fn of(value: Value<'_>) -> Self {
        match value.kind() {
            Kind::String => Self::Text(value.as_str().unwrap_or_default().into()),
            Kind::Array => Self::List(value.items().map(Self::of).collect()),
            Kind::Object => {
                let members = value.members();
                Self::Object(
                    members
                        .map(|(name, value)| (name.into(), Self::of(value)))
                        .collect(),
                )
            }
            Kind::Null | Kind::Bool | Kind::Number => Self::Raw(value.raw().into()),
        }
    }

    pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self::List(
            texts
                .into_iter()
                .map(|text| Self::Text(text.into()))
                .collect(),
        )
    }

    pub(super) fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Raw(json) => out.push_str(json),
            Self::Text(text) => write_string(text, out),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let mut draft = Draft::open(out);
                for (name, member) in members {
                    draft.raw(name, &member.to_json());
                }
                draft.close();
            }
        }
    }

    pub(super) fn members(&self) -> &[(String, Tree)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    pub(super) fn members_mut(&mut self) -> Option<&mut Vec<(String, Tree)>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Tree] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn items_mut(&mut self) -> Option<&mut Vec<Tree>> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Tree> {
        self.members()
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, member)| member)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Tree> {
        let members = self.members_mut()?;
        members
            .iter_mut()
            .find(|(key, _)| key == name)
            .map(|(_, member)| member)
    }

    /// The text of this member.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// Puts a member in place of the one of this name, or at the end.
    pub(super) fn set(&mut self, name: &str, value: Tree) {
        if let Some(member) = self.get_mut(name) {
            *member = value;
        } else if let Some(members) = self.members_mut() {
            members.push((name.into(), value));
        }
    }

    /// Puts a member behind that of the name `after`, or at the end.
    pub(super) fn insert_after(&mut self, after: &str, name: &str, value: Tree) {
        if let Some(members) = self.members_mut() {
            let at = members.iter().position(|(key, _)| key == after);
            members.insert(at.map_or(members.len(), |at| at + 1), (name.into(), value));
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Tree> {
        let members = self.members_mut()?;
        let at = members.iter().position(|(key, _)| key == name)?;
        Some(members.remove(at).1)
    }

    /// Gives a member another name, in its place. False where it is not there or the other is.
    pub(super) fn rename(&mut self, from: &str, to: &str) -> bool {
        if self.get(to).is_some() {
            return false;
        }
        let mut members = self.members_mut().into_iter().flatten();
        let found = members.find(|(name, _)| name == from);
        let renamed = found.map(|(name, _)| *name = to.into());
        renamed.is_some()
    }

    /// What a selector (§7.2.3) leads to.
    pub(super) fn select(&self, selector: &str) -> Option<&Tree> {
        selector.split('.').try_fold(self, |tree, step| match tree {
            Self::Object(_) => tree.get(step),
            Self::List(items) => items.get(
                step.strip_prefix('[')?
                    .strip_suffix(']')?
                    .parse::<usize>()
                    .ok()?,
            ),
            _ => None,
        })
    }
}
