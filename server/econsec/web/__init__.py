"""The HTTP front: it reads requests and renders answers, and decides nothing else."""
