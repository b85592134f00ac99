//! Texts: what to write, how it is made to fit, and where each glyph comes to stand.

mod fit;
mod map_name;
mod runs;
mod setting;
mod words;

pub(crate) use setting::{Glyph, Setting};
pub(crate) use words::{FLOOR, Text};
