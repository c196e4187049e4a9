//! What an entry is, as a number that it can be found by.

use kernel::Tlp;

/// A version of STIX.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Spec {
    /// STIX 2.0.
    V20,
    /// STIX 2.1.
    V21,
}

/// The mask of all labels.
pub(crate) const ALL_LABELS: i32 = (1 << (Tlp::Red.code() + 1)) - 1;

/// Whether a mask of labels holds this one.
pub(crate) const fn holds(mask: i32, tlp: Tlp) -> bool {
    mask & (1 << tlp.code()) != 0
}

/// For whom something holds of a version. A version that is marked more strictly does not exist for
/// who may not see it, so that each viewer has a newest version of his own.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Holds {
    /// For nobody who sees it.
    Never,
    /// For those who see labels below this one alone.
    Below(Tlp),
    /// For all who see it.
    Always,
}

/// What of an entry decides whether it is asked for and whether it may be seen. A collection holds
/// few classes, so that a page is put together from few runs of an index.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Class {
    /// The label.
    pub tlp: Tlp,
    /// That it is the newest version of the object, of those of the same specification.
    pub newest: Holds,
    /// That it is the oldest version of the object, of those of the same specification.
    pub oldest: Holds,
    /// That the collection has the object in no newer specification.
    pub top: Holds,
    /// Its specification.
    pub spec: Spec,
    /// That who gave it may not take the place of what others gave: it stands beside.
    pub aside: bool,
}

const NEWEST: Bits = Bits { flag: 8, limit: 7 };
const OLDEST: Bits = Bits {
    flag: 16,
    limit: 10,
};
const TOP: Bits = Bits {
    flag: 32,
    limit: 13,
};
const V21: i32 = 64;
const TLP: i32 = 7;
const ASIDE: i32 = 1 << 16;

/// Where a stored class says for whom something holds: a flag, and three bits from a place on that
/// have 7 less the label below which it holds, or nothing.
struct Bits {
    flag: i32,
    limit: i32,
}

impl Bits {
    const fn code(&self, holds: Holds) -> i32 {
        match holds {
            Holds::Never => 0,
            Holds::Below(limit) => self.flag + ((TLP - limit.code()) << self.limit),
            Holds::Always => self.flag,
        }
    }

    fn read(&self, code: i32) -> Holds {
        if code & self.flag == 0 {
            return Holds::Never;
        }
        match (code >> self.limit) & TLP {
            0 => Holds::Always,
            limit => Holds::Below(Tlp::from_code(TLP - limit)),
        }
    }
}

impl Holds {
    /// For an entry of a label, where these labels have what makes it untrue.
    pub(crate) fn of(label: Tlp, others: impl Iterator<Item = Tlp>) -> Self {
        match others.min() {
            None => Self::Always,
            Some(other) if other <= label => Self::Never,
            Some(other) => Self::Below(other),
        }
    }

    /// Whether it holds for who sees the labels of a mask.
    pub const fn to(self, mask: i32) -> bool {
        match self {
            Self::Never => false,
            Self::Below(limit) => mask >> limit.code() == 0,
            Self::Always => true,
        }
    }
}

impl Spec {
    /// As TAXII writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
        }
    }

    /// The specification of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "2.0" => Some(Self::V20),
            "2.1" => Some(Self::V21),
            _ => None,
        }
    }
}

impl Class {
    /// The stored form: the code of the label, 8, 16, 32 and 64 for the rest, above them for whom these
    /// hold, and 65,536 for what stands aside.
    pub const fn code(self) -> i32 {
        let spec = if matches!(self.spec, Spec::V21) {
            V21
        } else {
            0
        };
        self.tlp.code()
            + NEWEST.code(self.newest)
            + OLDEST.code(self.oldest)
            + TOP.code(self.top)
            + spec
            + if self.aside { ASIDE } else { 0 }
    }

    /// Whether it is what who sees these labels has of the object: the newest version of the newest
    /// specification.
    pub const fn is_last(self, mask: i32) -> bool {
        holds(mask, self.tlp) && self.newest.to(mask) && self.top.to(mask)
    }

    /// The class of a stored form. A label that nobody knows is RED.
    pub fn from_code(code: i32) -> Self {
        Self {
            tlp: Tlp::from_code(code & TLP),
            newest: NEWEST.read(code),
            oldest: OLDEST.read(code),
            top: TOP.read(code),
            spec: if code & V21 == 0 {
                Spec::V20
            } else {
                Spec::V21
            },
            aside: code & ASIDE != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        let holds = Tlp::ALL.into_iter().skip(1).map(Holds::Below);
        let holds: Vec<_> = [Holds::Never, Holds::Always]
            .into_iter()
            .chain(holds)
            .collect();
        for tlp in Tlp::ALL {
            for spec in [Spec::V20, Spec::V21] {
                for &newest in &holds {
                    for &top in &holds {
                        let class = Class {
                            tlp,
                            newest,
                            oldest: newest,
                            top,
                            spec,
                            aside: newest == top,
                        };
                        assert_eq!(Class::from_code(class.code()), class);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_stricter_hides_nothing_from_who_does_not_see_it() {
        let (green, amber) = (0b00011, 0b00111);
        let newer_is_amber = Holds::of(Tlp::Green, [Tlp::Red, Tlp::Amber].into_iter());
        assert_eq!(newer_is_amber, Holds::Below(Tlp::Amber));
        assert!(newer_is_amber.to(green) && !newer_is_amber.to(amber));
        let newer_is_clear = Holds::of(Tlp::Green, [Tlp::Red, Tlp::Clear].into_iter());
        assert_eq!(newer_is_clear, Holds::Never);
        assert_eq!(Holds::of(Tlp::Red, std::iter::empty()), Holds::Always);
    }
}
