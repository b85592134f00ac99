//! Ratings of made-up communities whose true strengths are known, and what is built on them: splits, synergy, ET rating.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use fullhold_analytics::{
    Confidence, EtTier, MatchOutcome, Played, RatedMatch, Ratings, SplitError, Totals, et_ratings, log_loss,
    replay_ratings, split_teams, synergy, win_share,
};
use fullhold_stats_file::Guid;

const DAY: i64 = 86_400;
const PLAYERS: usize = 24;

fn guid(number: usize) -> Guid {
    Guid::new(&format!("{number:08}")).unwrap()
}

fn guids(team: &[Played]) -> Vec<Guid> {
    team.iter().map(|played| played.guid).collect()
}

/// A match of a made-up community, and the true chance of team A.
struct Known {
    of: RatedMatch,
    chance: f64,
}

/// Matches of 4 to 6 a side between random players; strengths are normal with this deviation, drawn from the seed.
fn community(seed: u64, deviation: f64, matches: usize) -> Vec<Known> {
    let mut random = fastrand::Rng::with_seed(seed);
    let normal = |random: &mut fastrand::Rng| (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
    let strengths: Vec<f64> = (0..PLAYERS).map(|_| deviation * normal(&mut random)).collect();
    (0..matches)
        .map(|number| {
            let mut people: Vec<usize> = (0..PLAYERS).collect();
            random.shuffle(&mut people);
            let size = random.usize(4..=6);
            let strength = |team: &[usize]| team.iter().map(|player| strengths[*player]).sum::<f64>();
            let (a, b) = (&people[..size], &people[size..2 * size]);
            let chance = 1.0 / (1.0 + (strength(b) - strength(a)).exp());
            let outcome = if random.f64() < chance { MatchOutcome::TeamA } else { MatchOutcome::TeamB };
            let team = |of: &[usize]| {
                of.iter().map(|p| Played { guid: guid(*p), seconds: 900, kills: 0, deaths: 0 }).collect()
            };
            let ended_at = i64::try_from(number).unwrap() * DAY / 10;
            let of = RatedMatch { ended_at, team_a: team(a), team_b: team(b), outcome, confidence: Confidence::High };
            Known { of, chance }
        })
        .collect()
}

fn result(of: &RatedMatch) -> f64 {
    of.outcome.result()
}

/// Plain Elo of team means, K = 32.
fn elo_loss(matches: &[Known], from: usize) -> f64 {
    let mut elo: BTreeMap<Guid, f64> = BTreeMap::new();
    let mut losses = Vec::new();
    for Known { of, .. } in matches {
        let mean = |team: &[Played], elo: &BTreeMap<Guid, f64>| {
            let sum: f64 = team.iter().map(|p| elo.get(&p.guid).copied().unwrap_or(1500.0)).sum();
            sum / f64::from(u32::try_from(team.len()).unwrap())
        };
        let difference = mean(&of.team_b, &elo) - mean(&of.team_a, &elo);
        let chance = 1.0 / (1.0 + 10_f64.powf(difference / 400.0));
        losses.push(log_loss(chance, result(of)));
        let step = 32.0 * (result(of) - chance);
        for (team, sign) in [(&of.team_a, 1.0), (&of.team_b, -1.0)] {
            for played in team {
                *elo.entry(played.guid).or_insert(1500.0) += sign * step;
            }
        }
    }
    mean(&losses[from..])
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap())
}

#[test]
fn predictions_are_better_than_a_coin_and_elo_and_near_the_truth() {
    let (mut ours, mut elo, mut oracle) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 1..=4 {
        let matches = community(seed, 0.5, 1500);
        let from = matches.len() * 4 / 5;
        let mut ratings = Ratings::default();
        for (number, Known { of, chance }) in matches.iter().enumerate() {
            let said = ratings.predict(&guids(&of.team_a), &guids(&of.team_b), of.ended_at);
            if number >= from {
                ours.push(log_loss(said.chance, result(of)));
                oracle.push(log_loss(*chance, result(of)));
            }
            ratings.play(of);
        }
        assert!(ratings.predict(&[guid(0)], &[guid(1)], 0).shown.is_some(), "community {seed}");
        elo.push(elo_loss(&matches, from));
    }
    let (ours, elo, oracle) = (mean(&ours), mean(&elo), mean(&oracle));
    assert!(ours < LN_2 && ours < elo, "ours {ours}, Elo {elo}, a coin {LN_2}");
    assert!(ours <= 1.10 * oracle, "ours {ours}, the oracle {oracle}");
}

