"""Runs each program that arrives on standard input, a line of JSON, and answers with its trace.

The trace of a hooked program has a second part: what passed into and out of each of its generators.
"""

import inspect
import json
import sys


def line(error):
    message = str(error)
    return type(error).__name__ + (": " + message if message else "")


def state(generator):
    generator = getattr(generator, "generator", generator)  # what a hook holds
    return inspect.getgeneratorstate(generator)[len("GEN_") :].capitalize()


class Seen:
    """What the hooks of one run have seen."""

    def __init__(self):
        self.lines, self.names, self.running = [], [], ["cell"]


class Hook:
    """A generator that tells what passes into it and out of it.

    It is an iterator with the methods of a generator, so `yield from` calls these as PEP 380 says.
    """

    def __init__(self, generator, seen):
        self.generator = generator
        self.seen = seen
        number = seen.names.count(generator.__name__) + 1
        seen.names.append(generator.__name__)
        self.name = generator.__name__ + (f" {number}" if number > 1 else "")

    def __iter__(self):
        return self

    def __next__(self):
        return self.ask("next", lambda: next(self.generator))

    def send(self, value):
        return (
            next(self)
            if value is None
            else self.ask(f"send {value}", lambda: self.generator.send(value))
        )

    def throw(self, error):
        return self.ask("throw " + line(error), lambda: self.generator.throw(error))

    def close(self):
        return self.ask("close", self.generator.close)

    def ask(self, what, call):
        asker, had_ended = self.seen.running[-1], state(self) == "Closed"
        self.seen.lines.append(f"{asker} → {self.name} {what}")
        self.seen.running.append(self.name)
        answer = None
        try:
            value = call()
            if what == "close":
                answer = "closed" if value is None else f"return {value}"
            else:
                answer = words("yield", value)
            return value
        except StopIteration as stop:
            answer = "raise " + line(stop) if had_ended else words("return", stop.value)
            raise
        except BaseException as error:
            answer = "raise " + line(error)
            raise
        finally:
            self.seen.running.pop()
            self.seen.lines.append(f"{self.name} → {asker} {answer}")


def words(word, value):
    return word if value is None else f"{word} {value}"


async def anything():
    yield


class Pause:
    """Awaited, it suspends so many times."""

    def __init__(self, times):
        self.times = times

    def __await__(self):
        for _ in range(self.times):
            yield


def complete(awaitable):
    """What it comes to, resumed whenever it is suspended: an event loop of one task."""
    try:
        while True:
            awaitable.send(None)
    except StopIteration as stop:
        return stop.value


def run(source, hooked):
    seen = Seen()
    trace = []  # of this run alone, as `seen` is: a generator collected later logs to its own run
    alive = []  # a collected generator would run on to its end; Rust drops one in silence

    def log(*words):
        trace.append(" ".join(map(str, words)))

    def received(value):
        log("received", value)
        return value

    def keep(generator):
        alive.append(generator)
        return Hook(generator, seen) if hooked else generator

    def step(generator, call):
        try:
            outcome = f"gave {call()}"
        except BaseException as error:
            outcome = line(error)
        log(outcome, f"[{state(generator)}]")

    def step_async(generator, call):
        try:
            log(f"gave {complete(call())}")
        except BaseException as error:
            log(line(error))

    names = {
        "log": log,
        "received": received,
        "keep": keep,
        "step": step,
        "step_async": step_async,
        "anext": type(anything()).__anext__,
        "Pause": Pause,
        "line": line,
        "state": state,
    }
    exec(source, names)
    return json.dumps([trace, seen.lines])


sys.unraisablehook = lambda _: None  # what collected generators raise
print(json.dumps(sys.version_info >= (3, 13)), flush=True)
for request in sys.stdin:
    print(run(*json.loads(request)), flush=True)
