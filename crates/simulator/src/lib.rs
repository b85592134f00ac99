//! Plays stopwatch matches and writes stats files as the game server's Lua writes them, with the truth beside them.
#![doc = include_str!("../README.md")]

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
