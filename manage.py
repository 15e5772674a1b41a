#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from portal.loading import loading

if __name__ == "__main__":
    if sys.argv[1:2] == ["check_standard"]:
        # Standards are checked by rules that need neither settings nor models: loading them would take two seconds.
        from scoring.management.commands.check_standard import Command

        Command().run_from_argv(sys.argv)
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        if not any(word.startswith("--settings") for word in sys.argv):
            with loading():
                django.setup()  # once more by the command line, which then finds everything loaded
        execute_from_command_line(sys.argv)
