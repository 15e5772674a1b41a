"""The WSGI door that granian (or gunicorn) opens."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django = get_wsgi_application()

from portal.front import Front  # noqa: E402 -- the settings come first

application = Front(django)
