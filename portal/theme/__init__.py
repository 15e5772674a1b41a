"""The look of one installation: colours, glaze line, grounds and heading font, written over the shipped tokens."""
