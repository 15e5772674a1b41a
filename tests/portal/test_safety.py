"""How the site is closed by default: settings, hosts, headers, files, foreign hosts, redirects, forged forms."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form

from portal.models import ArticlePage, User
from portal.settings import CONTENT_SECURITY_POLICY
from tests.conftest import PASSWORD, START
from tests.furnished import crawl, furnish
from tests.test_addresses import table, world  # noqa: F401 -- world is a fixture

ROOT = Path(__file__).resolve().parents[2]


# --- settings -----------------------------------------------------------------------------------------------


def start(tmp_path, **environment):
    """Start the site's settings in a process of its own, without the .env of this machine."""
    code = (
        "import portal.environment as e; e.Environment.model_config['env_file'] = None\n"
        "from django.conf import settings; print(settings.DEBUG, settings.SESSION_COOKIE_SECURE)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings", "DATA_DIR": str(tmp_path)}
        | environment,
    )  # fmt: skip


def test_debug_is_off_and_cookies_are_secure_unless_said_otherwise(tmp_path):
    answer = start(tmp_path, SECRET_KEY="k" * 50, PUBLIC_URL="https://daibiao.example")
    assert (answer.stdout, answer.returncode) == ("False True\n", 0)


@pytest.mark.parametrize("key", [None, "", "short"])
def test_without_a_secret_key_the_site_refuses_to_start_in_plain_words(tmp_path, key):
    answer = start(tmp_path, **({} if key is None else {"SECRET_KEY": key}))
    assert (answer.returncode, "SECRET_KEY" in answer.stderr, "Traceback" in answer.stderr) == (
        1,
        True,
        False,
    )
    assert answer.stderr.splitlines()[0] == "The portal cannot start; set in the environment or in .env:"


# --- hosts and headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/tongzhi/", "/accounts/login/", "/calendar/sessions.ics", "/admin/"])
def test_an_unknown_host_is_refused_also_when_the_page_is_stored(client, site, path):
    client.get(path)
    answer = client.get(path, HTTP_HOST="evil.example")
    forwarded = client.get(path, HTTP_X_FORWARDED_HOST="evil.example")
    assert (answer.status_code, "evil.example" in forwarded.content.decode()) == (400, False)
    assert "evil.example" not in forwarded.get("Location", "")


