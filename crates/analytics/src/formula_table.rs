//! The tables of parts and formulas: facts, and one line of code each.

use crate::formula::{Formula, Part};
use crate::formulas;
use crate::measure::Measure;
use crate::totals::Totals;

const fn part(name: &'static str, meaning: &'static str, of: fn(&Totals) -> Option<i64>) -> Part {
    Part { name, meaning, of }
}

/// What formulas are made of.
#[rustfmt::skip]
pub static PARTS: &[Part] = &[
    part("rounds", "rounds played", |t| Some(t.rounds)),
    part("seconds", "seconds on a team while playing", |t| Some(t.seconds)),
    part("evenings", "evenings", |t| Some(t.evenings)),
    part("kills", "enemies killed", |t| Some(t.kills)),
    part("deaths", "deaths by enemies", |t| Some(t.deaths)),
    part("shots", "shots, throws and calls with all weapons", |t| Some(t.shots)),
    part("aimed_hits", "hits with aimed weapons", |t| Some(t.aimed_hits)),
    part("aimed_shots", "shots with aimed weapons", |t| Some(t.aimed_shots)),
    part("aimed_head_hits", "hits in the head with aimed weapons", |t| Some(t.aimed_head_hits)),
    part("headshot_kills", "fatal hits in the head", |t| t.headshot_kills),
    part("kills_beside_headshot_kills", "kills in rounds that know headshot kills", |t| Some(t.kills_beside_headshot_kills)),
    part("grenade_kills", "enemies killed with hand grenades", |t| Some(t.grenade_kills)),
    part("grenade_hits", "hits with hand grenades", |t| Some(t.grenade_hits)),
    part("grenade_throws", "hand grenades thrown", |t| Some(t.grenade_throws)),
    part("grenade_rounds", "rounds with a hand grenade", |t| Some(t.grenade_rounds)),
    part("damage_given", "damage dealt to enemies", |t| Some(t.damage_given)),
    part("damage_received", "damage taken from enemies", |t| Some(t.damage_received)),
    part("team_damage_given", "damage dealt to team mates", |t| Some(t.team_damage_given)),
    part("team_kills", "team mates killed", |t| Some(t.team_kills)),
    part("self_kills", "suicides and deaths by the world", |t| Some(t.self_kills)),
    part("gibs", "enemy bodies gibbed", |t| Some(t.gibs)),
    part("alive_ms", "milliseconds alive", |t| t.alive_ms),
    part("dead_ms", "milliseconds dead: played without alive", |t| t.dead_ms()),
    part("seconds_beside_alive", "seconds played in rounds that know the time alive", |t| Some(t.seconds_beside_alive)),
    part("kill_steals", "kills of victims somebody else had damaged", |t| t.kill_steals),
    part("useful_kills", "kills that cost the victim at least half a limbo time", |t| t.useful_kills),
    part("kills_beside_useful", "kills in rounds that know useful kills", |t| Some(t.kills_beside_useful)),
    part("useless_kills", "kills of victims about to respawn", |t| t.useless_kills),
    part("objectives_stolen", "objectives taken", |t| t.objectives_stolen),
    part("objectives_returned", "objectives returned", |t| t.objectives_returned),
    part("dynamites_planted", "dynamites planted", |t| t.dynamites_planted),
    part("dynamites_defused", "dynamites defused", |t| t.dynamites_defused),
    part("constructions", "repairs and constructions", |t| t.constructions),
    part("times_revived", "times revived by a medic", |t| t.times_revived),
    part("revives_given", "revives given", |t| t.revives_given),
    part("rounds_beside_revives", "rounds that know revives", |t| Some(t.rounds_beside_revives)),
    part("denied_seconds", "seconds that victims stayed dead", |t| t.denied_seconds),
    part("seconds_beside_denied", "seconds played in rounds that know denied time", |t| Some(t.seconds_beside_denied)),
    part("multikills_2", "chains of 2 kills", |t| t.multikills_2),
    part("multikills_3", "chains of 3 kills", |t| t.multikills_3),
    part("multikills_4", "chains of 4 kills", |t| t.multikills_4),
    part("multikills_5", "chains of 5 kills", |t| t.multikills_5),
    part("multikills_6", "chains of 6 or more kills", |t| t.multikills_6),
    part("best_spree", "best killing spree", |t| t.best_spree.map(|peak| peak.value)),
    part("worst_spree", "worst death spree", |t| t.worst_spree.map(|peak| peak.value)),
    part("matches", "matches won, drawn or lost", |t| Some(t.matches())),
    part("matches_won", "matches won", |t| Some(t.matches_won)),
];

