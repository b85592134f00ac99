//! Why two sides could not agree on how to encrypt: what the server offered, from the first bytes it
//! sent (RFC 4253, 4.2 and 7.1). libssh2 does not tell. Pure.

/// The kinds of methods both sides must have one of in common, as the server lists them.
const LISTS: [(&str, usize); 3] = [("key exchange", 0), ("host key kinds", 1), ("ciphers", 2)];
const KEXINIT: u8 = 20;
const COOKIE: usize = 16;

/// What a server offers of one kind, when this program has none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Disagreement {
    /// The kind, in words.
    pub(crate) what: &'static str,
    /// The server's methods, separated by commas.
    pub(crate) offered: String,
    /// Ours.
    pub(crate) known: String,
}

/// The first kind of methods that the two sides have none of in common; `None` if there is none, or if
/// the server has not said what it offers. `known` are our methods, in the order of [`LISTS`].
pub(crate) fn disagreement(beginning: &[u8], known: [Vec<&str>; 3]) -> Option<Disagreement> {
    let lists = offered(beginning)?;
    LISTS.into_iter().zip(known).find_map(|((what, place), known)| {
        let offered = lists.get(place)?;
        let common = offered.split(',').any(|method| known.contains(&method));
        (!common).then(|| Disagreement { what, offered: offered.clone(), known: known.join(",") })
    })
}

/// The lists of names in the server's KEXINIT.
fn offered(beginning: &[u8]) -> Option<Vec<String>> {
    let mut rest = after_banner(beginning)?;
    let length = usize::try_from(u32::from_be_bytes(*rest.split_first_chunk()?.0)).ok()?;
    rest = rest.get(4..)?.get(..length)?;
    let [_padding, KEXINIT, lists @ ..] = rest else { return None };
    let mut lists = lists.get(COOKIE..)?;
    let mut all = Vec::new();
    for _ in LISTS {
        let (length, after) = lists.split_first_chunk()?;
        let names = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        // It may be a person's terminal where this is shown.
        let text = names.0.iter().filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)).collect();
        all.push(text);
        lists = names.1;
    }
    Some(all)
}

/// What follows the line that begins with `SSH-`; other lines may come before it.
fn after_banner(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let (line, after) = rest.split_at_checked(end + 1)?;
        if line.starts_with(b"SSH-") {
            return Some(after);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginning(lists: [&str; 3]) -> Vec<u8> {
        let mut body = vec![4, KEXINIT];
        body.extend([7; COOKIE]);
        for list in lists {
            body.extend(u32::try_from(list.len()).unwrap().to_be_bytes());
            body.extend(list.as_bytes());
        }
        let mut bytes = b"hello\r\nSSH-2.0-test\r\n".to_vec();
        bytes.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend(body);
        bytes
    }

    fn ours() -> [Vec<&'static str>; 3] {
        [vec!["curve25519-sha256"], vec!["ssh-ed25519", "ssh-rsa"], vec!["aes128-ctr"]]
    }

    #[test]
    fn what_the_sides_have_not_in_common_is_named() {
        let agree = beginning(["sntrup,curve25519-sha256", "ssh-rsa", "aes128-ctr"]);
        assert_eq!(disagreement(&agree, ours()), None);
        let kex = disagreement(&beginning(["sntrup", "ssh-rsa", "aes128-ctr"]), ours()).unwrap();
        assert_eq!(
            (kex.what, kex.offered.as_str(), kex.known.as_str()),
            ("key exchange", "sntrup", "curve25519-sha256")
        );
        let cipher = disagreement(&beginning(["curve25519-sha256", "ssh-rsa", "\x1b[2Jnone"]), ours()).unwrap();
        assert_eq!((cipher.what, cipher.offered.as_str()), ("ciphers", "[2Jnone"));
    }

    #[test]
    fn half_a_beginning_tells_nothing_and_breaks_nothing() {
        let whole = beginning(["sntrup", "ssh-rsa", "aes128-ctr"]);
        for cut in 0..whole.len() {
            assert_eq!(disagreement(&whole[..cut], ours()), None, "{cut}");
        }
        let mut lying = whole;
        lying.splice(21..25, [0xff; 4]);
        assert_eq!(disagreement(&lying, ours()), None);
    }
}
