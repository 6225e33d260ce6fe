"""A store that is served, as somebody with a browser, or with bad intent, meets it."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from attrs import define, field, frozen

from tests.terminal import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECONDS = 60
HOST = "127.0.0.1"


@frozen
class Got:
    """An answer: its status, its headers in small letters, and its text."""

    status: int
    headers: dict[str, str]
    text: str
    content: bytes = b""

    @property
    def links(self) -> list[str]:
        """The addresses that the page leads to."""
        return [unescape(address) for address in re.findall(r'<a [^>]*href="([^"]*)"', self.text)]

    def filled(self) -> dict[str, str]:
        """Return what stands in the fields of the page's form, by name, as a browser would send it."""
        form = self.text.split('method="post"')[1].split("</form>")[0]
        told = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
        told |= dict(re.findall(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)"', form))
        told |= dict(re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n?([^<]*)</textarea>', form))
        for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.search(r"<option selected>([^<]*)<", options)
            told[name] = chosen[1] if chosen else ""
        return {unescape(name): unescape(value) for name, value in told.items()}


@define
class Visitor:
    """Somebody who asks, with what a browser keeps of it."""

    port: int
    address: str
    cookie: str = ""
    headers: dict[str, str] = field(factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str | None] | None = None
    ) -> Got:
        """Ask, with other headers than a browser's where they are given; None leaves one out."""
        sent: dict[str, str | None] = {"Host": f"{HOST}:{self.port}", "Cookie": self.cookie or None, **self.headers}
        sent |= headers or {}
        connection = http.client.HTTPConnection(HOST, self.port, timeout=SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, told, content.decode("utf-8", "replace"), content)

    def get(self, path: str, **headers: str) -> Got:
        """Ask for a page."""
        return self.ask("GET", path, headers=headers)

    def shown(self, path: str) -> Got:
        """Ask for a page that must be shown."""
        got = self.get(path)
        assert got.status == 200, (path, got.status, got.text[:3000])
        return got

    def send(self, path: str, fields: Mapping[str, str], **headers: str | None) -> Got:
        """Send a page that was filled in, as a browser does."""
        usual: dict[str, str | None] = {
            "Origin": f"http://{HOST}:{self.port}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, urlencode(fields).encode(), usual)

    def opened(self) -> Visitor:
        """Open the address that was printed, and keep what it gives."""
        got = self.get(self.address.partition(str(self.port))[2])
        assert got.status == 303
        self.cookie = got.headers["set-cookie"].partition(";")[0]
        return self


@contextmanager
def served(store: Path | str, folder: Path, *options: str, actor: str = "demo") -> Iterator[Visitor]:
    """Serve a store with the command, on any port that is free, and give whoever has not opened it yet."""
    command = [sys.executable, "-c", "from cli import main; main()", "--store", str(store), "--actor", actor]
    with (folder / "serve.err").open("wb") as errors:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", *options],
            cwd=folder,
            env=environment(HEINOLA_KEY=str(folder / "seal.key")),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("open "), (folder / "serve.err").read_text()
        address = line.removeprefix("open ").strip()
        found = re.search(r"(?:127\.0\.0\.1:|at port )(\d+)", address)
        yield Visitor(int(found[1]) if found else 0, address)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
        if process.stdout is not None:
            process.stdout.close()
    assert process.returncode == 0, (folder / "serve.err").read_text()