const fn formula(
    id: &'static str,
    title: &'static str,
    measure: Measure,
    text: &'static str,
    value: fn(&Totals) -> Option<f64>,
) -> Formula {
    Formula { id, title, measure, text, value }
}

fn count(number: Option<i64>) -> Option<f64> {
    number.map(formulas::float)
}

fn ratio(part: Option<i64>, whole: i64) -> Option<f64> {
    part.filter(|_| whole > 0).map(|part| formulas::ratio(part, whole))
}

/// A share: at most 100.
fn percent(part: Option<i64>, whole: i64) -> Option<f64> {
    percent_above(part, whole).map(|value| value.min(100.0))
}

/// In percent, where more than 100 is possible.
fn percent_above(part: Option<i64>, whole: i64) -> Option<f64> {
    ratio(part, whole).map(|value| 100.0 * value)
}

/// Rounds.
pub static ROUNDS: Formula = formula("rounds", "rounds", Measure::Count, "{rounds}", |t| count(Some(t.rounds)));
/// Time played.
pub static HOURS: Formula = formula("hours", "time played", Measure::Seconds, "{seconds}", |t| count(Some(t.seconds)));
/// Evenings.
pub static EVENINGS: Formula =
    formula("evenings", "evenings", Measure::Count, "{evenings}", |t| count(Some(t.evenings)));
/// Matches.
pub static MATCHES: Formula = formula("matches", "matches", Measure::Count, "{matches}", |t| count(Some(t.matches())));
/// Matches won.
pub static WINS: Formula =
    formula("wins", "matches won", Measure::Count, "{matches_won}", |t| count(Some(t.matches_won)));
/// Match win rate.
pub static WIN_RATE: Formula =
    formula("win_rate", "match win rate", Measure::Percent, "100 · {matches_won} / {matches}", |t| {
        percent(Some(t.matches_won), t.matches())
    });
/// Kills.
pub static KILLS: Formula = formula("kills", "kills", Measure::Count, "{kills}", |t| count(Some(t.kills)));
/// Deaths.
pub static DEATHS: Formula = formula("deaths", "deaths", Measure::Count, "{deaths}", |t| count(Some(t.deaths)));
/// K/D.
pub static KD: Formula =
    formula("kd", "K/D", Measure::Ratio, "{kills} / {deaths}", |t| Some(formulas::kd(t.kills, t.deaths)));
/// Efficiency.
pub static EFFICIENCY: Formula =
    formula("efficiency", "efficiency", Measure::Percent, "100 · {kills} / ({kills} + {deaths})", |t| {
        (t.kills > 0 || t.deaths > 0).then(|| formulas::efficiency(t.kills, t.deaths))
    });
/// Damage given.
pub static DAMAGE: Formula =
    formula("damage", "damage given", Measure::Count, "{damage_given}", |t| count(Some(t.damage_given)));
/// Damage received.
pub static DAMAGE_RECEIVED: Formula =
    formula("damage_received", "damage received", Measure::Count, "{damage_received}", |t| {
        count(Some(t.damage_received))
    });
/// DPM.
pub static DPM: Formula = formula("dpm", "DPM", Measure::Rate, "60 · {damage_given} / {seconds}", |t| {
    (t.seconds > 0).then(|| formulas::dpm(t.damage_given, t.seconds))
});
/// Damage per round.
pub static ADR: Formula = formula("adr", "damage per round", Measure::Rate, "{damage_given} / {rounds}", |t| {
    ratio(Some(t.damage_given), t.rounds)
});
/// Kills per round.
pub static KPR: Formula =
    formula("kpr", "kills per round", Measure::Ratio, "{kills} / {rounds}", |t| ratio(Some(t.kills), t.rounds));
