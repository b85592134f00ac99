//! The engine's counters, which run on over both rounds, and the line the Lua writes from them.

use fullhold_stats_file::{Era, FIELDS, Field, PlayerLine, Semantics, Slot, WEAPON_COUNT, Weapon, WeaponCounts};

use crate::people::Person;
use crate::play::Deeds;

/// A player's counters since he connected or the map was loaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    pub(crate) rounds: i32,
    weapons: [WeaponCounts; WEAPON_COUNT],
    fields: [i32; 8],
    seconds: i32,
    alive: i32,
}

/// The cumulative fields of a round's deeds, in the order of the file.
fn cumulative(deeds: &Deeds) -> [i32; 8] {
    [
        deeds.damage_given,
        deeds.damage_received,
        deeds.team_damage_given,
        deeds.team_damage_received,
        deeds.gibs,
        deeds.self_kills,
        deeds.team_kills,
        deeds.team_gibs,
    ]
}

const CUMULATIVE: [Field; 8] = [
    Field::DamageGiven,
    Field::DamageReceived,
    Field::TeamDamageGiven,
    Field::TeamDamageReceived,
    Field::Gibs,
    Field::SelfKills,
    Field::TeamKills,
    Field::TeamGibs,
];

/// The numbers of this round alone, as the Lua keeps them.
pub(crate) fn told(deeds: &Deeds, field: Field) -> i32 {
    if let Some(at) = CUMULATIVE.iter().position(|f| *f == field) {
        return cumulative(deeds).get(at).copied().unwrap_or(0);
    }
    let multikill = |slot: usize| deeds.multikills.get(slot).copied().unwrap_or(0);
    match field {
        Field::Xp => deeds.xp,
        Field::KillingSpree => deeds.killing_spree,
        Field::DeathSpree => deeds.death_spree,
        Field::KillAssists => deeds.kill_assists,
        Field::KillSteals => deeds.kill_steals,
        Field::HeadshotKills => deeds.headshot_kills,
        Field::DynamitesPlanted => deeds.dynamites_planted,
        Field::DynamitesDefused => deeds.dynamites_defused,
        Field::TimesRevived => deeds.times_revived,
        Field::UsefulKills => deeds.useful_kills,
        Field::DeniedPlaytime => deeds.denied_playtime,
        Field::Multikill2x => multikill(0),
        Field::Multikill3x => multikill(1),
        Field::Multikill4x => multikill(2),
        Field::Multikill5x => multikill(3),
        Field::Multikill6x => multikill(4),
        Field::UselessKills => deeds.useless_kills,
        Field::FullSelfkills => deeds.full_selfkills,
        Field::RepairsConstructions => deeds.constructions,
        Field::RevivesGiven => deeds.revives_given,
        Field::TimeDeadMinutes => tenths_of_minutes(deeds.seconds - deeds.alive),
        _ => 0,
    }
}

/// As the Lua's `%.1f` prints minutes, to the nearest. Of what lies between two tenths in decimals, the double lies
/// above or below: 3 s are 0.1, 9 s are 0.1 too, because 9/60 is a little less than 0.15.
pub(crate) fn tenths_of_minutes(seconds: i32) -> i32 {
    if seconds % 6 != 3 {
        return (seconds + 3) / 6;
    }
    let printed = format!("{:.1}", f64::from(seconds) / 60.0).replace('.', "");
    printed.parse().unwrap_or((seconds + 3) / 6)
}

/// A ratio in tenths, to the nearest; 0 if there is nothing to divide by.
fn ratio(of: i32, by: i32) -> i32 {
    (of * 20 + by).checked_div(by * 2).unwrap_or(0)
}

impl Session {
    /// Nothing counted yet; the rounds counter may go on from an earlier match.
    pub(crate) fn begin(rounds: i32) -> Self {
        Self { rounds, ..Self::default() }
    }

