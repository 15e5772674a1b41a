"""What a log line may not hold: addresses that open something to whoever knows them (THREATS 35)."""

import logging
import re

SECRET = re.compile(r"(/calendar/me/|/c/[\w-]{1,40}/|/zs/|/dingyue/youjian/(?:queren|tuiding)/)[\w-]{20,}")


class MaskSecrets(logging.Filter):
    """Write … for the secret part of such an address, wherever a line names it; no line is dropped."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True always; the record is changed in place."""
        said = record.getMessage()
        masked = SECRET.sub(r"\1…", said)
        if masked != said:
            record.msg, record.args = masked, None
        return True
