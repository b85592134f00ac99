//! Rates that no player reaches. Warnings, never clamps.

use fullhold_differential::PlayerRound;
use fullhold_stats_file::{Field, Seconds};

use crate::finding::Findings;

/// Short of this a rate says nothing: one burst in two seconds is no cheat.
const SHORTEST: i64 = 10;

pub(crate) fn check(player: &PlayerRound, duration: Option<Seconds>, findings: &mut Findings) {
    let counters = &player.counters;
    let guid = Some(player.guid);
    let seconds = i64::from(counters.played.0);
    let count = |field| i64::from(counters.count(field));
    let sums = counters.weapon_sums();
    if seconds >= SHORTEST {
        // At most `amount` in `time` seconds.
        let mut rate = |found: i64, amount: i64, time: i64, rule: &'static str| {
            findings.require(found * time <= seconds * amount, rule, guid, || {
                (format!("at most {} in {seconds} s", seconds * amount / time), found.to_string())
            });
        };
        rate(i64::from(sums.kills), 1, 3, "kill_rate");
        rate(i64::from(sums.deaths), 1, 3, "death_rate");
        rate(i64::from(sums.shots), 15, 1, "shot_rate");
        rate(count(Field::DamageGiven), 100, 1, "damage_rate");
        rate(count(Field::RevivesGiven), 1, 8, "revive_rate");
        rate(count(Field::Gibs), 1, 2, "gib_rate");
        rate(count(Field::DynamitesPlanted), 1, 25, "dynamite_rate");
        rate(count(Field::Xp), 3, 2, "xp_rate");
        rate(count(Field::DeniedPlaytime), 45, 60, "denied_rate");
    }
    let died = i64::from(sums.deaths) + count(Field::SelfKills) + count(Field::TeamKills);
    let revived = count(Field::TimesRevived);
    findings.require(revived <= died, "times_revived", guid, || (format!("at most {died}"), revived.to_string()));
    if let Some(duration) = duration {
        let most = i64::from(duration.0) + 60;
        findings
            .require(seconds <= most, "player_time", guid, || (format!("at most {most} s"), format!("{seconds} s")));
    }
}