/// Deaths per round.
pub static DPR: Formula =
    formula("dpr", "deaths per round", Measure::Ratio, "{deaths} / {rounds}", |t| ratio(Some(t.deaths), t.rounds));
/// Damage given per received.
pub static DAMAGE_EFFICIENCY: Formula = formula(
    "damage_efficiency",
    "damage given per received",
    Measure::Ratio,
    "{damage_given} / {damage_received}",
    |t| Some(formulas::damage_efficiency(t.damage_given, t.damage_received)),
);
/// Damage received per death.
pub static DAMAGE_PER_DEATH: Formula =
    formula("damage_per_death", "damage received per death", Measure::Rate, "{damage_received} / {deaths}", |t| {
        ratio(Some(t.damage_received), t.deaths)
    });
/// Shots of aimed weapons.
pub static SHOTS: Formula =
    formula("shots", "shots of aimed weapons", Measure::Count, "{aimed_shots}", |t| count(Some(t.aimed_shots)));
/// Hits of aimed weapons.
pub static HITS: Formula =
    formula("hits", "hits of aimed weapons", Measure::Count, "{aimed_hits}", |t| count(Some(t.aimed_hits)));
/// Accuracy.
pub static ACCURACY: Formula =
    formula("accuracy", "accuracy", Measure::Percent, "100 · {aimed_hits} / {aimed_shots}", |t| {
        (t.aimed_shots > 0).then(|| formulas::accuracy(t.aimed_hits, t.aimed_shots))
    });
/// Head-hit %.
pub static HEAD_HIT_PERCENT: Formula =
    formula("head_hit_percent", "head-hit %", Measure::Percent, "100 · {aimed_head_hits} / {aimed_hits}", |t| {
        (t.aimed_hits > 0).then(|| formulas::headshot_hit_percent(t.aimed_head_hits, t.aimed_hits))
    });
/// Headshot kills.
pub static HEADSHOT_KILLS: Formula =
    formula("headshot_kills", "headshot kills", Measure::Count, "{headshot_kills}", |t| count(t.headshot_kills));
/// Headshot kills %.
pub static HEADSHOT_KILL_PERCENT: Formula = formula(
    "headshot_kill_percent",
    "headshot kills %",
    Measure::Percent,
    "100 · {headshot_kills} / {kills_beside_headshot_kills}",
    |t| percent(t.headshot_kills, t.kills_beside_headshot_kills),
);
/// Shots per kill.
pub static SHOTS_PER_KILL: Formula =
    formula("shots_per_kill", "shots per kill", Measure::Ratio, "{aimed_shots} / {kills}", |t| {
        ratio(Some(t.aimed_shots), t.kills)
    });
/// Time alive.
pub static SURVIVAL: Formula =
    formula("survival", "time alive", Measure::Percent, "100 · {alive_ms} / (1000 · {seconds_beside_alive})", |t| {
        percent(t.alive_ms, t.seconds_beside_alive.saturating_mul(1000))
    });
/// Time dead.
pub static TIME_DEAD: Formula =
    formula("time_dead", "time dead", Measure::Percent, "100 · {dead_ms} / (1000 · {seconds_beside_alive})", |t| {
        percent(t.dead_ms(), t.seconds_beside_alive.saturating_mul(1000))
    });
/// Revives given.
pub static REVIVES: Formula =
    formula("revives", "revives given", Measure::Count, "{revives_given}", |t| count(t.revives_given));
/// Revives per round.
pub static REVIVES_PER_ROUND: Formula = formula(
    "revives_per_round",
    "revives per round",
    Measure::Ratio,
    "{revives_given} / {rounds_beside_revives}",
    |t| ratio(t.revives_given, t.rounds_beside_revives),
);
/// Times revived.
pub static TIMES_REVIVED: Formula =
    formula("times_revived", "times revived", Measure::Count, "{times_revived}", |t| count(t.times_revived));
