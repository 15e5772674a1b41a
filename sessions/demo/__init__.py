"""What the sessions lend to the demonstration city: its texts and the files of its courseware."""
