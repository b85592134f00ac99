//! Series, line-ups and recaps of made-up evenings: guests in turn, substitutes, who comes, leaves and changes teams.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod support;

use std::collections::BTreeMap;

use fullhold_analytics::{
    Fact, FactKind, Lineup, MatchResult, MatchTeams, PlayedEvening, PlayedMatch, Presence, Subject, TimelineRound,
    Totals, evening_facts, form_fact, lineup_changes, match_facts, recap, recap_of_last, series, since,
};
use fullhold_stats_file::{Guid, Seconds};
use support::{letters, play, roster, run};

/// An evening of matches in which Axis of R1 and Allies of R1 are these letters; the attackers of R1 win it 2:0.
fn evening(matches: &[(&str, &str)]) -> Vec<TimelineRound<'static>> {
    let mut rounds = Vec::new();
    for (minute, (axis, allies)) in (0..).step_by(20).zip(matches) {
        let at = rounds.len();
        play(&mut rounds, minute, [false, true]);
        rounds[at].roster = roster(axis, allies);
        rounds[at + 1].roster = roster(allies, axis);
    }
    rounds
}

/// Maps, points and teams of each series.
fn found(matches: &[(&str, &str)]) -> Vec<(usize, usize, usize, String, String)> {
    let rounds = evening(matches);
    let timeline = run(&rounds);
    series(&rounds, &timeline.matches)
        .into_iter()
        .map(|one| (one.matches.len(), one.points_a, one.points_b, letters(&one.team_a), letters(&one.team_b)))
        .collect()
}

