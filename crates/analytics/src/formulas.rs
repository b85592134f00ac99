//! Every formula of the product, one function each. Arguments are sums over whatever is asked for:
//! a ratio is a ratio of sums, never a mean of ratios. What is made of them is documented in docs/FORMULAS.md.

/// Sums are far below 2^53, so this is exact.
#[expect(clippy::cast_precision_loss, reason = "counts of games stay far below 2^53")]
pub(crate) const fn float(number: i64) -> f64 {
    number as f64
}

/// `part / whole`, 0 without a whole.
pub(crate) fn ratio(part: i64, whole: i64) -> f64 {
    if whole > 0 { float(part) / float(whole) } else { 0.0 }
}

/// Damage per minute: 60 · damage / player seconds; 0 without time.
#[must_use]
pub fn dpm(damage_given: i64, seconds: i64) -> f64 {
    60.0 * ratio(damage_given, seconds)
}

/// Kills per death; the kills themselves without deaths.
#[must_use]
pub fn kd(kills: i64, deaths: i64) -> f64 {
    if deaths > 0 { ratio(kills, deaths) } else { float(kills) }
}

/// 100 · kills / (kills + deaths), in percent; 0 without either.
#[must_use]
pub fn efficiency(kills: i64, deaths: i64) -> f64 {
    100.0 * ratio(kills, kills.saturating_add(deaths))
}

/// 100 · hits / shots over aimed weapons, in percent, at most 100.
#[must_use]
pub fn accuracy(hits: i64, shots: i64) -> f64 {
    (100.0 * ratio(hits, shots)).min(100.0)
}

/// Head hits per hit, in percent, at most 100. Headshot kills are another number.
#[must_use]
pub fn headshot_hit_percent(headshots: i64, hits: i64) -> f64 {
    (100.0 * ratio(headshots, hits)).min(100.0)
}

/// Damage per round.
#[must_use]
pub fn adr(damage_given: i64, rounds: i64) -> f64 {
    ratio(damage_given, rounds)
}

/// Kills per round.
#[must_use]
pub fn kpr(kills: i64, rounds: i64) -> f64 {
    ratio(kills, rounds)
}

/// Deaths per round.
#[must_use]
pub fn dpr(deaths: i64, rounds: i64) -> f64 {
    ratio(deaths, rounds)
}

/// Share of the time on a team spent alive, 0 to 1.
#[must_use]
pub fn survival(alive_ms: i64, played_ms: i64) -> f64 {
    ratio(alive_ms, played_ms).min(1.0)
}

/// Damage given per damage received; the damage itself when none was received.
#[must_use]
pub fn damage_efficiency(given: i64, received: i64) -> f64 {
    if received > 0 { ratio(given, received) } else { float(given) }
}

/// Share of the time on a team spent dead, in percent, at most 100.
#[must_use]
pub fn time_dead_ratio(dead_ms: i64, played_ms: i64) -> f64 {
    (100.0 * ratio(dead_ms, played_ms)).min(100.0)
}

/// Damage received per death in units of 130 HP; only above 1,000 damage and above 3, else 0.
/// Without deaths the writer counts (damage + 1) / 130.
#[must_use]
pub fn tank_meatshield(damage_received: i64, deaths: i64) -> f64 {
    let value =
        if deaths > 0 { ratio(damage_received, deaths) } else { float(damage_received.saturating_add(1)) } / 130.0;
    if damage_received > 1000 && value > 3.0 { value } else { 0.0 }
}

/// MVP value of a round: 10 · K/D + efficiency + damage / 100.
#[must_use]
pub fn round_mvp(kills: i64, deaths: i64, damage_given: i64) -> f64 {
    evening_mvp(kills, deaths, damage_given, 1)
}

/// MVP value of an evening: the same with damage per round, so that it stays on the same scale.
#[must_use]
pub fn evening_mvp(kills: i64, deaths: i64, damage_given: i64, rounds: i64) -> f64 {
    10.0 * kd(kills, deaths) + efficiency(kills, deaths) + adr(damage_given, rounds) / 100.0
}
