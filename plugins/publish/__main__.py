"""`python -m plugins.publish` is the command `portal`."""

from plugins.publish.cli import main

main()
