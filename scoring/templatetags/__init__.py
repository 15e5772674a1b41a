"""What scoring shows on the pages of the floors below."""
