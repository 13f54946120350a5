"""Maps and timelines of what is said, drawn offline: who says that somebody was where, and when."""
