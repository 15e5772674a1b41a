"""What a request to the floor of scoring is answered with."""