def said(headers):
    """Return the directives of the policy; their order means nothing."""
    return set(headers["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize("path", ["/", "/no-such-page/", "/accounts/login/", "/sousuo/?q=a", "/c/nothing/"])
def test_public_answers_carry_the_strict_policy_and_the_headers(client, site, path):
    for _ in "ab":  # rendered and from the store
        headers = client.get(path).headers
        assert said(headers) == {
            f"{name} {' '.join(sources)}" for name, sources in CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
        }
        assert [each for each in said(headers) if "unsafe" in each or "*" in each] == []
        assert [headers[name] for name in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")] == [
            "nosniff", "same-origin", "SAMEORIGIN",
        ]  # fmt: skip


def test_only_the_admin_may_run_what_stands_in_its_page(client, city, site):
    client.force_login(city.office)
    policy = {
        path: client.get(path).headers["Content-Security-Policy"] for path in ("/admin/", "/me/", "/roll/")
    }
    assert {path: "unsafe-inline" in text for path, text in policy.items()} == {
        "/admin/": True, "/me/": False, "/roll/": False,
    }  # fmt: skip
    assert {path: "unsafe-eval" in text for path, text in policy.items()} == dict.fromkeys(policy, False)


# --- files --------------------------------------------------------------------------------------------------


@pytest.fixture
def document(site, settings, tmp_path, references):
    """Make a document that a published page links to."""
    settings.MEDIA_ROOT = tmp_path

    def make(name):
        made = get_document_model()(title=name)
        made.file.save(name, ContentFile(b"<script>alert(1)</script>"), save=False)
        made.save()
        link = f'<p><a linktype="document" id="{made.pk}">附件</a></p>'
        site["home"].add_child(instance=ArticlePage(title="示例", slug="fj", body=[("paragraph", link)]))
        return made

    return make


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.js", "a.pdf.html", "a", "a.exe", "a.PHP"])
def test_a_document_that_could_run_is_refused(name, city):
    form = get_document_form(get_document_model())(
        {"title": "示例"}, {"file": SimpleUploadedFile(name, b"<svg onload='alert(1)'/>")}, user=city.office
    )
    assert "file" in form.errors


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.png"])
def test_an_image_that_is_none_is_refused(name, city):
    form = get_image_form(get_image_model())(
        {"title": "示例"}, {"file": SimpleUploadedFile(name, b"<svg onload='alert(1)'/>")}, user=city.office
    )
    assert "file" in form.errors


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.zip", "a.docx", "a.html", "a.svg", "a.pdf"])
def test_a_document_is_given_out_as_a_file_and_never_guessed_at(client, site, document, name):
    answer = client.get(document(name).url)
    b"".join(answer)
    kind = answer["Content-Disposition"].split(";")[0]
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert (kind, answer["Content-Security-Policy"]) == (
        "inline" if name == "a.pdf" else "attachment", "default-src 'none'",
    )  # fmt: skip


def test_originals_documents_and_the_private_folder_have_no_address(client, site, document):
    made = document("a.pdf")
    folder = Path(django_settings.MEDIA_ROOT)
    (folder / "original_images").mkdir()
    (folder / "original_images" / "a.jpg").write_bytes(b"x")
    (folder / "images").mkdir()
    (folder / "images" / "a.webp").write_bytes(b"x")
    (folder.parent / "secret.txt").write_text("secret")
    paths = (
        "/media/original_images/a.jpg", f"/media/{made.file.name}", "/media/images/../original_images/a.jpg",
        "/media/images/%2e%2e/original_images/a.jpg", "/media/images/..%2foriginal_images/a.jpg",
        "/media/images/", "/media/", "/media/images/..\\original_images\\a.jpg",
        "/media/images/%2e%2e/%2e%2e/secret.txt", "/media/images//../original_images/a.jpg",
        "/.env", "/portal.sqlite3", "/var/portal.sqlite3", "/static/../.env", "/.git/config",
    )  # fmt: skip
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    # Without this the paths above could all be unknown to the folder that is looked into.
    answer = client.get("/media/images/a.webp")
    assert (answer.status_code, b"".join(answer), answer["Cache-Control"]) == (
        200,
        b"x",
        "public, max-age=86400",
    )


# --- foreign hosts ------------------------------------------------------------------------------------------


def test_no_page_calls_another_host_nor_makes_the_server_call_one(client, city, site, monkeypatch):
    called = []
    connect = socket.socket.connect

    def only_here(self, address):
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            called.append(address)
            raise OSError("no way out")
        return connect(self, address)

    def lookup(host, *more, **options):
        called.append(host)
        raise OSError("no way out")

    furnish(city, site, START)
    monkeypatch.setattr(socket.socket, "connect", only_here)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    public = crawl(client, "/", "/accounts/login/")
    client.force_login(city.office)
    crawl(client, "/admin/", "/review/", most=40)
    loads = re.compile(
        r'<(?:script|img|iframe|source|video|audio|link)\b[^>]*?\b(?:src|href|srcset)="((?:https?:)?//[^"]+)"'
    )
    own = re.compile(r"https?://testserver/")
    foreign = {
        address: [url for url in loads.findall(answer.content.decode()) if not own.match(url)]
        for address, answer in public.items()
        if "html" in answer.get("Content-Type", "")
    }
    assert ({address: urls for address, urls in foreign.items() if urls}, called) == ({}, [])


# --- redirects ----------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "http://testserver@evil.example/", "javascript:alert(1)", "/\t/evil.example", "///evil.example",
)  # fmt: skip


def leads_out(answer):
    return not re.match(r"^/(?![/\\])[^\t\n]*$", answer.get("Location", "/"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_next_leads_to_another_host(client, city, site, target):
    mandate = city.representative()
    activity = city.activity()
    login = {"login": mandate.representative.user.username, "password": PASSWORD, "next": target}
    answers = [client.post(reverse("account_login"), login)]
    answers += [
        client.post(reverse(name, args=[activity.pk]), {"next": target})
        for name in ("me_sign_up", "me_withdraw")
    ]
    answers += [client.get("/admin/login/", {"next": target}), client.get("/_util/login/", {"next": target})]
    answers.append(client.post(reverse("account_logout"), {"next": target}))
    assert [answer["Location"] for answer in answers if leads_out(answer)] == []


@pytest.mark.parametrize("path", ["//evil.example", "///evil.example", "/\\evil.example", "/%09/evil.example",
                                  "/%5c%5cevil.example", "/%2f%2fevil.example"])  # fmt: skip
@pytest.mark.parametrize("query", ["text=large", "contrast=more", "text=large&next=https://evil.example/"])
def test_choosing_how_to_read_leads_to_no_other_host(client, site, path, query):
    answer = client.get(f"{path}/?{query}")
    assert (answer.status_code in {302, 404}, leads_out(answer)) == (True, False)


# --- forged forms -------------------------------------------------------------------------------------------


def test_no_form_of_ours_is_taken_without_its_token(world):  # noqa: F811 -- the fixture
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.users["office"])
    answers = {
        name: strict.post(reverse(name, args=[world.rows[word] for word in words])).status_code
        for name, words, _, posted in table()
        if posted != "-" and name not in {"admin/login/", "follow_leave"}
    }
    assert answers == dict.fromkeys(answers, 403)
    assert len(answers) > 40


def free_of_the_token(resolver, prefix=""):
    """Yield the patterns whose view asks for no token of Django's middleware."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from free_of_the_token(pattern, path)
        elif getattr(pattern.callback, "csrf_exempt", False):
            yield path


def test_only_the_api_of_the_admin_asks_for_the_token_by_itself(city, site):
    # A mail program leaves by one POST without a cookie (RFC 8058): the token in that address is the right to do so.
    free = [p for p in free_of_the_token(get_resolver()) if not p.startswith("admin/api/main/")]
    assert free == ["dingyue/youjian/tuiding/<str:token>/"]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(city.office)
    page = site["tongzhi"]
    answers = [
        strict.post(f"/admin/api/main/pages/{page.pk}/action/{name}/").status_code
        for name in ("delete", "unpublish", "move", "copy")
    ]
    assert answers == [403] * 4


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, city, site):
    city.representative()
    client.post(reverse("account_login"), {"login": "rep1", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], User.objects.filter(username="rep1").exists()) == (
        True,
        "Lax",
        True,
    )


def test_a_closed_account_and_a_grant_taken_back_count_at_once(client, city, site):
    activity = city.activity()
    address = reverse("roll", args=[activity.pk])
    client.force_login(city.recorder)
    answers = [client.get(address).status_code]
    city.recorder.area_grants.all().delete()
    answers.append(client.get(address).status_code)
    User.objects.filter(pk=city.recorder.pk).update(is_active=False)
    answers.append(client.get(address).status_code)
    assert answers == [200, 404, 302]


# --- the page that says all this ----------------------------------------------------------------------------


def test_every_test_that_the_security_page_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text("utf-8")))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named - written == set()


def test_the_security_page_has_every_row():
    rows = re.findall(r"^\| (\d+)[TF] ", (ROOT / "docs" / "security.md").read_text("utf-8"), re.MULTILINE)
    assert [int(row) for row in rows] == list(range(1, 45))
