//! Skill from results: Weng–Lin over whole matches, weighted by the time that each player played. Replayed from the
//! first match on, or continued by the next one; both give the same numbers.

use std::collections::BTreeMap;

use fullhold_stats_file::{Guid, words};
use skillratings::Outcomes;
use skillratings::weng_lin::{WengLinConfig, WengLinRating, expected_score_two_teams, weng_lin_two_teams};

use crate::calibration::{Calibration, CalibrationState, Features, WINDOW, log_loss};
use crate::et_rating::count;
use crate::words::Confidence;

/// The version of the rules below: stored ratings of another version are to be replayed.
pub const RATING_VERSION: i32 = 1;

/// Predictions that a continuation must know: see [`Ratings::continued`].
pub const PREDICTIONS_KEPT: usize = WINDOW;

/// Matches until a rating is more than a guess.
pub const PROVISIONAL_MATCHES: u32 = 10;
/// Variance that a day without matches adds: a year makes a σ of 2 one of 3.4.
const VARIANCE_PER_DAY: f64 = 0.02;
/// How much luck there is in one player's part of a match. Twice the usual: half a dozen people who balance their own
/// teams win and lose by little.
const LUCK: f64 = 2.0 * 25.0 / 6.0;
/// Kills and deaths by which a K/D is drawn to 1: few duels say little.
const EVEN_DUELS: f64 = 20.0;
const SECONDS_PER_DAY: f64 = 86_400.0;
/// Chances are kept off 0 and 1 before log-odds are made of them.
const EDGE: f64 = 1e-6;

/// What a player's results say of his skill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skill {
    /// µ, 25 for a new player.
    pub mean: f64,
    /// σ, 25 / 3 for a new player. Shown is µ ± 2 σ.
    pub deviation: f64,
    /// Matches that were used.
    pub matches: u32,
    /// End of the last of them, seconds since 1970 UTC.
    pub last_at: i64,
    /// Enemies killed in them. Nothing of the skill: predictions look at K/D, too.
    pub kills: i64,
    /// Deaths in them.
    pub deaths: i64,
}

impl Skill {
    /// Not enough matches yet.
    #[must_use]
    pub const fn is_provisional(&self) -> bool {
        self.matches < PROVISIONAL_MATCHES
    }

    /// The logarithm of his K/D, drawn to 0 as twenty kills and deaths would.
    fn duels(&self) -> f64 {
        let known = |number: i64| crate::formulas::float(number.max(0)) + EVEN_DUELS;
        (known(self.kills) / known(self.deaths)).ln()
    }

    /// µ − 2 σ: what he is at least, and what boards rank.
    #[must_use]
    pub fn at_least(&self) -> f64 {
        self.mean - 2.0 * self.deviation
    }
}

words! {
    /// Who won a match.
    pub enum MatchOutcome: "outcome of a match" {
        /// Team A.
        TeamA = "A",
        /// Neither: a double hold.
        Draw = "draw",
        /// Team B.
        TeamB = "B",
    }
}

impl MatchOutcome {
    /// By the points of both teams.
    #[must_use]
    pub fn of_points(team_a: i32, team_b: i32) -> Self {
        match team_a.cmp(&team_b) {
            std::cmp::Ordering::Greater => Self::TeamA,
            std::cmp::Ordering::Equal => Self::Draw,
            std::cmp::Ordering::Less => Self::TeamB,
        }
    }

    /// What it was for team A: 1 won, 0.5 drawn, 0 lost.
    #[must_use]
    pub const fn result(self) -> f64 {
        match self {
            Self::TeamA => 1.0,
            Self::Draw => 0.5,
            Self::TeamB => 0.0,
        }
    }

    const fn of_crate(self) -> Outcomes {
        match self {
            Self::TeamA => Outcomes::WIN,
            Self::Draw => Outcomes::DRAW,
            Self::TeamB => Outcomes::LOSS,
        }
    }
}

/// A player of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Played {
    /// Who.
    pub guid: Guid,
    /// Seconds he played in both rounds.
    pub seconds: i64,
    /// Enemies he killed.
    pub kills: i64,
    /// His deaths.
    pub deaths: i64,
}

