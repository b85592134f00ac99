//! Cards of evenings, matches and rounds: who won, and by how much time.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Totals, clan_tag, mvp_of, team_mvp};
use fullhold_charts::cards::{
    EveningResult, MapPlay, MatchCard, MatchLine as CardLine, MatchTeam, RoundCard, RoundLine as CardRound, RoundTeam,
    Series, Side, Sides,
};
use fullhold_charts::{Attack, Honour, Name, Picture, Score, Team, When};
use fullhold_stats_file::Guid;

use super::evening::{AttackLine, EveningAnswer, MatchLine, SeriesLine};
use super::people::People;
use super::pictures::{drawn_day, drawn_time};
use super::round::{MatchAnswer, RoundAnswer};
use super::sheet;
use crate::catalogue::Catalogue;

impl EveningAnswer {
    /// Who won the evening: the score of each series with its maps, and who was most valuable.
    #[must_use]
    pub fn result_card(&self, texts: &Catalogue) -> Picture {
        let mut series: Vec<Series> = self.series.iter().map(|one| self.card_series(one)).collect();
        if series.is_empty() && !self.matches.is_empty() {
            series.push(Series { sides: Err(texts.say("card-no-teams", &[]).to_plain()), maps: Vec::new() });
        }
        // A match without points stands where it was played: in the series before it.
        let mut at = 0;
        for one in &self.matches {
            at = one.series.unwrap_or(at);
            if let Some(series) = series.get_mut(at) {
                series.maps.push(map_play(one, texts));
            }
        }
        let best = self.mvp.map(|mvp| self.honour("card-mvp", mvp, texts));
        EveningResult {
            number: self.number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default(),
            when: self.when(),
            players: self.sums.len(),
            series,
            best,
            second: self.second(texts),
        }
        .draw()
    }

    fn card_series(&self, one: &SeriesLine) -> Series {
        let side = |(name, _): &(String, i64), players: &[Guid]| Side {
            name: Name::plain(name),
            players: untagged(&self.people, &self.busiest(players)),
        };
        let sides = Sides {
            a: side(&one.team_a, &one.players_a),
            b: side(&one.team_b, &one.players_b),
            score: score((one.team_a.1, one.team_b.1)),
        };
        Series { sides: Ok(sides), maps: Vec::new() }
    }

    /// Players of a team, the most kills first.
    fn busiest(&self, players: &[Guid]) -> Vec<Guid> {
        let order = sheet::by(&f::KILLS, &self.sums).into_iter().map(|(guid, _)| guid);
        order.filter(|guid| players.contains(guid)).collect()
    }

    fn honour(&self, title: &str, guid: Guid, texts: &Catalogue) -> Honour {
        let value = self.sums.get(&guid).and_then(|totals| f::MVP.of(totals));
        Honour {
            title: texts.say(title, &[]).to_plain(),
            name: self.drawn(guid),
            team: self.team(guid),
            value: value.map_or_else(String::new, |value| f::MVP.measure.show(value)),
            unit: String::new(),
        }
    }

    /// The most valuable player of the other team; where there are no two teams, who has most kills.
    fn second(&self, texts: &Catalogue) -> Option<Honour> {
        if let [only] = self.series.as_slice() {
            let is_a = self.mvp.is_some_and(|mvp| only.players_a.contains(&mvp));
            let other = if is_a { &only.players_b } else { &only.players_a };
            return team_mvp(&self.sums, other).map(|mvp| self.honour("card-other-mvp", mvp, texts));
        }
        let (guid, totals) = sheet::by(&f::KILLS, &self.sums).into_iter().next()?;
        let value = f::KILLS.measure.show(f::KILLS.of(totals)?);
        Some(Honour { value, ..self.honour("card-most-kills", guid, texts) })
    }
}

fn map_play(one: &MatchLine, texts: &Catalogue) -> MapPlay {
    let why = one.undecided.map(|why| texts.say(&format!("card-undecided-{}", why.name()), &[]).to_plain());
    MapPlay {
        map: one.map.clone(),
        first: one.attacks[0].map(drawn_attack),
        second: one.attacks[1].map(drawn_attack),
        points: one.points.map(score),
        not_counted: why,
    }
}

fn score((a, b): (i64, i64)) -> Score {
    let points = |points: i64| u64::try_from(points).unwrap_or_default();
    Score { a: points(a), b: points(b) }
}

fn drawn_attack(attack: AttackLine) -> Attack {
    let time = |seconds: i64| u64::try_from(seconds).unwrap_or_default();
    Attack {
        team: match attack.by_a {
            Some(true) => Team::A,
            Some(false) => Team::B,
            None => Team::Unknown,
        },
        seconds: time(attack.seconds),
        limit: time(attack.limit),
        is_done: attack.is_done,
    }
}

/// Names of a team without the tag that they share.
fn untagged(people: &People, guids: &[Guid]) -> Vec<Name> {
    let tag = tag(people, guids);
    guids.iter().map(|guid| drawn(people, *guid).without_tag(tag.as_deref().unwrap_or_default())).collect()
}

