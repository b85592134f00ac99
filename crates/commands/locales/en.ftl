# Texts of Fullhold in English. Names of players, maps and teams come in as arguments.

## Groups of commands, as help lists them
group-players = Players
group-evenings = Evenings
group-rankings = Rankings
group-teams = Teams
group-me = You
group-bot = The bot
group-admin = For admins

## What each command answers: one line, as help and slash commands show it
command-stats = a player: rounds, K/D, DPM, accuracy, weapons, maps and more
command-compare = two or three players side by side
command-achievements = what a player has earned, and what comes next
command-badges = what the signs behind a name mean
command-rating = skill of a player with its uncertainty, and how it came about
command-aliases = all names that a player has worn
command-player_search = players by a part of any of their names
command-list_players = all players, the most active first
command-last_session = the newest evening: score, teams, players, awards
command-session = any evening, by day or number
command-sessions = the evenings, month by month
command-session_stats = the evening that is being played right now
command-last_round = the newest round
command-round = one round: winner, time, players, MVP
command-match = both rounds of a map and their sum
command-mvp = the most valuable players of an evening, with the sum behind it
command-maps = all maps: how often, who wins, record times
command-map = one map: times, win rates, best players
command-leaderboard = the best players by kills, K/D, DPM and more
command-ratings = all players by skill
command-records = the best single rounds and matches
command-season = standings and champions of a season
command-synergy = two players: together against apart
command-best_duos = the pairs that win most together
command-teammates = with whom a player wins most
command-team_builder = two even teams from those who are there
command-link = connect your account with your player
command-link_me = connect your account with a GUID
command-unlink = take the connection back
command-setname = the name that is shown for you
command-privacy = whether others see your name
command-me = everything that is stored of you: get it or have it erased
command-explain = how a number comes about, with its parts filled in
command-export = the numbers of any answer as a file
command-help = all commands, or one in detail
command-ping = how fast the answers are, and how fresh the data
command-about = what this is
command-sync_stats = fetch the files of the last days from the game server
command-sync_all = fetch all files from the game server
command-rebuild_sessions = work out all evenings again
command-health = database, game servers, waiting files, posts
command-files = files that failed: list, try again, leave out
command-round_valid = rule whether a round counts
command-merge_players = make two GUIDs one player
command-unmerge = make one player two again
command-session_start = begin an evening by hand
command-session_end = end the evening by hand
command-set_teams = the two teams of the evening
command-assign_player = put a player into a team
command-set_team_names = names of the two teams
command-backup = save the database now
command-start_monitoring = watch the game servers
command-stop_monitoring = stop watching the game servers
command-automation_status = what happens by itself, and when it last did
command-settings = settings of this server
command-cache_clear = compute the next answers anew
command-audit = who changed what

## What each option takes
option-a = the first
option-b = the second
option-c = the third
option-category = what is ranked
option-command = a command
option-confirm = confirm, once you have read what changes
option-days = how many
option-file = its name
option-format = csv or json
option-guid = 8 characters, from aliases or player_search
option-into = who remains
option-key = which setting
option-map = a map, or a part of its name
option-match = the number of the match, or a day
option-mode = public, anonymous or private
option-month = such as 10, oct or 2025-10
option-name = 2 to 32 characters, or reset
option-number = such as dpm, kd or accuracy
option-period = such as 30d, season, 2025-10 or all
option-player = a name, @user, me, or guid:…
option-players = names, separated by commas
option-reason = why; everybody can read it
option-round = the number of the round
option-session = a day, a number, or last
option-team = the name of the team
option-text = what to look for
option-user = whom, for admins
option-value = its new value
option-verdict = valid, cancelled, ignore, or clear to take it back
option-view = which side of it
option-what = what to do
option-which = active, linked or unlinked

## Help
help-title = Commands
help-lead = Type { $prefix }help and a command for more. What is in [ ] can be left out.
help-also = Also: { $names }
help-options = Options
help-examples = Examples
help-needs-link = For those who have linked a player: { $prefix }link
help-needs-admin = For those who run the community.

