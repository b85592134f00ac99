//! A round, event by event. Everything balances because every event has both its ends.

use fullhold_stats_file::{WEAPON_COUNT, Weapon, WeaponCounts};

use crate::random::Random;

/// What a player really did in a round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deeds {
    pub(crate) weapons: [WeaponCounts; WEAPON_COUNT],
    pub(crate) damage_given: i32,
    pub(crate) damage_received: i32,
    pub(crate) team_damage_given: i32,
    pub(crate) team_damage_received: i32,
    pub(crate) gibs: i32,
    pub(crate) self_kills: i32,
    pub(crate) team_kills: i32,
    pub(crate) team_gibs: i32,
    pub(crate) xp: i32,
    pub(crate) killing_spree: i32,
    pub(crate) death_spree: i32,
    pub(crate) kill_assists: i32,
    pub(crate) kill_steals: i32,
    pub(crate) headshot_kills: i32,
    pub(crate) dynamites_planted: i32,
    pub(crate) dynamites_defused: i32,
    pub(crate) times_revived: i32,
    pub(crate) useful_kills: i32,
    pub(crate) denied_playtime: i32,
    pub(crate) multikills: [i32; 5],
    pub(crate) useless_kills: i32,
    pub(crate) full_selfkills: i32,
    pub(crate) constructions: i32,
    pub(crate) revives_given: i32,
    /// Seconds on a team.
    pub(crate) seconds: i32,
    /// Seconds of them alive.
    pub(crate) alive: i32,
    pub(crate) run: Run,
}

/// Sprees and chains while they last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    kills: i32,
    deaths: i32,
    chain: i32,
    last_kill: Option<i32>,
}

/// A player as play sees him.
pub(crate) struct Fighter {
    pub(crate) is_axis: bool,
    pub(crate) skill: i32,
    /// Second from which he is there.
    pub(crate) from: i32,
    /// Second at which he is gone.
    pub(crate) until: i32,
    pub(crate) deeds: Deeds,
}

const AXIS_GUNS: [Weapon; 6] = [Weapon::Mp40, Weapon::Mp40, Weapon::Luger, Weapon::Fg42, Weapon::K43, Weapon::Grenade];
const ALLIES_GUNS: [Weapon; 6] =
    [Weapon::Thompson, Weapon::Thompson, Weapon::Colt, Weapon::Sten, Weapon::Garand, Weapon::Grenade];
const HEAVY: [Weapon; 6] =
    [Weapon::Artillery, Weapon::Airstrike, Weapon::Landmine, Weapon::Panzerfaust, Weapon::Dynamite, Weapon::Knife];

/// Plays a round of so many seconds.
pub(crate) fn play(random: &mut Random, fighters: &mut [Fighter], seconds: i32) {
    for fighter in fighters.iter_mut() {
        fighter.deeds.seconds = fighter.until.min(seconds) - fighter.from;
        fighter.deeds.alive = fighter.deeds.seconds;
    }
    let people = i32::try_from(fighters.len()).unwrap_or(0);
    let mut second = random.between(2, 15);
    while second < seconds && people > 1 {
        kill(random, fighters, second);
        if random.permille(150) {
            accident(random, fighters, second);
        }
        second += random.between(0, (90 / people).max(2));
    }
    for fighter in fighters.iter_mut() {
        aftermath(random, &mut fighter.deeds);
    }
}

fn there(fighters: &[Fighter], second: i32, is_axis: bool) -> Vec<usize> {
    let on_side = |f: &Fighter| f.is_axis == is_axis && (f.from..f.until).contains(&second);
    fighters.iter().enumerate().filter(|(_, f)| on_side(f)).map(|(i, _)| i).collect()
}

fn kill(random: &mut Random, fighters: &mut [Fighter], second: i32) {
    let axis = there(fighters, second, true);
    let allies = there(fighters, second, false);
    let (Some(a), Some(b)) = (random.pick(&axis), random.pick(&allies)) else { return };
    let skill = |index: usize| fighters.get(index).map_or(1, |f| f.skill);
    let axis_wins = random.between(1, skill(a) + skill(b)) <= skill(a);
    let (killer, victim) = if axis_wins { (a, b) } else { (b, a) };
    let guns = if axis_wins { &AXIS_GUNS } else { &ALLIES_GUNS };
    let gun = if random.permille(120) { random.pick(&HEAVY) } else { random.pick(guns) };
    let Some(weapon) = gun else { return };
    let mates = if axis_wins { &axis } else { &allies };
    let damage = random.between(60, 160);
    if let Some(f) = fighters.get_mut(killer) {
        hit(random, &mut f.deeds, weapon, damage);
        score(random, &mut f.deeds, second);
        if let Some(w) = f.deeds.weapons.get_mut(weapon.slot()) {
            w.kills += 1;
        }
    }
    if let Some(assistant) = random.pick(mates).filter(|m| *m != killer && random.permille(300)) {
        let share = random.between(5, 60);
        if let Some(f) = fighters.get_mut(assistant) {
            hit(random, &mut f.deeds, if axis_wins { Weapon::Mp40 } else { Weapon::Thompson }, share);
            f.deeds.kill_assists += 1;
        }
        if let Some(f) = fighters.get_mut(victim) {
            f.deeds.damage_received += share;
        }
        if let Some(f) = fighters.get_mut(killer) {
            f.deeds.kill_steals += i32::from(random.permille(400));
        }
    }
    if let Some(f) = fighters.get_mut(victim) {
        f.deeds.damage_received += damage;
        if let Some(w) = f.deeds.weapons.get_mut(weapon.slot()) {
            w.deaths += 1;
        }
        die(&mut f.deeds);
        f.deeds.alive -= random.between(2, 18).min(f.deeds.alive);
    }
    let friends = if axis_wins { &allies } else { &axis };
    let medic = random.pick(friends).filter(|m| *m != victim && random.permille(350));
    match medic {
        Some(medic) => revive(random, fighters, medic, victim),
        None => {
            if let Some(f) = fighters.get_mut(killer) {
                f.deeds.gibs += i32::from(random.permille(400));
                f.deeds.denied_playtime += random.between(0, 12);
            }
        }
    }
}

