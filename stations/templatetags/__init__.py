"""What the first floor lends to templates."""
