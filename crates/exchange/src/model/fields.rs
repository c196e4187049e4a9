//! Reading objects field by field, so that every error names its field and nothing is dropped.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{FieldProblem, StatementError};

/// Fields that this code does not know, kept as they came.
pub type Extra = Map<String, Value>;

/// The most unknown fields of one object.
const EXTRA_MAX: usize = 64;

/// An object from which fields are taken one after the other.
pub(crate) struct Fields {
    map: Map<String, Value>,
    path: String,
}

impl Fields {
    pub(crate) fn new(value: Value, path: &str) -> Result<Self, StatementError> {
        match value {
            Value::Object(map) => Ok(Self {
                map,
                path: path.to_owned(),
            }),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Err(invalid(path, "is not an object")),
        }
    }

    /// The path of a field in it.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    pub(crate) fn required<T: DeserializeOwned>(
        &mut self,
        name: &str,
    ) -> Result<T, StatementError> {
        match self.optional(name)? {
            Some(value) => Ok(value),
            None => Err(StatementError::new(self.path(name), FieldProblem::Missing)),
        }
    }

    /// The field, if it is there and not `null`.
    pub(crate) fn optional<T: DeserializeOwned>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, StatementError> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => typed(value, &self.path(name)).map(Some),
        }
    }

    /// A list; an absent one is empty.
    pub(crate) fn list<T: DeserializeOwned>(
        &mut self,
        name: &str,
        count: RangeInclusive<usize>,
    ) -> Result<Vec<T>, StatementError> {
        self.list_of(name, count, |value, path| typed(value, path))
    }

    /// A list of objects, each read by `read`.
    pub(crate) fn list_of<T>(
        &mut self,
        name: &str,
        count: RangeInclusive<usize>,
        read: impl Fn(Value, &str) -> Result<T, StatementError>,
    ) -> Result<Vec<T>, StatementError> {
        let path = self.path(name);
        let values = match self.map.remove(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => values,
            Some(_) => return Err(invalid(&path, "is not a list")),
        };
        if !count.contains(&values.len()) {
            let problem = FieldProblem::Count {
                count: values.len(),
                min: *count.start(),
                max: *count.end(),
            };
            return Err(StatementError::new(path, problem));
        }
        values
            .into_iter()
            .enumerate()
            .map(|(at, value)| read(value, &format!("{path}[{at}]")))
            .collect()
    }

    /// The object under a name, to be read field by field.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, StatementError> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::new(value, &self.path(name)).map(Some),
        }
    }

    /// What nobody asked for.
    pub(crate) fn rest(self) -> Result<Extra, StatementError> {
        if self.map.len() > EXTRA_MAX {
            let problem = FieldProblem::Count {
                count: self.map.len(),
                min: 0,
                max: EXTRA_MAX,
            };
            return Err(StatementError::new(self.path("*"), problem));
        }
        Ok(self.map)
    }
}

fn typed<T: DeserializeOwned>(value: Value, path: &str) -> Result<T, StatementError> {
    serde_json::from_value(value).map_err(|error| invalid(path, &error.to_string()))
}

fn invalid(path: &str, problem: &str) -> StatementError {
    let problem = problem.chars().take(200).collect();
    StatementError::new(path, FieldProblem::Invalid(problem))
}
