//! How players are shown: by the names that the caller chose for them, never by anything else that is stored.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{Totals, worn};
use fullhold_stats_file::Guid;

use crate::reply::{Cell, Text};
use crate::words::quoted;

/// A player as he is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// His name; `player 17` for those who want to stay anonymous.
    pub name: String,
    /// Signs behind the name.
    pub badges: Vec<&'static str>,
}

/// Everybody of an answer. Who is missing is shown by his guid.
#[derive(Clone, Debug, Default)]
pub struct People {
    shown: BTreeMap<Guid, Shown>,
    /// Those whose guid says nothing to others.
    veiled: BTreeSet<Guid>,
}

impl People {
    /// These players.
    #[must_use]
    pub const fn new(shown: BTreeMap<Guid, Shown>) -> Self {
        Self { shown, veiled: BTreeSet::new() }
    }

    /// These are anonymous: they are asked for by the names they are shown by, and their guids are not shown.
    #[must_use]
    pub fn veiling(mut self, veiled: BTreeSet<Guid>) -> Self {
        self.veiled = veiled;
        self
    }

    /// Everybody wears the signs of his career.
    pub fn wear(&mut self, careers: &BTreeMap<Guid, Totals>) {
        for (guid, shown) in &mut self.shown {
            let signs = careers.get(guid).map(|career| worn(career).into_iter().map(|tier| tier.emoji).collect());
            shown.badges = signs.unwrap_or_default();
        }
    }

    /// The word of a command line that means a player.
    #[must_use]
    pub fn word(&self, guid: Guid) -> String {
        let stand_in = self.shown.get(&guid).filter(|_| self.veiled.contains(&guid));
        stand_in.map_or_else(|| format!("guid:{guid}"), |shown| quoted(&shown.name))
    }

    /// What stands for a player in data: the guid, or the name that he is shown by.
    #[must_use]
    pub fn key(&self, guid: Guid) -> String {
        let stand_in = self.shown.get(&guid).filter(|_| self.veiled.contains(&guid));
        stand_in.map_or_else(|| guid.to_string(), |shown| shown.name.clone())
    }

    /// The guid as a cell of a table.
    #[must_use]
    pub fn guid_cell(&self, guid: Guid) -> Cell {
        if self.veiled.contains(&guid) { Cell::Unknown } else { Cell::Text(Text::plain(guid.as_str())) }
    }

    /// Whether somebody is among them.
    #[must_use]
    pub fn knows(&self, guid: Guid) -> bool {
        self.shown.contains_key(&guid)
    }

    /// The name of a player.
    #[must_use]
    pub fn name(&self, guid: Guid) -> Text {
        let name = self.shown.get(&guid).map(|shown| shown.name.as_str());
        Text::name(name.unwrap_or(guid.as_str()))
    }

    /// The name with its signs.
    #[must_use]
    pub fn with_badges(&self, guid: Guid) -> Text {
        let badges = self.shown.get(&guid).map(|shown| shown.badges.concat()).unwrap_or_default();
        let name = self.name(guid);
        if badges.is_empty() { name } else { name.then(&Text::plain(&format!(" {badges}"))) }
    }

    /// The name as a cell of a table.
    #[must_use]
    pub fn cell(&self, guid: Guid) -> Cell {
        Cell::Text(self.name(guid))
    }

    /// Names with their signs in a row, separated by commas.
    #[must_use]
    pub fn list_with_badges(&self, guids: &[Guid]) -> Text {
        Text::list(guids.iter().map(|guid| self.with_badges(*guid)))
    }

    /// Names in a row, separated by commas.
    #[must_use]
    pub fn list(&self, guids: &[Guid]) -> Text {
        Text::list(guids.iter().map(|guid| self.name(*guid)))
    }
}
