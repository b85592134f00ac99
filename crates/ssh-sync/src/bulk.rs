//! Many files at once, over one connection: requests for all of them are under way together, so that
//! a round trip is paid for many files and not for each; other threads wait for the disk.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::fetch::store;
use crate::link::Link;
use crate::pace::Pace;
use crate::sftp::{MOST_DATA, Reply, reply, status};
use crate::wire::Wire;
use crate::{Entry, Error, Fetched, Session, Trouble, wire};

/// Threads that wait for the disk, which takes what they wait for together.
const WRITERS: usize = 8;
/// After so many times as long as silence may last, no more files are begun.
const BEGUN: u32 = 6;
/// Bytes around those of a file.
const AROUND: u64 = 4_096;
/// Bytes around all files: a slow line may have its answers to other questions under way.
const BESIDE: u64 = 1 << 20;
/// A line that brings fewer bytes in a second is not waited for.
const SLOWEST: u64 = 512;
/// Bytes that may be begun and under way together, where the files are small.
const BEGUN_BYTES: u64 = 256 * 1024;

/// What became of one file.
pub type Fetch = (Entry, Result<Fetched, Error>);

/// A file that is under way.
struct Open {
    entry: Entry,
    asked: Instant,
    announced: usize,
    handle: Vec<u8>,
    bytes: Vec<u8>,
}

enum Request {
    Open(Open),
    Read(Open),
    Close(String),
}

/// Files on their way.
pub(crate) struct Download<'a> {
    session: &'a Session,
    link: &'a Link,
    wire: &'a mut Wire,
    waiting: VecDeque<Entry>,
    under_way: HashMap<u32, Request>,
    /// Requests under way that are not for closing.
    open: usize,
    pace: Pace,
    begin_until: Instant,
    /// Did not open, perhaps because the server allows fewer open files: to be tried alone.
    again: Vec<Entry>,
    alone: bool,
}

type Deliver<'a> = &'a mut dyn FnMut(Entry, Result<Vec<u8>, Error>);

impl<'a> Download<'a> {
    /// Downloads files, as [`Session::fetch_all`] says.
    pub(crate) fn run(
        session: &Session,
        files: Vec<Entry>,
        folder: &Path,
        sink: &mut dyn FnMut(Fetch),
    ) -> Result<(), Error> {
        let (link, mut wire) = session.parts();
        let operation = session.config().timeouts.operation;
        let sizes: u64 = files.iter().map(|entry| entry.mark.size.min(session.config().most_bytes)).sum();
        let bytes = sizes.saturating_add(AROUND * files.len() as u64);
        let largest = files.iter().map(|entry| entry.mark.size.min(session.config().most_bytes)).max().unwrap_or(0);
        let slowly = Duration::from_secs(largest.max(bytes.min(BEGUN_BYTES)) / SLOWEST);
        let time = operation.saturating_mul(BEGUN + 2).saturating_add(slowly);
        let _limited = link.gate.limit(time, bytes.saturating_add(BESIDE));
        let mut download = Download {
            session,
            link,
            pace: wire.pace,
            wire: &mut wire,
            waiting: files.into(),
            under_way: HashMap::new(),
            open: 0,
            begin_until: Instant::now() + operation.saturating_mul(BEGUN),
            again: Vec::new(),
            alone: false,
        };
        let ended = download.store_all(folder, sink);
        download.wire.pace = download.pace;
        if ended.is_ok() && !download.again.is_empty() {
            download.waiting = std::mem::take(&mut download.again).into();
            (download.alone, download.pace) = (true, Pace::single());
            return download.store_all(folder, sink);
        }
        ended
    }

    /// Fetches what waits, while other threads write what has come.
    fn store_all(&mut self, folder: &Path, sink: &mut dyn FnMut(Fetch)) -> Result<(), Error> {
        let (arrived, to_write) = mpsc::channel::<(Entry, Vec<u8>)>();
        let (written, results) = mpsc::channel::<Fetch>();
        let to_write = Mutex::new(to_write);
        let writers = WRITERS.min(self.waiting.len());
        thread::scope(|scope| {
            for _ in 0..writers {
                let (to_write, written) = (&to_write, written.clone());
                scope.spawn(move || {
                    let next = || to_write.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    while let Ok((entry, bytes)) = next() {
                        let result = store(&entry, bytes, folder);
                        if written.send((entry, result)).is_err() {
                            break;
                        }
                    }
                });
            }
            let mut ended = Ok(());
            let mut settle = |fetch: Fetch| match fetch {
                (_, Err(error)) if error.trouble() != Trouble::File => Err(error),
                fetch => {
                    sink(fetch);
                    Ok(())
                }
            };
            while ended.is_ok() && !self.is_done() {
                ended = self.step(&mut |entry, result| match result {
                    // Nobody is gone who could not take it.
                    Ok(bytes) => drop(arrived.send((entry, bytes))),
                    Err(error) => drop(written.send((entry, Err(error)))),
                });
                for fetch in results.try_iter() {
                    let settled = settle(fetch);
                    ended = ended.and(settled);
                }
            }
            if ended.is_err() {
                self.drain();
            }
            drop((arrived, written));
            for fetch in results {
                let settled = settle(fetch);
                ended = ended.and(settled);
            }
            ended
        })
    }

    /// Where the disk failed the connection is not to blame: answers to what is under way are waited for,
    /// lest they be taken for answers to later questions.
    fn drain(&mut self) {
        self.waiting.clear();
        while !self.session.is_broken() && !self.is_done() {
            if self.step(&mut |_entry, _result| {}).is_err() {
                self.session.give_up();
            }
        }
    }

    fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty()
    }

    /// Sends what is to be asked, waits for answers and works them off.
    fn step(&mut self, deliver: Deliver<'_>) -> Result<(), Error> {
        self.begin_files(deliver);
        if self.is_done() {
            return Ok(());
        }
        let waited = self.wire.send(self.link).and_then(|()| self.wire.wait(self.link));
        waited.map_err(|trouble| self.trouble(trouble))?;
        while let Some(body) = self.wire.next().map_err(|trouble| self.trouble(trouble))? {
            let answer = reply(&body).map_err(|_garbled| self.garbled("no SFTP answer"))?;
            self.answer(&answer, deliver)?;
        }
        Ok(())
    }

    fn begin_files(&mut self, deliver: Deliver<'_>) {
        if Instant::now() >= self.begin_until {
            self.waiting.clear();
        }
        while self.open < self.pace.at_once()
            && let Some(entry) = self.waiting.pop_front()
        {
            match self.session.announced(&entry) {
                Ok(announced) => {
                    let path = self.session.path(&entry.name);
                    let (asked, handle, bytes) = (Instant::now(), Vec::new(), Vec::new());
                    let id = self.ask(Request::Open(Open { entry, asked, announced, handle, bytes }));
                    self.wire.requests.open(id, path.as_bytes());
                }
                Err(error) => deliver(entry, Err(error)),
            }
        }
    }

    fn ask(&mut self, request: Request) -> u32 {
        let id = self.wire.id();
        self.open += usize::from(!matches!(request, Request::Close(_)));
        self.under_way.insert(id, request);
        id
    }

    fn answer(&mut self, reply: &Reply<'_>, deliver: Deliver<'_>) -> Result<(), Error> {
        let id = match *reply {
            Reply::Version(_) => return Err(self.garbled("a second greeting")),
            Reply::Status { id, .. }
            | Reply::Handle { id, .. }
            | Reply::Data { id, .. }
            | Reply::Names { id, .. }
            | Reply::Attributes { id, .. } => id,
        };
        let asked = self.under_way.remove(&id);
        self.open -= usize::from(matches!(asked, Some(Request::Open(_) | Request::Read(_))));
        match (asked, reply) {
            (Some(Request::Open(mut file)), Reply::Handle { handle, .. }) => {
                file.handle = handle.to_vec();
                self.read_on(file);
            }
            (Some(Request::Open(file)), Reply::Status { code: status::FAILURE, .. }) if !self.alone => {
                self.again.push(file.entry);
            }
            (Some(Request::Open(file)), Reply::Status { code, .. }) => {
                let error = self.session.file_error("opening", &file.entry.name, *code);
                return self.failed(file, error, deliver);
            }
            (Some(Request::Read(mut file)), Reply::Data { data, .. }) => {
                file.bytes.extend_from_slice(data);
                // All that was announced: the end is not worth another round trip.
                if data.is_empty() || file.bytes.len() >= file.announced {
                    self.finish(file, deliver);
                } else {
                    self.read_on(file);
                }
            }
            (Some(Request::Read(file)), Reply::Status { code: status::EOF, .. }) => self.finish(file, deliver),
            (Some(Request::Read(file)), Reply::Status { code, .. }) => {
                self.close(&file);
                let error = self.session.file_error("reading", &file.entry.name, *code);
                return self.failed(file, error, deliver);
            }
            (Some(Request::Close(name)), Reply::Status { code, .. }) => {
                // Its bytes are here; but a connection that is gone is gone.
                let error = (*code != 0).then(|| self.session.file_error("closing", &name, *code));
                return error.filter(|error| error.trouble() != Trouble::File).map_or(Ok(()), Err);
            }
            _ => return Err(self.garbled("an answer to nothing that was asked")),
        }
        Ok(())
    }

    /// Asks for what is missing and one byte more: a file that has grown shows it.
    fn read_on(&mut self, file: Open) {
        let (offset, handle) = (file.bytes.len(), file.handle.clone());
        let length = u32::try_from(file.announced.saturating_sub(offset).saturating_add(1)).unwrap_or(u32::MAX);
        let length = self.pace.piece(length.min(MOST_DATA));
        let id = self.ask(Request::Read(file));
        self.wire.requests.read(id, &handle, offset as u64, length);
    }

    fn finish(&mut self, file: Open, deliver: Deliver<'_>) {
        self.close(&file);
        if !self.alone {
            self.pace.came(file.asked.elapsed(), self.open);
        }
        let result = Session::check_size(&file.entry, file.bytes.len()).map(|()| file.bytes);
        deliver(file.entry, result);
    }

    fn failed(&self, file: Open, error: Error, deliver: Deliver<'_>) -> Result<(), Error> {
        if error.trouble() != Trouble::File {
            return Err(error);
        }
        deliver(file.entry, Err(error));
        Ok(())
    }

    fn close(&mut self, file: &Open) {
        let id = self.ask(Request::Close(file.entry.name.clone()));
        self.wire.requests.close(id, &file.handle);
    }

    fn doing(&self) -> String {
        let name = |request: &Request| match request {
            Request::Open(file) | Request::Read(file) => file.entry.name.clone(),
            Request::Close(name) => name.clone(),
        };
        let first = self.under_way.iter().min_by_key(|(id, _)| **id).map(|(_, request)| name(request));
        format!("reading {}", first.unwrap_or_default())
    }

    fn trouble(&self, trouble: wire::Trouble) -> Error {
        self.session.trouble(&self.doing(), trouble)
    }

    fn garbled(&self, what: &'static str) -> Error {
        self.trouble(wire::Trouble::Garbled(what))
    }
}
