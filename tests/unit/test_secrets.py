"""The scan for secrets: the names it knows, the forms it finds, and what it leaves alone."""

import base64
import html
import io
import json
import urllib.parse
import zipfile

import pytest

from faiwatch.core.secrets import (
    is_secret_name,
    known_secrets,
    leaked,
    redact,
    shaped,
    unpacked,
    without_data,
)

VALUE = 'open "sesame" & <7>+/='
SECRETS = {"A_TOKEN": VALUE}


@pytest.mark.parametrize(
    "name",
    [
        "FRED_API_KEY", "S3_SECRET", "GITHUB_TOKEN", "hf_token", "apiKey", "accessToken",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "POSTGRES_PASSWORD", "PGPASSWORD",
        "mail_passwd", "MAIL_PASS", "GPG_PASSPHRASE", "SENTRY_DSN", "AZURE_CONNECTION_STRING",
        "npm_config__auth", "SESSION_COOKIE", "service_credentials", "TOKEN_2", "KEY_B64",
    ],
)  # fmt: skip
def test_the_usual_names_of_secrets_are_known(name):
    assert is_secret_name(name)
    assert known_secrets({name: VALUE}) == {name: VALUE}


@pytest.mark.parametrize(
    "name", ["PWD", "OLDPWD", "HOME", "KEYBOARD", "MONKEY", "PASSENGERS", "TOKENIZERS_PARALLELISM",
             "SSH_AUTH_SOCK", "XAUTHORITY", "LANG", "AUTHOR"],
)  # fmt: skip
def test_other_names_are_left_alone(name):
    assert known_secrets({name: "/srv/some/folder"}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("https_proxy", "http://me:open-sesame@proxy:3128"),
        ("DATABASE_URL", "postgresql+psycopg://me:open-sesame@db.example:5432/fai"),
        ("REDIS", "redis://:open-sesame@cache:6379/0"),
        ("ODBC", "Driver={x};Server=db;Uid=me;Pwd=open-sesame;"),
        ("STORAGE", "AccountName=a;AccountKey=open-sesame;EndpointSuffix=x"),
        ("ENCODED", "https://me:open%2Dsesame@host/x"),
    ],
)
def test_a_password_inside_a_value_is_known_whatever_the_name(name, value):
    assert known_secrets({name: value}) == {name: "open-sesame"}


def test_an_address_without_a_password_is_no_secret():
    assert (
        known_secrets({"http_proxy": "http://proxy:3128", "URL": "https://example.org/a@b"}) == {}
    )


def zipped(*parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for at, part in enumerate(parts):
            package.writestr(f"xl/part{at}.xml", part)
    return file.getvalue()


def encoded(text):
    return base64.b64encode(text.encode())


PLAIN = VALUE.encode()
FORMS = {
    "as it is": PLAIN,
    "JSON": json.dumps(VALUE).encode(),
    "HTML": html.escape(VALUE).encode(),
    "address": urllib.parse.quote(VALUE, safe="").encode(),
    "form": urllib.parse.quote_plus(VALUE).encode(),
    "hexadecimal": PLAIN.hex().encode(),
    "base64": encoded(VALUE),
    "base64 after one": encoded(f"x{VALUE}yz"),
    "base64 after two": encoded(f"xx{VALUE}y"),
    "base64 for addresses": base64.urlsafe_b64encode(PLAIN),
    "basic authorization": b"Basic " + encoded(f"somebody:{VALUE}"),
    "UTF-16 LE": VALUE.encode("utf-16-le"),
    "UTF-16 BE": VALUE.encode("utf-16-be"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_value_is_found_and_blanked_in_every_form(form):
    text = b"before " + FORMS[form] + b" after"
    assert leaked(text, SECRETS) == ["A_TOKEN"]
    assert leaked(redact(text, [VALUE]), SECRETS) == []
    assert leaked(b"before and after", SECRETS) == []


PACKED = {
    "workbook": zipped("<a/>", f"<t>{html.escape(VALUE)}</t>"),
    "zip in a zip": zipped(zipped(PLAIN)),
    "CSV in a page": b'<a href="data:text/csv;charset=utf-8;base64,'
    + encoded(f"a,{VALUE}")
    + b'">',
    "workbook in a page": b'"data:application/x;base64,' + base64.b64encode(zipped(PLAIN)) + b'"',
    "UTF-16 text": f"\ufeff{html.escape(VALUE)}".encode("utf-16-le"),
    "UTF-16 in a zip": zipped(f"\ufeffa,{VALUE}".encode("utf-16-be")),
}


@pytest.mark.parametrize("form", PACKED)
def test_what_is_packed_is_looked_into(form):
    assert any(leaked(part, SECRETS) for part in unpacked(PACKED[form]))


def test_a_package_that_cannot_be_looked_into_is_refused():
    content = bytearray(zipped(PLAIN))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(head) + flags] |= 1  # says that it is encrypted
    with pytest.raises(ValueError, match="encrypted"):
        list(unpacked(bytes(content)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("see postgres://me:open-sesame@db/x", "a password in an address"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx\nabc\n-----END", "a private key"),
        ("Authorization: Basic bWU6b3Blbi1zZXNhbWU=", "HTTP authorization"),
        ('{"authorization": "Bearer abcdefgh.ijkl"}', "HTTP authorization"),
        ("id AKIAABCDEFGHIJKLMNOP.", "a key id of a cloud service"),
        ("id LTAI4Fabcdefghijklmnop", "a key id of a cloud service"),
        ("ghp_" + "a1" * 18, "a token of a code host"),
    ],
)
def test_a_secret_is_known_by_its_shape(text, name):
    assert [one.en for one in shaped(text.encode())] == [name]


@pytest.mark.parametrize(
    "text",
    ["https://www.stats.gov.cn/a:b", "mailto:me@example.org", "http://host:8080/x", "s3://a/b",
     "postgres://me:***@db/x", "12:30 me@example.org", "the private key of success"],
)  # fmt: skip
def test_what_only_looks_like_one_is_left_alone(text):
    assert shaped(text.encode()) == {}


def test_data_addresses_are_blanked():
    assert without_data(b'<a href="data:text/csv;base64,YSxiLGMsZA=="> b') == (
        b'<a href="data:text/csv;base64,***"> b'
    )
