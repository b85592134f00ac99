//! Several servers over the same time, with the people who play on them, and how their files arrive.

use std::sync::Arc;

use crate::config::{Config, Disturbances};
use crate::crowd::{Crowd, Population};
use crate::habits::Habits;
use crate::random::Random;
use crate::schedule::Schedule;
use crate::simulation::{Evening, Simulation};
use crate::truth::TruePerson;

/// Days within which people change their guids.
const DAYS: i64 = 40;

/// A history. The same configuration gives the same files.
#[derive(Clone, Debug)]
pub struct HistoryConfig {
    /// Seed of all chance.
    pub seed: u64,
    /// Servers.
    pub servers: usize,
    /// People, regulars and passers-by of all servers.
    pub players: usize,
    /// Files of each server: it stops after the evening that reaches it.
    pub rounds: usize,
    /// Players of a team: chosen per evening between these.
    pub team_size: (usize, usize),
    /// Matches of an evening: chosen between these.
    pub matches: (i32, i32),
    /// First day, `YYYY-MM-DD`.
    pub start: (i16, i8, i8),
    /// IANA zones, given to the servers in turn; UTC if there are none.
    pub timezones: Vec<String>,
    /// What goes wrong.
    pub disturbances: Disturbances,
    /// How people play.
    pub habits: Habits,
    /// How files arrive.
    pub delivery: Delivery,
    /// People who change their guid once, in cases per 1,000.
    pub two_guids: u32,
}

/// How files arrive, in cases per 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Hours or days after it was written.
    pub late: u32,
    /// In pieces: somebody looks while it is being written.
    pub growing: u32,
    /// Without the time of its writing.
    pub without_time: u32,
}

impl Delivery {
    /// Everything at once, with its time.
    #[must_use]
    pub const fn plain() -> Self {
        Self { late: 0, growing: 0, without_time: 0 }
    }

    /// Everything, more often than in life.
    #[must_use]
    pub const fn rough() -> Self {
        Self { late: 120, growing: 100, without_time: 200 }
    }
}

impl HistoryConfig {
    /// Servers with everything that goes wrong and every habit, in two zones.
    #[must_use]
    pub fn rough(seed: u64, servers: usize, players: usize, rounds: usize) -> Self {
        Self {
            seed,
            servers,
            players,
            rounds,
            team_size: (3, 6),
            matches: (3, 9),
            start: (2025, 3, 4),
            timezones: vec!["Europe/Ljubljana".to_owned(), "America/New_York".to_owned()],
            disturbances: Disturbances::all(),
            habits: Habits::all(),
            delivery: Delivery::rough(),
            two_guids: 100,
        }
    }
}

/// Servers and people.
pub struct History {
    /// By server: what is played there.
    pub servers: Vec<Server>,
    /// Everybody who may turn up anywhere, with strength and guids.
    pub people: Vec<TruePerson>,
}

/// A server of a history: an iterator over its sessions.
pub struct Server {
    /// Its name, as the database is to know it.
    pub name: String,
    /// Its zone.
    pub timezone: String,
    simulation: Simulation,
    random: Random,
    delivery: Delivery,
}

/// A session and how its files arrive.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Files in order of play, and the truth.
    pub evening: Evening,
    /// What can be seen from when on, in order of time.
    pub arrivals: Vec<Arrival>,
}

/// From this instant on so much of a file can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Seconds since 1970 UTC.
    pub at: i64,
    /// Position of the file in its evening.
    pub file: usize,
    /// Bytes of it that are there; the last arrival of a file has all.
    pub length: usize,
    /// Time of writing that the copy has, seconds since 1970 UTC.
    pub written_at: Option<i64>,
}

impl History {
    /// Makes the people and begins at every server.
    ///
    /// # Errors
    /// A zone or the first day does not exist.
    pub fn new(config: &HistoryConfig) -> Result<Self, jiff::Error> {
        let mut random = Random::new(config.seed);
        let begin = Schedule::new("UTC", config.start, 1)?.next_evening(0, 0);
        let population =
            Arc::new(Population::new(&mut random, config.players, config.two_guids, (begin, begin + DAYS * 86_400)));
        let people = population.truth();
        let mut servers = Vec::with_capacity(config.servers);
        for number in 0..config.servers {
            let timezone = config.timezones.get(number % config.timezones.len().max(1));
            let timezone = timezone.cloned().unwrap_or_else(|| "UTC".to_owned());
            let offset = u64::try_from(number).unwrap_or(0) + 1;
            let seed = config.seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(offset);
            let mut own = Config::community(seed, config.rounds, &timezone, config.disturbances);
            own.start = config.start;
            own.days_between = 1;
            own.team_size = config.team_size;
            own.matches = config.matches;
            own.server_name = format!("^3full^7hold ^{}#{}", number % 8, number + 1);
            own.habits = config.habits.clone();
            let crowd = Crowd::of_server(Arc::clone(&population), number, config.servers);
            servers.push(Server {
                name: format!("server{}", number + 1),
                timezone,
                simulation: Simulation::begin(own, Random::new(seed), crowd)?,
                random: Random::new(seed ^ 0x00de_11e4),
                delivery: config.delivery,
            });
        }
        Ok(Self { servers, people })
    }
}

impl Iterator for Server {
    type Item = Delivered;

    fn next(&mut self) -> Option<Delivered> {
        let evening = self.simulation.next()?;
        let mut arrivals = Vec::with_capacity(evening.files.len());
        let whole: Vec<usize> = evening.files.iter().map(|file| file.bytes.len()).collect();
        for (file, (bytes, round)) in whole.into_iter().zip(&evening.truth.rounds).enumerate() {
            self.deliver(file, bytes, round.ended_at, &mut arrivals);
        }
        arrivals.sort_by_key(|arrival| (arrival.at, arrival.file, arrival.length));
        Some(Delivered { evening, arrivals })
    }
}

impl Server {
    fn deliver(&mut self, file: usize, bytes: usize, written: i64, arrivals: &mut Vec<Arrival>) {
        let mut at = written;
        if self.random.permille(self.delivery.late) {
            at += i64::from(self.random.between(1, 90)) * 3600;
        }
        let written_at = if self.random.permille(self.delivery.without_time) { None } else { Some(written) };
        if self.random.permille(self.delivery.growing) {
            let mut lengths: Vec<usize> = (0..2).map(|_| self.random.index(bytes)).collect();
            lengths.sort_unstable();
            lengths.dedup();
            for length in lengths {
                arrivals.push(Arrival { at, file, length, written_at });
                at += i64::from(self.random.between(1, 20));
            }
        }
        arrivals.push(Arrival { at, file, length: bytes, written_at });
    }
}
