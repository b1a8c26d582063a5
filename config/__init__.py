"""The switchboard: settings, addresses, servers and the commands that span areas."""
