"""When something is due, and when there is to be quiet: plain words read as values, and pure functions over them."""
