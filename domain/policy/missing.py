"""What was asked of the rules and is not there."""

from datetime import date


class NoPackInForce(LookupError):
    """No adopted pack of the family covers the day."""

    def __init__(self, family: str, on: date) -> None:
        self.family, self.on = family, on
        super().__init__(f"no pack of {family} is in force on {on}")


class NoSuchRule(LookupError):
    """No adopted pack has a rule of that name, or the one in force has not."""

    def __init__(self, name: str, pack: str = "") -> None:
        self.name, self.pack = name, pack
        super().__init__(f"no rule {name}" + (f" in {pack}" if pack else ""))


class NoPeriod(ValueError):
    """The rule gives no period to count."""


class UnknownCode(LookupError):
    """No row with that code in the pack in force."""

    def __init__(self, table: str, code: str, pack: str) -> None:
        self.table, self.code, self.pack = table, code, pack
        super().__init__(f"{table} {code} is not in {pack}")


class NoBasisInForce(LookupError):
    """The measure rests on nothing that is in force on that day."""

    def __init__(self, code: str, on: date) -> None:
        self.code, self.on = code, on
        super().__init__(f"{code} has no basis in force on {on}")
