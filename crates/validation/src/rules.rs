//! The table of rules. Facts, no functions; docs/RULES.md is generated from it.

use crate::Severity::{self, Error, Info, Warning};

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Id, as stored in `validation_findings.check`.
    pub id: &'static str,
    /// How bad breaking it is.
    pub severity: Severity,
    /// The rule as a sentence.
    pub text: &'static str,
}

const fn rule(id: &'static str, severity: Severity, text: &'static str) -> Rule {
    Rule { id, severity, text }
}

/// All rules, sorted by id.
#[rustfmt::skip]
pub static RULES: &[Rule] = &[
    rule("alive_percent", Warning, "the share of time alive is between 0 and 100 percent"),
    rule("bullet_hits", Error, "a bullet hits at most once: hits do not exceed shots"),
    rule("bullets_fired", Warning, "bullets fired equal the sum of all shots"),
    rule("damage_balance", Warning, "damage given equals damage received over the round"),
    rule("damage_rate", Warning, "at most 100 damage per second played"),
    rule("death_rate", Warning, "at most one death in three seconds played"),
    rule("denied_rate", Warning, "at most 45 seconds of denied play time per minute played"),
    rule("differential_error", Error, "counters do not fall between round 1 and round 2 unless they were reset"),
    rule("dynamite_rate", Warning, "at most one dynamite in 25 seconds played"),
    rule("gib_rate", Warning, "at most one gib in two seconds played"),
    rule("headshot_kills", Warning, "headshot kills exceed neither kills nor headshots"),
    rule("joined_with_counters", Warning, "a player who joined in round 2 has not played longer than the round"),
    rule("kd_ratio", Info, "the file's kills per death equal those of its weapons"),
    rule("kill_rate", Warning, "at most one kill in three seconds played"),
    rule("multikills", Warning, "kills in multikills do not exceed kills"),
    rule("negative", Error, "no counter is below zero"),
    rule("no_time", Warning, "a player with kills or damage has time on a team"),
    rule("player_count", Warning, "every usable player line of the file is stored, or left out because he took no part"),
    rule("player_time", Warning, "nobody plays more than a minute longer than the round lasted"),
    rule("rejected_line", Warning, "every line of the file can be used"),
    rule("revive_rate", Warning, "at most one revive in eight seconds played"),
    rule("revives_balance", Warning, "revives given equal times revived over the round"),
    rule("revives_given", Warning, "revives given equal syringe hits"),
    rule("shot_rate", Warning, "at most 15 shots per second played"),
    rule("sprees", Warning, "a spree is 0 or at least 3, and no longer than the kills"),
    rule("team_damage_balance", Warning, "team damage given equals team damage received over the round"),
    rule("time_looks_reset", Warning, "a player of both rounds has more cumulative time than round 2 lasted"),
    rule("times_revived", Warning, "nobody is revived more often than he died"),
    rule("total_deaths", Warning, "kills and deaths are equal over the round"),
    rule("total_kills", Warning, "kills of the players are those of their weapons in the file"),
    rule("unknown_layout", Warning, "the number of TAB fields is one of the known layouts"),
    rule("useful_kills", Info, "useful and useless kills together do not exceed kills"),
    rule("weapon_balance", Warning, "every weapon's kills equal its deaths over the round"),
    rule("weapon_count", Warning, "every weapon of the file's players is known to the round"),
    rule("weapon_hits", Warning, "neither kills nor headshots of a weapon exceed its hits"),
    rule("xp_rate", Warning, "at most 1.5 experience points per second played"),
];
