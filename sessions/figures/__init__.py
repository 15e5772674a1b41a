"""The figures of a year: what is counted, how it is laid out as columns and tables; each opens to its rows."""