/// Gibs.
pub static GIBS: Formula = formula("gibs", "gibs", Measure::Count, "{gibs}", |t| count(Some(t.gibs)));
/// Gibs per round.
pub static GIBS_PER_ROUND: Formula =
    formula("gibs_per_round", "gibs per round", Measure::Ratio, "{gibs} / {rounds}", |t| ratio(Some(t.gibs), t.rounds));
/// Objectives.
pub static OBJECTIVES: Formula = formula(
    "objectives",
    "objectives",
    Measure::Count,
    "{objectives_stolen} + {objectives_returned} + {dynamites_planted} + {dynamites_defused} + {constructions}",
    |t| count(t.objectives()),
);
/// Objectives per round.
pub static OBJECTIVES_PER_ROUND: Formula = formula(
    "objectives_per_round",
    "objectives per round",
    Measure::Ratio,
    "({objectives_stolen} + {objectives_returned} + {dynamites_planted} + {dynamites_defused} + {constructions}) / {rounds}",
    |t| ratio(t.objectives(), t.rounds),
);
/// Dynamites planted.
pub static PLANTED: Formula =
    formula("planted", "dynamites planted", Measure::Count, "{dynamites_planted}", |t| count(t.dynamites_planted));
/// Dynamites defused.
pub static DEFUSED: Formula =
    formula("defused", "dynamites defused", Measure::Count, "{dynamites_defused}", |t| count(t.dynamites_defused));
/// Dynamites planted and defused.
pub static DYNAMITES: Formula = formula(
    "dynamites",
    "dynamites planted and defused",
    Measure::Count,
    "{dynamites_planted} + {dynamites_defused}",
    |t| count(t.dynamites()),
);
/// Constructions.
pub static CONSTRUCTIONS: Formula =
    formula("constructions", "constructions", Measure::Count, "{constructions}", |t| count(t.constructions));
/// Team damage per damage.
pub static TEAM_DAMAGE: Formula = formula(
    "team_damage",
    "team damage per damage",
    Measure::Percent,
    "100 · {team_damage_given} / {damage_given}",
    |t| percent_above(Some(t.team_damage_given), t.damage_given),
);
/// Team kills.
pub static TEAM_KILLS: Formula =
    formula("team_kills", "team kills", Measure::Count, "{team_kills}", |t| count(Some(t.team_kills)));
/// Self kills.
pub static SELF_KILLS: Formula =
    formula("self_kills", "self kills", Measure::Count, "{self_kills}", |t| count(Some(t.self_kills)));
/// Kill steals.
pub static KILL_STEALS: Formula =
    formula("kill_steals", "kill steals", Measure::Count, "{kill_steals}", |t| count(t.kill_steals));
/// Useful kills.
pub static USEFUL_KILLS: Formula =
    formula("useful_kills", "useful kills", Measure::Count, "{useful_kills}", |t| count(t.useful_kills));
/// Useful kills %.
pub static USEFUL_KILL_PERCENT: Formula = formula(
    "useful_kill_percent",
    "useful kills %",
    Measure::Percent,
    "100 · {useful_kills} / {kills_beside_useful}",
    |t| percent(t.useful_kills, t.kills_beside_useful),
);
/// Useless kills.
pub static USELESS_KILLS: Formula =
    formula("useless_kills", "useless kills", Measure::Count, "{useless_kills}", |t| count(t.useless_kills));
/// Time denied.
pub static DENIED: Formula =
    formula("denied", "time denied", Measure::Seconds, "{denied_seconds}", |t| count(t.denied_seconds));
/// Time denied per minute.
pub static DENIED_PER_MINUTE: Formula = formula(
    "denied_per_minute",
    "time denied per minute",
    Measure::Ratio,
    "60 · {denied_seconds} / {seconds_beside_denied}",
    |t| ratio(t.denied_seconds, t.seconds_beside_denied).map(|value| 60.0 * value),
);
/// Best killing spree.
pub static BEST_SPREE: Formula = formula("best_spree", "best killing spree", Measure::Count, "{best_spree}", |t| {
    count(t.best_spree.map(|peak| peak.value))
});
/// Worst death spree.
pub static WORST_SPREE: Formula = formula("worst_spree", "worst death spree", Measure::Count, "{worst_spree}", |t| {
    count(t.worst_spree.map(|peak| peak.value))
});
/// Multikills.
pub static MULTIKILLS: Formula = formula(
    "multikills",
    "multikills",
    Measure::Count,
    "{multikills_2} + {multikills_3} + {multikills_4} + {multikills_5} + {multikills_6}",
    |t| count(t.multikills()),
);
/// 4x.
pub static MULTIKILLS_4: Formula =
    formula("multikills_4", "4x", Measure::Count, "{multikills_4}", |t| count(t.multikills_4));
