"""The rules' version is raised with every change of what keys are made of."""

from __future__ import annotations

import hashlib

from kb.urls import rules
from kb.urls.identity import RULES, identify
from kb.urls.wrappers import WRAPPERS

# One address for each rule of the code; the rules that are tables are taken as they stand.
ADDRESSES = """
    http://www.Example.com:80/a/b/index.html
    https://m.example.com/a//b/;jsessionid=1?x=2&a=1
    https://example.com/%7Ea%2fb/caf%c3%a9?q=a%2Bb
    https://amp.example.com/amp/story.amp.html?amp=1
    https://example.com/#!/route
    https://example.com/a#part
    https://example.co.uk/?utm_source=x&p=12
    https://xn--bcher-kva.example/x
    https://web.archive.org/web/2024/https://example.com/a
    view-source:https://example.com/a
""".split()

KEYS_OF_RULES = {1: "6ed7903e2078e9e2", 2: "c5a0d4381a831d5f"}


def test_a_change_of_the_rules_raises_their_number() -> None:
    """Else keys that were stored under the old rules are never made anew.

    When this fails: raise `RULES` in kb/urls/identity.py by one, and put the new digest beside it here.
    """
    tables = [
        sorted(rules.TRACKING),
        rules.TRACKING_PREFIXES,
        sorted((name, sorted(values)) for name, values in rules.AMP_PARAMETERS.items()),
        sorted((site, sorted(names)) for site, names in rules.SITE_TRACKING.items()),
        sorted(rules.HOST_ALIASES.items()),
        [(each.hosts, each.pattern.pattern, each.key) for each in rules.IDENTITIES],
        [(each.hosts, each.path, each.names, each.raw) for each in WRAPPERS],
        [identify(address).key for address in ADDRESSES],
    ]
    digest = hashlib.sha256(repr(tables).encode()).hexdigest()[:16]
    assert KEYS_OF_RULES.get(RULES) == digest
