//! docs/RATINGS.md: how well skill predicts made-up communities whose true strengths are known, beside other predictors.
//! Every match is predicted before it is used; the last fifth of each community's matches is measured.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

use fullhold_analytics::{Confidence, MatchOutcome, Played, RatedMatch, Ratings, log_loss};
use fullhold_simulator::{Config, Disturbances, EraChoice, Evening, Habits, Simulation, TrueMatch, TrueRound};
use fullhold_stats_file::{Era, Guid, Side, parse};

/// The first community, how many there are, and rounds of each. The constants of ratings were chosen on communities 1
/// to 6: those measured are others.
const FIRST: u64 = 1_001;
const COMMUNITIES: u64 = 6;
const ROUNDS: usize = 2_400;
/// Double holds of the simulator: neither team's strength makes them.
const DRAWS: f64 = 0.12;
/// Bins of the calibration table, between 0 and 1.
const BINS: usize = 10;
/// Steps of plain Elo.
const ELO_STEP: f64 = 32.0;

/// A match with its true chance.
struct Known {
    rated: RatedMatch,
    chance: f64,
}

/// Kills and deaths.
#[derive(Clone, Copy, Default)]
struct Duels {
    kills: f64,
    deaths: f64,
}

/// What a predictor said of matches, and what they came to.
#[derive(Default)]
struct Predictions(Vec<Said>);

/// One prediction.
#[derive(Clone, Copy)]
struct Said {
    chance: f64,
    result: f64,
}

impl Predictions {
    fn add(&mut self, chance: f64, result: f64) {
        self.0.push(Said { chance, result });
    }

    fn log_loss(&self) -> f64 {
        mean(self.0.iter().map(|said| log_loss(said.chance.clamp(0.001, 0.999), said.result)))
    }

