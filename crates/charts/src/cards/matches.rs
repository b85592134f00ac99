//! A match, R1 and R2 and their sum; and a round, which is the same card with one attack.

use crate::alt::{self, Alt};
use crate::canvas::{BAND_LEFT, BAND_WIDTH, Canvas, LEFT, RIGHT};
use crate::cards::attacks::{Digits, score, spoken};
use crate::colour::Tone;
use crate::data::{Attack, Score, Team};
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, clock, count, finite, maybe_count, plural};
use crate::parts::bars::{empty_track, hold_bar, key, unknown};
use crate::parts::compact::{self, CompactLine};
use crate::parts::header::{header, note};
use crate::parts::table::{Column, Form, best, counted, heads, numbers, shown_of};
use crate::picture::Picture;
use crate::text::Text;

const ROW: f64 = 44.0;
const COMPACT_ROW: f64 = 38.0;
/// From so many lines on, rows are lower.
const COMPACT: usize = 16;
/// From so many lines on, there are two columns.
const FULL: usize = 24;
/// Lines of one card; how many there are stands below.
const MOST_LINES: usize = 64;
/// The name of the team nobody knows.
const NOBODY: &str = "attackers";

/// A match on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchCard {
    /// Parts of the header: `evening 39, map 5 of 7`, `23:11`, `5 v 5`.
    pub parts: Vec<String>,
    /// As the server spells it.
    pub map: String,
    /// Points; `None` without teams or without round 2.
    pub score: Option<Score>,
    /// The attack of round 1.
    pub first: Option<Attack>,
    /// The attack of round 2; its limit is the time to beat.
    pub second: Option<Attack>,
    /// Teams with their players; one without a name when teams are not known.
    pub teams: Vec<MatchTeam>,
}

/// A team in a match.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchTeam {
    /// Its texture.
    pub team: Team,
    /// Its name; `None` when teams are not known.
    pub name: Option<Name>,
    /// The clan tag to leave out of the names.
    pub tag: Option<String>,
    /// Its players, the best first.
    pub players: Vec<MatchLine>,
}

/// A player's match. What the files do not carry is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchLine {
    /// The name worn.
    pub name: Name,
    /// Whether this is the most valuable player of the match.
    pub is_mvp: bool,
    /// Kills and deaths of round 1; `None` if not played.
    pub first: Option<[u64; 2]>,
    /// Kills and deaths of round 2; `None` if not played.
    pub second: Option<[u64; 2]>,
    /// Kills of both.
    pub kills: Option<u64>,
    /// Deaths of both.
    pub deaths: Option<u64>,
    /// Kills per death.
    pub kd: Option<f64>,
    /// Damage per minute.
    pub dpm: Option<f64>,
    /// Damage given.
    pub given: Option<u64>,
    /// Damage received.
    pub received: Option<u64>,
}

/// A round.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundCard {
    /// Parts of the header: `Tue 11 Nov 2025`, `21:26`, `5 v 5`.
    pub parts: Vec<String>,
    /// As the server spells it.
    pub map: String,
    /// 1 or 2.
    pub round: u8,
    /// The attack; `None` if its time is not known.
    pub attack: Option<Attack>,
    /// Score of the map or series so far.
    pub score: Option<Score>,
    /// Teams with their players.
    pub teams: Vec<RoundTeam>,
}

/// A team in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundTeam {
    /// Its texture.
    pub team: Team,
    /// Its name; `None` when teams are not known.
    pub name: Option<Name>,
    /// The clan tag to leave out of the names.
    pub tag: Option<String>,
    /// Its players, the best first.
    pub players: Vec<RoundLine>,
}

/// A player's round. What the files do not carry is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundLine {
    /// The name worn.
    pub name: Name,
    /// Whether this is the most valuable player of the round.
    pub is_mvp: bool,
    /// Kills.
    pub kills: Option<u64>,
    /// Deaths.
    pub deaths: Option<u64>,
    /// Kills per death.
    pub kd: Option<f64>,
    /// Damage per minute.
    pub dpm: Option<f64>,
    /// Hits per shot of aimed weapons, in per cent.
    pub accuracy: Option<f64>,
    /// Revives given.
    pub revives: Option<u64>,
    /// The longest killing spree.
    pub spree: Option<u64>,
    /// Damage given.
    pub given: Option<u64>,
}

