//! Plays stopwatch matches and writes stats files as the game server's Lua writes them, with the
//! truth beside them.
//!
//! # Concepts
//! * [`Simulation`] is an iterator over evenings: any number of rounds, one evening in memory.
//! * Play happens in events (a kill has a killer, a victim, a weapon and a time), so each player's
//!   true numbers of each round are known before anything is written. What is written comes from
//!   engine counters that run on over both rounds, as in the game. Nothing here subtracts rounds.
//! * [`Disturbances`] are everything that goes wrong on a real server: reconnects, joins, aborted
//!   rounds, lost files, clocks set back.
//! * [`History`] is several servers over the same time: communities of regulars and passers-by, and
//!   [`Arrival`]s, because files come late, out of order and in pieces.
//! * [`World`] is a history as it comes in: what all servers wrote, in order of arrival.
//! * [`Habits`] are how people play: guests, clans, maps that come back, days without a pause.
//! * The same [`Config`] gives the same files, on every platform.
//!
//! # From the command line
//! `cargo xtask simulate --players 2000 --servers 20 --rounds 4000 --out files --habits all --arrivals` writes a folder of
//! files for each server, and into `files/truth` the people (`people.jsonl`), what was really played (`server1.jsonl`, a line
//! per evening) and how the files arrived (`server1-arrivals.jsonl`: late ones, parts of growing ones). `--habits all` has
//! every custom; how often each comes can be said alone, in cases per 1,000: `--clock-changes`, `--map-returns`, `--guests`,
//! `--bots-only`, `--without-pause`, `--late`, `--growing`.
//!
//! # What it does not do
//! No I/O. It does not know the product's parser, differential or analytics, except for the
//! writer of `fullhold-stats-file`.

mod config;
mod crowd;
mod engine;
mod evening;
mod habits;
mod history;
mod people;
mod play;
mod random;
mod schedule;
mod simulation;
mod sums;
mod truth;
mod world;

pub use config::{Config, Disturbances, EraChoice};
pub use habits::Habits;
pub use history::{Arrival, Delivered, Delivery, History, HistoryConfig, Server};
pub use simulation::{Evening, SimulatedFile, Simulation};
pub use sums::{TrueSums, sums};
pub use truth::{TrueEvening, TrueMatch, TruePerson, TruePlayer, TrueRound, TrueSeries};
pub use world::{World, WorldFile, WorldServer};
