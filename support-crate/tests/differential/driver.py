"""Runs each program that arrives on standard input, a JSON string a line, and answers with its trace."""

import inspect
import json
import sys


def line(error):
    message = str(error)
    return type(error).__name__ + (": " + message if message else "")


def state(generator):
    return inspect.getgeneratorstate(generator)[len("GEN_"):].capitalize()


def run(source):
    trace = []  # of this run alone: a generator collected later logs to the trace of its own run
    alive = []  # a collected generator would run on to its end; Rust drops one in silence

    def log(*words):
        trace.append(" ".join(map(str, words)))

    def received(value):
        log("received", value)
        return value

    def keep(generator):
        alive.append(generator)
        return generator

    def step(generator, call):
        try:
            outcome = f"gave {call()}"
        except BaseException as error:
            outcome = line(error)
        log(outcome, f"[{state(generator)}]")

    names = {"log": log, "received": received, "keep": keep, "step": step, "line": line, "state": state}
    exec(source, names)
    return json.dumps(trace)


sys.unraisablehook = lambda _: None  # what collected generators raise
print(json.dumps(sys.version_info >= (3, 13)), flush=True)
for request in sys.stdin:
    print(run(json.loads(request)), flush=True)
