"""The single writer: what it takes, how it makes each commit durable, and what it remembers."""
