"""`python -m members_portal` is the command `portal`."""

from members_portal.publish.command.cli import main

if __name__ == "__main__":  # a worker process reads this module, too
    main()