const fn column(head: &'static str, right: f64, width: f64, form: Form, has_best: bool) -> Column {
    Column { head: ["", head], right, width, form, has_best }
}

const OF_MATCH: [Column; 6] = [
    column("kills", 592.0, 70.0, Form::Count, false),
    column("deaths", 684.0, 84.0, Form::Count, false),
    column("K/D", 768.0, 76.0, Form::Decimals(2), false),
    column("DPM", 848.0, 72.0, Form::Count, true),
    column("dmg ↑", 946.0, 90.0, Form::Count, false),
    column("dmg ↓", RIGHT, 86.0, Form::Count, false),
];

const OF_ROUND: [Column; 8] = [
    column("kills", 420.0, 74.0, Form::Count, true),
    column("deaths", 510.0, 84.0, Form::Count, false),
    column("K/D", 590.0, 72.0, Form::Decimals(2), true),
    column("DPM", 670.0, 72.0, Form::Count, true),
    column("acc. %", 764.0, 86.0, Form::Decimals(1), true),
    column("revives", 868.0, 96.0, Form::Count, true),
    column("spree", 946.0, 72.0, Form::Count, true),
    column("dmg ↑", RIGHT, 86.0, Form::Count, true),
];

/// A line of the table: a name, texts, numbers.
struct Line<'a> {
    name: Name,
    is_mvp: bool,
    halves: Option<[Option<[u64; 2]>; 2]>,
    values: Vec<Option<f64>>,
    source: &'a Name,
}

/// A group of lines under a head.
struct Group<'a> {
    team: Team,
    name: Option<&'a Name>,
    lines: Vec<Line<'a>>,
    /// Kills and deaths of the team, for the head of a match.
    sums: Option<[Option<u64>; 2]>,
}

impl MatchTeam {
    fn group(&self) -> Group<'_> {
        let sum = |value: fn(&MatchLine) -> Option<u64>| {
            self.players.iter().map(value).try_fold(0_u64, |sum, value| Some(sum.saturating_add(value?)))
        };
        let sums = self.name.is_some().then_some([sum(|line| line.kills), sum(|line| line.deaths)]);
        let tag = self.tag.as_deref().unwrap_or_default();
        let lines = self.players.iter().map(|line| line.line(tag)).collect();
        Group { team: self.team, name: self.name.as_ref(), lines, sums }
    }
}

impl MatchLine {
    fn line(&self, tag: &str) -> Line<'_> {
        let Self { kills, deaths, kd, dpm, given, received, .. } = self;
        Line {
            name: self.name.without_tag(tag),
            is_mvp: self.is_mvp,
            halves: Some([self.first, self.second]),
            values: vec![counted(*kills), counted(*deaths), *kd, *dpm, counted(*given), counted(*received)],
            source: &self.name,
        }
    }
}

