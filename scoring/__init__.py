"""What deeds are worth (履职积分): standards, sheets, the year, the book."""