## What went wrong
unknown-command = There is no command "{ $name }"
see-help = { $prefix }help lists all commands.
did-you-mean = Did you mean:
line-malformed = That line cannot be read
line-open-quote = The quote at character { $character } is not closed.
line-too-long = It has { $found } characters; { $most } are allowed.
needs-link = That needs a linked player
needs-link-how = { $prefix }link shows who you may be; pick yourself there.
needs-admin = That is for those who run the community
needs-admin-how = Who has the right to manage this server can run it.
too-early = One moment: again in { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
 }
argument-wrong = { $command }: that does not fit
argument-missing = "{ $option }" is missing.
argument-not-a = "{ $word }" is no { $option }.
argument-too-many = "{ $word }" is one word too many. A name of several words stands in quotes.
argument-no-such-option = There is no option "{ $option }" here; there are: { $options }.
argument-twice = "{ $option }" is there twice.
usage = Usage: { $usage }
    Example: { $example }
takes-player = A player is a name, a mention, me, or guid: and 8 characters.
takes-map = No map that was played here has this name.
takes-board = There are: { $boards }.
takes-formula = There are: { $numbers }.
takes-period = Periods are { $examples }.
takes-month = Months are 10, oct, october and 2025-10.
takes-session = An evening is a day such as 2025-11-01, yesterday or sunday, its number, or last.
takes-id = It is the number that answers show behind #.
takes-choice = There are: { $words }.
takes-integer = It is a whole number from { $least } to { $most }.
takes-guid = A GUID has 8 letters and digits.
takes-user = A user is a mention or an id.
takes-text = It has { $least } to { $most } characters.

## Formulas: the name, and the label above a column
formula-rounds = rounds
formula-hours = time played
formula-evenings = evenings
formula-matches = matches
formula-wins = matches won
formula-win_rate = match win rate
formula-kills = kills
formula-deaths = deaths
formula-kd = K/D
formula-efficiency = efficiency
formula-damage = damage given
formula-damage_received = damage received
formula-dpm = DPM
formula-adr = damage per round
formula-kpr = kills per round
formula-dpr = deaths per round
formula-damage_efficiency = damage given per received
formula-damage_per_death = damage received per death
formula-shots = shots of aimed weapons
formula-hits = hits of aimed weapons
formula-accuracy = accuracy
formula-head_hit_percent = head-hit %
formula-headshot_kills = headshot kills
formula-headshot_kill_percent = headshot kills %
formula-shots_per_kill = shots per kill
formula-survival = time alive
formula-time_dead = time dead
formula-revives = revives given
formula-revives_per_round = revives per round
formula-times_revived = times revived
formula-gibs = gibs
formula-gibs_per_round = gibs per round
formula-objectives = objectives
formula-objectives_per_round = objectives per round
formula-planted = dynamites planted
formula-defused = dynamites defused
formula-dynamites = dynamites planted and defused
formula-constructions = constructions
formula-team_damage = team damage per damage
formula-team_kills = team kills
formula-self_kills = self kills
formula-kill_steals = kill steals
formula-useful_kills = useful kills
formula-useful_kill_percent = useful kills %
formula-useless_kills = useless kills
formula-denied = time denied
formula-denied_per_minute = time denied per minute
formula-best_spree = best killing spree
formula-worst_spree = worst death spree
formula-multikills = multikills
formula-multikills_4 = 4x
formula-multikills_5 = 5x
formula-multikills_6 = 6x
formula-grenade_kills = kills with grenades
formula-grenade_hit_percent = grenade hits per throw
formula-grenade_hits_per_kill = grenade hits per kill
formula-grenade_rounds = rounds with grenades
formula-mvp = MVP value
short-rounds = rds
short-hours = time
short-evenings = evgs
short-matches = mtch
short-wins = won
short-win_rate = win%
short-kills = K
short-deaths = D
short-kd = K/D
short-efficiency = eff
short-damage = dmg
short-damage_received = rcvd
short-dpm = DPM
short-adr = ADR
short-kpr = KPR
short-dpr = DPR
short-damage_efficiency = d/r
short-damage_per_death = d/death
short-shots = shots
short-hits = hits
short-accuracy = acc
short-head_hit_percent = head%
short-headshot_kills = HSK
short-headshot_kill_percent = HSK%
short-shots_per_kill = sh/K
short-survival = alive
short-time_dead = dead
short-revives = rev
short-revives_per_round = rev/r
short-times_revived = revd
short-gibs = gibs
short-gibs_per_round = gib/r
short-objectives = obj
short-objectives_per_round = obj/r
short-planted = plant
short-defused = defus
short-dynamites = dyna
short-constructions = built
short-team_damage = TD%
short-team_kills = TK
short-self_kills = SK
short-kill_steals = steal
short-useful_kills = usefl
short-useful_kill_percent = usfl%
short-useless_kills = usels
short-denied = denied
short-denied_per_minute = den/m
short-best_spree = spree
short-worst_spree = death
short-multikills = multi
short-multikills_4 = 4x
short-multikills_5 = 5x
short-multikills_6 = 6x
short-grenade_kills = nades
short-grenade_hit_percent = hit%
short-grenade_hits_per_kill = hit/K
short-grenade_rounds = rds
short-mvp = MVP

