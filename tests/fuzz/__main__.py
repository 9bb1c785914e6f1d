"""Feed the readers for a while; on a failure, print the smallest input and the seed that leads there.

python -m tests.fuzz [--seconds N] [--seed N] [--target NAME]
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.targets import TARGETS, Target

_ROUND = 500  # inputs, then the next reader


def main() -> int:
    """Feed each reader in turn until the time is over; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long in all")
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(2**32), help="where to start"
    )
    parser.add_argument("--target", choices=[target.name for target in TARGETS], help="one reader only")
    arguments = parser.parse_args()
    targets = [target for target in TARGETS if arguments.target in {None, target.name}]
    until, fed, number = time.monotonic() + arguments.seconds, 0, arguments.seed
    while time.monotonic() < until:
        for target in targets:
            try:
                fed += feed(target, number, until)
            except Exception as error:  # noqa: BLE001 - any error at all is what is looked for
                _tell(f"{target.name} failed: {error!r}\n{chr(10).join(getattr(error, '__notes__', ()))}")
                _tell(f"again: python -m tests.fuzz --target {target.name} --seed {number}")
                return 1
        number += 1
    _tell(f"{fed} inputs to {len(targets)} readers, seed {arguments.seed}: no error but ours")
    return 0


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def feed(target: Target, number: int, until: float, most: int = _ROUND) -> int:
    """Feed one reader at most `most` inputs, until a time of the monotonic clock; gives how many."""
    fed = 0

    @seed(number)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(target.data)
    def once(data: object) -> None:
        nonlocal fed
        if time.monotonic() < until:
            fed += 1
            target.run(data)

    once()
    return fed


if __name__ == "__main__":
    sys.exit(main())
