//! How long a round lasted, and how long a player played.

use fullhold_stats_file::{Field, Header, Seconds, words};

use crate::{Class, Outcome, PlayerRound};

/// Tenths of minutes cannot say more than this about a time in seconds.
const ROUNDING: i32 = 6;

/// Length of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// Seconds of play, pauses excluded.
    pub seconds: Seconds,
    /// Where the number comes from.
    pub source: DurationSource,
}

words! {
    /// Where a round's length comes from, best first.
    pub enum DurationSource: "source of a round's length" {
        /// Header field 8: measured by the server.
        PlayTime = "play_time",
        /// Header field 7 of a completed round: the time the attackers took.
        ObjectiveTime = "objective_time",
        /// Held, and the players' time reaches the limit within its rounding.
        TimeLimit = "time_limit",
        /// The longest time any player was on a team (± 6 s).
        PlayerTime = "player_time",
        /// The length is not known.
        Unknown = "unknown",
    }
}

/// What the header alone says about the length.
pub(crate) fn of_header(header: &Header) -> Option<Duration> {
    let limit = header.time_limit.0;
    let sane = |s: &Seconds| limit == 0 || s.0 <= limit.saturating_add(60);
    if let Some(seconds) = header.play_time.filter(sane) {
        return Some(Duration { seconds, source: DurationSource::PlayTime });
    }
    // "0:00" and garbage above the limit occur in field 7.
    let target = header.next_time_limit;
    let usable = target.0 > 0 && target.0 <= limit && Outcome::of(header) == Outcome::Completed;
    usable.then_some(Duration { seconds: target, source: DurationSource::ObjectiveTime })
}

/// The length of a round from its header and the times of its players in this round.
pub(crate) fn of_round(header: &Header, players: &[PlayerRound]) -> Option<Duration> {
    if let Some(duration) = of_header(header) {
        return Some(duration);
    }
    // Joined and reset players may carry time we did not see; those with a difference cannot.
    let longest = |trusted: bool| {
        let counted = |p: &&PlayerRound| !trusted || matches!(p.class, Class::Round1 | Class::Ok);
        players.iter().filter(counted).map(|p| p.counters.count(Field::TimePlayedMinutes)).max().filter(|t| *t > 0)
    };
    let seconds = longest(true).or_else(|| longest(false))?.saturating_mul(6);
    let limit = header.time_limit.0;
    if limit > 0 && (seconds - limit).abs() <= ROUNDING {
        return Some(Duration { seconds: header.time_limit, source: DurationSource::TimeLimit });
    }
    Some(Duration { seconds: Seconds(seconds), source: DurationSource::PlayerTime })
}

/// A player's seconds: the round's length if the two differ by rounding only, else his own time.
pub(crate) fn of_player(own: Seconds, round: Option<Duration>) -> Seconds {
    match round {
        Some(round) if (own.0 - round.seconds.0).abs() <= ROUNDING => round.seconds,
        _ => own,
    }
}
