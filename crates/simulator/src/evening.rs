//! An evening: line-ups, matches, disturbances, and the truth about each file.

mod days;
mod line_up;
mod maps;
mod record;
mod rounds;
mod strength;

use fullhold_stats_file::Era;

use crate::config::{Config, Disturbances};
use crate::people::Person;
use crate::random::Random;
use crate::schedule::Schedule;
use crate::simulation::SimulatedFile;
use crate::truth::TrueMatch;

use maps::Maps;
use record::Record;
use strength::Plan;

/// What kind of evening it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Two teams, a few matches.
    Plain,
    /// A home team and two teams of guests in turn.
    Guests,
    /// Bots among themselves.
    Bots,
    /// Matches until this instant.
    WithoutPause(i64),
}

/// An evening as it begins.
pub(crate) struct Begin {
    pub(crate) chances: Disturbances,
    pub(crate) era: Era,
    /// Seconds since 1970 UTC.
    pub(crate) at: i64,
    pub(crate) kind: Kind,
}

/// How a match goes wrong as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Complete,
    AbortedR1,
    AbortedR2,
    Restart,
    Substitution,
    Abandoned,
    LostR1,
}

/// Somebody in a team of the evening.
#[derive(Clone)]
struct Member {
    person: Person,
    /// Which of the two teams of people.
    team: usize,
}

/// A complete match with the positions of its rounds among the records.
struct Played {
    truth: TrueMatch,
    halves: [usize; 2],
    /// Which guests played, counted from 0.
    guests: usize,
    /// What the teams wore before their names.
    tags: [&'static str; 2],
}

/// Runs an evening.
pub(crate) struct Host<'a> {
    config: &'a Config,
    chances: Disturbances,
    era: Era,
    schedule: &'a Schedule,
    random: &'a mut Random,
    /// Now, seconds since 1970 UTC.
    now: i64,
    /// Who plays at the moment.
    line_up: Vec<Member>,
    /// Who may come in, without a team yet.
    bench: Vec<Person>,
    /// Whether headers have the ninth field.
    play_time: bool,
    kind: Kind,
    maps: Maps,
    /// Who is to win the match that is being played, where strength decides it.
    plan: Option<Plan>,
    /// What each team of people wears before their names.
    tags: [&'static str; 2],
    /// How often the guests have changed.
    guests: usize,
    files: Vec<SimulatedFile>,
    records: Vec<Record>,
    matches: Vec<Played>,
}

impl<'a> Host<'a> {
    pub(crate) fn new(
        config: &'a Config,
        begin: &Begin,
        schedule: &'a Schedule,
        random: &'a mut Random,
        people: &[Person],
    ) -> Self {
        let mut bench = people.to_vec();
        random.shuffle(&mut bench);
        let (least, most) = config.team_size;
        let size = least + random.index(most - least + 1);
        let line_up = bench
            .drain(..(size * 2).min(people.len()))
            .enumerate()
            .map(|(index, person)| Member { person, team: index % 2 })
            .collect();
        let maps = Maps::new(random);
        let play_time = random.permille(begin.chances.play_time);
        let mut host = Self {
            config,
            chances: begin.chances,
            era: begin.era,
            schedule,
            now: begin.at,
            line_up,
            bench,
            play_time,
            kind: begin.kind,
            maps,
            plan: None,
            tags: [""; 2],
            guests: 0,
            files: Vec::new(),
            records: Vec::new(),
            matches: Vec::new(),
            random,
        };
        host.dress();
        if begin.kind == Kind::Bots {
            host.only_bots();
        }
        host
    }

    /// The instant that is reached, seconds since 1970 UTC.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// Plays all matches.
    pub(crate) fn play(&mut self) {
        if let Kind::WithoutPause(until) = self.kind {
            while self.now < until && self.one_match() {}
        } else {
            let matches = self.random.between(self.config.matches.0, self.config.matches.1);
            for number in 0..matches {
                if self.kind == Kind::Guests && number > 0 && number == matches / 2 {
                    self.next_guests();
                }
                if !self.one_match() {
                    break;
                }
            }
        }
        if self.random.permille(self.chances.idle)
            && let Some((map, minutes)) = self.next_map()
        {
            self.now += 300;
            self.idle(map, minutes * 60);
        }
    }

    /// A match with all that belongs to it; false if there is no map left.
    fn one_match(&mut self) -> bool {
        let Some((map, minutes)) = self.next_map() else { return false };
        if let Kind::WithoutPause(_) = self.kind
            && self.random.maybe(self.config.habits.bots_only)
        {
            let people = std::mem::take(&mut self.line_up);
            self.only_bots();
            self.now += i64::from(self.random.between(90, 300));
            self.match_of(map, minutes * 60, Fate::Complete, 0);
            self.line_up = people;
            return true;
        }
        self.substitute();
        let fate = self.fate();
        self.now += i64::from(self.random.between(90, 300));
        let bots = if fate == Fate::Complete && self.random.permille(self.chances.bots) { self.bots() } else { 0 };
        self.match_of(map, minutes * 60, fate, 0);
        if matches!(fate, Fate::AbortedR1 | Fate::AbortedR2) && self.random.permille(self.chances.replay) {
            self.now += i64::from(self.random.between(60, 240));
            self.match_of(map, minutes * 60, Fate::Complete, 0);
        }
        let mut again = 1;
        while fate == Fate::Complete && again < 4 && self.random.permille(self.chances.again) {
            self.now += i64::from(self.random.between(60, 240));
            self.match_of(map, minutes * 60, Fate::Complete, 1);
            again += 1;
        }
        if fate != Fate::Complete {
            self.maps.went_wrong(map, self.now);
        }
        let people = self.line_up.len() - bots;
        self.line_up.truncate(people);
        true
    }

    fn next_map(&mut self) -> Option<(&'static str, i32)> {
        let again = match self.kind {
            Kind::WithoutPause(_) => 700,
            _ => self.config.habits.map_returns,
        };
        self.maps.next(self.random, again, self.now)
    }

    fn fate(&mut self) -> Fate {
        let chances = [
            (Fate::AbortedR1, self.chances.aborted_r1),
            (Fate::AbortedR2, self.chances.aborted_r2),
            (Fate::Restart, self.chances.restart),
            (Fate::Substitution, self.chances.substitution),
            (Fate::Abandoned, self.chances.abandoned),
            (Fate::LostR1, self.chances.lost_r1),
        ];
        let happens = chances.into_iter().find(|(_, chance)| self.random.permille(*chance));
        happens.map_or(Fate::Complete, |(fate, _)| fate)
    }
}
