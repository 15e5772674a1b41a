"""What the scoring floor offers to the command line."""
