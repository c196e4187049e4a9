use std::collections::BTreeMap;

use constituency::names;

macro_rules! columns {
    ($($(#[$of:meta])* $variant:ident $word:literal [$($also:literal),*])+) => {
        /// What a column of the table holds.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Column {
            $($(#[$of])* $variant,)+
        }

        impl Column {
            /// All of them, in the order in which they are written.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word, which is its name in a file that is written.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Names under which files often have it, as keys.
            const fn also(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($also),*],)+
                }
            }

            /// The column of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

columns! {
    /// What the line is about: see [`Kind`].
    Row "row" ["kind", "type", "record"]
    /// What the file calls an operator or a service; in other lines, whose they are.
    Key "key" ["id", "ref", "reference", "code"]
    /// The name.
    Name "name" ["title", "service", "contact"]
    /// The operator of a service.
    Operator "operator" ["operated by", "owner", "provider"]
    /// The sector of a service.
    Sector "sector" ["branch"]
    /// How critical a service is.
    Category "category" ["criticality"]
    /// The seat of an operator, the States that a service serves, or where something else stands.
    Countries "countries" ["country", "states", "state"]
    /// The service that another one depends on.
    On "depends_on" ["depends on", "dependency", "needs"]
    /// How much it is needed.
    Strength "strength" []
    /// For how many hours it can be done without.
    Hours "hours" ["hours without", "autonomy"]
    /// What somebody does there.
    Role "role" ["function", "position"]
    /// Telephone numbers.
    Phones "phones" ["phone", "telephone", "tel"]
    /// The mail address.
    Mail "mail" ["email", "e mail"]
    /// When somebody can be reached.
    Reached "reached" ["reachable", "office hours"]
    /// Languages that somebody speaks.
    Languages "languages" ["language"]
    /// Answers of the questionnaire, as `key=points`.
    Answers "answers" []
    /// Why people decided on the category.
    Why "reason" ["justification"]
    /// Incidents that hit a service.
    Incidents "incidents" []
    /// What else is to be known.
    Note "note" ["notes", "remark", "comment"]
}

/// What a line is about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// Who runs services.
    Operator,
    /// Something that others depend on.
    Service,
    /// Something that a service depends on.
    Dependency,
    /// Somebody to call.
    Contact,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Operator,
        Self::Service,
        Self::Dependency,
        Self::Contact,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Service => "service",
            Self::Dependency => "dependency",
            Self::Contact => "contact",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// Which column of a file holds what, by the name in its first line.
pub type Columns = BTreeMap<Column, String>;

/// Which column of a file holds what, as its first line suggests. A name that stands twice is
/// nobody's, and one column holds one thing.
pub fn guess(header: &[String]) -> Columns {
    let keys: Vec<String> = header.iter().map(|name| names::key(name)).collect();
    let mut found = Columns::new();
    for column in Column::ALL {
        let own = names::key(column.as_str());
        let wanted = std::iter::once(own.as_str()).chain(column.also().iter().copied());
        for name in wanted {
            let mut at = keys.iter().zip(header).filter(|(key, _)| *key == name);
            if let (Some((_, header)), None) = (at.next(), at.next())
                && !found.values().any(|taken| taken == header)
            {
                found.insert(*column, header.clone());
                break;
            }
        }
    }
    found
}

/// Which cell holds which column. Refuses a column that is not there, and one whose name stands
/// twice: nobody can say which is meant.
pub(super) fn places(header: &[String], columns: &Columns) -> Result<Vec<(Column, usize)>, Column> {
    let place = |(column, name): (&Column, &String)| {
        let mut at = header
            .iter()
            .enumerate()
            .filter(|(_, found)| *found == name);
        match (at.next(), at.next()) {
            (Some((at, _)), None) => Ok((*column, at)),
            _ => Err(*column),
        }
    };
    columns.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_guessed() {
        let header: Vec<String> = Column::ALL.iter().map(|one| one.as_str().into()).collect();
        let guessed = guess(&header);
        assert_eq!(guessed.len(), Column::ALL.len());
        assert!(guessed.iter().all(|(column, name)| column.as_str() == name));
    }

    #[test]
    fn a_name_is_taken_once_and_never_where_it_stands_twice() {
        let header = ["Kind", "ID", "Name", "Phone", "Phone", "Service"].map(str::to_owned);
        let guessed = guess(&header);
        let words: Vec<&str> = guessed.keys().map(|column| column.as_str()).collect();
        assert_eq!(words, ["row", "key", "name"]);
        let twice = Columns::from([(Column::Phones, "Phone".to_owned())]);
        assert_eq!(places(&header, &twice), Err(Column::Phones));
    }
}
