//! What a file says, in types. Numbers are as written, not interpreted.

use crate::{
    Era, FIELD_COUNT, Field, FileName, Guid, LineError, RoundNumber, Seconds, Side, Slot, Tenths, WEAPON_COUNT, Weapon,
    WeaponCounts,
};

/// One parsed stats file.
#[derive(Clone, Debug, PartialEq)]
pub struct StatsFile {
    /// Where and when: stamp, map and round number of the file name.
    pub name: FileName,
    /// The first line.
    pub header: Header,
    /// The usable player lines, in file order.
    pub players: Vec<PlayerLine>,
    /// Lines that could not be used, with position and reason.
    pub rejected: Vec<LineError>,
}

/// The header line.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// `sv_hostname`, with colour codes.
    pub server_name: String,
    /// Map; equals the map of the file name.
    pub map: String,
    /// Server configuration, e.g. `legacy3`; may be empty.
    pub config: String,
    /// Round as the writer computed it (inverted when the map was changed in mid-round).
    pub round: RoundNumber,
    /// Side that defends.
    pub defender: Side,
    /// Side that won; `None` when nobody did.
    pub winner: Option<Side>,
    /// Limit of this round.
    pub time_limit: Seconds,
    /// The stopwatch target at save time. Not a duration.
    pub next_time_limit: Seconds,
    /// Measured play time in seconds, if the header has it and it is sane.
    pub play_time: Option<Seconds>,
    /// Whether the header had the ninth field at all.
    pub has_play_time: bool,
}

/// One player line, numbers as written.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerLine {
    /// 1-based line in the file.
    pub line: u32,
    /// Guid as written; may be empty or shared by bots. See [`PlayerLine::identity`].
    pub guid: Guid,
    /// Name with colour codes.
    pub name: String,
    /// Rounds counter of the engine session: 0 or 1 in R1, one more in R2.
    pub rounds: i32,
    /// Side, spectator or free.
    pub slot: Slot,
    /// Bit i set: weapon i has a tuple, even if all its numbers are zero.
    pub weapon_mask: u32,
    /// One entry per weapon slot; zeros where the mask has no bit.
    pub weapons: [WeaponCounts; WEAPON_COUNT],
    /// Which layout the TAB fields had.
    pub era: Era,
    /// Values by canonical field position; tenths where the field's unit has a decimal.
    pub(crate) values: [i32; FIELD_COUNT],
    /// Bit i set: the line carries canonical field i with a finite value.
    pub(crate) present: u64,
}

impl PlayerLine {
    /// An empty line, for writers and tests: no weapons, every field of the era zero.
    #[must_use]
    pub fn new(guid: Guid, name: &str, rounds: i32, slot: Slot, era: Era) -> Self {
        let present = era.fields().fold(0, |mask, field| mask | 1 << field.position());
        Self {
            line: 0,
            guid,
            name: name.to_owned(),
            rounds,
            slot,
            weapon_mask: 0,
            weapons: [WeaponCounts::default(); WEAPON_COUNT],
            era,
            values: [0; FIELD_COUNT],
            present,
        }
    }

    /// Nothing read yet.
    pub(crate) const fn blank(line: u32) -> Self {
        Self {
            line,
            guid: Guid::EMPTY,
            name: String::new(),
            rounds: 0,
            slot: Slot::Free,
            weapon_mask: 0,
            weapons: [WeaponCounts::ZERO; WEAPON_COUNT],
            era: Era::Prefix28,
            values: [0; FIELD_COUNT],
            present: 0,
        }
    }

    /// The value of a field: a count, seconds, or tenths by [`FieldSpec::unit`](crate::FieldSpec).
    /// `None` if the era has no such field, or if it was not a finite number.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<i32> {
        let position = field.position();
        if self.present >> position & 1 == 1 { self.values.get(position).copied() } else { None }
    }

    /// The value of a field, 0 when there is none: for the fields every era has.
    #[must_use]
    pub fn count(&self, field: Field) -> i32 {
        self.get(field).unwrap_or(0)
    }

    /// The value of a field with one decimal.
    #[must_use]
    pub fn tenths(&self, field: Field) -> Tenths {
        Tenths(self.count(field))
    }

    /// Sets a field (in tenths where the unit has a decimal); ignored if the era has no such field.
    pub fn set(&mut self, field: Field, value: i32) {
        let position = field.position();
        if self.present >> position & 1 == 1
            && let Some(slot) = self.values.get_mut(position)
        {
            *slot = value;
        }
    }

    /// The tuple of a weapon; zeros when the mask has no bit for it.
    #[must_use]
    pub fn weapon(&self, weapon: Weapon) -> WeaponCounts {
        self.weapons.get(weapon.slot()).copied().unwrap_or_default()
    }

    /// Sets the tuple of a weapon and its bit in the mask.
    pub fn set_weapon(&mut self, weapon: Weapon, counts: WeaponCounts) {
        self.weapon_mask |= 1 << weapon.slot();
        if let Some(slot) = self.weapons.get_mut(weapon.slot()) {
            *slot = counts;
        }
    }

    /// The weapons that have a tuple, in slot order.
    pub fn listed_weapons(&self) -> impl Iterator<Item = (Weapon, WeaponCounts)> + '_ {
        Weapon::ALL.into_iter().zip(self.weapons).filter(|(weapon, _)| self.weapon_mask >> weapon.slot() & 1 == 1)
    }

    /// Sum over all weapons of one of the five numbers.
    #[must_use]
    pub fn weapon_sum(&self, number: impl Fn(&WeaponCounts) -> i32) -> i32 {
        self.weapons.iter().map(number).fold(0, i32::saturating_add)
    }

    /// The name without colour codes.
    #[must_use]
    pub fn clean_name(&self) -> std::borrow::Cow<'_, str> {
        crate::strip_colours(&self.name)
    }

    /// The guid that identifies the player within a round and across rounds: bots and players
    /// without a guid are told apart by their clean name.
    #[must_use]
    pub fn identity(&self) -> Guid {
        self.guid.identity(&self.clean_name())
    }

    /// Bot by guid (`OMNIBOT…`) or by name (`[BOT]…`).
    #[must_use]
    pub fn is_bot(&self) -> bool {
        self.guid.is_bot() || is_bot_name(&self.clean_name())
    }
}

/// Whether a name without colour codes says that this is a bot (prefix `[BOT]`, any case).
#[must_use]
pub fn is_bot_name(clean_name: &str) -> bool {
    clean_name.get(..5).is_some_and(|prefix| prefix.eq_ignore_ascii_case("[BOT]"))
}
