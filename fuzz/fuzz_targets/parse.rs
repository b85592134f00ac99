//! libFuzzer's entry to [`fullhold_fuzz::parse`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fullhold_fuzz::parse(bytes));
