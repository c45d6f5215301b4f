# SPDX-License-Identifier: GPL-2.0-only
"""A headless Chromium that a test drives: the Chrome DevTools Protocol over a pair of pipes.

Messages are JSON and end with a NUL; the browser reads descriptor 3 and writes to 4.
"""

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
KEYS = {"Enter": 13, "Escape": 27, "ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, "ArrowUp": 38, "End": 35}


def find():
    """The program, or None."""
    return next((p for n in NAMES if (p := shutil.which(n))), None)


class Browser:
    """One tab. What it asked for, complained about and opened is in REQUESTS, COMPLAINTS."""

    def __init__(self, program, seconds):
        self.deadline = time.monotonic() + seconds
        self.home = tempfile.mkdtemp(prefix="ptdbg-browser-")
        self.requests, self.complaints, self.loads = [], [], 0
        self.last, self.answers, self.rest = 0, {}, b""
        to_read, self.to = os.pipe()
        self.at, from_write = os.pipe()

        def child():
            # neither may be in the other's place
            a, b = (fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (to_read, from_write))
            os.dup2(a, 3)
            os.dup2(b, 4)

        command = [program, "--headless", "--remote-debugging-pipe", f"--user-data-dir={self.home}",
                   "--disable-gpu", "--disable-extensions", "--disable-background-networking",
                   "--disable-component-update", "--no-first-run", "--window-size=1280,900"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")      # which root can't have
        # pylint: disable=subprocess-popen-preexec-fn
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, preexec_fn=child, pass_fds=(3, 4),
                                      start_new_session=True)
        os.close(to_read)
        os.close(from_write)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        os.killpg(self.child.pid, 9)
        self.child.wait()
        os.close(self.to)
        os.close(self.at)
        shutil.rmtree(self.home, ignore_errors=True)

    def _event(self, m):
        method, p = m.get("method"), m.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(p["request"]["url"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(f"console: {p['args']}")
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(f"exception: {p['exceptionDetails']}")
        elif method == "Log.entryAdded":
            self.complaints.append(f"log: {p['entry']['text']}")
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append(f"dialog: {p['message']}")
            # nothing answers as long as it is open
            self._send("Page.handleJavaScriptDialog", accept=False)
        elif method == "Page.loadEventFired":
            self.loads += 1

    def _listen(self):
        """Take what the browser says next."""
        left = self.deadline - time.monotonic()
        if left <= 0 or not select.select([self.at], [], [], left)[0]:
            raise TimeoutError("the browser does not answer")
        got = os.read(self.at, 1 << 20)
        if not got:
            raise EOFError("the browser has ended")
        *messages, self.rest = (self.rest + got).split(b"\0")
        for text in messages:
            m = json.loads(text)
            if "id" in m:
                self.answers[m["id"]] = m
            else:
                self._event(m)

    def _send(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        return self.last

    def call(self, method, **params):
        number = self._send(method, **params)
        while number not in self.answers:
            self._listen()
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def load(self, url):
        self.requests, self.complaints, self.loads = [], [], 0
        self.call("Page.navigate", url=url)
        while not self.loads:
            self._listen()

    def run(self, script):
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def settle(self):
        """Wait until what was asked for is drawn."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def mouse(self, kind, x, y):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=int(kind != "mouseReleased"),
                  clickCount=1)

    def click(self, x, y):
        self.mouse("mousePressed", x, y)
        self.mouse("mouseReleased", x, y)

    def drag(self, x0, x1, y):
        self.mouse("mousePressed", x0, y)
        self.mouse("mouseMoved", (x0 + x1) / 2, y)
        self.mouse("mouseMoved", x1, y)
        self.mouse("mouseReleased", x1, y)

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=KEYS[name],
                      **({"text": "\r"} if name == "Enter" and kind == "keyDown" else {}))
