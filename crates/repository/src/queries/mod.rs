//! One file per question people ask of the database.

mod audit;
pub(crate) mod career;
pub(crate) mod counters;
pub(crate) mod directory;
pub(crate) mod evening;
pub(crate) mod evenings;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod findings;
pub(crate) mod freshness;
mod left_out;
pub(crate) mod links;
pub(crate) mod maps;
pub(crate) mod merges;
pub(crate) mod pairs;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod rosters;
pub(crate) mod rounds;
pub(crate) mod scope;
pub(crate) mod servers;
pub(crate) mod totals;
mod watching;
