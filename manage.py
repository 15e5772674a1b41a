#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    if sys.argv[1:2] == ["check_standard"]:
        # Standards are checked by rules that need neither settings nor models: loading them would take two seconds.
        from scoring.management.commands.check_standard import Command

        Command().run_from_argv(sys.argv)
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        execute_from_command_line(sys.argv)
