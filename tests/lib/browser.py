#!/usr/bin/env python3
"""A headless Chromium that takes commands: one per line on stdin, one line of answer on stdout.

    visit URL            loads a page, and waits for that
    reload               reloads it, like the browser's button
    tab [N]              opens a tab, or switches to the Nth (from 1); answers its number
    close                closes the tab; switch to another one then
    js EXPRESSION        its value: a string as it is (newlines as spaces), anything else as JSON
    worker EXPRESSION    the same in the tabs' shared worker
    end-worker           kills it without notice
    size WIDTH HEIGHT    the window, in CSS pixels
    colours light|dark   the reader's preference
    motion reduce|no-preference
    forced active|none   forced colours
    media print|screen
    link MS KB           the network: latency of an answer, and KB/s; 0 0: as fast as it is
    zone NAME            the reader's time zone, such as Asia/Tokyo
    permit NAME granted|denied|prompt   a permission, such as notifications
    key NAME             presses a key: Tab, Enter
    before EXPRESSION    runs in each further page of this tab, before its own scripts
    run FILE             runs a script in the page
    heap                 bytes that the page and the worker hold, after collecting garbage
    dom                  bytes of the page's elements, attached or not, after that
    scripts on|off       whether pages run scripts, from the next one on; js works in any case
    shot FILE            a picture of the window, as WebP or, if FILE ends so, as PNG
    complaints           the page's console: errors, warnings, exceptions, refused content
    quit                 like the end of stdin

$BROWSER_FLAGS are passed to Chromium; $BROWSER_PREFERENCES, if any, are its user's.

It speaks the DevTools protocol over a pipe, so it needs no port and nothing but
Chromium.  A command that fails answers "error: ...".  The browser ends with this
program, however that ends.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ANSWER_SECONDS = int(os.environ.get("PATIENCE", 60))
PICTURE_QUALITY = 75
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--disable-breakpad", "--hide-scrollbars",
    "--force-color-profile=srgb", "--remote-debugging-pipe", "about:blank",
]


class Browser:
    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="livescore-browser.")
        if preferences := os.environ.get("BROWSER_PREFERENCES"):
            os.makedirs(f"{self.home}/profile/Default")
            with open(f"{self.home}/profile/Default/Preferences", "w", encoding="utf-8") as file:
                file.write(preferences)
        self.next_id = 0
        self.session = None
        self.heard = b""
        self.complaints = []
        self.loads = 0
        self.width, self.height = 1200, 800
        to_browser, self.to = os.pipe()
        self.from_, from_browser = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "sh",
             "chromium", f"--user-data-dir={self.home}/profile", *FLAGS,
             *os.environ.get("BROWSER_FLAGS", "").split()],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(f"{self.home}/log", "wb"),
            env={**os.environ, "HOME": self.home}, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.preferences = {}
        self.media_type = ""
        self.tabs = []
        self.workers = {}               # by target: the session
        self.tab()

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def tab(self, number=None):
        if number:
            self.session = self.tabs[int(number) - 1]
            return number
        target = self.call("Target.createTarget", session=None, url="about:blank")["targetId"]
        self.session = self.attach(target, "Page", "Runtime", "Log")
        self.tabs.append(self.session)
        self.size(self.width, self.height)
        return str(len(self.tabs))

    def close_tab(self, _):
        self.call("Page.close")
        self.session = None
        return "closed"

    def attach(self, target, *domains):
        """A session with a tab or a worker; earlier output of its console is recorded, too."""
        session = self.call("Target.attachToTarget", session=None, targetId=target, flatten=True)["sessionId"]
        for domain in domains:
            self.call(f"{domain}.enable", session=session)
        return session

    def find_worker(self):
        """The session with the current shared worker, or None."""
        found = [target["targetId"] for target in self.call("Target.getTargets", session=None)["targetInfos"]
                 if target["type"] == "shared_worker"]
        for target in found:
            if target not in self.workers:
                self.workers[target] = self.attach(target, "Runtime", "Log")
        return self.workers[found[-1]] if found else None

    def call(self, method, session="", **params):
        """Sends a request, and returns its result; session: None for the browser itself."""
        self.next_id += 1
        message = {"id": self.next_id, "method": method, "params": params}
        session = self.session if session == "" else session
        if session:
            message["sessionId"] = session
        request = json.dumps(message).encode() + b"\0"
        while request:
            request = request[os.write(self.to, request):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.next_id:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]

    def receive(self):
        """The next message; records events on the way."""
        signal.alarm(ANSWER_SECONDS)
        while b"\0" not in self.heard:
            more = os.read(self.from_, 1 << 16)
            if not more:
                with open(f"{self.home}/log", encoding="utf-8", errors="replace") as log:
                    raise RuntimeError(f"the browser ended: {log.read()[-500:]}")
            self.heard += more
        signal.alarm(0)
        message, self.heard = self.heard.split(b"\0", 1)
        message = json.loads(message)
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, method, params):
        if method == "Page.loadEventFired":
            self.loads += 1
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(arg.get("value", arg.get("description"))) for arg in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning") \
                and "preloaded using link preload but not used" not in params["entry"]["text"]:     # scripts are off, or slow
            self.complaints.append(f'{params["entry"]["text"]} {params["entry"].get("url", "")}'.strip())

    def visit(self, url):
        before = self.loads
        result = self.call("Page.navigate", url=url)
        if "errorText" in result:
            raise RuntimeError(f'{url}: {result["errorText"]}')
        return self.loaded(before)

    def reload(self):
        before = self.loads
        self.call("Page.reload")
        return self.loaded(before)

    def loaded(self, before):
        while self.loads == before:
            self.receive()
        return "loaded"

    def worker(self, expression):
        session = self.find_worker()
        if session is None:
            raise RuntimeError("there is no worker")
        return self.js(expression, session)

    def end_worker(self):
        """Detaches first, or Chromium would make the next worker wait for a debugger."""
        answer = self.worker("setTimeout(close, 100), 'ended'")
        self.call("Target.detachFromTarget", session=None, sessionId=self.find_worker())
        self.workers.clear()
        return answer

    def js(self, expression, session=""):
        result = self.call("Runtime.evaluate", session, expression=expression, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        value = result["result"].get("value")
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def size(self, width, height):
        self.width, self.height = int(width), int(height)
        self.call("Emulation.setDeviceMetricsOverride", width=self.width, height=self.height,
                  deviceScaleFactor=1, mobile=False)
        return f"{width} {height}"

    def prefer(self, what, value):
        if what:
            self.preferences[what] = value
        else:
            self.media_type = value
        self.call("Emulation.setEmulatedMedia", media=self.media_type, features=[
            {"name": name, "value": value} for name, value in self.preferences.items()])
        return value

    def colours(self, scheme):
        return self.prefer("prefers-color-scheme", scheme)

    def motion(self, which):
        return self.prefer("prefers-reduced-motion", which)

    def link(self, latency, speed):
        self.call("Network.enable")
        self.call("Network.emulateNetworkConditions", offline=False, latency=int(latency),
                  downloadThroughput=int(speed) * 1000 or -1, uploadThroughput=-1)
        return f"{latency} {speed}"

    def forced(self, which):
        return self.prefer("forced-colors", which)

    def media(self, which):
        return self.prefer(None, which)

    def zone(self, name):
        self.call("Emulation.setTimezoneOverride", timezoneId=name)
        return name

    def permit(self, name, setting):
        self.call("Browser.setPermission", session=None, permission={"name": name}, setting=setting)
        return setting

    def key(self, name):
        code = {"Tab": 9, "Enter": 13}[name]
        text = {"text": "\r"} if name == "Enter" else {}
        for kind in "keyDown", "keyUp":
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code,
                      **(text if kind == "keyDown" else {}))
        return name

    def before(self, expression):
        self.call("Page.addScriptToEvaluateOnNewDocument", source=expression)
        return "set"

    def run(self, file):
        with open(file, encoding="utf-8") as script:
            self.js(script.read() + "\n;0")
        return file

    def heap(self, _):
        total = 0
        for session in filter(None, (self.session, self.find_worker())):
            self.call("HeapProfiler.collectGarbage", session)
            total += self.call("Runtime.getHeapUsage", session)["usedSize"]
        return str(int(total))

    def dom(self, _):
        self.call("HeapProfiler.collectGarbage")
        return str(int(self.call("Runtime.getHeapUsage")["embedderHeapUsedSize"]))

    def scripts(self, which):
        self.call("Emulation.setScriptExecutionDisabled", value=which == "off")
        return which

    def shot(self, file):
        form = {"format": "png"} if file.endswith(".png") else {"format": "webp", "quality": PICTURE_QUALITY}
        picture = self.call("Page.captureScreenshot", **form)["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(picture))
        return file

    def complaints_so_far(self):
        self.find_worker()
        self.js("0")                    # pending events arrive before the answer
        return " | ".join(self.complaints)


def serve(browser):
    for line in sys.stdin:
        command, _, rest = line.rstrip("\n").partition(" ")
        try:
            if command == "quit":
                return
            if command == "visit":
                answer = browser.visit(rest)
            elif command == "reload":
                answer = browser.reload()
            elif command == "js":
                answer = browser.js(rest)
            elif command == "tab":
                answer = browser.tab(rest)
            elif command == "close":
                answer = browser.close_tab(rest)
            elif command == "worker":
                answer = browser.worker(rest)
            elif command == "end-worker":
                answer = browser.end_worker()
            elif command == "size":
                answer = browser.size(*rest.split())
            elif command in ("colours", "motion", "forced", "media", "zone", "key", "before", "run", "heap", "dom"):
                answer = getattr(browser, command)(rest)
            elif command == "link":
                answer = browser.link(*rest.split())
            elif command == "permit":
                answer = browser.permit(*rest.split())
            elif command == "scripts":
                answer = browser.scripts(rest)
            elif command == "shot":
                answer = browser.shot(rest)
            elif command == "complaints":
                answer = browser.complaints_so_far()
            else:
                raise RuntimeError(f"no such command: {command}")
        except (RuntimeError, OSError, TypeError) as error:
            answer = f"error: {error}"
        print(answer.replace("\r", " ").replace("\n", " "), flush=True)


def out_of_time(*_):
    raise RuntimeError(f"the browser said nothing for {ANSWER_SECONDS} s")


def main():
    signal.signal(signal.SIGALRM, out_of_time)
    for ending in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        signal.signal(ending, lambda *_: sys.exit(1))
    browser = Browser()
    try:
        print("ready", flush=True)
        serve(browser)
    finally:
        browser.close()


main()