## Leaderboards
board-kills = Kills
board-kd = K/D
board-dpm = Damage per minute
board-accuracy = Accuracy
board-headshots = Head-hit %
board-efficiency = Efficiency
board-games = Rounds played
board-revives = Revives given
board-gibs = Gibs
board-objectives = Objectives
board-teamwork = Least team damage
board-multikills = Multikills
board-grenades = Grenade kills
board-wins = Match win rate
board-form = Form
board-rating = Skill rating
board-et_rating = ET rating
board-title = { $board }
board-empty = Nobody is listed here yet.
board-you-are = You are #{ $place } with { $value }.
board-you-need = You are not listed yet:
board-to-go = { $count } more { $what }
board-you-have-none = There is no value for you yet.
board-you-are-absent = You did not play in this.
board-gate = more than { $count } { $what }
page-of = page { $page } of { $pages }

## Awards
award-damage_efficiency = Damage efficiency king
award-engineer = Chief engineer
award-medic = Field medic
award-demolition = Demolition expert
award-tank = Tank shield
award-headhunter = Headhunter
award-survivor = Survivor
award-wrecking_ball = Wrecking ball
award-team_killer = Team killer
award-self_destruct = Self-destruct
award-kill_thief = Kill thief
award-spray = Spray and pray
award-patience = Sniper's patience
award-useless = Most useless kills
award-death_spree = Worst death spree
award-playtime_thief = Playtime thief
unit-damage_efficiency = given / received
unit-constructions = built
unit-revives = revives
unit-dynamites = dynamites
unit-damage_per_death = damage / death
unit-head_hit_percent = of hits
unit-survival = alive
unit-gibs = gibs
unit-team_kills = team kills
unit-self_kills = self kills
unit-kill_steals = kills stolen
unit-shots_per_kill = shots / kill
unit-useless_kills = kills
unit-worst_spree = in a row
unit-denied = denied
award-line = { $title }: { $name } · { $what } { $value }

## Columns and labels
column-player = player
column-map = map
column-weapon = weapon
column-points = points
column-first-attack = first
column-second-attack = second
column-round = round
column-time = time
column-mvp = MVP
column-achievement = what
column-has = has
column-next = next
column-to-go = to go
label-time = From, to
label-duration = Duration
label-rounds = Rounds
label-players = Players
label-maps = Maps
label-matches = Matches
label-rating = Skill
label-et-rating = ET rating
label-form = Form
label-last-seen = Last seen

## A player
profile-fighting = Fighting
profile-team = For the team
profile-weapons = Weapons
profile-weapons-all-maps = Weapons, of all maps
profile-maps = Maps
profile-also = Also known as
profile-best-rounds = Best rounds
profile-best-matches = Best matches
player-no-whole-match = No round of a whole match in this.
form-is = The last evening against up to ten before it: { $form } (100 is as usual).
form-none = There are too few evenings to tell a form.
player-no-matches = No match was decided in this.
match-won = won
match-drawn = drawn
match-lost = lost
card-better = better than { $share }
card-results = { $won } W { $drawn } D { $lost } L
player-no-rounds = No rounds that count in this.
player-no-weapons = No weapon was used in this.
name-in-scope = { $name } · { $scope }
won-drawn-lost = { $won } won, { $drawn } drawn, { $lost } lost
achievements-title = Achievements of { $name }
achievements-none = None yet.
achievement-earned = { $emoji } { $title } ({ $what })
rounds-to-go = { $rounds ->
    [one] one more round
   *[other] { $rounds } more rounds
 }

