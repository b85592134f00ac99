//! From the rounds of a server to everything that follows from their order.

use fullhold_differential::Role;
use fullhold_stats_file::{Guid, RoundNumber, Seconds, Side, Stamp};

use crate::teams::ManualRoster;
use crate::words::{Confidence, MatchId, MatchState, Reason, RoundStatus, Undecided, Verdict};
use crate::{matches, restarts, score, sessions, teams, validity};

/// What is configurable.
#[derive(Clone, Debug)]
pub struct TimelineConfig {
    /// A longer gap between two rounds begins a new session; exactly so long continues it.
    pub session_gap: Seconds,
    /// When a day of the server begins: a session also ends there. `None`: only gaps end one.
    pub day_start: Option<DayStart>,
    /// An abandoned round played again within this time was restarted.
    pub restart_window: Seconds,
    /// Maps that never count.
    pub excluded_maps: Vec<String>,
}

/// The specification's rules, which settings begin with.
impl Default for TimelineConfig {
    fn default() -> Self {
        Self {
            session_gap: Seconds(60 * 60),
            day_start: Some(DayStart::SIX),
            restart_window: Seconds(15 * 60),
            excluded_maps: Vec::new(),
        }
    }
}

/// A time of the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayStart {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl DayStart {
    /// Six in the morning: nobody's evening lasts so long.
    pub const SIX: Self = Self { hour: 6, minute: 0 };
}

/// A round, as far as its order and result matter.
#[derive(Clone, Debug)]
pub struct TimelineRound<'a> {
    /// End of the round, seconds since 1970 UTC.
    pub ended_at: i64,
    /// Number of the server's day that its match belongs to, that of the R1; one number for all
    /// rounds where days end no session.
    pub day: i64,
    /// Stamp of its file.
    pub stamp: Stamp,
    /// Map.
    pub map: &'a str,
    /// Round number of its file.
    pub round: RoundNumber,
    /// What pairing made of it; indices are positions in the same slice.
    pub role: Role,
    /// Side that defended.
    pub defender: Side,
    /// Side that won.
    pub winner: Option<Side>,
    /// Who took part.
    pub roster: Vec<RosterEntry>,
    /// What a person decided.
    pub verdict: Option<Verdict>,
    /// R1 and R2 contradict each other.
    pub is_contradictory: bool,
}

/// A player of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    /// Identity.
    pub guid: Guid,
    /// Side at the end of the round; `None` for spectators.
    pub side: Option<Side>,
    /// Bot by guid or name.
    pub is_bot: bool,
}

/// Everything that follows. Indices are positions in the input, in `sessions` or in `matches`.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// By input round.
    pub rounds: Vec<RoundResult>,
    /// Oldest first.
    pub sessions: Vec<SessionResult>,
    /// Oldest first.
    pub matches: Vec<MatchResult>,
}

/// What became of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundResult {
    /// Its session.
    pub session: usize,
    /// Its match.
    pub match_id: MatchId,
    /// How much of the match there is.
    pub state: MatchState,
    /// What it is to be taken for.
    pub status: RoundStatus,
    /// Counts for statistics.
    pub is_valid: bool,
    /// Why not; empty exactly when valid.
    pub reasons: Vec<Reason>,
}

/// An evening.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionResult {
    /// Its rounds in order.
    pub members: Vec<usize>,
    /// First round.
    pub first: usize,
    /// Last round.
    pub last: usize,
    /// Rounds, valid or not.
    pub rounds: usize,
    /// Rounds that count for statistics.
    pub valid_rounds: usize,
    /// Complete matches.
    pub complete: usize,
    /// Players who took part.
    pub players: usize,
    /// Team A, sorted: Axis in the session's first R1.
    pub team_a: Vec<Guid>,
    /// Team B, sorted.
    pub team_b: Vec<Guid>,
    /// Players of either team or none, sorted.
    pub ambiguous: Vec<Guid>,
    /// Who set the teams, if people did: a position in the rosters.
    pub roster: Option<usize>,
    /// How sure the teams are.
    pub confidence: Confidence,
    /// Points of team A.
    pub score_a: usize,
    /// Points of team B.
    pub score_b: usize,
}

/// A match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchResult {
    /// Its name.
    pub match_id: MatchId,
    /// Its map.
    pub map: String,
    /// Its session: that of its first round.
    pub session: usize,
    /// R1.
    pub r1: Option<usize>,
    /// R2.
    pub r2: Option<usize>,
    /// How much of it there is.
    pub state: MatchState,
    /// Points of those who attacked in R1.
    pub points_r1_attackers: Option<u8>,
    /// Points of those who attacked in R2.
    pub points_r2_attackers: Option<u8>,
    /// Side of team A in R1.
    pub team_a_r1_side: Option<Side>,
    /// Points of team A.
    pub points_a: Option<u8>,
    /// Points of team B.
    pub points_b: Option<u8>,
    /// Why it does not count for the evening's score.
    pub undecided: Option<Undecided>,
}

/// Computes the timeline of one server's rounds. Pure: the same set of rounds in any order gives
/// the same sessions, matches and results. `rosters` are teams that people set, in the order in
/// which they decided: the last one of a session wins over what is detected.
#[must_use]
pub fn timeline(rounds: &[TimelineRound<'_>], config: &TimelineConfig, rosters: &[ManualRoster]) -> Timeline {
    let order = sessions::order(rounds);
    let evenings = sessions::split(rounds, &order, config.session_gap);
    let mut results: Vec<Option<RoundResult>> = vec![None; rounds.len()];
    for (session, members) in evenings.iter().enumerate() {
        let played = restarts::Played::new(rounds, members);
        for &index in members {
            let Some(round) = rounds.get(index) else { continue };
            let status = restarts::status(&played, round, config.restart_window);
            let reasons = validity::reasons(round, status, config);
            let result = RoundResult {
                session,
                match_id: matches::id(rounds, index),
                state: matches::state(round),
                status,
                is_valid: reasons.is_empty(),
                reasons,
            };
            if let Some(slot) = results.get_mut(index) {
                *slot = Some(result);
            }
        }
    }
    // Only now: the R2 of a match may lie behind a gap, in the next session.
    let mut sessions = Vec::with_capacity(evenings.len());
    let mut all_matches = Vec::new();
    for (session, members) in evenings.into_iter().enumerate() {
        let people = teams::of_session(rounds, &members, rosters);
        let mut found = matches::of_session(rounds, &members, session);
        for one in &mut found {
            score::decide(one, rounds, &results, &people);
        }
        sessions.push(sessions::summarise(rounds, members, &results, &found, people));
        all_matches.extend(found);
    }
    // Every round is a member of exactly one session, so none is left out here.
    Timeline { rounds: results.into_iter().flatten().collect(), sessions, matches: all_matches }
}
