"""What the sessions floor lends to templates."""
