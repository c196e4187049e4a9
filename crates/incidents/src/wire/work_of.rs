//! How the bodies of case work are made.

use matcher::Value;

use super::work::{
    FieldChangeBody, FoundBody, IndicatorBody, KeepBody, KeptBody, LessonBody, MentionBody,
    MineBody, MyTaskBody, NoteBody, TaskBody, TemplateBody, TextBody, WatchedBody, WorkBody,
};
use crate::{
    model::Invalid,
    work::{
        FieldChange, Found, Indicator, Mention, Mine, MyTask, Template, Text, Watched, Work, parsed,
    },
};

impl From<&Value> for IndicatorBody {
    fn from(value: &Value) -> Self {
        Self {
            kind: value.kind().name().to_owned(),
            value: value.to_string(),
        }
    }
}

impl From<&Found> for FoundBody {
    fn from(found: &Found) -> Self {
        Self {
            kind: found.value.kind().name().to_owned(),
            value: found.value.to_string(),
            doubtful: found.doubtful,
        }
    }
}

impl KeepBody {
    /// The values, or the first that is none.
    pub fn values(&self) -> Result<Vec<Value>, Invalid> {
        let all = self.indicators.iter();
        all.map(|one| parsed(&one.kind, &one.value)).collect()
    }
}

impl From<&Indicator> for KeptBody {
    fn from(indicator: &Indicator) -> Self {
        Self {
            number: indicator.ordinal,
            kind: indicator.value.kind().name().to_owned(),
            value: indicator.value.to_string(),
            by: indicator.added.0.as_str().to_owned(),
            at: indicator.added.1,
        }
    }
}

impl From<&Text> for TextBody {
    fn from(text: &Text) -> Self {
        Self {
            en: text.en.clone(),
            zh: text.zh.clone(),
        }
    }
}

impl From<&Template> for TemplateBody {
    fn from(template: &Template) -> Self {
        let tasks = template.tasks.iter();
        Self {
            key: template.key.clone(),
            name: TextBody::from(&template.name),
            tasks: tasks.map(|task| TextBody::from(&task.title)).collect(),
            points: template.points.iter().map(TextBody::from).collect(),
            moments: template.moments.clone(),
        }
    }
}

impl From<&Work> for WorkBody {
    fn from(work: &Work) -> Self {
        let applied = work.applied.iter();
        Self {
            tasks: work.tasks.iter().map(TaskBody::from).collect(),
            notes: work.notes.iter().map(NoteBody::from).collect(),
            indicators: work.indicators,
            lessons: work.lessons.iter().map(LessonBody::from).collect(),
            templates: applied.map(|one| one.template.key.clone()).collect(),
            watchers: work.watchers,
            watched: work.watched,
        }
    }
}

impl From<&FieldChange> for FieldChangeBody {
    fn from(change: &FieldChange) -> Self {
        Self {
            version: change.version,
            field: change.field.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        }
    }
}

impl From<&Mine> for MineBody {
    fn from(mine: &Mine) -> Self {
        let task = |one: &MyTask| MyTaskBody {
            incident: one.public,
            title: one.incident.clone(),
            number: one.number,
            task: one.title.clone(),
            due: one.due,
        };
        let mention = |one: &Mention| MentionBody {
            incident: one.public,
            title: one.incident.clone(),
            note: one.ordinal,
            by: one.by.clone(),
            at: one.at,
        };
        let watched = |one: &Watched| WatchedBody {
            incident: one.public,
            title: one.incident.clone(),
            changed: one.changed,
        };
        Self {
            tasks: mine.tasks.iter().map(task).collect(),
            mentions: mine.mentions.iter().map(mention).collect(),
            watched: mine.watched.iter().map(watched).collect(),
        }
    }
}
