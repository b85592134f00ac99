# What the bot says in Discord alone, in English. All other texts are those of the commands.

## Buttons and forms
button-too-old = This button is from an older version. Ask again.
button-not-yours = That button is for somebody else. Ask for yourself.
button-over = That button has had its time. Ask again.
page-title = Which page?
page-label = Page, 1 to { $pages }
page-not = That is no page: there are { $pages }.
form-button = Fill in
form-title = { $command }

## Where and for whom
no-community-here = This server is not set up yet: who runs the bot binds it to game servers with settings servers.
no-community-direct = Ask in the server that you play with: no community of yours is known here.
elsewhere = Commands are answered in { $channels }.
admin-elsewhere = Commands for admins are answered in { $channels }.
not-bound = This server is not bound to game servers; only who runs the bot can do that.
only-in-server = That works in a server, not in a direct message.
sent-privately = I have sent it to you alone.
direct-closed = That is for you alone, and you take no direct messages. Use the slash command.
incident = Incident { $number }

## Commands that take long
working = Working on it

## settings
settings-title = Settings of this server
settings-how = settings KEY VALUE changes one, settings KEY reset takes it back.
settings-unknown = There is no setting "{ $key }". There are: { $keys }.
settings-set = { $key } is { $value } now
settings-reset = { $key } is as it was before anybody changed it: { $value }
settings-nothing = –
settings-operator = Only who runs the bot can change { $key }.
settings-no-server = There is no game server "{ $name }". There are: { $names }.
settings-bad-prefix = A prefix has one to five characters, none of them a space, a letter, a digit or /.
settings-bad-locale = There is no such language. There are: { $languages }.
settings-bad-ids = "{ $word }" is no { $what }. Mention it, or give its number.
settings-everyone = Everybody has that role.
settings-foreign = { $word } does not belong to this server.
setting-servers = game servers whose statistics are shown here
setting-prefix = what stands before a command that is typed
setting-locale = language where Discord says none
setting-command_channels = channels where commands are answered; everywhere when there are none
setting-admin_channels = channels where commands for admins are answered, the first of them hears of troubles
setting-admin_roles = roles that may use commands for admins
setting-admin_users = people that may use commands for admins
setting-stats_channel = channel where results are posted
what-channel = channel
what-role = role
what-user = user

## What those who run a community hear of
alert-incident = Incident { $number }: a question could not be answered. The log says why.
alert-title = Trouble
alert-more = and { $count } more
