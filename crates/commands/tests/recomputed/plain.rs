//! Plain sums over what was really played, and the formulas of the specification in one line each.

use std::collections::BTreeMap;

use fullhold_simulator::{TruePlayer, TrueRound};
use fullhold_stats_file::{Semantics, Weapon};

/// A round with what was decided about it.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) truth: TrueRound,
    /// Day of the evening, `YYYY-MM-DD`.
    pub(crate) day: String,
    /// Position of the evening, from 0.
    pub(crate) evening: usize,
    pub(crate) map: String,
    pub(crate) number: u8,
    /// The side that defended.
    pub(crate) defender: u8,
    pub(crate) counts: bool,
}

/// Somebody's sums by name. A name that is not there was in no file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sums(BTreeMap<String, i64>);

impl Sums {
    pub(crate) fn get(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied()
    }

    fn or_zero(&self, name: &str) -> i64 {
        self.get(name).unwrap_or(0)
    }

    pub(crate) fn add(&mut self, name: &str, value: i64) {
        *self.0.entry(name.to_owned()).or_default() += value;
    }

    /// A line of a round; `is_again` when the person has another line in it.
    pub(crate) fn add_line(&mut self, player: &TruePlayer, is_again: bool) {
        self.add("rounds", i64::from(!is_again));
        self.add("seconds", player.seconds.into());
        let (mut kills, mut has_grenade) = (0, false);
        for (weapon, counts) in &player.weapons {
            kills += i64::from(counts.kills);
            self.add("deaths", counts.deaths.into());
            let name = weapon.name();
            for (what, count) in [
                ("kills", counts.kills),
                ("deaths", counts.deaths),
                ("hits", counts.hits),
                ("shots", counts.shots),
                ("heads", counts.headshots),
            ] {
                self.add(&format!("{name} {what}"), count.into());
                if weapon.is_aimed() {
                    self.add(&format!("aimed {what}"), count.into());
                }
            }
            has_grenade |= *weapon == Weapon::Grenade;
        }
        self.add("kills", kills);
        self.add("grenade rounds", i64::from(has_grenade));
        for (field, value) in &player.values {
            let Some(value) = value.map(i64::from) else { continue };
            let name = field.spec().name;
            if field.spec().semantics == Semantics::Maximum {
                let best = self.0.entry(name.to_owned()).or_insert(value);
                *best = value.max(*best);
            } else {
                self.add(name, value);
            }
            // What a ratio has beside this field: only rounds that carry it.
            self.add(&format!("rounds with {name}"), 1);
            self.add(&format!("kills with {name}"), kills);
            self.add(&format!("seconds with {name}"), player.seconds.into());
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
const fn number(count: i64) -> f64 {
    count as f64
}

fn percent(part: i64, whole: i64) -> Option<f64> {
    ratio(part, whole).map(|ratio| (100.0 * ratio).min(100.0))
}

fn sum(sums: &Sums, names: &[&str]) -> Option<i64> {
    let known: Vec<i64> = names.iter().filter_map(|name| sums.get(name)).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

/// Kills per death; without a death the kills.
fn kd(sums: &Sums) -> f64 {
    let (kills, deaths) = (sums.or_zero("kills"), sums.or_zero("deaths"));
    if deaths == 0 { number(kills) } else { number(kills) / number(deaths) }
}

fn efficiency(sums: &Sums) -> Option<f64> {
    let (kills, deaths) = (sums.or_zero("kills"), sums.or_zero("deaths"));
    percent(kills, kills + deaths)
}

/// The formulas that truth can tell, by their ids. Time alive is not among them: files tell it as a share, truth does not.
pub(crate) fn formula(id: &str, of: &Sums) -> Option<Option<f64>> {
    let n = |name: &str| of.or_zero(name);
    let known = |name: &str| of.get(name).map(number);
    let objectives =
        ["objectives_stolen", "objectives_returned", "dynamites_planted", "dynamites_defused", "repairs_constructions"];
    let multikills = ["multikill_2x", "multikill_3x", "multikill_4x", "multikill_5x", "multikill_6x"];
    Some(match id {
        "rounds" => Some(number(n("rounds"))),
        "hours" => Some(number(n("seconds"))),
        "evenings" => Some(number(n("evenings"))),
        "matches" => Some(number(n("won") + n("drawn") + n("lost"))),
        "wins" => Some(number(n("won"))),
        "win_rate" => percent(n("won"), n("won") + n("drawn") + n("lost")),
        "kills" => Some(number(n("kills"))),
        "deaths" => Some(number(n("deaths"))),
        "kd" => Some(kd(of)),
        "efficiency" => efficiency(of),
        "damage" => Some(number(n("damage_given"))),
        "damage_received" => Some(number(n("damage_received"))),
        "dpm" => ratio(60 * n("damage_given"), n("seconds")),
        "adr" => ratio(n("damage_given"), n("rounds")),
        "kpr" => ratio(n("kills"), n("rounds")),
        "dpr" => ratio(n("deaths"), n("rounds")),
        "damage_efficiency" => {
            let (given, received) = (n("damage_given"), n("damage_received"));
            Some(if received == 0 { number(given) } else { number(given) / number(received) })
        }
        "damage_per_death" => ratio(n("damage_received"), n("deaths")),
        "shots" => Some(number(n("aimed shots"))),
        "hits" => Some(number(n("aimed hits"))),
        "accuracy" => percent(n("aimed hits"), n("aimed shots")),
        "head_hit_percent" => percent(n("aimed heads"), n("aimed hits")),
        "headshot_kills" => known("headshot_kills"),
        "headshot_kill_percent" => {
            of.get("headshot_kills").and_then(|heads| percent(heads, n("kills with headshot_kills")))
        }
        "revives" => known("revives_given"),
        "revives_per_round" => of.get("revives_given").and_then(|given| ratio(given, n("rounds with revives_given"))),
        "times_revived" => known("times_revived"),
        "gibs" => Some(number(n("gibs"))),
        "gibs_per_round" => ratio(n("gibs"), n("rounds")),
        "objectives" => sum(of, &objectives).map(number),
        "planted" => known("dynamites_planted"),
        "defused" => known("dynamites_defused"),
        "dynamites" => sum(of, &["dynamites_planted", "dynamites_defused"]).map(number),
        "constructions" => known("repairs_constructions"),
        "team_damage" => ratio(100 * n("team_damage_given"), n("damage_given")),
        "team_kills" => Some(number(n("team_kills"))),
        "self_kills" => Some(number(n("self_kills"))),
        "kill_steals" => known("kill_steals"),
        "useful_kills" => known("useful_kills"),
        "useful_kill_percent" => of.get("useful_kills").and_then(|kills| percent(kills, n("kills with useful_kills"))),
        "useless_kills" => known("useless_kills"),
        "denied" => known("denied_playtime"),
        "denied_per_minute" => {
            of.get("denied_playtime").and_then(|denied| ratio(60 * denied, n("seconds with denied_playtime")))
        }
        "best_spree" => known("killing_spree"),
        "worst_spree" => known("death_spree"),
        "multikills" => sum(of, &multikills).map(number),
        "multikills_4" => known("multikill_4x"),
        "multikills_5" => known("multikill_5x"),
        "multikills_6" => known("multikill_6x"),
        "grenade_kills" => Some(number(n("GRENADE kills"))),
        "grenade_hit_percent" => ratio(100 * n("GRENADE hits"), n("GRENADE shots")),
        "grenade_hits_per_kill" => ratio(n("GRENADE hits"), n("GRENADE kills")),
        "grenade_rounds" => Some(number(n("grenade rounds"))),
        "mvp" => {
            let per_round = ratio(n("damage_given"), n("rounds"));
            per_round.map(|damage| 10.0 * kd(of) + efficiency(of).unwrap_or(0.0) + damage / 100.0)
        }
        _ => return None,
    })
}
