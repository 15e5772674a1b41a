"""A new installation: home page, sections, standing pages, groups of editors; the demonstration begins with it, too."""
