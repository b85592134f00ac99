//! One file per question people ask of the database.

pub(crate) mod evening;
pub(crate) mod evenings;
pub(crate) mod export;
pub(crate) mod files;
mod left_out;
pub(crate) mod merges;
pub(crate) mod people;
pub(crate) mod rosters;
pub(crate) mod rounds;
pub(crate) mod servers;
mod watching;
