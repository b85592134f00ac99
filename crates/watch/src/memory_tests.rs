//! What is decided about files.

use super::*;

const REST: Duration = Duration::from_secs(60);

fn entry(name: &str, size: u64, mtime: i64) -> Entry {
    Entry { name: name.to_owned(), mark: Mark { size, mtime, mode: 0o100_644 } }
}

fn to_fetch(memory: &Memory, now: Instant) -> Vec<String> {
    memory.to_fetch(now, 100, 1 << 20).into_iter().map(|entry| entry.name).collect()
}

#[test]
fn what_is_stored_as_it_is_there_is_left_in_peace() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    memory.know("stored".to_owned(), Settled::seen(entry("stored", 10, 5).mark, true));
    let without_time = Settled { mtime: None, ..Settled::seen(entry("", 10, 5).mark, true) };
    memory.know("imported without time".to_owned(), without_time);
    memory.see(&entry("stored", 10, 5), now, || true);
    memory.see(&entry("imported without time", 10, 9), now, || true);
    memory.see(&entry("new", 10, 5), now, || true);
    memory.see(&entry("old", 10, 5), now, || false);
    assert_eq!(to_fetch(&memory, now), ["new"]);
    assert_eq!(memory.left(), 1);
}

#[test]
fn what_changed_on_the_server_goes_on_its_way_again_and_is_known_as_stored() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    memory.know("a".to_owned(), Settled::seen(entry("a", 10, 5).mark, true));
    memory.see(&entry("a", 11, 6), now, || true);
    assert_eq!(to_fetch(&memory, now), ["a"]);
    assert!(memory.take("a").unwrap().stored);
}

#[test]
fn a_stored_file_of_another_size_is_looked_into_however_old() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    for name in ["larger", "touched"] {
        memory.know(name.to_owned(), Settled::seen(entry(name, 10, 5).mark, true));
    }
    memory.see(&entry("larger", 11, 5), now, || false);
    memory.see(&entry("touched", 10, 6), now, || false);
    assert_eq!(to_fetch(&memory, now), ["larger"]);
    assert_eq!(memory.left(), 0);
}

#[test]
fn young_files_are_looked_at_for_a_while_after_they_were_stored_and_old_ones_never() {
    let start = Instant::now();
    let mut memory = Memory::new(REST);
    memory.set_clock(1_000, start);
    for (second, name) in (0..).zip(["a", "b", "c", "d", "b", "e", "f"]) {
        let settled = Settled::seen(entry(name, 10, 995).mark, true);
        memory.stored(name.to_owned(), settled, start + Duration::from_secs(second));
    }
    memory.stored("old".to_owned(), Settled::seen(entry("old", 10, 600).mark, true), start);
    assert_eq!(memory.recent(start + Duration::from_secs(10)), ["a", "c", "d", "b", "e", "f"]);
    assert_eq!(memory.recent(start + YOUNG + Duration::from_secs(4)), ["e", "f"]);
    assert!(memory.recent(start + 2 * YOUNG).is_empty());
}

const FIRST: &str = "2025-01-07-200000-supply-round-1.txt";

/// After how many seconds without a change a file is stored, looked at every second.
fn rests_for(memory: &mut Memory, name: &str, wholeness: Wholeness, start: Instant) -> Option<u64> {
    (1..200).find(|second| {
        let now = start + Duration::from_secs(*second);
        if let Some(waiting) = memory.waiting_mut(name) {
            let file = Fetched::empty(Entry { name: name.to_owned(), mark: waiting.stability.mark() });
            waiting.arrived.get_or_insert(Arrived::Maybe { file, wholeness });
            let mark = waiting.stability.mark();
            memory.look(name, mark, now);
        }
        !memory.take_ready(now).is_empty()
    })
}

#[test]
fn what_cannot_be_whole_rests_longer_while_it_is_young() {
    let cases = [
        (Wholeness::Balanced, 0, 1),
        (Wholeness::Unclear, 0, 30),
        (Wholeness::CancelSocket, 0, 60),
        (Wholeness::CancelSocket, 50, 10),
        (Wholeness::CancelSocket, 100_000, 2),
        (Wholeness::Unclear, 100_000, 2),
    ];
    for (wholeness, age, expected) in cases {
        let start = Instant::now();
        let mut memory = Memory::new(REST);
        memory.set_clock(1_000_000, start);
        memory.see(&entry(FIRST, 10, 1_000_000 - age), start, || true);
        assert_eq!(rests_for(&mut memory, FIRST, wholeness, start), Some(expected), "{wholeness:?} {age}");
    }
}

#[test]
fn what_was_set_aside_is_tried_again_when_its_time_has_come() {
    let start = Instant::now();
    let mut memory = Memory::new(REST);
    let dead = Dead { attempts: 5, again: start + REST, reason: "permission denied".to_owned() };
    let mark = entry("a", 10, 5).mark;
    let settled = Settled { mode: Some(mark.mode), dead: Some(Box::new(dead)), ..Settled::seen(mark, false) };
    memory.know("a".to_owned(), settled);
    assert_eq!((memory.dead(), memory.waiting_counts()), (1, (0, 0)));
    memory.revive(start + REST / 2);
    assert_eq!(to_fetch(&memory, start + REST / 2), Vec::<String>::new());
    memory.revive(start + REST);
    assert_eq!(to_fetch(&memory, start + REST), ["a"]);
    assert_eq!((memory.dead(), memory.waiting_counts()), (0, (1, 1)));
}

