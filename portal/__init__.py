"""The ground (门户): settings, base page, blocks, accounts, theme; reads nothing of ours."""