fn text(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn the_same_teams_play_one_series_however_the_sides_are() {
    let (a, b) = text("ABC", "XYZ");
    // Axis defends in R1, so who is Allies there wins the match.
    assert_eq!(found(&[("ABC", "XYZ"), ("XYZ", "ABC"), ("ABC", "XYZ")]), [(3, 2, 4, a, b)]);
}

#[test]
fn guests_in_turn_play_two_series() {
    let ((a, x), (_, u)) = (text("ABC", "XYZ"), text("ABC", "UVW"));
    let evening = [("ABC", "XYZ"), ("ABC", "XYZ"), ("UVW", "ABC")];
    assert_eq!(found(&evening), [(2, 0, 4, a.clone(), x), (1, 2, 0, a, u)]);
}

#[test]
fn guests_who_return_play_a_third_series() {
    let points: Vec<usize> =
        found(&[("ABC", "XYZ"), ("ABC", "UVW"), ("ABC", "XYZ")]).into_iter().map(|s| s.0).collect();
    assert_eq!(points, [1, 1, 1]);
}

#[test]
fn a_substitute_does_not_end_a_series_and_half_is_enough() {
    assert_eq!(found(&[("ABCD", "WXYZ"), ("ABCD", "WXYT"), ("ABCD", "WXST")]).len(), 1);
    assert_eq!(found(&[("ABCD", "WXYZ"), ("ABCD", "WXST")]).len(), 1, "half of them stayed");
    assert_eq!(found(&[("ABCD", "WXYZ"), ("ABCD", "WRST")]).len(), 2, "less than half stayed");
    // The smaller of the two rosters counts: two of three stayed, though six came.
    assert_eq!(found(&[("ABC", "XYZ"), ("ABCDEF", "XYRSTU")]).len(), 1);
}

#[test]
fn without_decided_matches_there_is_no_series() {
    assert!(found(&[]).is_empty());
    let mut rounds = evening(&[("ABC", "XYZ")]);
    rounds[1].winner = None;
    let timeline = run(&rounds);
    assert!(series(&rounds, &timeline.matches).is_empty());
}

fn changes(matches: &[(&str, &str)]) -> Vec<Presence> {
    let rounds = evening(matches);
    let timeline = run(&rounds);
    lineup_changes(&rounds, &timeline.sessions[0].members, &timeline.matches)
}

fn guid(letter: &str) -> Guid {
    Guid::new(letter).unwrap()
}

#[test]
fn who_came_late_and_who_left_is_told_by_rounds() {
    assert!(changes(&[("ABC", "XYZ"), ("XYZ", "ABC")]).is_empty(), "sides are no teams");
    let presence =
        |letter, came_in, left_after| Presence { guid: guid(letter), came_in, left_after, changed_teams_in: vec![] };
    let expected = [presence("C", None, Some(1)), presence("D", Some(2), None)];
    assert_eq!(changes(&[("ABC", "XYZ"), ("ABD", "XYZ")]), expected);
}

#[test]
fn who_changed_teams_is_told_by_the_round() {
    let found = changes(&[("ABCD", "WXYZ"), ("ABCZ", "WXYD"), ("ABCZ", "WXYD")]);
    let expected: Vec<(Guid, Vec<usize>)> = vec![(guid("D"), vec![2]), (guid("Z"), vec![2])];
    assert_eq!(found.into_iter().map(|one| (one.guid, one.changed_teams_in)).collect::<Vec<_>>(), expected);
}

#[test]
fn two_evenings_are_compared_by_people_not_by_letters() {
    let people = |letters: &str| letters.chars().map(|c| guid(&c.to_string())).collect::<Vec<Guid>>();
    let (a, b, c, d) = (people("ABC"), people("XYZ"), people("XYC"), people("ABN"));
    let now = Lineup { team_a: &c, team_b: &d };
    let found = since(now, Lineup { team_a: &a, team_b: &b });
    assert_eq!(
        (letters(&found.new), letters(&found.missing), letters(&found.changed_teams)),
        ("N".into(), "Z".into(), "C".into())
    );
    let same = since(Lineup { team_a: &b, team_b: &a }, Lineup { team_a: &a, team_b: &b });
    assert!(same.new.is_empty() && same.missing.is_empty() && same.changed_teams.is_empty());
}

/// Matches as recaps look at them, without their players.
fn played(matches: &[MatchResult]) -> Vec<PlayedMatch> {
    let points = |points: Option<u8>| usize::from(points.unwrap_or(0));
    let one = |(index, one): (usize, &MatchResult)| PlayedMatch {
        index,
        teams: MatchTeams { points_a: points(one.points_a), points_b: points(one.points_b), ..MatchTeams::default() },
        is_double_hold: (one.points_a, one.points_b) == (Some(1), Some(1)),
        attacks: None,
    };
    matches.iter().enumerate().map(one).collect()
}

/// The facts of an evening in which the attackers of R1 win each match; those of these two matches were close.
fn facts(matches: &[(&str, &str)], close: &[(usize, [i32; 2])]) -> Vec<(FactKind, f64)> {
    let rounds = evening(matches);
    let timeline = run(&rounds);
    let attacks: BTreeMap<usize, [Seconds; 2]> =
        close.iter().map(|(index, times)| (*index, times.map(Seconds))).collect();
    let mut played = played(&timeline.matches);
    played.iter_mut().for_each(|one| one.attacks = attacks.get(&one.index).copied());
    let found = match_facts(&played, &series(&rounds, &timeline.matches));
    found.into_iter().map(|fact| (fact.kind, fact.strength)).collect()
}

#[test]
fn a_comeback_is_a_series_won_from_behind() {
    let (lost, won) = (("ABC", "XYZ"), ("XYZ", "ABC"));
    assert_eq!(facts(&[lost, won, won], &[]), [(FactKind::Comeback, 2.0)]);
    assert_eq!(facts(&[lost, lost, won, won, won], &[]), [(FactKind::Comeback, 4.0)]);
    assert!(facts(&[won, lost, won], &[]).is_empty(), "never behind");
    assert!(facts(&[lost, won], &[]).is_empty(), "a draw is no win");
    assert!(facts(&[], &[]).is_empty());
}

#[test]
fn the_closest_map_and_double_holds_are_facts() {
    let two = [("ABC", "XYZ"), ("ABC", "XYZ")];
    assert_eq!(facts(&two, &[(0, [300, 290]), (1, [200, 203])]), [(FactKind::ClosestMap, -3.0)]);
    let mut rounds = evening(&[("ABC", "XYZ")]);
    rounds[0].winner = Some(rounds[0].defender);
    let timeline = run(&rounds);
    let found = match_facts(&played(&timeline.matches), &[]);
    assert_eq!(found, [Fact { kind: FactKind::DoubleHold, strength: 1.0, subject: Subject::Match(0) }]);
}

#[test]
fn a_recap_says_three_unusual_things_and_never_what_is_always_so() {
    let fact = |kind, strength| Fact { kind, strength, subject: Subject::Match(0) };
    use FactKind::{ClosestMap, Comeback, Debut, DoubleHold, Record};
    let all = [
        fact(Debut, 1.0),
        fact(DoubleHold, 1.0),
        fact(DoubleHold, 3.0),
        fact(ClosestMap, -2.0),
        fact(Comeback, 2.0),
        fact(Record, 1.0),
    ];
    let kinds = |past: &BTreeMap<FactKind, Vec<f64>>, evenings| {
        recap(&all, past, evenings).into_iter().map(|fact| fact.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&BTreeMap::new(), 0), [Comeback, Record, ClosestMap], "without a past in order of kinds");
    let past = BTreeMap::from([
        (Comeback, vec![4.0, 2.0, 2.0]),
        (Record, vec![1.0, 1.0]),
        (ClosestMap, vec![-9.0, -1.0]),
        (DoubleHold, vec![1.0, 2.0]),
    ]);
    // Of 12 evenings none had a debut or three double holds, one so close a map, two a record, three a comeback.
    assert_eq!(kinds(&past, 12), [DoubleHold, Debut, ClosestMap]);
    assert_eq!(recap(&all[..1], &BTreeMap::from([(Debut, vec![1.0; 3])]), 12), [], "a quarter had one");
}

#[test]
fn who_stood_out_is_far_above_his_own_form() {
    let forms = |of: &[(&str, f64)]| form_fact(&of.iter().map(|(name, form)| (guid(name), *form)).collect());
    assert_eq!(forms(&[("A", 129.0)]), None);
    assert_eq!(
        forms(&[("B", 140.0), ("A", 140.0), ("C", 90.0)]).map(|fact| fact.subject),
        Some(Subject::Player(guid("A")))
    );
    assert_eq!(forms(&[]), None);
}

/// An evening of one match between these letters, won by the first team or the second.
fn meeting(a: &str, b: &str, a_wins: bool) -> PlayedEvening {
    let people = |letters: &str| letters.chars().map(|c| guid(&c.to_string())).collect();
    let (points_a, points_b) = if a_wins { (2, 0) } else { (0, 2) };
    let teams = MatchTeams { team_a: people(a), team_b: people(b), points_a, points_b };
    let matches = vec![PlayedMatch { index: 0, teams, is_double_hold: false, attacks: None }];
    PlayedEvening { matches, ..PlayedEvening::default() }
}

#[test]
fn a_first_win_is_over_opponents_who_had_always_won() {
    let kinds = |now: &PlayedEvening, before: &[PlayedEvening]| {
        evening_facts(now, before).into_iter().map(|fact| (fact.kind, fact.strength)).collect::<Vec<_>>()
    };
    let lost = [meeting("ABC", "XYZ", false), meeting("XYQ", "ABD", true)];
    let won = meeting("ABC", "XYZ", true);
    assert_eq!(kinds(&won, &lost), [(FactKind::FirstWin, 2.0)], "the letters of the teams are no matter");
    assert!(kinds(&won, &[]).is_empty(), "they never met");
    assert!(kinds(&won, &[lost[0].clone(), won.clone()]).is_empty(), "they had won before");
    assert!(kinds(&won, &[meeting("ABC", "QRS", false)]).is_empty(), "other opponents");
}

#[test]
fn a_recap_compares_an_evening_with_those_before_it() {
    let debut = |name: &str| PlayedEvening { debuts: vec![guid(name)], ..meeting("ABC", "XYZ", true) };
    let usual = meeting("ABC", "XYZ", true);
    let kinds =
        |evenings: &[PlayedEvening]| recap_of_last(evenings).into_iter().map(|fact| fact.kind).collect::<Vec<_>>();
    let rare = [vec![usual.clone(); 9], vec![debut("N")]].concat();
    assert_eq!(kinds(&rare), [FactKind::Debut]);
    let common = [vec![debut("M"), usual.clone(), debut("O"), usual], vec![debut("N")]].concat();
    assert!(kinds(&common).is_empty(), "half of the evenings had one");
    assert!(kinds(&[]).is_empty());
    let strong = |kills| {
        let totals =
            Totals { rounds: 1, seconds: 600, kills, deaths: 10, damage_given: kills * 100, ..Totals::default() };
        PlayedEvening { sums: BTreeMap::from([(guid("A"), totals)]), ..meeting("ABC", "XYZ", true) }
    };
    assert_eq!(kinds(&[vec![strong(10); 6], vec![strong(20)]].concat()), [FactKind::Form]);
}
