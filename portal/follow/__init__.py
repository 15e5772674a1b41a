"""Following by e-mail: a reader asks, confirms by mail, gets each new item once, and leaves by one click."""
