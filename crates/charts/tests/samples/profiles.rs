//! The profile in every situation, and the way of a rating.

use fullhold_charts::cards::{MapWins, Measure, Profile, Skill, SkillPoint, WeaponUse};
use fullhold_charts::{Name, Picture};

use super::cards::{MAPS, day};
use super::people::Chance;
use super::{ODD_NAMES, Situation};

fn measure(value: Option<f64>, note: &str) -> Measure {
    let rail = value.filter(|_| note.starts_with("better than") || note.contains(" W ")).map(|_| 79.0);
    Measure { value, rail, note: note.to_owned() }
}

pub(crate) fn skill_curve(count: usize) -> Vec<SkillPoint> {
    let mut chance = Chance::new(5);
    let mut value = 25.0;
    let point = |index: usize| {
        value += (22.0 - value) * 0.03 + chance.below(100) as f64 / 40.0 - 1.25;
        SkillPoint { value, spread: 6.0 + 10.0 / (1.0 + index as f64 / 12.0) }
    };
    (0..count).map(point).collect()
}

fn weapons(situation: Situation, is_new: bool) -> Vec<WeaponUse> {
    let is_extreme = situation == Situation::Extreme;
    let most = match situation {
        Situation::NoData => 0,
        _ if is_new => 2,
        _ => 5,
    };
    let names =
        ["MP 40", "Thompson", "Grenade", if is_extreme { "A weapon with a long name" } else { "Luger" }, "Knife"];
    let used = names.into_iter().take(most).enumerate().map(|(index, weapon)| WeaponUse {
        weapon: weapon.to_owned(),
        kills: Some(if is_extreme { u64::MAX } else { 986 / (index as u64 + 1) * u64::from(!is_new) }),
        accuracy: (index != 2).then_some(if is_extreme { f64::MAX } else { 41.4 - 1.7 * index as f64 }),
    });
    used.collect()
}

pub(crate) fn profile(situation: Situation) -> Picture {
    let is_new = matches!(situation, Situation::NoData | Situation::OnePlayer | Situation::Unknown);
    let is_extreme = situation == Situation::Extreme;
    let name = match situation {
        Situation::OddNames => "^1Der ^3Mann ^5aus ^6Grosuplje ^7שלום ★漢★",
        Situation::SixtyFour => ODD_NAMES[2],
        Situation::NoTeams => ODD_NAMES[11],
        Situation::SeveralSeries => ODD_NAMES[0],
        Situation::Draw => ODD_NAMES[7],
        Situation::Extreme => ODD_NAMES[3],
        Situation::NoData => "",
        _ => "norr",
    };
    let value = |value: f64| match situation {
        Situation::NoData | Situation::Unknown => None,
        Situation::Extreme => Some(1e12),
        _ => Some(value),
    };
    let played = |usual: u64| match situation {
        Situation::Extreme => u64::MAX,
        Situation::NoData => 0,
        _ if is_new => 1,
        _ => usual,
    };
    let style = [71.0, 86.0, 78.0, 43.0, 21.0].map(|percentile| if is_new { None } else { Some(percentile) });
    let maps = MAPS.iter().enumerate().map(|(index, map)| MapWins {
        map: (*map).to_owned(),
        won: if is_extreme { u64::MAX } else { 12 - index as u64 },
        played: if is_extreme { u64::MAX } else { 31 - 2 * index as u64 },
    });
    Profile {
        name: Name::new(name),
        rounds: played(222),
        evenings: played(17),
        hours: value(if is_new { 0.1 } else { 23.3 }),
        last_seen: (situation != Situation::NoData).then(|| day(11)),
        badges: if is_new {
            Vec::new()
        } else {
            ["1k kills", "100 rounds", "100 revives given"].map(str::to_owned).to_vec()
        },
        skill: (!is_new).then(|| Skill {
            matches: if is_extreme { u64::MAX } else { 109 },
            curve: if is_extreme {
                vec![SkillPoint { value: -1e9, spread: 1e12 }; 3]
            } else {
                skill_curve(if situation == Situation::Draw { 1 } else { 109 })
            },
        }),
        kd: measure(
            value(if is_new { 0.0 } else { 1.16 }),
            match situation {
                Situation::OnePlayer => "0 kills, 4 deaths",
                Situation::NoData => "no round yet",
                Situation::Unknown => "not in these files",
                _ => "better than 79 %",
            },
        ),
        dpm: measure(
            value(if is_new { 17.0 } else { 306.0 }),
            if is_new { "from 20 rounds" } else { "better than 79 %" },
        ),
        match_win: measure(
            if is_new { None } else { value(51.0) },
            if is_new { "no full match yet" } else { "56 W 5 D 48 L" },
        ),
        head_hit: measure(
            if is_new { None } else { value(12.5) },
            if is_new { "not in these files" } else { "better than 64 %" },
        ),
        style,
        pool: 15,
        maps: if is_new { Vec::new() } else { maps.collect() },
        weapons: weapons(situation, is_new),
    }
    .draw()
}
