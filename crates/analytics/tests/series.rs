//! Series and line-ups of made-up evenings: guests in turn, substitutes, who comes, leaves and changes teams.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod support;

use fullhold_analytics::{Lineup, Presence, TimelineRound, lineup_changes, series, since};
use fullhold_stats_file::Guid;
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