## Views
choose-view = Another view
view-overview = Overview
view-top = Damage per minute
view-combat = Combat
view-objectives = Objectives
view-weapons = Weapons
view-support = Support
view-sprees = Sprees
view-maps = Maps
view-rounds = Rounds
view-teams = Teams
view-graphs = Graphs
view-awards = Awards
view-players = Players
view-form = Form
view-records = Records
view-matches = Matches

## An evening
evening-title = Evening { $number }of { $day }
evening-matches = Score
evening-players = Players
evening-no-teams = No two teams could be told apart.
evening-nobody = Nobody played a round that counts.
evening-no-matches = No match was played.
evening-no-awards = No awards this time.
evening-team = { $team }: { $players }
evening-team-mvp = (MVP { $name })
evening-mvp = MVP: { $name } with { $value } ({ $formula })
confidence-high = The teams are certain.
confidence-medium = The teams are likely.
confidence-low = The teams are uncertain.
reason-orphan_r2 = its first round is missing
reason-differential_error = its two files contradict each other
reason-aborted = ended by a change of the map
reason-cancelled = was played again
reason-bots = more bots than people
reason-excluded_map = this map never counts
reason-no_players = nobody played
reason-override = ruled out by hand
round-excluded = not counted: { $map } round { $number }, { $why }

recap-comeback = { $team } won from { $count } points behind.
recap-record = { $name } set a record: { $value } { $what } in one round.
recap-some-record = { $name } set a record.
recap-first-win = { $team } beat these opponents for the first time, after { $count ->
    [one] one defeat
   *[other] { $count } defeats
 }.
recap-closest = { $seconds ->
    [0] On { $map } both attacks took equally long.
    [one] One second decided { $map }.
   *[other] { $seconds } seconds decided { $map }.
 }
recap-double-hold = { $more ->
    [0] Both teams held { $map }.
    [one] Both teams held { $map }, and one more map.
   *[other] Both teams held { $map }, and { $more } more maps.
 }
recap-milestone = { $name } earned { $emoji } { $title }.
recap-some-milestone = { $name } earned a badge.
recap-debut = { $name } played here for the first time.
recap-form = { $name } played at { $form } % of the usual form.
lineup-came = came in { $round }
lineup-changed = changed teams in { $round }
lineup-left = left after { $round }
since-new = Not there the evening before: { $players }
since-missing = There the evening before, and not now: { $players }
since-changed = With the other team the evening before: { $players }
attack-held = held
card-no-teams = no two teams could be told apart
card-mvp = MVP of the evening
card-other-mvp = MVP of the others
card-most-kills = Most kills
card-evening = evening { $number }
card-map-of = map { $place } of { $of }
card-undecided-incomplete = a round is missing
card-undecided-invalid_round = a round does not count
card-undecided-no_winner = a round has no winner
card-undecided-mixed_teams = players changed sides
undecided-incomplete = No points: one of its rounds is missing.
undecided-invalid_round = No points: one of its rounds does not count.
undecided-no_winner = No points: one of its rounds has no winner.
undecided-mixed_teams = No points: its players belong to both teams alike.

## A round and a match
round-match = The match
round-checks-fine = nothing strange in its file
round-checks-found = { $found ->
    [one] one finding
   *[other] { $found } findings
 }
finding = { $message } (expected { $expected }, found { $found })
label-checks = Checks
column-best-round = best
round-title = { $map }, round { $number }
round-nobody = Nobody played it.
round-finding = Note: { $finding }
round-evening = The evening
round-no-winner = nobody
round-completed = objective reached
round-held = full hold
round-counts = yes
side-1 = Axis
side-2 = Allies
label-winner = Winner
label-outcome = Outcome
label-round-time = Time
label-limit = Limit
label-ended = Played
label-counts = Counts
label-first-attack = First attack
label-second-attack = Second attack
match-title = { $map }
match-round = Round { $number }