    fn brier(&self) -> f64 {
        mean(self.0.iter().map(|said| (said.chance - said.result).powi(2)))
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The measured matches of all communities, by predictor.
#[derive(Default)]
struct Report {
    skill: Predictions,
    elo: Predictions,
    kd: Predictions,
    kd_fitted: Predictions,
    truth: Predictions,
    /// Matches in all, and measured ones for which a number was shown.
    matches: usize,
    shown: usize,
}

fn evaluate(communities: u64, rounds: usize) -> Result<Report, Box<dyn Error>> {
    let mut report = Report::default();
    for seed in FIRST..FIRST + communities {
        let matches = community(seed, rounds)?;
        report.matches += matches.len();
        let from = matches.len() * 4 / 5;
        report.add_skill(&matches, from);
        add_elo(&mut report.elo, &matches, from);
        report.add_kd(&matches, from);
        for one in matches.iter().skip(from) {
            report.truth.add(one.chance, one.rated.outcome.result());
        }
    }
    Ok(report)
}

/// The matches of a community in order; team A are those who attack first.
fn community(seed: u64, rounds: usize) -> Result<Vec<Known>, Box<dyn Error>> {
    let config = Config {
        era: EraChoice::Fixed(Era::Fields38),
        habits: Habits { strength_decides: true, ..Habits::plain() },
        ..Config::community(seed, rounds, "UTC", Disturbances::none())
    };
    let mut matches = Vec::new();
    for evening in Simulation::new(config)? {
        for one in &evening.truth.matches {
            matches.extend(known(one, &evening)?);
        }
    }
    Ok(matches)
}

fn known(one: &TrueMatch, evening: &Evening) -> Result<Option<Known>, Box<dyn Error>> {
    let rounds: Vec<&TrueRound> = evening.truth.rounds.iter().filter(|round| round.match_id == one.match_id).collect();
    let (Some(first), Some(last), Some(chance)) = (rounds.first(), rounds.last(), one.chance) else { return Ok(None) };
    let Some(file) = evening.files.iter().find(|file| file.name == first.file) else { return Ok(None) };
    let attackers = parse(&file.name.parse()?, &file.bytes)?.header.defender.other();
    let mut parts: BTreeMap<Guid, Played> = BTreeMap::new();
    let mut is_attacker: BTreeMap<Guid, bool> = BTreeMap::new();
    for (index, round) in rounds.iter().enumerate() {
        for player in &round.players {
            let (Some(guid), Some(side)) = (Guid::new(&player.guid), side(player.team)) else { continue };
            is_attacker.entry(guid).or_insert((side == attackers) == (index == 0));
            let part = parts.entry(guid).or_insert(Played { guid, seconds: 0, kills: 0, deaths: 0 });
            part.seconds += i64::from(player.seconds);
            part.kills += player.weapons.iter().map(|(_, counts)| i64::from(counts.kills)).sum::<i64>();
            part.deaths += player.weapons.iter().map(|(_, counts)| i64::from(counts.deaths)).sum::<i64>();
        }
    }
    let team = |wanted: bool| {
        let of_team = parts.values().filter(|played| is_attacker.get(&played.guid) == Some(&wanted));
        of_team.copied().collect::<Vec<_>>()
    };
    let rated = RatedMatch {
        ended_at: last.ended_at,
        team_a: team(true),
        team_b: team(false),
        outcome: MatchOutcome::of_points(i32::from(one.points.0), i32::from(one.points.1)),
        confidence: Confidence::High,
    };
    let chance = (1.0 - DRAWS).mul_add(f64::from(chance) / 1000.0, DRAWS / 2.0);
    Ok(Some(Known { rated, chance }))
}

fn side(team: u8) -> Option<Side> {
    [Side::Axis, Side::Allies].into_iter().find(|side| side.number() == team)
}

fn guids(team: &[Played]) -> Vec<Guid> {
    team.iter().map(|played| played.guid).collect()
}

impl Report {
    fn add_skill(&mut self, matches: &[Known], from: usize) {
        let mut ratings = Ratings::default();
        for (number, Known { rated, .. }) in matches.iter().enumerate() {
            let said = ratings.predict(&guids(&rated.team_a), &guids(&rated.team_b), rated.ended_at);
            if number >= from {
                self.skill.add(said.chance, rated.outcome.result());
                self.shown += usize::from(said.shown.is_some());
            }
            ratings.play(rated);
        }
    }
}

/// Plain Elo of the teams' means.
fn add_elo(said: &mut Predictions, matches: &[Known], from: usize) {
    let mut elo: BTreeMap<Guid, f64> = BTreeMap::new();
    for (number, Known { rated, .. }) in matches.iter().enumerate() {
        let of = |team: &[Played], elo: &BTreeMap<Guid, f64>| {
            mean(team.iter().map(|played| elo.get(&played.guid).copied().unwrap_or(1500.0)))
        };
        let difference = of(&rated.team_b, &elo) - of(&rated.team_a, &elo);
        let (chance, result) = (1.0 / (1.0 + 10_f64.powf(difference / 400.0)), rated.outcome.result());
        if number >= from {
            said.add(chance, result);
        }
        for (team, sign) in [(&rated.team_a, 1.0), (&rated.team_b, -1.0)] {
            for played in team {
                *elo.entry(played.guid).or_insert(1500.0) += sign * ELO_STEP * (result - chance);
            }
        }
    }
}

/// The mean K/D of both teams before a match, and how it ended.
struct Ratios {
    a: f64,
    b: f64,
    result: f64,
}

fn ratios(matches: &[Known]) -> Vec<Ratios> {
    let mut so_far: BTreeMap<Guid, Duels> = BTreeMap::new();
    let mut ratios = Vec::with_capacity(matches.len());
    for Known { rated, .. } in matches {
        let kd = |played: &Played| so_far.get(&played.guid).map_or(1.0, |duels| duels.kills / duels.deaths.max(1.0));
        let of = |team: &[Played]| mean(team.iter().map(kd));
        ratios.push(Ratios { a: of(&rated.team_a), b: of(&rated.team_b), result: rated.outcome.result() });
        for played in rated.team_a.iter().chain(&rated.team_b) {
            let sum = so_far.entry(played.guid).or_default();
            sum.kills += count(played.kills);
            sum.deaths += count(played.deaths);
        }
    }
    ratios
}

impl Report {
    /// A team's share of both teams' K/D; and their difference with the slope that was best for the matches before,
    /// which nobody knows while they are played.
    fn add_kd(&mut self, matches: &[Known], from: usize) {
        let ratios = ratios(matches);
        let chance = |slope: f64, one: &Ratios| 1.0 / (1.0 + (slope * (one.b - one.a)).exp());
        let loss = |slope: f64| mean(ratios.iter().take(from).map(|one| log_loss(chance(slope, one), one.result)));
        let slopes = (0..=40_u32).map(|step| f64::from(step) * 0.1);
        let best = slopes.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(0.0);
        for one in ratios.iter().skip(from) {
            self.kd.add(one.a / (one.a + one.b), one.result);
            self.kd_fitted.add(chance(best, one), one.result);
        }
    }
}

/// Kills of a match are few.
fn count(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}

/// The document.
pub(super) fn ratings(generated: &str) -> Result<String, Box<dyn Error>> {
    let report = evaluate(COMMUNITIES, ROUNDS)?;
    let measured = report.skill.0.len();
    let mut text = format!(
        "# How well skill predicts\n\n{generated} (`xtask/src/docs/calibration.rs`)\n\n\
         {COMMUNITIES} made-up communities of people whose true strengths are known play {} matches; the constants of\n\
         ratings were chosen on others. Each match is predicted before it is used; the last fifth of each community's,\n\
         {measured} matches, is measured. A double hold is half a win. The stronger team wins more often, but not by much:\n\
         the truth itself is only a little better than a coin.\n\n\
         | predictor | log-loss | Brier |\n|---|---|---|\n",
        report.matches
    );
    let mut row = |name: &str, said: &Predictions| {
        let _ = writeln!(text, "| {name} | {:.3} | {:.3} |", said.log_loss(), said.brier());
    };
    row("the true strengths", &report.truth);
    row("**skill**, calibrated", &report.skill);
    row("plain Elo of team means", &report.elo);
    row("share of mean K/D", &report.kd);
    row("difference of mean K/D, with the slope that was best for the four fifths before", &report.kd_fitted);
    let coin = Predictions(report.skill.0.iter().map(|said| Said { chance: 0.5, ..*said }).collect());
    row("a coin", &coin);
    text.push_str(
        "\nIn these communities strength decides duels as it decides matches, so that K/D with the right slope is all but the\n\
         truth; skill has to find out how far K/D, ratings and team sizes can be trusted.\n",
    );
    let _ = write!(
        text,
        "\nA number was shown for {} of the {measured} matches: only while the predictions of the last hundred matches were\n\
         better than a coin by more than luck. Elsewhere the answer is that the match is even as far as the matches tell.\n\n\
         ## Calibration\n\n\
         What was said of the first attackers, and how often they won. Right predictions lie on the diagonal; each side of a\n\
         match is counted, so that the table is symmetric.\n\n\
         | said | matches | mean said | won |\n|---|---|---|---|\n",
        report.shown
    );
    for line in calibration(&report.skill) {
        let _ = writeln!(text, "{line}");
    }
    Ok(text)
}

fn calibration(said: &Predictions) -> Vec<String> {
    let mirrored = |said: &Said| [*said, Said { chance: 1.0 - said.chance, result: 1.0 - said.result }];
    let both: Vec<Said> = said.0.iter().flat_map(mirrored).collect();
    let tenth = |bin: usize| f64::from(u32::try_from(bin).unwrap_or(0)) / 10.0;
    let line = |bin: usize| {
        let (from, to) = (tenth(bin), tenth(bin + 1));
        let inside: Vec<&Said> = both.iter().filter(|one| from <= one.chance && one.chance < to).collect();
        (!inside.is_empty()).then(|| {
            let said = 100.0 * mean(inside.iter().map(|one| one.chance));
            let won = 100.0 * mean(inside.iter().map(|one| one.result));
            format!("| {:.0}–{:.0} % | {} | {said:.1} % | {won:.1} % |", 100.0 * from, 100.0 * to, inside.len())
        })
    };
    (0..BINS).filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    #[test]
    fn skill_is_better_than_a_coin_elo_and_kd_and_near_the_truth() {
        let report = evaluate(COMMUNITIES, ROUNDS).unwrap();
        let (ours, elo, kd, truth) =
            (report.skill.log_loss(), report.elo.log_loss(), report.kd.log_loss(), report.truth.log_loss());
        assert!(report.skill.0.len() > 1_000, "{} matches", report.skill.0.len());
        assert!(ours < LN_2 && ours < elo && ours < kd, "ours {ours}, Elo {elo}, K/D {kd}, a coin {LN_2}");
        let fitted = report.kd_fitted.log_loss();
        assert!(ours < fitted + 0.001, "ours {ours}, K/D with the best slope {fitted}");
        // By luck of some hundred matches it may be better than the truth.
        assert!(ours <= 1.10 * truth, "ours {ours}, the truth {truth}");
    }

    #[test]
    fn what_is_said_is_what_happens() {
        let report = evaluate(COMMUNITIES, ROUNDS).unwrap();
        let said: Vec<f64> = report.skill.0.iter().map(|one| one.chance).collect();
        let won = mean(report.skill.0.iter().map(|one| one.result));
        assert!((mean(said.iter().copied()) - won).abs() < 0.05);
        // Where the favourite was named clearly, he won about as often as was said.
        let favourites = report.skill.0.iter().map(|one| {
            if one.chance >= 0.5 { *one } else { Said { chance: 1.0 - one.chance, result: 1.0 - one.result } }
        });
        let clear: Vec<Said> = favourites.filter(|one| one.chance >= 0.6).collect();
        let (said, won) = (mean(clear.iter().map(|one| one.chance)), mean(clear.iter().map(|one| one.result)));
        assert!(clear.len() > 100 && (said - won).abs() < 0.05, "{}: said {said}, won {won}", clear.len());
    }
}
