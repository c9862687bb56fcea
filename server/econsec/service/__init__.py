"""What a route or a command does, without HTTP and without a terminal."""