fn tag(people: &People, guids: &[Guid]) -> Option<String> {
    let names: Vec<String> = guids.iter().map(|guid| people.name(*guid).to_plain()).collect();
    clan_tag(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn drawn(people: &People, guid: Guid) -> Name {
    Name::plain(&people.name(guid).to_plain())
}

fn count(count: i64) -> Option<u64> {
    u64::try_from(count).ok()
}

impl MatchAnswer {
    /// The match as a card: both attacks, everybody's R1, R2 and sum.
    #[must_use]
    pub fn card(&self, texts: &Catalogue) -> Picture {
        let both = self.both();
        let mvp = mvp_of(&both);
        let mut parts = Vec::new();
        if let Some(evening) = self.evening {
            parts.push(texts.say("card-evening", &[("number", evening.into())]).to_plain());
        }
        let (place, of) = self.place;
        if of > 0 {
            parts.push(texts.say("card-map-of", &[("place", place.into()), ("of", of.into())]).to_plain());
        }
        let lines = |is_meant: &dyn Fn(&Guid) -> bool| {
            let players = sheet::by(&f::KILLS, &both).into_iter().filter(|(guid, _)| is_meant(guid));
            players.map(|(guid, totals)| self.line(guid, totals, mvp)).collect::<Vec<_>>()
        };
        let teams = match (&self.teams, &self.points) {
            (Some([a, b]), Some(((name_a, _), (name_b, _)))) => {
                parts.push(format!("{} v {}", a.len(), b.len()));
                let team = |team: Team, name: &str, players: &[Guid]| MatchTeam {
                    team,
                    name: Some(Name::plain(name)),
                    tag: tag(&self.people, players),
                    players: lines(&|guid| players.contains(guid)),
                };
                vec![team(Team::A, name_a, a), team(Team::B, name_b, b)]
            }
            _ => vec![MatchTeam { team: Team::Unknown, name: None, tag: None, players: lines(&|_| true) }],
        };
        MatchCard {
            parts,
            map: self.map.clone(),
            score: self.points.as_ref().map(|((_, a), (_, b))| score((*a, *b))),
            first: self.attacks[0].map(drawn_attack),
            second: self.attacks[1].map(drawn_attack),
            teams,
        }
        .draw()
    }

    fn line(&self, guid: Guid, totals: &Totals, mvp: Option<Guid>) -> CardLine {
        let half = |sums: &BTreeMap<Guid, Totals>| {
            let totals = sums.get(&guid)?;
            Some([count(totals.kills)?, count(totals.deaths)?])
        };
        CardLine {
            name: drawn(&self.people, guid),
            is_mvp: mvp == Some(guid),
            first: half(&self.first),
            second: half(&self.second),
            kills: count(totals.kills),
            deaths: count(totals.deaths),
            kd: f::KD.of(totals),
            dpm: f::DPM.of(totals),
            given: count(totals.damage_given),
            received: count(totals.damage_received),
        }
    }
}

impl RoundAnswer {
    /// The round as a card.
    #[must_use]
    pub fn card(&self, texts: &Catalogue) -> Picture {
        let sums: BTreeMap<Guid, Totals> = self.players.iter().map(|(guid, _, totals)| (*guid, *totals)).collect();
        let mvp = mvp_of(&sums);
        let mut parts = Vec::new();
        if let Some(evening) = self.evening {
            parts.push(texts.say("card-evening", &[("number", evening.into())]).to_plain());
        }
        if let Some((day, time)) = self.clock {
            parts.extend(When { day: drawn_day(day), start: drawn_time(time), end: None }.parts());
        }
        let on = |side: u8| self.players.iter().filter(move |(_, on, _)| *on == side).count();
        parts.push(format!("{} v {}", on(1), on(2)));
        let lines = |is_meant: &dyn Fn(Guid) -> bool| {
            let players = sheet::by(&f::KILLS, &sums).into_iter().filter(|(guid, _)| is_meant(*guid));
            players.map(|(guid, totals)| self.line(guid, totals, mvp)).collect::<Vec<_>>()
        };
        let side_of = |guid: Guid| self.players.iter().find(|(one, ..)| *one == guid).map(|(_, side, _)| *side);
        let teams = match &self.teams {
            Some(teams) => {
                let team = |team: Team, name: &str, side: u8| {
                    let players: Vec<Guid> =
                        self.players.iter().filter(|(_, on, _)| *on == side).map(|(guid, ..)| *guid).collect();
                    RoundTeam {
                        team,
                        name: Some(Name::plain(name)),
                        tag: tag(&self.people, &players),
                        players: lines(&|guid| side_of(guid) == Some(side)),
                    }
                };
                let (a, b) = (teams.side_of_a, 3_u8.saturating_sub(teams.side_of_a));
                vec![team(Team::A, teams.on(a), a), team(Team::B, teams.on(b), b)]
            }
            None => vec![RoundTeam { team: Team::Unknown, name: None, tag: None, players: lines(&|_| true) }],
        };
        RoundCard {
            parts,
            map: self.map.clone(),
            round: self.number,
            attack: self.attack.map(drawn_attack),
            score: self.teams.as_ref().and_then(|teams| teams.score).map(score),
            teams,
        }
        .draw()
    }

    fn line(&self, guid: Guid, totals: &Totals, mvp: Option<Guid>) -> CardRound {
        let known = |value: Option<i64>| value.and_then(count);
        CardRound {
            name: drawn(&self.people, guid),
            is_mvp: mvp == Some(guid),
            kills: count(totals.kills),
            deaths: count(totals.deaths),
            kd: f::KD.of(totals),
            dpm: f::DPM.of(totals),
            accuracy: f::ACCURACY.of(totals),
            revives: known(totals.revives_given),
            spree: known(totals.best_spree.map(|peak| peak.value)),
            given: count(totals.damage_given),
        }
    }
}
