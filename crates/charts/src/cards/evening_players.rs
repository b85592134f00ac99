//! The second sheet of the evening: a line per player, then awards. Above 16 players in two columns, above 64 in pages.

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, LEFT, RIGHT};
use crate::colour::Tone;
use crate::data::{Team, When};
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{count, finite, plural, share};
use crate::parts::bars::{bar, key};
use crate::parts::compact::{self, CompactLine};
use crate::parts::header::{header, note};
use crate::parts::table::{Column, Form, best, counted, heads, numbers, shown_of};
use crate::parts::tiles::{self, Honour};
use crate::picture::Picture;
use crate::text::Text;

/// Up to so many players have the full sheet.
const FULL: usize = 16;
/// Players of one page.
const PAGE: usize = 64;
/// Awards of the sheet.
const MOST_AWARDS: usize = 6;
const ROW: f64 = 44.0;

/// Players of an evening.
#[derive(Debug, Clone, PartialEq)]
pub struct EveningPlayers {
    /// The number people know the evening by.
    pub number: u64,
    /// When it was.
    pub when: When,
    /// Rounds played.
    pub rounds: usize,
    /// Teams with their players; one without a name when teams are not known.
    pub teams: Vec<TeamSheet>,
    /// The rarest first; six are shown.
    pub awards: Vec<Honour>,
}

/// A team's players.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamSheet {
    /// Its texture.
    pub team: Team,
    /// Its name; `None` when teams are not known.
    pub name: Option<Name>,
    /// The clan tag to leave out of the names below its head.
    pub tag: Option<String>,
    /// Its players.
    pub players: Vec<PlayerLine>,
}

/// One player's evening. What the files do not carry is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerLine {
    /// The name worn that evening.
    pub name: Name,
    /// Rounds played.
    pub rounds: u64,
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
    /// Hits to the head among them, in per cent.
    pub head_hit: Option<f64>,
    /// Revives given.
    pub revives: Option<u64>,
}

