"""Who is put on an activity's list: by group, place, area and tag, or by pasted names."""
