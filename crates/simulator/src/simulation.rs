//! Evening after evening.

use std::collections::VecDeque;

use fullhold_stats_file::Era;

use crate::config::{Config, EraChoice};
use crate::crowd::Crowd;
use crate::evening::{Begin, Host, Kind};
use crate::people::people;
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

/// An evening, or a day of a server that does not pause: its files in order of play, and the truth.
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
    crowd: Crowd,
    written: usize,
    /// Sessions played already; days without a pause are several.
    ready: VecDeque<Evening>,
}

impl Simulation {
    /// Begins.
    ///
    /// # Errors
    /// The zone or the first day does not exist.
    pub fn new(config: Config) -> Result<Self, jiff::Error> {
        let mut random = Random::new(config.seed);
        let people = people(&mut random, config.players);
        Self::begin(config, random, Crowd::Everybody(people))
    }

    /// Begins with these people.
    pub(crate) fn begin(config: Config, random: Random, crowd: Crowd) -> Result<Self, jiff::Error> {
        let schedule = Schedule::new(&config.timezone, config.start, config.days_between)?;
        Ok(Self { config, random, schedule, crowd, written: 0, ready: VecDeque::new() })
    }

    /// Plays the next evening.
    fn play(&mut self) -> Option<Vec<Evening>> {
        let random = &mut self.random;
        let habits = &self.config.habits;
        let era = match self.config.era {
            EraChoice::Fixed(era) => era,
            EraChoice::Any => random.pick(&Era::KNOWN)?,
        };
        let mut chances = self.config.disturbances;
        let change = random.permille(chances.clock_change);
        let change = if change { self.schedule.next_clock_change(BEFORE_CLOCK_CHANGE) } else { None };
        let hour = i8::try_from(random.between(19, 22)).ok()?;
        let minute = i8::try_from(random.between(0, 59)).ok()?;
        let at = change.unwrap_or_else(|| self.schedule.next_evening(hour, minute));
        if change.is_some() && !habits.rough_clock_changes {
            // Without the times of writing, whole matches decide what the hour that exists twice leaves open.
            chances.lost_r1 = 0;
            chances.abandoned = 0;
            chances.aborted_r1 = 0;
            chances.aborted_r2 = 0;
            chances.restart = 0;
            chances.substitution = 0;
            chances.idle = 0;
        }
        let kind = if random.maybe(habits.without_pause) {
            Kind::WithoutPause(at + i64::from(random.between(habits.hours.0, habits.hours.1)) * 3600)
        } else if random.maybe(habits.bots_only) {
            chances.bots = 0;
            chances.join = 0;
            Kind::Bots
        } else if random.maybe(habits.guests) {
            Kind::Guests
        } else {
            Kind::Plain
        };
        let people = self.crowd.of_evening(random, at, self.config.crowd(kind));
        let begin = Begin { chances, era, at, kind };
        let mut host = Host::new(&self.config, &begin, &self.schedule, random, &people);
        host.play();
        let over = host.now();
        let evenings = host.close();
        if matches!(kind, Kind::WithoutPause(_)) {
            self.schedule.skip_to(over);
        }
        Some(evenings)
    }
}

impl Iterator for Simulation {
    type Item = Evening;

    fn next(&mut self) -> Option<Evening> {
        loop {
            if let Some(evening) = self.ready.pop_front() {
                return Some(evening);
            }
            if self.written >= self.config.rounds {
                return None;
            }
            let evenings = self.play()?;
            self.written += evenings.iter().map(|evening| evening.files.len()).sum::<usize>();
            // An evening whose only file was lost is no evening: go on.
            self.ready.extend(evenings.into_iter().filter(|evening| !evening.files.is_empty()));
        }
    }
}
