//! What an evening's rows say of its teams: series with their names, and who came late, left or changed sides.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{
    MatchTeams, Presence, RosterEntry, Series, SidesOfMatch, Stood, Team, TeamNames, Totals, lineup_changes_of,
    series_of,
};
use fullhold_stats_file::{Guid, RoundNumber, Side, Weapon};

use crate::queries::evening::Evening;
use crate::{EveningPlayer, EveningWeapon, MatchRow, RoundId, WeaponLine};

/// A series of an evening, and what its teams are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSeries {
    /// The series; its matches are positions in [`Evening::matches`].
    pub series: Series,
    /// Names set by people, else clan tags.
    pub names: TeamNames,
}

/// Sums of everybody over some lines. Lines of bots, of spectators and of rounds that do not count are left out.
#[must_use]
pub fn sums_of_lines<'a>(
    lines: impl Iterator<Item = &'a EveningPlayer>,
    weapons: &[EveningWeapon],
) -> BTreeMap<Guid, Totals> {
    let grenades: BTreeMap<(RoundId, &str), &WeaponLine> = weapons
        .iter()
        .filter(|weapon| weapon.weapon() == Some(Weapon::Grenade))
        .map(|weapon| ((weapon.line.round_id, weapon.line.player_guid.as_str()), &weapon.line))
        .collect();
    let mut sums: BTreeMap<Guid, Totals> = BTreeMap::new();
    let mut played: BTreeSet<(Guid, RoundId)> = BTreeSet::new();
    for one in lines.filter(|one| one.line.counts()) {
        let Some(guid) = Guid::new(&one.person_guid) else { continue };
        let grenade = grenades.get(&(one.line.round_id, one.line.player_guid.as_str())).copied();
        let mut line = one.line.totals(grenade);
        // Nobody is in a round twice, whatever number of guids they wear there.
        if !played.insert((guid, one.line.round_id)) {
            line.rounds = 0;
        }
        let sum = sums.entry(guid).or_default();
        *sum = *sum + line;
    }
    sums
}

impl Evening {
    /// Sums of everybody over the rounds that count, or over those of them that are wanted. Bots and spectators do not
    /// count.
    #[must_use]
    pub fn sums(&self, is_wanted: impl Fn(RoundId) -> bool) -> BTreeMap<Guid, Totals> {
        sums_of_lines(self.lines.iter().filter(|one| is_wanted(one.line.round_id)), &self.weapons)
    }

    /// Who stood where in each match that counts for the score, by position in [`Evening::matches`].
    #[must_use]
    pub fn match_teams(&self) -> Vec<(usize, MatchTeams)> {
        let decided = self.matches.iter().enumerate().filter(|(_, one)| one.undecided_reason.is_none());
        decided.filter_map(|(index, one)| Some((index, self.teams_of(one)?))).collect()
    }

    /// Who changed teams between the rounds of a match belongs to that of R1.
    fn teams_of(&self, one: &MatchRow) -> Option<MatchTeams> {
        let a_side = one.team_a_r1_side?;
        let points = |points: Option<i32>| usize::try_from(points?).ok();
        let mut teams =
            MatchTeams { points_a: points(one.points_a)?, points_b: points(one.points_b)?, ..MatchTeams::default() };
        for (round, is_first) in [(one.r1_round_id, true), (one.r2_round_id, false)] {
            let lines = self.lines.iter().filter(|line| Some(line.line.round_id) == round && line.line.counts());
            for line in lines {
                if let Some(guid) = Guid::new(&line.person_guid) {
                    teams.stand(guid, (line.line.team == a_side) == is_first);
                }
            }
        }
        Some(teams)
    }

    /// The series, oldest first.
    #[must_use]
    pub fn series(&self) -> Vec<NamedSeries> {
        let set = |team: Team| self.teams.iter().filter(|row| row.team == team).find_map(|row| row.team_name.clone());
        let named = |series: Series| {
            let (a, b) = (self.worn(&series.team_a, &series), self.worn(&series.team_b, &series));
            NamedSeries {
                names: TeamNames::of(TeamNames { team_a: set(Team::A), team_b: set(Team::B) }, &a, &b),
                series,
            }
        };
        series_of(&self.match_teams()).into_iter().map(named).collect()
    }

    /// The newest clean name of each player in a series.
    fn worn(&self, team: &[Guid], series: &Series) -> Vec<&str> {
        let matches = series.matches.iter().filter_map(|index| self.matches.get(*index));
        let rounds: Vec<RoundId> = matches.flat_map(|one| [one.r1_round_id, one.r2_round_id]).flatten().collect();
        // Rounds of an evening are read in their order.
        let order: BTreeMap<RoundId, usize> =
            self.rounds.iter().enumerate().map(|(index, round)| (round.id, index)).collect();
        let newest = |guid: &Guid| {
            let of = self.lines.iter().filter(|one| one.person_guid == guid.as_str());
            let of = of.filter(|one| rounds.contains(&one.line.round_id));
            of.max_by_key(|one| order.get(&one.line.round_id)).map(|one| one.line.clean_name.as_str())
        };
        team.iter().filter_map(newest).collect()
    }

    /// Who came late, left early or changed teams; positions are those of [`Evening::rounds`]. Only rounds that count
    /// can tell.
    #[must_use]
    pub fn lineup_changes(&self) -> Vec<Presence> {
        let side = |number: i32| [Side::Axis, Side::Allies].into_iter().find(|side| i32::from(side.number()) == number);
        let stood: Vec<Stood> = self
            .rounds
            .iter()
            .map(|round| Stood {
                round: if round.round_number == 2 { RoundNumber::Two } else { RoundNumber::One },
                roster: self
                    .lines
                    .iter()
                    .filter(|one| one.line.round_id == round.id && !one.line.is_bot)
                    .filter_map(|one| {
                        Some(RosterEntry {
                            guid: Guid::new(&one.person_guid)?,
                            side: side(one.line.team),
                            is_bot: false,
                        })
                    })
                    .collect(),
            })
            .collect();
        let position = |id: Option<RoundId>| self.rounds.iter().position(|round| Some(round.id) == id);
        let matches: Vec<SidesOfMatch> = self
            .matches
            .iter()
            .map(|one| SidesOfMatch {
                r1: position(one.r1_round_id),
                r2: position(one.r2_round_id),
                team_a_r1_side: one.team_a_r1_side.and_then(side),
            })
            .collect();
        lineup_changes_of(&stood, &matches)
    }
}
