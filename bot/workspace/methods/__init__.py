"""The methods of the Web API, one file a family; each module's `METHODS` maps Slack's name to what answers."""
