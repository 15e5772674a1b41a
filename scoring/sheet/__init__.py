"""What the page of a sheet shows beside its figures: whose it is, the way to records, what is ahead."""
