"""Date and number formats of the house; Django asks for them by language."""
