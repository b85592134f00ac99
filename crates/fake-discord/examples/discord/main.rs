//! The fake Discord by hand: a guild, some people, and a page to write as one of them. `cargo xtask discord` runs it.
#![expect(clippy::indexing_slicing, reason = "JSON: what is not there reads as null; and lists that are made here")]
#![expect(clippy::print_stdout, reason = "it says where it is")]

mod page;
mod place;
mod show;

use fullhold_fake_discord::{FakeDiscord, Options};
use tokio::net::TcpListener;

use place::Place;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeDiscord::with(Options { token: "fake".to_owned(), ..Options::usual() }).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let place = Place::new(fake);
    println!("A fake Discord is running; stop it with Ctrl-C.");
    println!("  page:    http://{address}/");
    println!("  REST:    {}", place.fake.api_url());
    println!("  gateway: {}", place.fake.gateway_url());
    println!("\nStart the bot with\n");
    println!("export DISCORD_API_URL={}", place.fake.api_url());
    println!("export DISCORD_GATEWAY_URL={}", place.fake.gateway_url());
    println!("export DISCORD_BOT_TOKEN={}", place.fake.token());
    println!("export GUILD_ID={}", place.guild.id());
    println!("export STATS_CHANNEL_ID={}", place.stats().id());
    println!("export ADMIN_CHANNEL_ID={}", place.admin().id());
    println!("export GAMING_VOICE_CHANNELS={}", place.gaming.id());
    page::serve(place, listener).await;
    Ok(())
}