const fn column(head: [&'static str; 2], right: f64, width: f64, form: Form, has_best: bool) -> Column {
    Column { head, right, width, form, has_best }
}

const COLUMNS: [Column; 8] = [
    column(["", "rounds"], 382.0, 78.0, Form::Count, false),
    column(["", "kills"], 456.0, 68.0, Form::Count, true),
    column(["", "deaths"], 546.0, 82.0, Form::Count, false),
    column(["", "K/D"], 626.0, 72.0, Form::Decimals(2), true),
    column(["", "DPM"], 698.0, 64.0, Form::Count, true),
    column(["acc.", "%"], 846.0, 66.0, Form::Decimals(1), true),
    column(["head-", "hit %"], 936.0, 82.0, Form::Decimals(1), true),
    column(["revives", "given"], RIGHT, 94.0, Form::Count, true),
];

impl PlayerLine {
    fn values(&self) -> Vec<Option<f64>> {
        let Self { kills, deaths, kd, dpm, accuracy, head_hit, revives, .. } = self;
        let rounds = counted(Some(self.rounds));
        vec![rounds, counted(*kills), counted(*deaths), *kd, *dpm, *accuracy, *head_hit, counted(*revives)]
    }

    fn compact(&self) -> Vec<Option<f64>> {
        vec![counted(self.kills), self.kd, self.dpm]
    }
}

impl EveningPlayers {
    fn players(&self) -> impl Iterator<Item = (Team, &PlayerLine)> {
        self.teams.iter().flat_map(|sheet| sheet.players.iter().map(move |player| (sheet.team, player)))
    }

    /// Everybody, by kills; equal ones as they came.
    fn by_kills(&self) -> Vec<(Team, &PlayerLine)> {
        let mut players: Vec<_> = self.players().collect();
        players.sort_by_key(|(_, player)| std::cmp::Reverse(player.kills));
        players
    }

    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.players().count().div_ceil(PAGE).max(1)
    }

    /// Composes a page, counted from 0; one beyond the last is the last.
    #[must_use]
    pub fn draw(&self, page: usize) -> Picture {
        let mut canvas = Canvas::default();
        let title = format!("Evening {} · players", count(self.number));
        let all = self.players().count();
        let height = if all <= FULL {
            let mut parts: Vec<String> = self.when.day.map(crate::data::Day::with_weekday).into_iter().collect();
            parts.push(plural(self.rounds, "round"));
            header(&mut canvas, &title, &parts);
            self.full(&mut canvas)
        } else {
            self.compact(&mut canvas, &title, page.min(self.pages() - 1))
        };
        Picture::new(title, self.alt(), canvas, height)
    }

    fn full(&self, canvas: &mut Canvas) -> f64 {
        heads(canvas, &COLUMNS, 142.0);
        canvas.rule(150.0, Tone::Line);
        let lines: Vec<Vec<Option<f64>>> = self.players().map(|(_, player)| player.values()).collect();
        let best_values = best(&COLUMNS, &lines);
        let dpm = self.players().filter_map(|(_, player)| finite(player.dpm)).fold(0.0, f64::max);
        let mut y = 150.0;
        if lines.is_empty() {
            canvas.left(&Text::plain("nobody played").size(32.0).tone(Tone::Grey), at(64.0, y + 44.0), 400.0);
            y += 60.0;
        }
        for sheet in self.teams.iter().filter(|sheet| !sheet.players.is_empty()) {
            y += 12.0;
            key(canvas, Area::new(LEFT, y, 10.0, 30.0), sheet.team);
            let head = sheet.name.as_ref().map_or_else(
                || Text::bold("Players").size(32.0),
                |name| Text::name(name, true, Tone::Ground).size(32.0),
            );
            canvas.left(&head, at(64.0, y + 25.0), 600.0);
            y += 34.0;
            for player in &sheet.players {
                canvas.rule(y, Tone::Rule);
                let tag = sheet.tag.as_deref().unwrap_or_default();
                let name = Text::name(&player.name.without_tag(tag), false, Tone::Ground);
                canvas.left(&name, at(64.0, y + 33.0), 236.0);
                numbers(canvas, &COLUMNS, &player.values(), &best_values, at(32.0, y + 33.0));
                let track = Area::new(710.0, y + 16.0, 64.0, 12.0);
                if let Some(value) = finite(player.dpm).filter(|value| *value > 0.0) {
                    canvas.block(track, Tone::Raised);
                    bar(canvas, track, share(value, dpm), sheet.team);
                }
                y += ROW;
            }
        }
        let awards = self.awards.get(..self.awards.len().min(MOST_AWARDS)).unwrap_or_default();
        if awards.is_empty() { y + 24.0 } else { tiles::awards(canvas, y + 18.0, awards) + 16.0 }
    }

    fn compact(&self, canvas: &mut Canvas, title: &str, page: usize) -> f64 {
        let all = self.by_kills();
        let shown: Vec<_> = all.iter().skip(page * PAGE).take(PAGE).collect();
        header(canvas, title, &[format!("{} by kills", shown_of(shown.len(), all.len()))]);
        let leaders: Vec<Vec<Option<f64>>> = all.iter().map(|(_, player)| player.compact()).collect();
        let lines: Vec<CompactLine<'_>> = shown
            .iter()
            .map(|(team, player)| CompactLine { team: *team, name: &player.name, values: player.compact() })
            .collect();
        let mut y = compact::lines(canvas, 116.0, &lines, &leaders);
        if all.len() > PAGE {
            note(canvas, &format!("page {} of {}", page + 1, self.pages()), LEFT, y + 40.0);
            y += 44.0;
        }
        y + 24.0
    }

    fn alt(&self) -> String {
        let players = plural(self.players().count(), "player");
        let teams = self.teams.iter().filter(|sheet| sheet.name.is_some() && !sheet.players.is_empty()).count();
        let in_teams = if teams > 1 { format!(" in {teams} teams") } else { String::new() };
        let leader = |what: &str, value: &dyn Fn(&PlayerLine) -> Option<f64>, places: usize| {
            alt::most(what, self.players().map(|(_, player)| (&player.name, value(player))), places)
        };
        let mut alt = Alt::default()
            .say(&format!("Evening {}, {players}{in_teams}.", count(self.number)))
            .say_some(leader("Most kills", &|player| counted(player.kills), 0))
            .say_some(leader("Best K/D", &|player| player.kd, 2))
            .say_some(leader("Highest DPM", &|player| player.dpm, 0));
        for honour in self.awards.iter().take(MOST_AWARDS) {
            alt = alt.say(&format!("{}: {} {} {}.", honour.title, alt::name(&honour.name), honour.value, honour.unit));
        }
        alt.text()
    }
}
