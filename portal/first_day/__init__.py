"""开通清单: what a new installation still needs before its first day, for who keeps the whole of it."""
