"""Fork nodes: the few numbers under which every interval that holds a point stands (Kriegel's RI-tree, 2000)."""

HEIGHT = 40  # powers of two below the highest position there can be: a million million


def fork_of(first: int, end: int) -> int:
    """The multiple of the highest power of two inside [first, end); 0 < first < end <= 2**40, else OverflowError."""
    last = end - 1
    if last >> HEIGHT or first < 1:
        raise OverflowError(f"[{first}, {end}) is beyond the forks")
    level = ((first - 1) ^ last).bit_length() - 1
    return last >> level << level


def path_to(point: int, height: int = HEIGHT) -> list[int]:
    """Every node that an interval holding the point (> 0) can have as its fork; nodes of powers below `height`."""
    lowest = (point & -point).bit_length() - 1
    return [((point >> level) | 1) << level for level in range(lowest, height)]
