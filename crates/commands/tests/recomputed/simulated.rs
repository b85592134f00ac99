//! More than 500 simulated matches with verdicts and merges, as they were played and as the product answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fullhold_commands::{Acting, Answerer};
use fullhold_ingest::Config as Rules;
use fullhold_maintenance::{Maintenance, MergeRequest};
use fullhold_repository::{Db, RoundId, Verdict};
use fullhold_simulator::{Config, Disturbances, Evening, Simulation};

use crate::plain::{Round, Sums};
use crate::support::{answerer, clock, import};

/// Files of 500 matches and some.
const FILES: usize = 1_150;
/// Every so many rounds that count, one is ruled out by hand.
const VERDICT_EVERY: usize = 37;
/// Players who wear another guid every other evening, and are merged.
const MERGED: usize = 3;

/// What was played, and who answers.
pub(crate) struct World {
    pub(crate) answerer: Answerer,
    pub(crate) rounds: Vec<Round>,
    /// Team A of each evening.
    pub(crate) teams: Vec<BTreeSet<String>>,
    /// Points of those who attacked first and of the others, by match.
    pub(crate) points: BTreeMap<String, (u8, u8)>,
    /// The person behind a guid that was merged.
    pub(crate) persons: BTreeMap<String, String>,
    /// The number of each file's round in answers.
    pub(crate) numbers: BTreeMap<String, i64>,
}

/// Nobody changes teams: which team somebody is in is then no matter of opinion.
fn disturbances() -> Disturbances {
    Disturbances { substitute: 0, join: 0, substitution: 0, bots: 0, clock_change: 0, ..Disturbances::all() }
}

fn played() -> Vec<Evening> {
    let config = Config::community(77, FILES, "UTC", disturbances());
    Simulation::new(config).unwrap().collect()
}

/// Another guid of the same person.
fn other_guid(guid: &str) -> String {
    guid.chars().rev().collect::<String>().replacen('0', "F", 1)
}

impl World {
    pub(crate) async fn new(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let evenings = played();
        let guids: BTreeSet<String> = evenings
            .iter()
            .flat_map(|evening| &evening.truth.rounds)
            .flat_map(|round| round.players.iter().map(|player| player.guid.clone()))
            .collect();
        let merged: Vec<(String, String)> = guids
            .iter()
            .map(|guid| (guid.clone(), other_guid(guid)))
            .filter(|(guid, other)| guid != other && !guids.contains(other))
            .take(MERGED)
            .collect();
        assert_eq!(merged.len(), MERGED);
        let mut world = Told::default();
        for (number, evening) in evenings.iter().enumerate() {
            // Every other evening they wear the other guid.
            let worn = if number % 2 == 1 { merged.as_slice() } else { &[] };
            world.tell(evening, number, worn, folder.path());
        }
        let db = import(url, "demo", vec![folder.path().to_owned()]).await;
        let numbers = decide(&db, &mut world.rounds, &merged).await;
        let acting = Acting { rules: Rules::default(), clock, link_needs_code: false };
        Self {
            answerer: answerer(db, Vec::new()).acting(acting),
            rounds: world.rounds,
            teams: world.teams,
            points: world.points,
            persons: merged.into_iter().map(|(guid, other)| (other, guid)).collect(),
            numbers,
        }
    }

    pub(crate) fn person<'a>(&'a self, guid: &'a str) -> &'a str {
        self.persons.get(guid).map_or(guid, String::as_str)
    }

    /// Everybody's sums over some rounds that count.
    pub(crate) fn sums<'a>(&'a self, rounds: impl Iterator<Item = &'a Round>) -> BTreeMap<String, Sums> {
        let mut all: BTreeMap<String, Sums> = BTreeMap::new();
        let mut evenings: BTreeSet<(usize, &str)> = BTreeSet::new();
        for round in rounds.filter(|round| round.counts) {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            for player in round.truth.players.iter().filter(|player| matches!(player.team, 1 | 2)) {
                let person = self.person(&player.guid);
                let sums = all.entry(person.to_owned()).or_default();
                sums.add_line(player, !seen.insert(person));
                sums.add("evenings", i64::from(evenings.insert((round.evening, person))));
            }
        }
        all
    }
}

/// What was told so far.
#[derive(Default)]
struct Told {
    rounds: Vec<Round>,
    teams: Vec<BTreeSet<String>>,
    points: BTreeMap<String, (u8, u8)>,
}

impl Told {
    fn tell(&mut self, evening: &Evening, number: usize, worn: &[(String, String)], folder: &Path) {
        for file in &evening.files {
            let mut text = String::from_utf8_lossy(&file.bytes).into_owned();
            for (guid, other) in worn {
                text = text.replace(&format!("\n{guid}\\"), &format!("\n{other}\\"));
            }
            fs::write(folder.join(&file.name), text).unwrap();
        }
        let day = evening.truth.rounds.first().and_then(|round| round.file.get(..10)).unwrap_or_default();
        for truth in &evening.truth.rounds {
            let mut truth = truth.clone();
            for player in &mut truth.players {
                if let Some((_, other)) = worn.iter().find(|(guid, _)| *guid == player.guid) {
                    player.guid.clone_from(other);
                }
            }
            let bytes = &evening.files.iter().find(|file| file.name == truth.file).unwrap().bytes;
            let head = String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().to_owned();
            let fields: Vec<&str> = head.split('\\').collect();
            let (map, round, defender) = (fields[1].to_owned(), fields[3], fields[4]);
            let (number_in_match, defender) = (round.parse().unwrap_or(0), defender.parse().unwrap_or(0));
            let counts = truth.is_valid;
            let day = day.to_owned();
            self.rounds.push(Round { truth, day, evening: number, map, number: number_in_match, defender, counts });
        }
        let team: BTreeSet<String> = evening.truth.team_a.clone().unwrap_or_default().into_iter().collect();
        self.teams.push(team);
        let points = |one: &fullhold_simulator::TrueMatch| (one.match_id.clone(), one.points);
        self.points.extend(evening.truth.matches.iter().map(points));
    }
}

/// Rules some rounds out by hand and merges the guids; the numbers of rounds by their files.
async fn decide(db: &Db, rounds: &mut [Round], merged: &[(String, String)]) -> BTreeMap<String, i64> {
    let maintenance = Maintenance::new(db.clone(), Rules::default(), clock);
    let mut numbers = BTreeMap::new();
    for round in db.source_rounds(&[], &fullhold_repository::Scope::default()).await.unwrap() {
        numbers.insert(round.filename, i64::from(round.round_id.0));
    }
    let counting: Vec<usize> = (0..rounds.len()).filter(|index| rounds[*index].counts).collect();
    for index in counting.into_iter().step_by(VERDICT_EVERY) {
        let round = &mut rounds[index];
        round.counts = false;
        let id = RoundId(i32::try_from(numbers[&round.truth.file]).unwrap());
        maintenance.override_round(id, Some(Verdict::Ignore), "tried", "a test").await.unwrap();
    }
    for (guid, other) in merged {
        let request = MergeRequest { from: other, into: guid, force: false, dry_run: false };
        maintenance.merge_players(request).await.unwrap();
    }
    numbers
}