fn hit(random: &mut Random, deeds: &mut Deeds, weapon: Weapon, damage: i32) {
    deeds.damage_given += damage;
    let Some(w) = deeds.weapons.get_mut(weapon.slot()) else { return };
    let hits = if weapon.hits_may_exceed_shots() { 1 } else { damage / 20 + 1 };
    w.hits += hits;
    w.shots += if weapon.hits_may_exceed_shots() { random.between(0, 1) } else { hits * random.between(1, 4) };
    if weapon.is_aimed() && random.permille(400) {
        w.headshots += random.between(1, hits);
    }
}

/// Sprees, chains and judgements of a kill.
fn score(random: &mut Random, deeds: &mut Deeds, second: i32) {
    deeds.xp += random.between(2, 6);
    let heads: i32 = deeds.weapons.iter().map(|w| w.headshots).sum();
    if heads > deeds.headshot_kills && random.permille(250) {
        deeds.headshot_kills += 1;
    }
    match random.between(0, 9) {
        0..=3 => deeds.useful_kills += 1,
        4..=5 => deeds.useless_kills += 1,
        _ => {}
    }
    deeds.run.deaths = 0;
    deeds.run.kills += 1;
    if deeds.run.kills >= 3 {
        deeds.killing_spree = deeds.killing_spree.max(deeds.run.kills);
    }
    if deeds.run.last_kill.is_some_and(|last| second - last < 3) {
        deeds.run.chain += 1;
    } else {
        end_chain(deeds);
        deeds.run.chain = 1;
    }
    deeds.run.last_kill = Some(second);
}

/// Chains are exclusive: a chain of three is one triple, not also a double.
fn end_chain(deeds: &mut Deeds) {
    let slot = usize::try_from(deeds.run.chain.min(6) - 2).ok();
    if let Some(count) = slot.and_then(|slot| deeds.multikills.get_mut(slot)) {
        *count += 1;
    }
    deeds.run.chain = 0;
}

fn die(deeds: &mut Deeds) {
    deeds.run.kills = 0;
    deeds.run.deaths += 1;
    if deeds.run.deaths >= 3 {
        deeds.death_spree = deeds.death_spree.max(deeds.run.deaths);
    }
}

fn revive(random: &mut Random, fighters: &mut [Fighter], medic: usize, victim: usize) {
    if let Some(f) = fighters.get_mut(medic) {
        f.deeds.revives_given += 1;
        f.deeds.xp += 4;
        if let Some(w) = f.deeds.weapons.get_mut(Weapon::Syringe.slot()) {
            w.hits += 1;
            w.shots += random.between(1, 2);
        }
    }
    if let Some(f) = fighters.get_mut(victim) {
        f.deeds.times_revived += 1;
    }
}

/// Friendly fire, suicides.
fn accident(random: &mut Random, fighters: &mut [Fighter], second: i32) {
    let mates = there(fighters, second, random.permille(500));
    let (Some(a), Some(b)) = (random.pick(&mates), random.pick(&mates)) else { return };
    if a == b {
        if let Some(f) = fighters.get_mut(a) {
            f.deeds.self_kills += 1;
            f.deeds.full_selfkills += i32::from(random.permille(200));
            f.deeds.xp -= 3;
        }
        return;
    }
    let damage = random.between(3, 50);
    let fatal = random.permille(80);
    if let Some(f) = fighters.get_mut(a) {
        f.deeds.team_damage_given += damage;
        f.deeds.team_kills += i32::from(fatal);
        f.deeds.team_gibs += i32::from(fatal && random.permille(300));
    }
    if let Some(f) = fighters.get_mut(b) {
        f.deeds.team_damage_received += damage;
    }
}

/// What needs no opponent.
fn aftermath(random: &mut Random, deeds: &mut Deeds) {
    end_chain(deeds);
    if let Some(knife) = deeds.weapons.get_mut(Weapon::Knife.slot()) {
        knife.shots += random.between(0, 4);
    }
    if let Some(grenade) = deeds.weapons.get_mut(Weapon::Grenade.slot()) {
        grenade.shots += random.between(0, 6);
    }
    deeds.dynamites_planted += i32::from(random.permille(150));
    deeds.dynamites_defused += i32::from(random.permille(40));
    deeds.constructions += random.between(0, 2);
}
