"""The WSGI door that granian (or gunicorn) opens."""

import os

from django.core.wsgi import get_wsgi_application

from portal.loading import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
with loading():
    django = get_wsgi_application()

    from portal.front import Front  # the settings come first

    application = Front(django)
