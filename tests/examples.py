"""How many examples properties are tried on: few in `make test`, many in `make test-long`."""

from __future__ import annotations

from hypothesis import settings

FAST, THOROUGH = "fast", "thorough"

# No example is judged by its time: the machines are shared and noisy. The fast ones are the same in each run, so that a
# change is judged by the tests alone; the thorough ones are new each time.
settings.register_profile(FAST, deadline=None, max_examples=8, derandomize=True)
settings.register_profile(THOROUGH, deadline=None, max_examples=200)


def examples(fast: int, thorough: int) -> int:
    """Return the number of examples of the profile that is loaded, for properties that are slow to try."""
    return thorough if settings.get_current_profile_name() == THOROUGH else fast
