"""Initial numbers over many connections: the same one again, and the law by which a host chooses them.

Only connections whose three steps were captured count: a scanner that sends every SYN with one number, or a device that
answers in a server's name, never gets so far. The numbers of one pair are compared elsewhere (core/rules/reopen): on
one pair they may follow a clock, over different pairs they may not (RFC 9293 §3.4.1 SHLD-1, RFC 6528 §3).
"""

from .aggregate import MOST_HOSTS, MOST_NUMBERS, Origin, Others, Samples
from .sequence import difference, size

MOST_OTHERS = 3  # pairs and answers remembered of one number, besides the first
LINE_PARTS = 1024  # times are counted in fewer parts of the whole than this, at least in half as many
CLASSIC_STEP = 64000  # 4.3BSD added this at each connection, and 128000 a second
SHORTEST_SPAN = 1000000  # µs over which a clock can be told from chance
TOLERANCE = 100  # one part in this: steps are equal, samples lie on a line


def know_number(engine, host, key, number, answer, connection):
    """The Origin of an initial number, with this connection counted in; None when it was counted before.

    A connection whose two initial numbers are both known from another pair is the same one, captured twice or played
    again; then the count stays, and `is_twin` tells.
    """
    table = engine.aggregates
    if table.number_count >= MOST_NUMBERS:
        table.numbers = {}
        table.number_count = 0
        engine.count_note("isn-limit")
    first = table.numbers.get(number)
    origin = first
    while origin is not None and origin.host != host:
        origin = origin.before
    if origin is None:
        table.numbers[number] = Origin(host, key, answer, connection, first)
        table.number_count += 1
        return table.numbers.get(number)
    if is_known_on(origin, key):
        return None
    if is_twin(origin, answer):
        return origin
    origin.count += 1
    if origin.others is None:
        origin.others = Others()
    if len(origin.others.keys) < MOST_OTHERS:
        origin.others.keys.append(key)
        origin.others.answers.append(answer)
    return origin


def is_known_on(origin, key):
    """The number was used on this pair before."""
    if origin.key == key:
        return True
    if origin.others is not None:
        for other in origin.others.keys:
            if other == key:
                return True
    return False


def is_twin(origin, answer):
    """The other end's number was seen together with this one before."""
    if origin.answer == answer:
        return True
    if origin.others is not None:
        for other in origin.others.answers:
            if other == answer:
                return True
    return False


def take_sample(engine, host, key, number, time, most):
    """Add an initial number to those of its host, unless there are `most`. The Samples when it was added, else None."""
    table = engine.aggregates
    samples = table.hosts.get(host)
    if samples is None:
        if table.host_count >= MOST_HOSTS:
            table.hosts = {}
            table.host_count = 0
            engine.count_note("isn-limit")
        samples = Samples(key, number, time)
        table.hosts[host] = samples
        table.host_count += 1
        return samples
    if len(samples.numbers) >= most:
        return None
    for other in samples.keys:
        if other == key:
            return None
    samples.keys.append(key)
    samples.numbers.append(number)
    samples.times.append(time)
    index = len(samples.times) - 1
    while index > 0 and samples.times[index - 1] > time:
        samples.times[index] = samples.times[index - 1]
        samples.numbers[index] = samples.numbers[index - 1]
        index -= 1
    samples.times[index] = time
    samples.numbers[index] = number
    return samples


def steps_of(samples):
    """Signed distances from each number to the next, in the order of the SYNs."""
    steps = []
    index = 1
    while index < len(samples.numbers):
        steps.append(difference(samples.numbers[index], samples.numbers[index - 1]))
        index += 1
    return steps


def same_steps(steps):
    """All steps are exactly one."""
    for step in steps:
        if step != steps[0]:
            return False
    return steps[0] != 0


def even_steps(steps):
    """All steps are equal but for one part in TOLERANCE."""
    first = steps[0]
    if first == 0:
        return False
    for step in steps:
        if size(step - first) * TOLERANCE > size(first):
            return False
    return True


def classic_steps(steps):
    """All steps are multiples of CLASSIC_STEP, and none is 0."""
    for step in steps:
        if step == 0 or size(step) % CLASSIC_STEP != 0:
            return False
    return True


def line_rate(samples, steps):
    """Numbers a second when the samples lie on a straight line over time, within one part in TOLERANCE; -1 otherwise.

    The line goes through the first and the last. Times are halved until every product stays below 2^53.
    """
    whole = 0
    for step in steps:
        whole += step
    start = samples.times[0]
    span = samples.times[-1] - start
    if span < SHORTEST_SPAN or whole <= 0:
        return -1
    halvings = 0
    parts = span
    while parts >= LINE_PARTS:
        parts = parts // 2
        halvings += 1
    risen = 0
    index = 0
    while index < len(steps):
        risen += steps[index]
        index += 1
        passed = samples.times[index] - start
        for _ in range(halvings):
            passed = passed // 2
        if size(risen * parts - whole * passed) * TOLERANCE > whole * parts:
            return -1
    return quotient(whole * 1000, span // 1000)


def quotient(number, by):
    """number // by, for positive numbers: the portable subset divides by constants only."""
    result = 0
    part = by
    times = 1
    while part * 2 <= number:
        part = part * 2
        times = times * 2
    while times > 0:
        if number >= part:
            number -= part
            result += times
        part = part // 2
        times = times // 2
    return result
