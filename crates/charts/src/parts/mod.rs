//! The few parts that every card and chart is composed of.

pub(crate) mod bars;
pub(crate) mod compact;
pub(crate) mod header;
pub(crate) mod plot;
pub(crate) mod table;
pub(crate) mod tiles;
