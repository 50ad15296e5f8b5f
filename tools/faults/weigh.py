"""What must hold of every row: nothing is missed that could be proved, and nobody is accused of what could not."""

from tools.faults.run import Row

ENOUGH = 100  # different captures


def bad(row: Row, enough: int = ENOUGH) -> list[str]:
    """What is wrong with a row, in words."""
    name = f"{row.code}/{row.kind} {row.function}"
    found = [f"{name}: an innocent end is accused: {one}" for one in row.innocent]
    if row.captures < enough:
        found.append(f"{name}: only {row.captures} captures have a place for it")
    if row.because[0]:
        wanted = len(row.missed) if row.why == "" else row.inconclusive[row.why]
        if wanted != row.captures:
            found.append(f"{name}: not {row.why or 'silent'} in {row.captures - wanted} captures")
        return found
    found += [f"{name}: missed in {one}" for one in row.missed]
    found += [f"{name}: inconclusive ({why}) in {count} captures" for why, count in sorted(row.inconclusive.items())]
    found += [f"{name}: missed in a copy: {one.damage}" for one in row.copies if one.missed]
    found += [f"{name}: damage added an error: {one}" for one in row.accused]
    return found
