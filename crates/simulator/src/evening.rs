//! An evening: line-ups, matches, disturbances, and the truth about each file.

mod record;
mod rounds;

use fullhold_stats_file::{Era, Side};

use crate::config::{Config, Disturbances};
use crate::people::{Person, bot};
use crate::random::Random;
use crate::schedule::Schedule;
use crate::simulation::{Evening, SimulatedFile};
use crate::truth::{TrueEvening, TrueMatch};

use record::Record;

const MAPS: [(&str, i32); 14] = [
    ("supply", 15),
    ("etl_adlernest", 10),
    ("sw_goldrush_te", 15),
    ("te_escape2", 12),
    ("et_brewdog", 10),
    ("etl_frostbite", 12),
    ("erdenberg_t2", 15),
    ("braundorf_b4", 12),
    ("etl_sp_delivery", 12),
    ("karsiah_te2", 15),
    ("missile_b5", 12),
    ("radar-redux", 10),
    ("bremen_b3", 12),
    ("etl_ice", 12),
];

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
    maps_left: Vec<(&'static str, i32)>,
    files: Vec<SimulatedFile>,
    records: Vec<Record>,
    matches: Vec<(TrueMatch, [usize; 2], Side)>,
}

impl<'a> Host<'a> {
    pub(crate) fn new(
        config: &'a Config,
        chances: Disturbances,
        era: Era,
        begin: i64,
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
        let mut maps_left = MAPS.to_vec();
        random.shuffle(&mut maps_left);
        let play_time = random.permille(chances.play_time);
        Self {
            config,
            chances,
            era,
            schedule,
            now: begin,
            line_up,
            bench,
            play_time,
            maps_left,
            files: Vec::new(),
            records: Vec::new(),
            matches: Vec::new(),
            random,
        }
    }

    /// Plays all matches.
    pub(crate) fn play(&mut self) {
        let matches = self.random.between(self.config.matches.0, self.config.matches.1);
        for _ in 0..matches {
            // A map of its own per match keeps every disturbance unambiguous.
            let Some((map, minutes)) = self.maps_left.pop() else { break };
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
            let people = self.line_up.len() - bots;
            self.line_up.truncate(people);
        }
        if self.random.permille(self.chances.idle)
            && let Some((map, minutes)) = self.maps_left.pop()
        {
            self.now += 300;
            self.idle(map, minutes * 60);
        }
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

    /// Somebody goes for good, somebody comes in for him.
    fn substitute(&mut self) {
        // The first match shows the teams.
        if self.records.is_empty() || !self.random.permille(self.chances.substitute) {
            return;
        }
        self.replace_one();
    }

    fn replace_one(&mut self) {
        let leaving = self.random.index(self.line_up.len());
        if let (Some(person), Some(member)) = (self.bench.pop(), self.line_up.get_mut(leaving)) {
            member.person = person;
        }
    }

    /// Bots for both teams; sometimes more of them than people.
    fn bots(&mut self) -> usize {
        let people = self.line_up.len();
        let each = if self.random.permille(500) { 1 } else { people / 2 + 1 };
        for number in 0..each * 2 {
            // A bot of a number always plays for the same team.
            self.line_up.extend(bot(number).map(|person| Member { person, team: number % 2 }));
        }
        self.line_up.len() - people
    }

    /// Files and truth.
    pub(crate) fn close(mut self) -> Evening {
        record::judge_leftovers(&mut self.records);
        let mut truth = TrueEvening::default();
        let seed = self.records.iter().find(|r| r.is_first_round() && !r.truth.players.is_empty());
        let a_team = seed.and_then(Record::axis_team);
        if let (Some(team), Some(seed)) = (a_team, seed) {
            let axis = seed.truth.players.iter().filter(|p| p.team == Side::Axis.number());
            let mut guids: Vec<String> = axis.map(|p| p.guid.clone()).collect();
            guids.sort();
            truth.team_a = Some(guids);
            truth.score = Some(self.score(team));
        }
        truth.matches = self.matches.into_iter().map(|(found, _, _)| found).collect();
        truth.rounds = self.records.into_iter().map(|record| record.truth).collect();
        Evening { files: self.files, truth }
    }

    /// Points of a team of people and of the other, over matches whose rounds both count.
    fn score(&self, team: usize) -> (u32, u32) {
        let mut score = (0, 0);
        for (found, halves, _) in &self.matches {
            let valid = halves.iter().all(|i| self.records.get(*i).is_some_and(|r| r.truth.is_valid));
            let first = halves.first().and_then(|i| self.records.get(*i));
            let Some(first) = first.filter(|_| valid) else { continue };
            let (one, two) = (u32::from(found.points.0), u32::from(found.points.1));
            let attacked_first = first.team_of(first.defender.other()) == Some(team);
            score = if attacked_first { (score.0 + one, score.1 + two) } else { (score.0 + two, score.1 + one) };
        }
        score
    }
}
