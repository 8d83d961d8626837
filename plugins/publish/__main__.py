"""`python -m plugins.publish` is the command `portal`."""

from plugins.publish.cli import main

if __name__ == "__main__":  # a worker process reads this module, too
    main()
