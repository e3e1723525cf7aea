"""``python -m verishallow.cli``."""

from verishallow.cli import main

main()