#[test]
fn where_all_are_equal_no_number_is_shown() {
    let mut shown = 0;
    for seed in 1..=5 {
        let mut ratings = Ratings::default();
        for Known { of, .. } in &community(seed, 0.0, 400) {
            shown += usize::from(ratings.predict(&guids(&of.team_a), &guids(&of.team_b), of.ended_at).shown.is_some());
            ratings.play(of);
        }
    }
    // A window of luck may look like skill for a while.
    assert!(shown <= 5 * 400 / 20, "shown for {shown} of 2000 matches");
    assert_eq!(Ratings::default().predict(&[guid(0)], &[guid(1)], 0).shown, None, "too few matches");
}

#[test]
fn a_replay_is_the_same_as_match_after_match() {
    let matches: Vec<RatedMatch> = community(7, 0.5, 300).into_iter().map(|known| known.of).collect();
    let mut live = Ratings::default();
    let changes: Vec<_> = matches.iter().filter_map(|one| live.play(one)).flat_map(|learned| learned.changes).collect();
    assert_eq!(replay_ratings(&matches), (live, changes));
}

fn one_match(outcome: MatchOutcome) -> RatedMatch {
    let team =
        |first| (first..first + 3).map(|n| Played { guid: guid(n), seconds: 1200, kills: 0, deaths: 0 }).collect();
    RatedMatch { ended_at: 0, team_a: team(0), team_b: team(3), outcome, confidence: Confidence::High }
}

#[test]
fn winners_rise_and_who_played_less_moves_less() {
    let mut one = one_match(MatchOutcome::TeamA);
    one.team_a[1].seconds = 600;
    one.team_a[2].seconds = 0;
    let (ratings, changes) = replay_ratings(&[one]);
    let gained: Vec<f64> = changes.iter().map(|change| change.after.mean - change.before.mean).collect();
    assert!(gained[0] > 0.0 && gained[3] < 0.0);
    assert!((gained[1] - gained[0] / 2.0).abs() < 1e-9 && gained[2].abs() < 1e-9, "{gained:?}");
    let skill = ratings.skill(guid(0), 0);
    assert!(skill.deviation < changes[0].before.deviation && skill.is_provisional());
    assert!(skill.at_least() < skill.mean);
}

#[test]
fn a_draw_of_equals_moves_nobody_and_doubt_teaches_nothing() {
    let (_, changes) = replay_ratings(&[one_match(MatchOutcome::Draw)]);
    assert!(changes.iter().all(|change| (change.after.mean - change.before.mean).abs() < 1e-9));
    let doubtful = RatedMatch { confidence: Confidence::Low, ..one_match(MatchOutcome::TeamA) };
    let (ratings, changes) = replay_ratings(&[doubtful]);
    assert!(changes.is_empty() && ratings.players().is_empty());
}

#[test]
fn who_stays_away_is_less_and_less_known_but_never_less_than_a_stranger() {
    let (ratings, _) = replay_ratings(&vec![one_match(MatchOutcome::TeamA); 30]);
    let after = |days: i64| ratings.skill(guid(0), days * DAY);
    assert!(after(0).deviation < after(30).deviation && after(30).deviation < after(300).deviation);
    let stranger = ratings.skill(guid(99), 0);
    assert!(after(100_000).deviation <= stranger.deviation);
    assert!((after(300).mean - after(0).mean).abs() < 1e-12);
    assert!(!after(0).is_provisional());
}

/// The least difference of all splits, by trying every assignment of players to teams.
fn least_difference(means: &[f64]) -> f64 {
    let half = means.len() / 2;
    let all = 0..1_usize << means.len();
    let difference = |bits: usize| {
        let (a, b): (Vec<_>, Vec<_>) = (0..means.len()).partition(|n| bits >> n & 1 == 1);
        let sum = |team: &[usize]| team.iter().map(|n| means[*n]).sum::<f64>();
        let size = |team: &[usize]| f64::from(u32::try_from(team.len()).unwrap());
        let fits = a.len() == half || b.len() == half;
        let even = a.len() == b.len();
        fits.then(|| if even { sum(&a) - sum(&b) } else { sum(&a) / size(&a) - sum(&b) / size(&b) })
    };
    all.filter_map(difference).map(f64::abs).fold(f64::INFINITY, f64::min)
}

#[test]
fn splits_are_the_most_even_ones() {
    let matches: Vec<RatedMatch> = community(3, 0.7, 400).into_iter().map(|known| known.of).collect();
    let (ratings, _) = replay_ratings(&matches);
    for players in 4..=12 {
        let people: Vec<Guid> = (0..players).map(guid).collect();
        let splits = split_teams(&people, &ratings, 0, 3).unwrap();
        let means: Vec<f64> = people.iter().map(|guid| ratings.skill(*guid, 0).mean).collect();
        assert!((splits[0].difference.abs() - least_difference(&means)).abs() < 1e-9, "{players} players");
        assert!(splits.is_sorted_by(|a, b| a.difference.abs() <= b.difference.abs()));
        for split in &splits {
            let mut all = [split.team_a.clone(), split.team_b.clone()].concat();
            all.sort();
            assert_eq!(all, people);
            assert!(split.team_a.len().abs_diff(split.team_b.len()) <= 1);
        }
        assert_eq!(splits.len(), 3, "alternatives");
        let mut reversed = people.clone();
        reversed.reverse();
        assert_eq!(split_teams(&reversed, &ratings, 0, 3).unwrap(), splits);
    }
}

