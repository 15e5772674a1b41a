"""Courseware: what its files are, who may open them, and the pictures of their pages."""