impl MatchCard {
    /// Composes the card.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Match", &self.parts);
        banner(&mut canvas, &self.map, &self.sentence(), self.score);
        let longest = longest([self.first, self.second]);
        attack_row(&mut canvas, 252.0, ("R1 attack", self.first), longest, &self.names());
        attack_row(&mut canvas, 332.0, ("R2 attack", self.second), longest, &self.names());
        canvas.rule(420.0, Tone::Line);
        let groups = self.groups();
        let y = if is_crowd(&groups) {
            crowd(&mut canvas, 456.0, &groups, [0, 2, 3])
        } else {
            for (text, right) in [("R1 k–d", 406.0), ("R2 k–d", 510.0)] {
                canvas.right(&Text::plain(text).tone(Tone::Grey), at(right, 456.0), 96.0);
            }
            table(&mut canvas, 456.0, &OF_MATCH, &groups)
        };
        Picture::new(format!("Match on {}", self.map), self.alt(), canvas, y + 20.0)
    }

    fn names(&self) -> Vec<(Team, &Name)> {
        self.teams.iter().filter_map(|team| Some((team.team, team.name.as_ref()?))).collect()
    }

    fn groups(&self) -> Vec<Group<'_>> {
        self.teams.iter().filter(|team| !team.players.is_empty()).map(MatchTeam::group).collect()
    }

    /// What happened, from the two attacks.
    fn sentence(&self) -> String {
        let who = |attack: Attack| team_name(&self.names(), attack.team).to_owned();
        match (self.first, self.second) {
            (None, None) => "no times are known".to_owned(),
            (Some(first), None) if first.is_done => {
                format!("done in {}, round 2 was never played", clock(first.seconds))
            }
            (Some(first), None) => format!("held for {}, round 2 was never played", clock(first.seconds)),
            (None, Some(_)) => "round 1 is missing".to_owned(),
            (Some(first), Some(second)) => match (first.is_done, second.is_done) {
                (true, true) if second.seconds < first.seconds => {
                    format!("{} was {} faster", who(second), clock(first.seconds - second.seconds))
                }
                (true, true) => format!("both needed {}", clock(first.seconds)),
                (true, false) => format!("{} needed {} and then held", who(first), clock(first.seconds)),
                (false, true) if second.team != Team::Unknown => {
                    let (held, needed) = (clock(first.seconds), clock(second.seconds));
                    format!("{} held for {held} and then needed {needed}", who(second))
                }
                (false, true) => format!("held for {}, then done in {}", clock(first.seconds), clock(second.seconds)),
                (false, false) => "a full hold on both sides".to_owned(),
            },
        }
    }

    fn alt(&self) -> String {
        let names = self.names();
        let find = |team: Team| names.iter().find(|(other, _)| *other == team).map(|(_, name)| *name);
        let result = match (self.score, find(Team::A), find(Team::B)) {
            (Some(score), Some(a), Some(b)) => spoken(score, a, b).trim_end_matches('.').to_owned(),
            _ => "No score".to_owned(),
        };
        let groups = self.groups();
        Alt::default()
            .say(&format!("Match on {}. {result}: {}.", alt::escaped(&self.map), alt::escaped(&self.sentence())))
            .say_some(mvp(&groups))
            .say_some(most_kills(&groups))
            .text()
    }
}

impl RoundTeam {
    fn group(&self) -> Group<'_> {
        let tag = self.tag.as_deref().unwrap_or_default();
        let lines = self.players.iter().map(|line| line.line(tag)).collect();
        Group { team: self.team, name: self.name.as_ref(), lines, sums: None }
    }
}

impl RoundLine {
    fn line(&self, tag: &str) -> Line<'_> {
        let Self { kills, deaths, kd, dpm, accuracy, revives, spree, given, .. } = self;
        let [kills, deaths, revives, spree, given] =
            [kills, deaths, revives, spree, given].map(|value| counted(*value));
        Line {
            name: self.name.without_tag(tag),
            is_mvp: self.is_mvp,
            halves: None,
            values: vec![kills, deaths, *kd, *dpm, *accuracy, revives, spree, given],
            source: &self.name,
        }
    }
}

impl RoundCard {
    /// Composes the card.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, &format!("Round {}", self.round), &self.parts);
        banner(&mut canvas, &self.map, &self.sentence(), self.score);
        let label = if self.round == 2 { "R2 attack" } else { "R1 attack" };
        attack_row(&mut canvas, 252.0, (label, self.attack), longest([self.attack, None]), &self.names());
        canvas.rule(340.0, Tone::Line);
        let groups = self.groups();
        let y = if is_crowd(&groups) {
            crowd(&mut canvas, 376.0, &groups, [0, 2, 3])
        } else {
            table(&mut canvas, 376.0, &OF_ROUND, &groups)
        };
        Picture::new(format!("Round {} on {}", self.round, self.map), self.alt(), canvas, y + 20.0)
    }

    fn names(&self) -> Vec<(Team, &Name)> {
        self.teams.iter().filter_map(|team| Some((team.team, team.name.as_ref()?))).collect()
    }

    fn groups(&self) -> Vec<Group<'_>> {
        self.teams.iter().filter(|team| !team.players.is_empty()).map(RoundTeam::group).collect()
    }

    fn sentence(&self) -> String {
        let Some(attack) = self.attack else { return "its time is not known".to_owned() };
        let names = self.names();
        let who = team_name(&names, attack.team);
        let time = clock(attack.seconds);
        match (attack.is_done, attack.team) {
            (true, Team::Unknown) => format!("done in {time}"),
            (false, Team::Unknown) => format!("held for {time}"),
            (true, _) => format!("{who} needed {time}"),
            (false, _) => format!("{who} was held for {time}"),
        }
    }

    fn alt(&self) -> String {
        let groups = self.groups();
        let players = plural(groups.iter().map(|group| group.lines.len()).sum(), "player");
        Alt::default()
            .say(&format!("Round {} on {}: {}.", self.round, alt::escaped(&self.map), alt::escaped(&self.sentence())))
            .say(&format!("{players}."))
            .say_some(mvp(&groups))
            .say_some(most_kills(&groups))
            .text()
    }
}

