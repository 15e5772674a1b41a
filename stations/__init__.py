"""Who and where (联络站): areas, people, mandates, groups, stations, industry points."""
