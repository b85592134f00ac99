//! What the fuzz targets call. The bodies are plain functions, so that stable `cargo test` and
//! `cargo xtask fuzz` run them too: both include `bodies.rs` as it is.

mod bodies;

/// Parses the bytes and looks at everything that comes out.
pub fn parse(bytes: &[u8]) {
    bodies::parse(bytes);
}

/// Parses, writes, parses: nothing may change after the first time.
pub fn roundtrip(bytes: &[u8]) {
    let _is_a_file = bodies::roundtrip(bytes);
}
