"""Does the workloads in Python: one request a line; each answer is nanoseconds or bytes."""

import resource
import sys
import time


def total():
    sum_ = 0
    while True:
        sum_ += yield sum_


def steps():
    for step in range(10):  # noqa: UP028, since a body of its own is measured, as in Rust
        yield step


def delegated(depth):
    if depth == 0:
        return total()
    return delegating(depth - 1)


def delegating(depth):
    yield from delegated(depth)


def stage(inner):
    argument = None
    while True:
        argument = yield inner.send(argument) + 1


def pipeline():
    inner = total()
    for _ in range(10):
        inner = stage(inner)
    return inner


def resumed(subject, times):
    next(subject)
    send = subject.send
    start = time.perf_counter_ns()
    for argument in range(times):
        send(argument)
    return time.perf_counter_ns() - start


def repeated(times):
    start = time.perf_counter_ns()
    for _ in range(times):
        for _ in steps():
            pass
    return time.perf_counter_ns() - start


def alive(count):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = [total() for _ in range(count)]
    for subject in held:
        next(subject)
    unit = 1 if sys.platform == "darwin" else 1024
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit // count


WORKLOADS = {
    "resume": lambda times: resumed(total(), times),
    "cycle": repeated,
    "yield-from-1": lambda times: resumed(delegated(1), times),
    "yield-from-10": lambda times: resumed(delegated(10), times),
    "yield-from-100": lambda times: resumed(delegated(100), times),
    "pipeline": lambda times: resumed(pipeline(), times),
    "alive": alive,
}

print(sys.implementation.name, *sys.version_info[:3], flush=True)
for request in sys.stdin:
    workload, times = request.split()
    print(WORKLOADS[workload](int(times)), flush=True)
