"""The heading font: a bold Chinese serif of the server, cut down to the characters that headings use."""
