"""The demo's evidence, labelled as sample everywhere and fed through intake."""