#[test]
fn what_the_database_does_not_know_any_more_is_new_again() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    for name in ["kept", "lost", "on its way"] {
        memory.know(name.to_owned(), Settled::seen(entry(name, 10, 5).mark, true));
    }
    memory.see(&entry("left", 10, 5), now, || false);
    memory.see(&entry("on its way", 11, 5), now, || true);
    let known = [("kept".to_owned(), Settled::seen(entry("kept", 10, 5).mark, true))].into();
    assert_eq!(memory.replace(known), 2);
    for name in ["kept", "lost", "left"] {
        memory.see(&entry(name, 10, 5), now, || true);
    }
    assert_eq!(to_fetch(&memory, now), ["lost", "on its way"]);
    assert_eq!(memory.left(), 1);
    assert!(!memory.take("on its way").unwrap().stored);
}

#[test]
fn what_another_process_stored_as_it_is_there_waits_no_longer() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    for name in ["as it is", "other size", "without time"] {
        memory.see(&entry(name, 10, 5), now, || true);
    }
    let without_time = Settled { mtime: None, ..Settled::seen(entry("", 10, 5).mark, true) };
    let known = [
        ("as it is".to_owned(), Settled::seen(entry("", 10, 5).mark, true)),
        ("other size".to_owned(), Settled::seen(entry("", 9, 5).mark, true)),
        ("without time".to_owned(), without_time),
    ];
    assert_eq!(memory.replace(known.into()), 0);
    assert_eq!(to_fetch(&memory, now), ["other size", "without time"]);
    assert!(memory.settled("as it is").is_some_and(|settled| settled.stored));
}

#[test]
fn a_file_that_was_set_aside_comes_back_when_its_permissions_change() {
    let now = Instant::now();
    let closed = Mark { mode: 0o100_000, ..entry("a", 10, 5).mark };
    let mut memory = Memory::new(REST);
    memory.know("a".to_owned(), Settled { mode: Some(closed.mode), ..Settled::seen(closed, false) });
    memory.see(&Entry { name: "a".to_owned(), mark: closed }, now, || true);
    assert_eq!(to_fetch(&memory, now), Vec::<String>::new());
    memory.see(&entry("a", 10, 5), now, || true);
    assert_eq!(to_fetch(&memory, now), ["a"]);
}

#[test]
fn a_file_that_vanished_is_forgotten() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    memory.see(&entry("a", 10, 5), now, || true);
    memory.see(&entry("b", 10, 5), now, || true);
    assert_eq!(memory.missing(&[entry("b", 10, 5)]), ["a"]);
    assert!(!memory.vanished("a"));
    assert_eq!(to_fetch(&memory, now), ["b"]);
}

#[test]
fn of_many_files_some_are_on_their_way_and_the_others_are_counted_until_there_is_room() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    let entries: Vec<Entry> = (0..MOST_WAITING + 1_000).map(|number| entry(&format!("{number:06}"), 10, 5)).collect();
    let mut dealt_with = 0;
    for listings in 1.. {
        memory.begin_listing();
        entries.iter().for_each(|entry| memory.see(entry, now, || true));
        assert_eq!(memory.waiting_counts().0, entries.len() - dealt_with);
        assert!(!memory.wants_listing());
        while !memory.wants_listing()
            && let Some(entry) = memory.to_fetch(now, 1, 1 << 20).pop()
        {
            drop(memory.take(&entry.name));
            memory.know(entry.name, Settled::seen(entry.mark, true));
            dealt_with += 1;
        }
        if dealt_with == entries.len() {
            assert_eq!(listings, 2);
            break;
        }
        assert_eq!(memory.next_due(now), Some(now));
    }
    assert_eq!((memory.waiting_counts().0, memory.next_due(now)), (0, None));
}

#[test]
fn files_that_were_set_aside_go_on_their_way_as_far_as_there_is_room() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    for number in 0..MOST_WAITING + 10 {
        let dead = Box::new(Dead { attempts: 5, again: now, reason: String::new() });
        let mark = entry("", 10, 5).mark;
        memory.know(format!("{number:06}"), Settled { dead: Some(dead), ..Settled::seen(mark, false) });
    }
    memory.revive(now);
    assert_eq!((memory.dead(), memory.waiting_counts().0), (10, MOST_WAITING + 10));
    let name = memory.to_fetch(now, 1, 1 << 20).pop().unwrap().name;
    drop(memory.take(&name));
    assert_eq!(memory.next_due(now), Some(now));
    memory.revive(now);
    assert_eq!((memory.dead(), memory.waiting_counts().0), (9, MOST_WAITING + 9));
}

#[test]
fn as_many_are_fetched_at_once_as_memory_allows() {
    let now = Instant::now();
    let mut memory = Memory::new(REST);
    for name in ["a", "b", "c", "d"] {
        memory.see(&entry(name, 100, 5), now, || true);
    }
    assert_eq!(memory.to_fetch(now, 2, 1_000).len(), 2);
    assert_eq!(memory.to_fetch(now, 10, 150).len(), 2);
    assert_eq!(memory.to_fetch(now, 10, 1).len(), 1);
}
