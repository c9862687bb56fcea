"""The W3C's SPARQL test suites, run against the engine and, over HTTP, against the service."""