## Players side by side
column-what = what
column-low = from
column-high = to
compare-mark = ▸ is the better value.
compare-together = In one team: { $matches ->
    [one] one match
   *[other] { $matches } matches
 }, won { $rate }, DPM { $dpm }
compare-against = Against each other: { $matches ->
    [one] one match
   *[other] { $matches } matches
 }, won { $rate }, DPM { $dpm }
synergy-title = { $names } together
synergy-together = together
synergy-apart = apart
synergy-not-enough = Not enough yet: { $has ->
    [one] one match
   *[other] { $has } matches
 } in one team, { $to_go } more to go.
synergy-better = Together they win more: { $gain }.
synergy-worse = Together they win less: { $gain }.
synergy-unproved = Whether they win more together is not proved yet ({ $gain }).

## Lists
evenings-title = Evenings
evenings-none = There is no evening in this.
evenings-open = Open an evening
players-none = Nobody was found.
players-open = Open a player
aliases-title = Names of { $name }
aliases-none = No name is known.
maps-none = No map was played in this.
records-none = There is no record yet.
records-rounds = In one round
records-matches = In one match
records-open = Open a round
records-open-match = Open a match
records-what = Only rounds that count, of matches that were played to the end. "before" is who held it until that day.
records-all-maps = all maps
column-before = before
column-best = best
maps-all-time = all time
map-best = Best players
map-best-who = By DPM, of those with at least half as many rounds on it as the busiest.
map-records = Records
map-board-dpm = Everybody by DPM
map-board-wins = Everybody by wins
badges-title = Badges
badges-lead = Behind a name stand the highest badges of at most three kinds.
column-day = day
column-score = score
column-maps = maps
column-players = players
column-seen = seen
column-linked = linked
column-also = also
column-name = name
column-first-day = first
column-last-day = last
column-plays = plays
column-attack-wins = att%
column-held = held%
column-median = median
column-record = record
column-when = when
column-badge = badge
column-from = from
yes = yes
no = no

## Pairs and teams
pairs-none = No two players have ten matches in one team yet.
pairs-interval = from, to: the interval of 95 % for the difference. What is surest stands first.
duos-title = Best duos
teammates-title = Teammates of { $name }
column-pair = pair
split-title = Two even teams
split-chance = The first team wins { $chance } of such matches.
split-unknown = Who would win cannot be told yet.
split-difference = Skill differs by { $difference }.
split-others = Others that are nearly as even
split-players = Teams are built for 4 to 12 players; here are { $found }.
split-whom = Who plays? Name 4 to 12 players, with commas between.
split-players-title = The first split
split-why = Every split is tried; the first has the least difference of skill. ± is how unsure a skill is.
split-twice = { $name } is named twice.

## Skill
skill-value = { $mean } ± { $spread }
skill-provisional = { $mean } ± { $spread }, provisional
rating-title = Ratings of { $name }
rating-none = No match of this player has been rated yet: both teams must be known, and one of them needs points.
rating-what = Skill comes from results alone: it is with 95 % within ±, and never above what was shown. The ET rating comes from the numbers alone, whoever won.
rating-today = ± { $spread } today, after a pause
rating-place = #{ $place } of { $of }
rating-no-place = { $to_go ->
    [one] after one more match
   *[other] after { $to_go } more matches
 }
rating-matches = Matches
rating-trend = { $change } in { $matches ->
    [one] the last match
   *[other] the last { $matches } matches
 }
label-trend = Trend
rating-et-parts = What the ET rating is made of
rating-et-none = from { $rounds } rounds on
ratings-title = Skill ratings
ratings-empty = No match has been rated yet.
ratings-you = You are #{ $place } with { $skill }.
ratings-you-guess = You have { $skill }.
ratings-order = By what somebody is at least: skill less ±. Without a place: fewer than 10 matches. Page { $page } of { $pages }.
ratings-open = Open a player
label-at-least = At least
label-rated-matches = Matches rated
label-place = Place
label-today = Now
label-tier = Tier
tier-newcomer = newcomer
tier-regular = regular
tier-experienced = experienced
tier-veteran = veteran
tier-elite = elite
column-skill = skill
column-spread = ±
column-change = change
column-at-least = least
column-et = ET
column-value = value
column-better-than = better than
column-weight = weight

