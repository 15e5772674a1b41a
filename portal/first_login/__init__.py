"""The first sign-in: a password given on paper opens the door once, then the person sets their own."""
