//! Achievements and badges: one table of thresholds that a career passes. What was announced is remembered elsewhere.

use crate::formula::Formula;
use crate::formula_table::{
    CONSTRUCTIONS, DEFUSED, EVENINGS, KD, KILLS, OBJECTIVES, PLANTED, REVIVES, ROUNDS, TIMES_REVIVED, WINS,
};
use crate::totals::Totals;

/// One threshold of a badge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tier {
    /// Earned from this value on.
    pub from: f64,
    /// Worn after the name; no two tiers of any badge share one.
    pub emoji: &'static str,
    /// What it makes of a player.
    pub title: &'static str,
}

/// A category of achievements.
#[derive(Clone, Copy, Debug)]
pub struct Badge {
    /// Its name, for the ledger.
    pub id: &'static str,
    /// What counts.
    pub value: &'static Formula,
    /// It counts from so many rounds on.
    pub rounds: i64,
    /// Thresholds, rising.
    pub tiers: &'static [Tier],
}

const fn tier(from: f64, emoji: &'static str, title: &'static str) -> Tier {
    Tier { from, emoji, title }
}

const fn badge(id: &'static str, value: &'static Formula, tiers: &'static [Tier]) -> Badge {
    Badge { id, value, rounds: 0, tiers }
}

/// All badges. The order decides between equally high tiers.
pub static BADGES: &[Badge] = &[
    badge(
        "kills",
        &KILLS,
        &[
            tier(100.0, "🔫", "Recruit"),
            tier(500.0, "⚔️", "Fighter"),
            tier(1000.0, "💥", "Killer"),
            tier(2500.0, "🔥", "Hunter"),
            tier(5000.0, "💀", "Slayer"),
            tier(10_000.0, "☠️", "Reaper"),
            tier(20_000.0, "👑", "Legend"),
        ],
    ),
    badge(
        "rounds",
        &ROUNDS,
        &[
            tier(10.0, "🎮", "Newcomer"),
            tier(50.0, "🕹️", "Player"),
            tier(100.0, "🎯", "Regular"),
            tier(250.0, "🏅", "Committed"),
            tier(500.0, "🎖️", "Veteran"),
            tier(1000.0, "🏛️", "Institution"),
            tier(5000.0, "🗿", "Monument"),
        ],
    ),
    Badge {
        rounds: 20,
        ..badge(
            "kd",
            &KD,
            &[
                tier(1.0, "⚖️", "Even"),
                tier(1.5, "📈", "Ahead"),
                tier(2.0, "🚀", "Dominant"),
                tier(3.0, "🌟", "Untouchable"),
            ],
        )
    },
    badge(
        "revives",
        &REVIVES,
        &[
            tier(100.0, "💉", "Orderly"),
            tier(500.0, "🩹", "Medic"),
            tier(1000.0, "🏥", "Surgeon"),
            tier(5000.0, "😇", "Guardian angel"),
        ],
    ),
    badge(
        "times_revived",
        &TIMES_REVIVED,
        &[tier(100.0, "🧟", "Risen"), tier(500.0, "🐈", "Nine lives"), tier(3000.0, "♻️", "Immortal")],
    ),
    badge(
        "planted",
        &PLANTED,
        &[tier(50.0, "🧨", "Sapper"), tier(200.0, "💣", "Bomber"), tier(1000.0, "🌋", "Eruption")],
    ),
    badge(
        "defused",
        &DEFUSED,
        &[tier(50.0, "✂️", "Wire cutter"), tier(200.0, "🧯", "Bomb squad"), tier(1000.0, "🧊", "Ice cold")],
    ),
    badge(
        "constructions",
        &CONSTRUCTIONS,
        &[tier(50.0, "🔧", "Handyman"), tier(250.0, "🏗️", "Engineer"), tier(1000.0, "🏰", "Architect")],
    ),
    badge(
        "objectives",
        &OBJECTIVES,
        &[tier(25.0, "🚩", "Purposeful"), tier(250.0, "📦", "Carrier"), tier(2500.0, "🧭", "Strategist")],
    ),
    badge("wins", &WINS, &[tier(10.0, "🥉", "Winner"), tier(50.0, "🥈", "Victor"), tier(250.0, "🏆", "Champion")]),
    badge(
        "evenings",
        &EVENINGS,
        &[tier(10.0, "🌙", "Night owl"), tier(50.0, "🍻", "Company"), tier(250.0, "🏠", "Part of the house")],
    ),
];

/// A badge as far as a career has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Which.
    pub badge: &'static Badge,
    /// Tiers earned, lowest first.
    pub earned: &'static [Tier],
    /// The next tier, `None` when all are earned.
    pub next: Option<&'static Tier>,
    /// How much is lacking to the next tier; `None` when the value is not known or all are earned. Zero while only
    /// rounds are lacking.
    pub to_go: Option<f64>,
    /// Rounds lacking before the badge counts at all.
    pub rounds_to_go: i64,
}

/// How far a career has come in each badge, in table order.
#[must_use]
pub fn progress(career: &Totals) -> Vec<Progress> {
    let of = |badge: &'static Badge| {
        let value = badge.value.of(career);
        let rounds_to_go = (badge.rounds - career.rounds).max(0);
        let reached = |tier: &Tier| rounds_to_go == 0 && value.is_some_and(|value| value >= tier.from);
        let (earned, open) = badge.tiers.split_at(badge.tiers.partition_point(reached));
        let next = open.first();
        let to_go = next.zip(value).map(|(next, value)| (next.from - value).max(0.0));
        Progress { badge, earned, next, to_go, rounds_to_go }
    };
    BADGES.iter().map(of).collect()
}

/// Categories whose badge is worn after a name.
const WORN: usize = 3;

/// What is worn after a name: the highest tier of at most three badges, the highest first.
#[must_use]
pub fn worn(career: &Totals) -> Vec<&'static Tier> {
    let mut earned: Vec<(usize, &'static Tier)> =
        progress(career).iter().filter_map(|one| Some((one.earned.len(), one.earned.last()?))).collect();
    // Stable, so that table order decides between equals.
    earned.sort_by(|(a, _), (b, _)| b.cmp(a));
    earned.into_iter().take(WORN).map(|(_, tier)| tier).collect()
}

/// What a career has earned that it had not before: badge and tier, in table order.
#[must_use]
pub fn unlocked(before: &Totals, after: &Totals) -> Vec<(&'static Badge, &'static Tier)> {
    let new = |(before, after): (Progress, Progress)| {
        let tiers = after.earned.get(before.earned.len()..).unwrap_or_default();
        tiers.iter().map(move |tier| (after.badge, tier))
    };
    progress(before).into_iter().zip(progress(after)).flat_map(new).collect()
}
