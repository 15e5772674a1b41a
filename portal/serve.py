"""`make demo`: prepare what is missing, then keep web and worker running until Ctrl-C. Standard library only.

Django is started by the children alone, so that a second start takes no longer than the server itself.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("portal", "stations", "sessions", "scoring")
READY = ".ready"  # in the data folder; holds the text with the demo accounts


def main() -> int:
    """Serve the demonstration; return the exit code."""
    options = _options()
    if not port_is_free(options.host, options.port):
        print(
            f"端口 {options.port} 已被占用，请换一个，例如：make demo PORT={options.port + 1}"
            f" / port {options.port} is taken, try: make demo PORT={options.port + 1}",
            file=sys.stderr,
        )
        return 1
    address = f"http://{options.host}:{options.port}"
    os.environ.setdefault("PUBLIC_URL", address)  # the codes on the wall must lead back here
    os.environ.setdefault("EMAIL_URL", "console:")  # following by e-mail is shown, its letters in the log
    data = Path(os.environ.get("DATA_DIR", ROOT / "var"))
    if not is_ready(data, ROOT):
        prepared = subprocess.run([sys.executable, ROOT / "manage.py", "demo"], check=False)  # noqa: S603
        if prepared.returncode:
            return prepared.returncode
    print(f"\n网站 / site      {address}/\n管理 / admin     {address}/admin/")
    print((data / READY).read_text(encoding="utf-8") + "按 Ctrl-C 停止。 / Ctrl-C stops.", flush=True)
    return serve(options.host, options.port)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


def port_is_free(host: str, port: int) -> bool:
    """Say whether a server could listen on `host`:`port` now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_ready(data: Path, root: Path) -> bool:
    """Say whether the data folder was prepared after everything that preparing depends on was last changed."""
    mark = data / READY
    if not mark.exists():
        return False
    sources = [root / "requirements.txt"]
    for floor in FLOORS:
        sources += (root / floor / "migrations").glob("*.py")
        sources += (file for file in (root / floor / "static").rglob("*") if file.is_file())
    return mark.stat().st_mtime >= max(source.stat().st_mtime for source in sources)


def serve(host: str, port: int) -> int:
    """Run web and worker until one of them ends or Ctrl-C; return the exit code."""
    python = sys.executable
    web = [python, "-m", "granian", "--interface", "wsgi", "portal.wsgi:application", "--host", host]
    web += [
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        "8",
        "--no-access-log",
        "--log-level",
        "error",
    ]
    worker = [python, str(ROOT / "manage.py"), "demo", "--work"]
    # Sessions of their own: Ctrl-C reaches this process alone, which then ends both in order.
    children = [subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in (web, worker)]  # noqa: S603
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
    except KeyboardInterrupt:
        print("\n已停止。再次启动：make demo")
        return 0
    else:
        print("服务意外停止，请看上面的提示。", file=sys.stderr)
        return 1
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=10)
            except (
                subprocess.TimeoutExpired
            ):  # a worker ends its task first; every task may be ended and asked for again
                child.kill()


if __name__ == "__main__":
    sys.exit(main())