/// 5x.
pub static MULTIKILLS_5: Formula =
    formula("multikills_5", "5x", Measure::Count, "{multikills_5}", |t| count(t.multikills_5));
/// 6x.
pub static MULTIKILLS_6: Formula =
    formula("multikills_6", "6x", Measure::Count, "{multikills_6}", |t| count(t.multikills_6));
/// Kills with grenades.
pub static GRENADE_KILLS: Formula =
    formula("grenade_kills", "kills with grenades", Measure::Count, "{grenade_kills}", |t| {
        count(Some(t.grenade_kills))
    });
/// Grenade hits per throw.
pub static GRENADE_HIT_PERCENT: Formula = formula(
    "grenade_hit_percent",
    "grenade hits per throw",
    Measure::Percent,
    "100 · {grenade_hits} / {grenade_throws}",
    |t| percent_above(Some(t.grenade_hits), t.grenade_throws),
);
/// Grenade hits per kill.
pub static GRENADE_HITS_PER_KILL: Formula = formula(
    "grenade_hits_per_kill",
    "grenade hits per kill",
    Measure::Ratio,
    "{grenade_hits} / {grenade_kills}",
    |t| ratio(Some(t.grenade_hits), t.grenade_kills),
);
/// Rounds with grenades.
pub static GRENADE_ROUNDS: Formula =
    formula("grenade_rounds", "rounds with grenades", Measure::Count, "{grenade_rounds}", |t| {
        count(Some(t.grenade_rounds))
    });
/// MVP value.
pub static MVP: Formula = formula(
    "mvp",
    "MVP value",
    Measure::Index,
    "10 · {kills} / {deaths} + 100 · {kills} / ({kills} + {deaths}) + {damage_given} / {rounds} / 100",
    |t| (t.rounds > 0).then(|| formulas::evening_mvp(t.kills, t.deaths, t.damage_given, t.rounds)),
);

/// All formulas, in the order of the documents.
#[rustfmt::skip]
pub static FORMULAS: &[&Formula] = &[
    &ROUNDS, &HOURS, &EVENINGS, &MATCHES, &WINS, &WIN_RATE, &KILLS, &DEATHS, &KD, &EFFICIENCY, &DAMAGE,
    &DAMAGE_RECEIVED, &DPM, &ADR, &KPR, &DPR, &DAMAGE_EFFICIENCY, &DAMAGE_PER_DEATH, &SHOTS, &HITS, &ACCURACY,
    &HEAD_HIT_PERCENT, &HEADSHOT_KILLS, &HEADSHOT_KILL_PERCENT, &SHOTS_PER_KILL, &SURVIVAL, &TIME_DEAD,
    &REVIVES, &REVIVES_PER_ROUND, &TIMES_REVIVED, &GIBS, &GIBS_PER_ROUND, &OBJECTIVES, &OBJECTIVES_PER_ROUND,
    &PLANTED, &DEFUSED, &DYNAMITES, &CONSTRUCTIONS, &TEAM_DAMAGE, &TEAM_KILLS, &SELF_KILLS, &KILL_STEALS,
    &USEFUL_KILLS, &USEFUL_KILL_PERCENT, &USELESS_KILLS, &DENIED, &DENIED_PER_MINUTE, &BEST_SPREE,
    &WORST_SPREE, &MULTIKILLS, &MULTIKILLS_4, &MULTIKILLS_5, &MULTIKILLS_6, &GRENADE_KILLS,
    &GRENADE_HIT_PERCENT, &GRENADE_HITS_PER_KILL, &GRENADE_ROUNDS, &MVP,
];
