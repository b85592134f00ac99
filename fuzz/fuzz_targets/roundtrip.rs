//! libFuzzer's entry to [`fullhold_fuzz::roundtrip`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fullhold_fuzz::roundtrip(bytes));