#[test]
fn what_cannot_be_split_is_said() {
    let ratings = Ratings::default();
    let split = |people: &[usize]| split_teams(&people.iter().copied().map(guid).collect::<Vec<_>>(), &ratings, 0, 1);
    assert_eq!(split(&[1, 2, 3]), Err(SplitError::Players(3)));
    assert_eq!(split(&(0..13).collect::<Vec<_>>()), Err(SplitError::Players(13)));
    assert_eq!(split(&[1, 2, 3, 2]), Err(SplitError::Twice(guid(2))));
}

fn matches(won: i64, drawn: i64, lost: i64) -> Totals {
    Totals { matches_won: won, matches_drawn: drawn, matches_lost: lost, ..Totals::default() }
}

#[test]
fn synergy_has_intervals_that_hold_what_they_say() {
    assert_eq!(synergy(&matches(3, 0, 4), &matches(50, 0, 50)).unwrap_err().to_go, 3);
    let few = synergy(&matches(8, 0, 2), &matches(50, 0, 50)).unwrap();
    assert!(few.gain.low < 0.0 && few.gain.value > 0.0, "ten matches prove nothing: {few:?}");
    let many = synergy(&matches(160, 0, 40), &matches(100, 0, 100)).unwrap();
    assert!(many.gain.low > 0.0, "{many:?}");
    let never_apart = synergy(&matches(10, 0, 0), &matches(0, 0, 0)).unwrap();
    assert!(never_apart.gain.low < 0.0 && never_apart.gain.high <= 1.0);
    // By hand: Wilson's interval of 8 in 10 at 95 % is 0.490 to 0.943.
    let share = win_share(&matches(8, 0, 2));
    assert!((share.low - 0.4902).abs() < 1e-4 && (share.high - 0.9433).abs() < 1e-4, "{share:?}");
    for (won, drawn, lost) in [(0, 0, 0), (0, 0, 1), (1, 0, 0), (0, 3, 0), (i64::MAX / 4, 0, i64::MAX / 4)] {
        let share = win_share(&matches(won, drawn, lost));
        assert!(0.0 <= share.low && share.low <= share.value && share.value <= share.high && share.high <= 1.0);
    }
}

#[test]
fn the_et_rating_ranks_numbers_in_their_pool() {
    let player = |level: i64, rounds| Totals {
        rounds,
        seconds: rounds * 600,
        kills: rounds * level,
        deaths: rounds * (100 - level),
        damage_given: rounds * level * 100,
        aimed_hits: rounds * level,
        aimed_shots: rounds * 300,
        ..Totals::default()
    };
    let pool: BTreeMap<Guid, Totals> =
        (0..9).map(|n| (guid(n), player(10 * (9 - i64::try_from(n).unwrap()), 400))).collect();
    let ratings = et_ratings(&pool);
    let ordered: Vec<f64> = ratings.values().copied().collect();
    assert!(ordered.is_sorted_by(|a, b| a > b), "{ordered:?}");
    // Best in everything: a percentile of 1, drawn to the mean of 0.5 by 40 of 440 rounds.
    assert!((ordered[0] - (400.0 + 40.0 * 0.5) / 440.0).abs() < 1e-9);
    assert!((ordered[4] - 0.5).abs() < 1e-9, "the middle");
    let mut few = pool.clone();
    few.insert(guid(50), player(90, 19));
    assert!(!et_ratings(&few).contains_key(&guid(50)), "below 20 rounds");
    few.insert(guid(50), player(90, 20));
    assert!(et_ratings(&few)[&guid(50)] < et_ratings(&few)[&guid(0)], "fewer rounds are nearer to the mean");
    let alone = et_ratings(&[(guid(0), player(50, 30))].into_iter().collect());
    assert!((alone[&guid(0)] - 0.5).abs() < 1e-9);
    assert!(et_ratings(&BTreeMap::new()).is_empty());
    let names: Vec<&str> = [0.39, 0.40, 0.55, 0.70, 0.85, 1.0].map(EtTier::of).map(EtTier::name).to_vec();
    assert_eq!(names, ["newcomer", "regular", "experienced", "veteran", "elite", "elite"]);
}
