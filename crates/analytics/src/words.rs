//! The words of an evening: states, statuses, reasons.

use std::fmt;

use fullhold_stats_file::{Stamp, words};

/// A match, named by the stamp of its R1 and its map; an orphan or aborted round uses its own stamp.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchId {
    /// Stamp of the R1.
    pub stamp: Stamp,
    /// Map.
    pub map: String,
}

impl fmt::Display for MatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.stamp, self.map)
    }
}

words! {
    /// How much of a match there is.
    pub enum MatchState: "state of a match" {
        /// R1 and R2.
        Complete = "complete",
        /// An R1 that no R2 followed.
        AbandonedR1 = "abandoned_r1",
        /// An R2 without its R1.
        OrphanR2 = "orphan_r2",
    }
}

words! {
    /// What a round is to be taken for.
    pub enum RoundStatus: "status of a round" {
        /// Played to its end.
        Completed = "completed",
        /// Played again by the same people within 15 minutes.
        Cancelled = "cancelled",
        /// Played again by other people within 15 minutes.
        Substitution = "substitution",
        /// Ended by a map change in mid-round.
        Aborted = "aborted",
        /// Its numbers are match totals: R1 is not known.
        OrphanR2 = "orphan_r2",
    }
}

words! {
    /// Why a round does not count for statistics.
    pub enum Reason: "reason why a round does not count" {
        /// R2 without R1.
        OrphanR2 = "orphan_r2",
        /// R1 and R2 contradict each other.
        DifferentialError = "differential_error",
        /// Map change in mid-round.
        Aborted = "aborted",
        /// Played again by the same people.
        Cancelled = "cancelled",
        /// More bots than people.
        Bots = "bots",
        /// The map is excluded by configuration.
        ExcludedMap = "excluded_map",
        /// Nobody played.
        NoPlayers = "no_players",
        /// A person said so.
        Override = "override",
    }
}

words! {
    /// What a person decided about a round.
    pub enum Verdict: "verdict on a round" {
        /// Counts, whatever the rules say.
        Valid = "valid",
        /// Was played again.
        Cancelled = "cancelled",
        /// Does not count.
        Ignore = "ignore",
    }
}

words! {
    /// How sure it is who played with whom.
    pub enum Confidence: "confidence in teams" {
        /// Nobody unassigned, and at least 70 % of the first three rounds agree.
        High = "high",
        /// At most one unassigned.
        Medium = "medium",
        /// Anything else.
        Low = "low",
    }
}

words! {
    /// A player's team in a session.
    pub enum Team: "team" {
        /// Team A.
        A = "A",
        /// Team B.
        B = "B",
        /// Played in both alike.
        Ambiguous = "ambiguous",
    }
}

words! {
    /// Why a match gives no points to a team.
    pub enum Undecided: "reason why a match is undecided" {
        /// One of its rounds is missing.
        Incomplete = "incomplete",
        /// One of its rounds is not valid.
        InvalidRound = "invalid_round",
        /// One of its rounds has no winner.
        NoWinner = "no_winner",
        /// Its players belong to both teams alike.
        MixedTeams = "mixed_teams",
    }
}