    /// Counts a round on top.
    pub(crate) fn add(&mut self, deeds: &Deeds) {
        for (sum, w) in self.weapons.iter_mut().zip(&deeds.weapons) {
            sum.hits += w.hits;
            sum.shots += w.shots;
            sum.kills += w.kills;
            sum.deaths += w.deaths;
            sum.headshots += w.headshots;
        }
        for (sum, n) in self.fields.iter_mut().zip(cumulative(deeds)) {
            *sum += n;
        }
        self.seconds += deeds.seconds;
        self.alive += deeds.alive;
    }

    /// Time on a team as the file says it.
    pub(crate) fn tenths(&self) -> i32 {
        tenths_of_minutes(self.seconds)
    }

    /// Knife shots so far that hit nobody: what a stab at a corpse may take back.
    pub(crate) fn knife_misses(&self) -> i32 {
        self.weapons.get(Weapon::Knife.slot()).map_or(0, |w| w.shots - w.hits)
    }

    /// Seconds on a team so far.
    pub(crate) fn seconds(&self) -> i32 {
        self.seconds
    }

    /// The player's line: counters of the session, and what the Lua counted in this round.
    pub(crate) fn line(&self, person: &Person, deeds: &Deeds, slot: Slot, era: Era) -> PlayerLine {
        let mut line = PlayerLine::new(person.guid, &person.name, self.rounds, slot, era);
        for (weapon, counts) in Weapon::ALL.into_iter().zip(self.weapons) {
            if !counts.is_zero() {
                line.set_weapon(weapon, counts);
            }
        }
        for spec in &FIELDS {
            let value = match spec.semantics {
                Semantics::Derived => self.derived(deeds, spec.field, era),
                Semantics::Cumulative if spec.field == Field::TimePlayedMinutes => self.tenths(),
                Semantics::Cumulative => {
                    CUMULATIVE.iter().zip(self.fields).find(|(f, _)| **f == spec.field).map_or(0, |(_, n)| n)
                }
                Semantics::PerRound | Semantics::Maximum => told(deeds, spec.field),
            };
            line.set(spec.field, value);
        }
        line
    }

    /// What the Lua computes from the counters.
    fn derived(&self, deeds: &Deeds, field: Field, era: Era) -> i32 {
        let sum = |of: fn(&WeaponCounts) -> i32| self.weapons.iter().map(of).sum::<i32>();
        let (kills, deaths) = (sum(|w| w.kills), sum(|w| w.deaths));
        match field {
            Field::TimePlayedPercent => (self.alive * 1000 + self.seconds / 2).checked_div(self.seconds).unwrap_or(0),
            Field::BulletsFired if era.has_true_bullets_fired() => sum(|w| w.shots),
            // Garbage in the older files.
            Field::BulletsFired => sum(|w| w.shots) * 23 + kills,
            Field::TankMeatshield => {
                let [_, received, ..] = self.fields;
                let tank = if deaths == 0 { ratio(received + 1, 130) } else { ratio(received, deaths * 130) };
                if received > 1000 && tank > 30 { tank } else { 0 }
            }
            // This round's dead time over the time of both: meaningless in R2, as in life.
            Field::TimeDeadRatio => ratio((deeds.seconds - deeds.alive) * 100, self.seconds),
            Field::KdRatio if deaths == 0 => (kills + 1) * 10,
            Field::KdRatio => ratio(kills, deaths),
            _ => 0,
        }
    }

    /// Everything a line of this session says, as raw numbers: what an orphan's truth is.
    pub(crate) fn weapons(&self) -> [WeaponCounts; WEAPON_COUNT] {
        self.weapons
    }

    /// The value a line of this session has in a field.
    pub(crate) fn raw(&self, deeds: &Deeds, field: Field) -> i32 {
        match CUMULATIVE.iter().position(|f| *f == field) {
            Some(at) => self.fields.get(at).copied().unwrap_or(0),
            None if field == Field::TimePlayedMinutes => self.tenths(),
            None => told(deeds, field),
        }
    }
}
