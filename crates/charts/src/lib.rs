//! Pictures of statistics: plain data in, SVG and PNG with alt text out.
#![doc = include_str!("../README.md")]

mod alt;
mod canvas;
pub mod cards;
pub mod charts;
pub mod check;
mod colour;
mod data;
mod font;
mod gate;
mod geometry;
mod name;
mod numbers;
mod parts;
mod picture;
mod raster;
mod svg;
mod text;

pub use colour::{LEAST_CONTRAST, Rgb, Tone};
pub use data::{Attack, Day, Score, Team, TimeOfDay, When};
pub use gate::Gate;
pub use name::Name;
pub use parts::tiles::Honour;
pub use picture::Picture;
pub use raster::RenderError;
