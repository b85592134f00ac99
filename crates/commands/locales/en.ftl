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
option-number = such as dpm, or kd of vid
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
option-verdict = valid, cancelled or ignore
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
takes-period = Periods are { $examples }.
takes-month = Months are 10, oct, october and 2025-10.
takes-session = An evening is a day such as 2025-11-01, yesterday or sunday, its number, or last.
takes-id = It is the number that answers show behind #.
takes-choice = There are: { $words }.
takes-integer = It is a whole number from { $least } to { $most }.
takes-guid = A GUID has 8 letters and digits.
takes-user = A user is a mention or an id.
takes-text = It has { $least } to { $most } characters.
