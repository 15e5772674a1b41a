"""The portal's settings with one more address, so that hello world passes the very same middleware."""

from portal.settings import *  # noqa: F403 -- a settings module is what it names

ROOT_URLCONF = "bench.hello_urls"
