"""What search engines, chat apps, feed readers and government-site checkers expect of a public page."""
