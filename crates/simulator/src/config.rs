//! What is played, and what goes wrong.

use fullhold_stats_file::Era;

use crate::evening::Kind;
use crate::habits::Habits;

/// A simulation. The same configuration gives the same files.
#[derive(Clone, Debug)]
pub struct Config {
    /// Seed of all chance.
    pub seed: u64,
    /// Stop after the evening in which so many files are reached.
    pub rounds: usize,
    /// First day, `YYYY-MM-DD`.
    pub start: (i16, i8, i8),
    /// Days from one evening to the next: at least 1.
    pub days_between: i32,
    /// IANA zone of the server's clock.
    pub timezone: String,
    /// Name of the server, with colour codes.
    pub server_name: String,
    /// People who may turn up.
    pub players: usize,
    /// Players of a team: chosen per evening between these.
    pub team_size: (usize, usize),
    /// Matches of an evening: chosen between these.
    pub matches: (i32, i32),
    /// Layout of the files.
    pub era: EraChoice,
    /// What goes wrong.
    pub disturbances: Disturbances,
    /// How the community plays.
    pub habits: Habits,
}

/// Which layout an evening's files have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EraChoice {
    /// Always this one.
    Fixed(Era),
    /// One by chance per evening.
    Any,
}

/// How often things go wrong, in cases per 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disturbances {
    /// A player is replaced between matches.
    pub substitute: u32,
    /// A player joins for round 2 only.
    pub join: u32,
    /// A player of round 1 watches round 2: his line is carried over.
    pub watch: u32,
    /// A player of round 1 is gone in round 2.
    pub leave: u32,
    /// A player reconnects between the rounds: his counters start again.
    pub reconnect: u32,
    /// A player changes his name between the rounds.
    pub rename: u32,
    /// A player comes late into a round.
    pub late: u32,
    /// A player quits in mid-round: his line stays as it was.
    pub quit: u32,
    /// The attackers give up before the limit.
    pub surrender: u32,
    /// Round 1 ends by a map change: written as round 2 with every rounds counter at 0.
    pub aborted_r1: u32,
    /// Round 2 ends by a map change: written as round 1 with counters running on.
    pub aborted_r2: u32,
    /// A map is played anew after an aborted round.
    pub replay: u32,
    /// Round 1 is played again by the same people.
    pub restart: u32,
    /// Round 1 is played again by others.
    pub substitution: u32,
    /// Round 2 is never played.
    pub abandoned: u32,
    /// The file of round 1 is lost.
    pub lost_r1: u32,
    /// The same map is played again at once.
    pub again: u32,
    /// Bots fill a match.
    pub bots: u32,
    /// A file with a header only, or with one idle player.
    pub idle: u32,
    /// A stab at a corpse takes a knife shot back in round 2.
    pub stab: u32,
    /// The header has the ninth field.
    pub play_time: u32,
    /// An evening lies in the night in which the clock changes.
    pub clock_change: u32,
}

impl Disturbances {
    /// A perfect server.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            substitute: 0,
            join: 0,
            watch: 0,
            leave: 0,
            reconnect: 0,
            rename: 0,
            late: 0,
            quit: 0,
            surrender: 0,
            aborted_r1: 0,
            aborted_r2: 0,
            replay: 0,
            restart: 0,
            substitution: 0,
            abandoned: 0,
            lost_r1: 0,
            again: 0,
            bots: 0,
            idle: 0,
            stab: 0,
            play_time: 0,
            clock_change: 0,
        }
    }

    /// Everything, more often than in life.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            substitute: 150,
            join: 120,
            watch: 100,
            leave: 100,
            reconnect: 120,
            rename: 100,
            late: 100,
            quit: 60,
            surrender: 300,
            aborted_r1: 40,
            aborted_r2: 40,
            replay: 700,
            restart: 40,
            substitution: 40,
            abandoned: 40,
            lost_r1: 40,
            again: 200,
            bots: 60,
            idle: 30,
            stab: 150,
            play_time: 300,
            clock_change: 60,
        }
    }
}

impl Config {
    /// A community of 18 people playing 3 to 9 maps every second evening.
    #[must_use]
    pub fn community(seed: u64, rounds: usize, timezone: &str, disturbances: Disturbances) -> Self {
        Self {
            seed,
            rounds,
            start: (2025, 1, 7),
            days_between: 2,
            timezone: timezone.to_owned(),
            server_name: "^3full^7hold ^1test".to_owned(),
            players: 18,
            team_size: (3, 6),
            matches: (3, 9),
            era: EraChoice::Any,
            disturbances,
            habits: Habits::plain(),
        }
    }

    /// People a community sends to an evening: both teams, and whoever comes in for somebody.
    pub(crate) fn crowd(&self, kind: Kind) -> usize {
        let teams = self.team_size.1 * 2;
        match kind {
            Kind::Plain | Kind::Bots => teams + 4,
            Kind::Guests => teams + self.team_size.1 + 4,
            Kind::WithoutPause(_) => teams + 30,
        }
    }
}
