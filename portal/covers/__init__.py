"""The picture that chat apps and search engines show of a page: its title on paper beside a glaze."""
