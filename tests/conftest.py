"""What all tests share: no example is judged by its time, because the machines are shared and noisy."""

from hypothesis import settings

settings.register_profile("portal", deadline=None)
settings.load_profile("portal")
