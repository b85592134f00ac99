//! importer
fn main() {}