/// A match as far as ratings look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedMatch {
    /// End of its second round, seconds since 1970 UTC.
    pub ended_at: i64,
    /// Team A.
    pub team_a: Vec<Played>,
    /// Team B.
    pub team_b: Vec<Played>,
    /// Who won.
    pub outcome: MatchOutcome,
    /// How sure it is who played with whom: nothing is learned from [`Confidence::Low`].
    pub confidence: Confidence,
}

/// What is said of a match before it is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// The calibrated chance of team A, a draw being half a win. For reports; show [`Prediction::shown`].
    pub chance: f64,
    /// The chance, while earlier predictions were better than a coin; else the match is even as far as can be told.
    pub shown: Option<f64>,
}

/// What was said of a match before it, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// [`Prediction::chance`]
    pub chance: f64,
    /// How it ended.
    pub outcome: MatchOutcome,
}

impl Predicted {
    /// The log-loss of the prediction: [`crate::LOG_LOSS_OF_A_COIN`] is that of a coin.
    #[must_use]
    pub fn log_loss(&self) -> f64 {
        log_loss(self.chance, self.outcome.result())
    }
}

/// What a match came to for ratings.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// What was to be said of it before.
    pub prediction: Prediction,
    /// Everybody's skill before and after it, team A first.
    pub changes: Vec<SkillChange>,
    /// How far predictions can be trusted after it.
    pub calibration: CalibrationState,
}

/// A player's skill after a match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkillChange {
    /// Position of the match in what was replayed.
    pub of: usize,
    /// The player.
    pub guid: Guid,
    /// His skill before it, with the uncertainty that the time since his last match has added.
    pub before: Skill,
    /// His skill after it.
    pub after: Skill,
}

/// The ratings of a community after some matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratings {
    players: BTreeMap<Guid, Skill>,
    calibration: Calibration,
    matches: usize,
}

impl Default for Ratings {
    fn default() -> Self {
        Self { players: BTreeMap::new(), calibration: Calibration::new(), matches: 0 }
    }
}

impl Ratings {
    /// Ratings that go on after a match. `predicted` are the last matches before, oldest first, at least
    /// [`PREDICTIONS_KEPT`] if there were so many. Players are made known by [`Ratings::know`].
    #[must_use]
    pub fn continued(after: CalibrationState, predicted: impl IntoIterator<Item = Predicted>) -> Self {
        Self { calibration: Calibration::continued(after, predicted), ..Self::default() }
    }

    /// Makes a player's skill known, as it was after his last match.
    pub fn know(&mut self, guid: Guid, skill: Skill) {
        self.players.insert(guid, skill);
    }

    /// Everybody who was rated.
    #[must_use]
    pub const fn players(&self) -> &BTreeMap<Guid, Skill> {
        &self.players
    }

    /// A player's skill at a time; that of a new player when nothing is known of him.
    #[must_use]
    pub fn skill(&self, guid: Guid, at: i64) -> Skill {
        let new = WengLinRating::new();
        let unknown =
            Skill { mean: new.rating, deviation: new.uncertainty, matches: 0, last_at: at, kills: 0, deaths: 0 };
        let Some(known) = self.players.get(&guid) else { return unknown };
        let days = crate::formulas::float(at.saturating_sub(known.last_at).max(0)) / SECONDS_PER_DAY;
        let variance = known.deviation.mul_add(known.deviation, VARIANCE_PER_DAY * days);
        Skill { deviation: variance.sqrt().min(new.uncertainty).max(known.deviation), ..*known }
    }

    /// The chances of two teams at a time.
    #[must_use]
    pub fn predict(&self, team_a: &[Guid], team_b: &[Guid], at: i64) -> Prediction {
        self.prediction(self.features(team_a, team_b, at))
    }

    fn prediction(&self, features: Features) -> Prediction {
        let chance = self.calibration.chance(features);
        Prediction { chance, shown: self.calibration.beats_a_coin().then_some(chance) }
    }

    /// Mean log-loss of the predictions of the last hundred matches, each made before it; a coin's is ln 2.
    #[must_use]
    pub fn recent_log_loss(&self) -> Option<f64> {
        self.calibration.recent_log_loss()
    }

