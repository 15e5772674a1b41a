"""What a request to the floor of sessions is answered with."""