fn longest(attacks: [Option<Attack>; 2]) -> u64 {
    let limits = attacks.into_iter().flatten().map(|attack| attack.limit.max(attack.seconds));
    limits.max().unwrap_or(0).max(1)
}

fn team_name<'a>(names: &[(Team, &'a Name)], team: Team) -> &'a str {
    names.iter().find(|(other, _)| *other == team).map_or(NOBODY, |(_, name)| name.as_str())
}

fn mvp(groups: &[Group<'_>]) -> Option<String> {
    let line = groups.iter().flat_map(|group| &group.lines).find(|line| line.is_mvp)?;
    Some(format!("MVP: {}.", alt::name(line.source)))
}

fn most_kills(groups: &[Group<'_>]) -> Option<String> {
    let lines = groups.iter().flat_map(|group| &group.lines);
    alt::most("Most kills", lines.map(|line| (line.source, line.values.first().copied().flatten())), 0)
}

/// The map's name, what happened, and the score.
fn banner(canvas: &mut Canvas, map: &str, sentence: &str, points: Option<Score>) {
    canvas.block(Area::new(BAND_LEFT, 94.0, BAND_WIDTH, 136.0), Tone::Panel);
    let used = if let Some(points) = points {
        // The right digit ends near the margin, so it is measured first.
        let width = |team: Team| {
            Text::figures(&points.of(team).to_string(), 112.0).fitted(170.0).ink().map_or(0.0, |ink| ink.width)
        };
        let right = RIGHT - width(Team::B);
        let digits = Digits { left: right - 54.0, right, baseline: 202.0, size: 112.0 };
        let [first, second] = score(canvas, points, digits);
        // The teams' textures, above: beside a digit they would look like another one.
        let ends = [(Team::A, digits.left - first, first), (Team::B, right, second)];
        for (team, left, width) in ends {
            key(canvas, Area::new(left, 94.0, width, 8.0), team);
        }
        RIGHT - digits.left + first
    } else {
        canvas.right(&Text::bold("no score yet").size(40.0).tone(Tone::Grey).on(Tone::Panel), at(RIGHT, 196.0), 240.0)
    };
    let width = RIGHT - LEFT - used - 30.0;
    canvas.left(&Text::map(map).size(60.0).on(Tone::Panel), at(LEFT, 160.0), width);
    let sentence = Text::plain(sentence).size(32.0).tone(Tone::Chalk).on(Tone::Panel);
    canvas.left(&sentence, at(LEFT, 208.0), width);
}

fn attack_row(
    canvas: &mut Canvas,
    y: f64,
    (label, attack): (&str, Option<Attack>),
    longest: u64,
    names: &[(Team, &Name)],
) {
    canvas.left(&Text::plain(label).tone(Tone::Grey), at(64.0, y + 22.0), 240.0);
    let track = Area::new(330.0, y + 12.0, 510.0, 28.0);
    let Some(attack) = attack else {
        canvas.left(&Text::bold("not played").size(36.0).tone(Tone::Grey), at(64.0, y + 58.0), 240.0);
        empty_track(canvas, track);
        unknown(canvas, Area::new(930.0, y + 23.0, 28.0, 5.0));
        return;
    };
    key(canvas, Area::new(LEFT, y, 10.0, 60.0), attack.team);
    let name = names.iter().find(|(team, _)| *team == attack.team).map(|(_, name)| *name);
    let name = name.map_or_else(|| Text::bold(NOBODY), |name| Text::name(name, true, Tone::Ground));
    canvas.left(&name.size(36.0), at(64.0, y + 58.0), 246.0);
    hold_bar(canvas, track, &attack, longest);
    canvas.right(&Text::figures(&clock(attack.seconds), 56.0), at(958.0, y + 45.0), 104.0);
    let outcome = if attack.is_done { "done" } else { "held" };
    canvas.left(&Text::plain(outcome).size(32.0), at(972.0, y + 42.0), 68.0);
}

/// Whether there are too many for a line each over the whole width.
fn is_crowd(groups: &[Group<'_>]) -> bool {
    groups.iter().map(|group| group.lines.len()).sum::<usize>() > FULL
}

/// Everybody by kills in two columns, with the values at these places: kills, K/D, DPM.
fn crowd(canvas: &mut Canvas, y: f64, groups: &[Group<'_>], places: [usize; 3]) -> f64 {
    let values = |line: &Line<'_>| places.map(|place| line.values.get(place).copied().flatten()).to_vec();
    let mut all: Vec<CompactLine<'_>> = Vec::new();
    for group in groups {
        all.extend(group.lines.iter().map(|line| CompactLine {
            team: group.team,
            name: line.source,
            values: values(line),
        }));
    }
    let kills = |line: &CompactLine<'_>| finite(line.values.first().copied().flatten()).unwrap_or(-1.0);
    all.sort_by(|a, b| kills(b).total_cmp(&kills(a)));
    let leaders: Vec<Vec<Option<f64>>> = all.iter().map(|line| line.values.clone()).collect();
    let shown = all.get(..all.len().min(MOST_LINES)).unwrap_or_default();
    let y = compact::lines(canvas, y, shown, &leaders);
    let what = format!("{} by kills", shown_of(shown.len(), all.len()));
    note(canvas, &what, LEFT, y + 38.0);
    y + 48.0
}

/// Heads at `y`, then the groups; answers where the table ends.
fn table(canvas: &mut Canvas, y: f64, columns: &[Column], groups: &[Group<'_>]) -> f64 {
    heads(canvas, columns, y);
    let all: usize = groups.iter().map(|group| group.lines.len()).sum();
    let row = if all > COMPACT { COMPACT_ROW } else { ROW };
    let values: Vec<Vec<Option<f64>>> = groups.iter().flat_map(|g| &g.lines).map(|line| line.values.clone()).collect();
    let best_values = best(columns, &values);
    let mut y = y + 22.0;
    if groups.is_empty() {
        canvas.left(&Text::plain("nobody played").size(32.0).tone(Tone::Grey), at(64.0, y + 38.0), 400.0);
        y += 50.0;
    }
    for group in groups.iter().filter(|group| !group.lines.is_empty()) {
        head(canvas, y, group);
        y += 48.0;
        for line in &group.lines {
            canvas.rule(y, Tone::Rule);
            let middle = y + row / 2.0 + 11.0;
            table_line(canvas, middle, columns, line);
            numbers(canvas, columns, &line.values, &best_values, at(32.0, middle));
            y += row;
        }
        y += 14.0;
    }
    y
}

fn head(canvas: &mut Canvas, y: f64, group: &Group<'_>) {
    key(canvas, Area::new(LEFT, y + 12.0, 10.0, 30.0), group.team);
    let name = group.name.map_or_else(|| Text::bold("Players"), |name| Text::name(name, true, Tone::Ground));
    canvas.left(&name.size(32.0), at(64.0, y + 38.0), 440.0);
    for (sum, right) in group.sums.into_iter().flatten().zip([592.0, 684.0]) {
        let text = Text::number(&maybe_count(sum)).heavy().tone(Tone::Chalk);
        canvas.right(&text, at(right, y + 38.0), 76.0);
    }
}

fn table_line(canvas: &mut Canvas, y: f64, columns: &[Column], line: &Line<'_>) {
    const CHIP: f64 = 66.0;
    let right = columns.first().map_or(RIGHT, |column| column.right - column.width);
    let end = if line.halves.is_some() { 310.0 } else { right - 8.0 };
    let room = end - 64.0 - if line.is_mvp { CHIP + 12.0 } else { 0.0 };
    let used = canvas.left(&Text::name(&line.name, false, Tone::Ground), at(64.0, y), room);
    if line.is_mvp {
        canvas.block(Area::new(64.0 + used + 12.0, y - 25.0, CHIP, 30.0), Tone::Chalk);
        let text = Text::bold("MVP").tone(Tone::Ground).on(Tone::Chalk);
        canvas.centre(&text, at(64.0 + used + 12.0 + CHIP / 2.0, y), CHIP - 6.0);
    }
    for (half, right) in line.halves.into_iter().flatten().zip([406.0, 510.0]) {
        let text = match half {
            Some([kills, deaths]) => Text::number(&format!("{}–{}", count(kills), count(deaths))),
            None => Text::number(UNKNOWN).tone(Tone::Grey),
        };
        canvas.right(&text, at(right, y), 92.0);
    }
}