    fn features(&self, team_a: &[Guid], team_b: &[Guid], at: i64) -> Features {
        let skills = |team: &[Guid]| team.iter().map(|guid| self.skill(*guid, at)).collect::<Vec<_>>();
        let (a, b) = (skills(team_a), skills(team_b));
        if a.is_empty() || b.is_empty() {
            return Features { rating: 0.0, size: count(a.len()) - count(b.len()), duels: 0.0 };
        }
        let ratings = |skills: &[Skill]| skills.iter().copied().map(weng_lin).collect::<Vec<_>>();
        let (expected, _) = expected_score_two_teams(&ratings(&a), &ratings(&b), &config());
        let expected = expected.clamp(EDGE, 1.0 - EDGE);
        let duels = |skills: &[Skill]| skills.iter().map(Skill::duels).sum::<f64>() / count(skills.len());
        Features {
            rating: (expected / (1.0 - expected)).ln(),
            size: count(a.len()) - count(b.len()),
            duels: duels(&a) - duels(&b),
        }
    }

    /// Learns from the next match. Matches must come in order of their end; what is older than the last belongs into
    /// a replay. `None`, and nothing is learned, when it is not sure who played with whom.
    pub fn play(&mut self, one: &RatedMatch) -> Option<Learned> {
        let of = self.matches;
        self.matches += 1;
        if one.confidence == Confidence::Low || one.team_a.is_empty() || one.team_b.is_empty() {
            return None;
        }
        let guids = |team: &[Played]| team.iter().map(|played| played.guid).collect::<Vec<_>>();
        let (guids_a, guids_b) = (guids(&one.team_a), guids(&one.team_b));
        let features = self.features(&guids_a, &guids_b, one.ended_at);
        let prediction = self.prediction(features);
        self.calibration.learn(features, one.outcome.result());
        let before = |guids: &[Guid]| guids.iter().map(|guid| self.skill(*guid, one.ended_at)).collect::<Vec<_>>();
        let (before_a, before_b) = (before(&guids_a), before(&guids_b));
        let ratings = |skills: &[Skill]| skills.iter().copied().map(weng_lin).collect::<Vec<_>>();
        let outcome = one.outcome.of_crate();
        let (after_a, after_b) = weng_lin_two_teams(&ratings(&before_a), &ratings(&before_b), &outcome, &config());
        let longest = one.team_a.iter().chain(&one.team_b).map(|played| played.seconds).max().unwrap_or(0);
        let everybody = one.team_a.iter().chain(&one.team_b);
        let changes: Vec<SkillChange> = everybody
            .zip(before_a.into_iter().chain(before_b))
            .zip(after_a.into_iter().chain(after_b))
            .map(|((played, before), after)| {
                let after = partly(before, after, share(played.seconds, longest));
                let after = Skill {
                    matches: before.matches.saturating_add(1),
                    last_at: one.ended_at,
                    kills: before.kills.saturating_add(played.kills),
                    deaths: before.deaths.saturating_add(played.deaths),
                    ..after
                };
                SkillChange { of, guid: played.guid, before, after }
            })
            .collect();
        self.players.extend(changes.iter().map(|change| (change.guid, change.after)));
        Some(Learned { prediction, changes, calibration: self.calibration.state() })
    }
}

/// Replays matches from the first on, in order of their end. Returns the ratings and every change.
#[must_use]
pub fn replay_ratings(matches: &[RatedMatch]) -> (Ratings, Vec<SkillChange>) {
    let mut ratings = Ratings::default();
    let changes = matches.iter().filter_map(|one| ratings.play(one)).flat_map(|learned| learned.changes).collect();
    (ratings, changes)
}

fn config() -> WengLinConfig {
    WengLinConfig { beta: LUCK, ..WengLinConfig::new() }
}

const fn weng_lin(skill: Skill) -> WengLinRating {
    WengLinRating { rating: skill.mean, uncertainty: skill.deviation }
}

/// The part of a match that somebody played, 0 to 1.
fn share(seconds: i64, longest: i64) -> f64 {
    if longest > 0 { (crate::formulas::float(seconds.max(0)) / crate::formulas::float(longest)).min(1.0) } else { 1.0 }
}

/// Who played a part of a match learns that part of it.
fn partly(before: Skill, after: WengLinRating, share: f64) -> Skill {
    let variance = |deviation: f64| deviation * deviation;
    let old = variance(before.deviation);
    Skill {
        mean: share.mul_add(after.rating - before.mean, before.mean),
        deviation: share.mul_add(variance(after.uncertainty) - old, old).sqrt(),
        ..before
    }
}