## A season
season-title = Season { $season }
season-days = { $first } to { $last }.
season-left = { $days ->
    [0] It ends today.
    [one] One day is left.
   *[other] { $days } days are left.
 }
season-champions = Champions
season-nobody = nobody yet
season-past = Champions before
season-standings = Standings
season-all-time = Champions of all time
season-all-time-short = all time
season-gate = from 10 matches
season-empty = Nobody played in it.
season-unknown = A season is season or a year and a quarter such as 2025-Q4.
column-season = season

## How a number comes about
explain-title = { $what } of { $whose }
explain-parts = Parts
explain-left-out = Rounds left out
explain-files = Files
explain-more-files = and { $more } more files
explain-which = Which number? Name one, as in explain dpm.
explain-not-in-round = That player did not play in that round.
explain-used = Rounds added up
explain-version = formulas of version { $version }
explain-rounds = Made of { $used ->
    [one] one round
   *[other] { $used } rounds
 }; { $left_out ->
    [0] none was left out.
    [one] one was left out.
   *[other] { $left_out } were left out.
 }
column-file = file

## Right now
running-none = No evening is being played
running-last = The last one was #{ $number } of { $day }; its last round ended { $at }.
running-open = Open it
now-playing = { $map }, { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
 } tonight
running-up = Last round ended { $at }, played by { $players }.
ping-title = Pong
ping-database = The database answered in { $milliseconds } ms.
ping-no-servers = There is no game server yet.
column-server = server
column-age = age
column-newest = newest round
column-last-look = looked
column-last-error = failed
about-title = Fullhold
about-what = Statistics of stopwatch matches, from the files that the game servers write.
label-cache-hits = Answers from the cache
label-version = Version
label-schema = Schema
label-database = Database
label-evenings = Evenings

## Files
picture-failed = A picture could not be drawn: { $alt }
playstyle-gate = 20 rounds or more
export-title = { $title }, as files
export-file = { $name }: { $bytes } bytes
export-nothing = It shows nothing that would be a table.
export-itself = Say what is to be exported: another command, as in export csv top dpm season.

## Accounts, names and who may see them
anonymous-player = player { $number }
link-who = Who are you?
link-nobody = No player fits who is not linked already. Give a part of your name, or link_me with your GUID.
link-none-of-these = Not among these? Give a part of your name, or link_me with your GUID.
link-whom = Which player? Name one.
link-confirm = Link { $name } ({ $guid })?
link-confirm-whom = The account would be that of { $user }.
link-done = You are linked: { $name }.
link-already = { $name } was linked before.
link-account-taken = This account is linked to { $name } already. unlink takes that back.
link-player-taken = { $name } is linked to another account.
link-player-taken-how = If that is wrong, ask those who run the community.
link-no-player = No such GUID has played here.
link-no-account = That is no account.
link-needs-account = Only an account can be linked, and this question has none.
link-code = Wear { $code } in your name for one round.
link-code-how = Anywhere in the name, within two days. When the round is over, press the button or ask again.
link-code-worn = I have worn it
unlink-done = The link is gone.
unlink-none = There was no link.
setname-done = You are shown as { $name }.
setname-reset = You are shown by the name that you wore last.
setname-bad = That cannot be a name: 2 to 32 characters that can be seen, and not the number of an anonymous player.
setname-taken = Somebody else has worn that name.
privacy-anonymous = Others see you as { $name } from now on; nobody finds you by name.
privacy-private = Others see your name where all players are shown, and nothing that is about you alone.
privacy-public = Others see you as { $name } from now on.
me-not-here = Your player has not played here.
player-private = That player keeps this to himself.
player-anonymous = That player is anonymous.
me-export = Everything that is stored of you: { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
 }
only-reads = Nothing can be changed here.
erase-title = Have yourself erased
erase-what = { $names ->
    [one] One name
   *[other] { $names } names
 }, the link of your account and your wishes go. Your numbers stay, under a number in place of your name: without them the evenings of the others would be wrong.
erase-for-ever = There is no way back, and names you wear later are not stored either. Take me export first if you want to keep something.
erase-confirm = Erase me
erase-done = You are { $name } from now on, to everybody.
erase-done-how = Your names and your link are gone. The files that your game server wrote are kept as they are; nothing here reads names from them any more.

