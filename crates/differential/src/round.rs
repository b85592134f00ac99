//! One round as it really was.

use fullhold_stats_file::{Guid, Header, Seconds, Side, Slot, words};

use crate::{Counters, Duration};

words! {
    /// How a player's line of this round was read.
    pub enum Class: "class of a player's line" {
        /// A line of a round 1: nothing to subtract.
        Round1 = "round1",
        /// In both rounds with the same counters running: R2 − R1.
        Ok = "ok",
        /// Not in R1: the raw numbers are the player's.
        Joined = "joined",
        /// Reconnected: the engine's counters started again, the raw numbers are the player's.
        Reset = "reset",
        /// Of an R2 whose R1 is not known: cumulative numbers are match totals.
        Orphan = "orphan",
    }
}

words! {
    /// How the round ended for the attackers.
    pub enum Outcome: "outcome of a round" {
        /// The attackers reached the objective.
        Completed = "completed",
        /// The defenders held: the limit was reached or the attackers surrendered.
        FullHold = "fullhold",
        /// Nobody won.
        Unknown = "unknown",
    }
}

impl Outcome {
    /// By the winner alone, never by the clock.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        match header.winner {
            None => Self::Unknown,
            Some(winner) if winner == header.defender => Self::FullHold,
            Some(_) => Self::Completed,
        }
    }
}

/// A player in a round.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerRound {
    /// Identity: the guid, for bots with a hash of the name.
    pub guid: Guid,
    /// Name as worn, with colour codes.
    pub name: String,
    /// Name without colour codes.
    pub clean_name: String,
    /// Bot by guid or name.
    pub is_bot: bool,
    /// Side, spectator or free, as last seen.
    pub slot: Slot,
    /// How the line was read.
    pub class: Class,
    /// The numbers of this round (match totals for [`Class::Orphan`]).
    pub counters: Counters,
}

impl PlayerRound {
    /// The side the player was on.
    #[must_use]
    pub fn side(&self) -> Option<Side> {
        self.slot.side()
    }
}

/// A round with the numbers of this round alone.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundStats {
    /// The players, in file order; those who did not take part in R2 are left out.
    pub players: Vec<PlayerRound>,
    /// Length of the round; `None` when it cannot be known.
    pub duration: Option<Duration>,
    /// What was odd about single players.
    pub warnings: Vec<Warning>,
}

/// Something odd about a player's line; nothing was changed because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The player.
    pub guid: Guid,
    /// What.
    pub kind: WarningKind,
}

/// What was odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// In R1 and R2, yet the cumulative time fits R2 alone: the counters may have been reset.
    TimeLooksReset {
        /// Cumulative seconds in the R2 file.
        raw: Seconds,
        /// Length of round 2.
        duration: Seconds,
    },
    /// Joined in R2 with more time than R2 lasted: carries counters of a round we did not see.
    JoinedWithUnseenCounters {
        /// Seconds in the R2 file.
        raw: Seconds,
        /// Length of round 2.
        duration: Seconds,
    },
    /// No time on a team, but damage or kills: the length of the round was used.
    NoTimeButAction,
}
