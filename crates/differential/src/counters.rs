//! A player's numbers over some span of play: one round, or the rounds of a match.

use fullhold_stats_file::{FIELD_COUNT, Field, PlayerLine, Seconds, Tenths, WEAPON_COUNT, Weapon, WeaponCounts};

/// Counters of one player. Fields the era's files do not carry are `None`, not 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Counters {
    pub(crate) values: [i32; FIELD_COUNT],
    pub(crate) present: u64,
    /// One entry per weapon slot.
    pub weapons: [WeaponCounts; WEAPON_COUNT],
    /// Seconds on a team while playing. Tenths of minutes in the file, set to the length of the
    /// round where the two differ by rounding only.
    pub played: Seconds,
    /// Milliseconds alive, exact product of the file's percentage and tenths of minutes.
    pub alive_ms: Option<i32>,
}

impl Counters {
    /// The numbers of a line as they are written.
    #[must_use]
    pub(crate) fn raw(line: &PlayerLine) -> Self {
        let mut counters = Self {
            values: [0; FIELD_COUNT],
            present: 0,
            weapons: line.weapons,
            played: line.tenths(Field::TimePlayedMinutes).minutes_to_seconds(),
            alive_ms: alive_ms(line),
        };
        for field in line.era.fields() {
            counters.set(field, line.get(field));
        }
        counters.clamp_taken_back_shots();
        counters
    }

    pub(crate) fn set(&mut self, field: Field, value: Option<i32>) {
        let bit = 1_u64 << field.position();
        if let (Some(value), Some(slot)) = (value, self.values.get_mut(field.position())) {
            *slot = value;
            self.present |= bit;
        } else {
            self.present &= !bit;
        }
    }

    /// The engine takes a stab or a call back, so these shots, and only these, may fall below zero.
    pub(crate) fn clamp_taken_back_shots(&mut self) {
        for (weapon, counts) in Weapon::ALL.into_iter().zip(&mut self.weapons) {
            if weapon.shots_may_decrease() {
                counts.shots = counts.shots.max(0);
            }
        }
    }

    /// The value of a field, in the unit of its row in `FIELDS`. Derived fields are as written in
    /// the file and of use only for the alive percentage.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<i32> {
        let position = field.position();
        if self.present >> position & 1 == 1 { self.values.get(position).copied() } else { None }
    }

    /// The value of a field, 0 when the era has none.
    #[must_use]
    pub fn count(&self, field: Field) -> i32 {
        self.get(field).unwrap_or(0)
    }

    /// Time on a team in tenths of minutes, not snapped to the round's length.
    #[must_use]
    pub fn time_played(&self) -> Tenths {
        Tenths(self.count(Field::TimePlayedMinutes))
    }

    /// The tuple of a weapon.
    #[must_use]
    pub fn weapon(&self, weapon: Weapon) -> WeaponCounts {
        self.weapons.get(weapon.slot()).copied().unwrap_or_default()
    }

    /// Weapons of which any number is not zero, in slot order.
    pub fn used_weapons(&self) -> impl Iterator<Item = (Weapon, WeaponCounts)> + '_ {
        Weapon::ALL.into_iter().zip(self.weapons).filter(|(_, counts)| !counts.is_zero())
    }

    /// The sums of the five numbers over all weapons.
    #[must_use]
    pub fn weapon_sums(&self) -> WeaponCounts {
        self.weapons.iter().fold(WeaponCounts::default(), |sum, w| WeaponCounts {
            hits: sum.hits.saturating_add(w.hits),
            shots: sum.shots.saturating_add(w.shots),
            kills: sum.kills.saturating_add(w.kills),
            deaths: sum.deaths.saturating_add(w.deaths),
            headshots: sum.headshots.saturating_add(w.headshots),
        })
    }

    /// Enemies killed (sum over weapons).
    #[must_use]
    pub fn kills(&self) -> i32 {
        self.weapon_sums().kills
    }

    /// Deaths by enemies' weapons; self kills are not among them.
    #[must_use]
    pub fn deaths(&self) -> i32 {
        self.weapon_sums().deaths
    }

    /// Milliseconds dead while on a team; never below zero.
    #[must_use]
    pub fn dead_ms(&self) -> Option<i32> {
        let time = self.time_played().0.saturating_mul(6000);
        self.alive_ms.map(|alive| time.saturating_sub(alive).max(0))
    }
}

/// 0.1 % × 0.1 min = 6 ms, so the product is exact.
pub(crate) fn alive_ms(line: &PlayerLine) -> Option<i32> {
    let percent = line.get(Field::TimePlayedPercent)?;
    let time = line.get(Field::TimePlayedMinutes)?;
    Some(percent.clamp(0, 1000).saturating_mul(time).saturating_mul(6))
}
