//! A form as data. Every form of the console is drawn by one template from a list of fields, so
//! that labels, hints, errors and limits look and behave alike everywhere.

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line.
    Text,
    /// One line that nobody else should read.
    Password,
    /// The same, for a password that is being chosen.
    NewPassword,
    /// Many lines; so many of them are shown.
    Area(u8),
    /// A moment in UTC.
    Moment,
    /// A day.
    Day,
    /// One of a list.
    Select(Vec<Choice>),
    /// Any of a list, as boxes to tick.
    Many(Vec<Choice>),
    /// Yes or no.
    Tick,
    /// Files to attach.
    Files,
    /// One file.
    File,
    /// A value that goes back unseen.
    Hidden,
}

/// One entry of a list to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What goes back.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in the request.
    pub name: String,
    /// What tells it from fields of the same name in other forms of the page; by rule empty.
    pub within: String,
    /// What is asked.
    pub label: String,
    /// How to answer, where that helps.
    pub hint: String,
    /// How it is filled in.
    pub control: Control,
    /// What stands in it.
    pub value: String,
    /// Why the last answer was refused; empty where it was not.
    pub wrong: String,
    /// Whether it may stay empty.
    pub required: bool,
    /// The most characters that are taken.
    pub longest: u32,
    /// Whether a short line is enough.
    pub short: bool,
}

impl Field {
    /// An optional field with nothing in it.
    pub fn new(name: &str, label: String, control: Control) -> Self {
        Self {
            name: name.to_owned(),
            within: String::new(),
            label,
            hint: String::new(),
            control,
            value: String::new(),
            wrong: String::new(),
            required: false,
            longest: 500,
            short: false,
        }
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    /// The same, with this in it. In lists the choices with this value are chosen.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        if let Control::Select(choices) | Control::Many(choices) = &mut self.control {
            for choice in choices {
                choice.chosen = value.split(',').any(|one| one == choice.value);
            }
        }
        self
    }

    /// The same, which must not stay empty.
    #[must_use]
    pub fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// The same, taking so many characters at most.
    #[must_use]
    pub fn longest(self, longest: u32) -> Self {
        Self { longest, ..self }
    }

    /// The same, drawn short.
    #[must_use]
    pub fn short(self) -> Self {
        Self {
            short: true,
            ..self
        }
    }

    /// The same, refused for this reason.
    #[must_use]
    pub fn wrong(self, wrong: String) -> Self {
        Self { wrong, ..self }
    }

    /// The same, in one of several forms on a page.
    #[must_use]
    pub fn within(self, form: &str) -> Self {
        Self {
            within: format!("-{form}"),
            ..self
        }
    }

    /// What it is called on its page.
    pub fn id(&self) -> String {
        format!("{}{}", self.name, self.within)
    }

    /// True where the last answer was refused.
    pub fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// True for a value that goes back unseen.
    pub fn is_hidden(&self) -> bool {
        matches!(self.control, Control::Hidden)
    }

    /// True where the field is a group of boxes, which takes a legend and no label.
    pub fn is_group(&self) -> bool {
        matches!(self.control, Control::Many(_))
    }

    /// True where yes is the answer that stands in it.
    pub fn is_on(&self) -> bool {
        matches!(self.value.as_str(), "on" | "true" | "yes")
    }
}

/// A form with its button.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Against forged requests.
    pub csrf: String,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The word on the button: a verb, and to whom.
    pub submit: String,
    /// Where to go instead; empty for nowhere.
    pub cancel: String,
}

impl Form {
    /// The fields that were refused.
    pub fn wrongs(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_wrong())
    }

    /// True where any was.
    pub fn has_wrongs(&self) -> bool {
        self.wrongs().next().is_some()
    }

    /// True where files can be attached.
    pub fn takes_files(&self) -> bool {
        self.fields
            .iter()
            .any(|field| matches!(field.control, Control::Files | Control::File))
    }

    /// Marks the field as refused; a field that is not there marks nothing and says so.
    pub fn refuse(&mut self, name: &str, why: String) -> bool {
        let Some(field) = self.fields.iter_mut().find(|field| field.name == name) else {
            return false;
        };
        field.wrong = why;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<Choice> {
        ["a", "b", "c"]
            .map(|value| Choice {
                value: value.into(),
                text: value.into(),
                chosen: false,
            })
            .to_vec()
    }

    #[test]
    fn a_value_chooses_from_its_list() {
        let field = Field::new("x", String::new(), Control::Many(choices())).value("a,c");
        let Control::Many(choices) = field.control else {
            panic!("another control")
        };
        let chosen: Vec<bool> = choices.iter().map(|choice| choice.chosen).collect();
        assert_eq!(chosen, [true, false, true]);
    }

    #[test]
    fn a_refusal_stands_at_its_field_or_nowhere() {
        let fields = vec![Field::new("title", String::new(), Control::Text)];
        let mut form = Form {
            action: String::new(),
            csrf: String::new(),
            fields,
            submit: String::new(),
            cancel: String::new(),
        };
        assert!(!form.refuse("body", "too long".into()));
        assert!(!form.has_wrongs());
        assert!(form.refuse("title", "too long".into()));
        assert!(form.has_wrongs());
    }
}
