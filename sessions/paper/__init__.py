"""The roll on paper and as a spreadsheet: codes of its rows, the file out, the file in, certificates. Reads only."""
