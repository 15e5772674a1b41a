"""What the ground floor lends to templates."""