## Orders of those who run the community
order-failed = That could not be done: { $problem }
verdict-title = { $map } round { $number }: { $verdict }
verdict-before = Before: { $counts }
verdict-now = Now: { $counts }
verdict-counts-not = it does not count
verdict-round = The round
merge-preview = { $from } would be counted as { $into }
merge-done = { $from } is counted as { $into } now
merge-confirm = Do it
merge-oneself = Nobody can be merged into himself.
merge-backwards = They are one player already, the other way round. unmerge comes first.
merge-same = They are one player already.
merge-shared = Both were in { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
 }: { $together } on one side, { $against } as opponents. So they are hardly one person.
merge-both-linked = Both are linked to accounts: one of them has to unlink.
merge-evenings = Evenings that change: { $evenings }
unmerge-done = { $name } is no more counted as { $was }
unmerge-none = That player was not merged into anybody.
rebuild-done = { $files ->
    [one] One file
   *[other] { $files } files
 } looked at
rebuild-changed = Changed: { $evenings } evenings, { $rounds } rounds.
teams-set = The teams of the evening are set
teams-score = Score: { $a } : { $b }
teams-column = team
teams-both = Nobody can be in both teams.
teams-which = Which team? Name one.
teams-which-of = That is none of the two teams. There are A ({ $a }) and B ({ $b }).
teams-not-there = That player did not play in the newest evening.
teams-none = The newest evening has no two teams; set_teams makes them.
teams-nobody = A team is a tag that its players wear, or their names with commas between.
teams-nobody-is = "{ $name }" is no tag that somebody wore this evening, and no single player.
audit-title = Who changed what
audit-none = Nobody changed anything yet.
audit-some-servers = What was done to the servers that are shown here; what is about players is not among it.
column-who = who
column-action = what
column-detail = with what
column-result = result
cache-cleared = { $answers ->
    [one] One answer is
   *[other] { $answers } answers are
 } forgotten; the next are computed anew.
files-title = Files that failed
files-none = None.
files-state = state
files-attempts = attempts
files-reason = why
files-which = Which file? Name one, and why it is left out.
files-unknown = There is no file "{ $name }".
files-retried = Imported: { $done }, not: { $left }
files-due = { $files ->
    [one] One file is
   *[other] { $files } files are
 } fetched again when the game server is looked at next.
files-ignored = Left out: { $done }, not: { $left }
health-title = Health
health-database = database
health-schema = schema
health-schema-fine = as it should be
health-schema-not = not that of this version
health-size = bytes
health-waiting = files waiting
health-failed = files failed
health-dead = files given up
health-left-out = files left out
health-servers = Game servers
health-server = server
health-newest = newest round
health-look = last look
health-error = last error

## The game servers, as they are watched
not-watched = No game server is watched by this program.
sync-title = Fetching files
sync-begins = { $server }: looking
sync-so-far = { $server }: { $done } of { $files }
sync-done = Fetched
sync-server = { $server }: { $imported } imported, { $skipped } there before, { $rejected } rejected
sync-rejected = { $file }: { $reason }
sync-failed = { $server }: failed; health says how it is.
sync-ended = { $server }: ended before it was done; what was stored stays.
monitoring-started = Watched from now on: { $servers }
monitoring-stopped = Not watched any more: { $servers }
automation-title = What happens by itself
automation-newest = newest file
automation-paused = stopped
automation-died = started again soon
automation-trouble = trouble
automation-idle = watched, nobody plays
automation-watched = watched

## What there is not
cannot-read = The statistics could not be read; those who run this were told.
not-yet = { $command } does not work yet.
who-are-you = Who are you? Link a player first, or name one.
user-not-linked = That person has not linked a player.
player-ambiguous = Several players are called "{ $name }". Which one?
player-unknown = There is no player "{ $name }".
rounds-of = { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
 }
evening-unknown = There is no such evening.
evening-none-on = Nobody played on { $day }. Before that:
evening-several-on = There were several evenings on { $day }. Which one?
round-unknown = There is no such round.
search-title = Players like "{ $text }"
list-title = Players
board-none = There is no such leaderboard.
maps-title = Maps
records-title = Records
