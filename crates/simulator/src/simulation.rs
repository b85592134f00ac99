//! Evening after evening.

use fullhold_stats_file::Era;

use crate::config::{Config, EraChoice};
use crate::evening::Host;
use crate::people::{Person, people};
use crate::random::Random;
use crate::schedule::Schedule;
use crate::truth::TrueEvening;

/// Seconds from the begin of an evening to the change of the clock that interrupts it.
const BEFORE_CLOCK_CHANGE: i64 = 70 * 60;

/// A file as the server writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An evening: its files in order of play, and the truth.
#[derive(Clone, Debug)]
pub struct Evening {
    /// The files.
    pub files: Vec<SimulatedFile>,
    /// What happened.
    pub truth: TrueEvening,
}

/// An endless community; ends behind the evening that reaches the number of rounds asked for.
pub struct Simulation {
    config: Config,
    random: Random,
    schedule: Schedule,
    people: Vec<Person>,
    written: usize,
}

impl Simulation {
    /// Begins.
    ///
    /// # Errors
    /// The zone or the first day does not exist.
    pub fn new(config: Config) -> Result<Self, jiff::Error> {
        let schedule = Schedule::new(&config.timezone, config.start, config.days_between)?;
        let mut random = Random::new(config.seed);
        let people = people(&mut random, config.players);
        Ok(Self { config, random, schedule, people, written: 0 })
    }
}

impl Iterator for Simulation {
    type Item = Evening;

    fn next(&mut self) -> Option<Evening> {
        if self.written >= self.config.rounds {
            return None;
        }
        let random = &mut self.random;
        let era = match self.config.era {
            EraChoice::Fixed(era) => era,
            EraChoice::Any => random.pick(&Era::KNOWN)?,
        };
        let mut disturbances = self.config.disturbances;
        let change = random.permille(disturbances.clock_change);
        let change = if change { self.schedule.next_clock_change(BEFORE_CLOCK_CHANGE) } else { None };
        let hour = i8::try_from(random.between(19, 22)).ok()?;
        let minute = i8::try_from(random.between(0, 59)).ok()?;
        let begin = change.unwrap_or_else(|| self.schedule.next_evening(hour, minute));
        if change.is_some() {
            // What the hour that exists twice leaves open is decided by whole matches around it.
            disturbances.lost_r1 = 0;
            disturbances.abandoned = 0;
            disturbances.aborted_r1 = 0;
            disturbances.aborted_r2 = 0;
            disturbances.restart = 0;
            disturbances.substitution = 0;
            disturbances.idle = 0;
        }
        let mut host = Host::new(&self.config, disturbances, era, begin, &self.schedule, random, &self.people);
        host.play();
        let evening = host.close();
        self.written += evening.files.len();
        // An evening whose only file was lost is no evening: go on.
        if evening.files.is_empty() { self.next() } else { Some(evening) }
    }
}
