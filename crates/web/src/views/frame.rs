//! What surrounds every page: top bar, rail, bands, the quiet lines.

use kernel::{Mode, Timestamp};

/// Where in the house a page stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Section {
    /// What waits.
    Desk,
    /// The register.
    Incidents,
    /// Threads and messages.
    Exchange,
    /// Collections and objects.
    Intelligence,
    /// Parties and contacts.
    Directory,
    /// The two ledgers.
    Ledger,
    /// Language, keys, users.
    Settings,
    /// Search, errors: nowhere in the rail.
    Nowhere,
}

/// The reader's choice of colours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Theme {
    /// As the reader's system has it.
    #[default]
    Auto,
    /// Dark ink on a light ground.
    Light,
    /// Light ink on a dark ground.
    Dark,
}

impl Theme {
    /// The choices in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// `auto`, `light` or `dark`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; any other word is the system's choice.
    pub fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == word)
            .unwrap_or_default()
    }
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Badge {
    /// The name to sign in with.
    pub name: String,
    /// One or two letters for the corner.
    pub initials: String,
    /// Codes of the roles, such as `duty_officer`.
    pub roles: Vec<String>,
}

/// What the last act came to, said once on the next page.
#[derive(Clone, Debug)]
pub struct Flash {
    /// False where the act was refused.
    pub good: bool,
    /// The sentence, in the reader's language.
    pub text: String,
}

/// What waits, for the rail.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Requests and clocks that wait for this desk.
    pub desk: u64,
    /// Threads with something unread.
    pub threads: u64,
    /// Reports that nobody has looked at.
    pub reports: u64,
}

/// The frame of one page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Where the page stands.
    pub section: Section,
    /// Path and query of the page, to come back to after a choice in the menu.
    pub path: String,
    /// The party that runs this node, named in the reader's language.
    pub party: String,
    /// What the node calls itself, such as "National CSIRT".
    pub desk: String,
    /// Who is signed in; nobody on the sign-in page.
    pub user: Option<Badge>,
    /// For the rail.
    pub counts: Counts,
    /// Whether real or exercise data is shown; never both.
    pub mode: Mode,
    /// Whether the node holds data of both modes, so that the reader can change between them.
    pub both_modes: bool,
    /// Since when no peer could be reached, if none can.
    pub offline_since: Option<Timestamp>,
    /// The reader's colours.
    pub theme: Theme,
    /// Goes into every form.
    pub csrf: String,
    /// Said once.
    pub flash: Option<Flash>,
}

/// A line of the rail.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Which section it leads to.
    pub section: Section,
    /// Where that is.
    pub url: &'static str,
    /// Its icon, and with `nav-` before it the key of its word.
    pub name: &'static str,
    /// What waits there.
    pub count: u64,
    /// Whether the phone's bar of five leaves it out.
    pub far: bool,
}

impl Shell {
    /// The lines of the rail, in order.
    pub fn places(&self) -> [Place; 7] {
        let place = |section, url, name, count| Place {
            section,
            url,
            name,
            count,
            far: false,
        };
        [
            place(Section::Desk, "/desk", "desk", self.counts.desk),
            place(
                Section::Incidents,
                "/incidents",
                "incidents",
                self.counts.reports,
            ),
            place(
                Section::Exchange,
                "/threads",
                "exchange",
                self.counts.threads,
            ),
            place(Section::Intelligence, "/collections", "intelligence", 0),
            place(Section::Directory, "/directory", "directory", 0),
            Place {
                far: true,
                ..place(Section::Ledger, "/ledger", "ledger", 0)
            },
            Place {
                far: true,
                ..place(Section::Settings, "/settings", "settings", 0)
            },
        ]
    }

    /// For the attribute `data-theme`; none where the system decides.
    pub fn theme_attribute(&self) -> Option<&'static str> {
        (self.theme != Theme::Auto).then(|| self.theme.as_str())
    }

    /// True in an exercise.
    pub const fn is_exercise(&self) -> bool {
        self.mode.is_exercise()
    }

    /// The other mode's word, for the switch.
    pub const fn other_mode(&self) -> &'static str {
        if self.mode.is_exercise() {
            Mode::Real.as_str()
        } else {
            Mode::Exercise.as_str()
        }
    }
}

/// A party by name, as links and sentences show it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PartyName {
    /// The code, such as `XB` or `regional-hub`.
    pub code: String,
    /// The name in the reader's language.
    pub name: String,
}

impl PartyName {
    /// The party's page.
    pub fn url(&self) -> String {
        format!("/directory/{}", self.code)
    }
}

/// A link with a word or a name on it.
#[derive(Clone, Debug)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// One choice of a list of tabs or filters.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// How many stand behind it, where that is worth saying.
    pub count: Option<u64>,
    /// Whether it is the one shown.
    pub here: bool,
}

/// Where the list goes on: the links of a page that is one of many.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The first page, when this is not it.
    pub first: Option<String>,
    /// The next page, when there is one.
    pub next: Option<String>,
}
