"""`python -m econsec` is the `econsec` command."""

from econsec.cli import main

main()
