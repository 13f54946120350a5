"""Where posts come from: links, the guarded client, and one file a source."""
