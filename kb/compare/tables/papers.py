"""Names that look like another paper's name with a word swapped, and are real ones: tables."""

from __future__ import annotations

_CITIES = """
    washington: post times examiner monthly star
    new york: times post daily-news sun observer magazine journal
    boston: globe herald
    chicago: tribune sun-times
    los angeles: times daily-news
    san francisco: chronicle examiner standard
    dallas: morning-news observer
    philadelphia: inquirer daily-news
    detroit: news free-press
    miami: herald new-times
    seattle: times post-intelligencer
    denver: post gazette
    houston: chronicle press
    toronto: star sun
    vancouver: sun province
    ottawa: citizen sun
    montreal: gazette
    calgary: herald sun
    london: evening-standard times
    irish: times independent examiner news sun
    belfast: telegraph news-letter
    daily: mail mirror telegraph express star record news beast
    sunday: times mirror telegraph express mail post world star people independent
    evening: standard news post star times
    morning: star post herald
    financial: times post express review
    hindustan: times
    times: of-india of-london of-israel
    jerusalem: post
    japan: times news
    korea: times herald
    china: daily post
    south china morning: post
    moscow: times
    kyiv: post independent
    kiev: post
    hong kong: free-press standard
    straits: times
    business: insider standard times week
    wall street: journal
    american: prospect conservative spectator
    new: yorker statesman republic scientist
    scientific: american
    national: post review geographic interest
    associated: press
    bbc: news
    sky: news sports
    fox: news business
    nbc: news
    abc: news
    cbs: news
    cnn: business
    al: jazeera
    herald: sun
    sydney morning: herald
"""

REAL_PAPERS = frozenset(
    f"{place.strip()} {name.replace('-', ' ')}"
    for line in _CITIES.strip().splitlines()
    for place, _, names in [line.partition(":")]
    for name in names.split()
) | frozenset({"usa today", "the athletic", "the atlantic", "the hill"})
"""Names of real papers, without "the", that differ from another real one by a word."""

INSTITUTIONS = frozenset(
    """
    university college school institute institution council city state county police department hospital
    court center centre
    office ministry bank museum union club foundation group company committee board commission parliament
    senate house
    government embassy airport station church society party team district authority zoo monument square
    street park bridge
    river dc d.c nationals commanders capitals wizards mystics fire mayor governor
    """.split()
)
"""Heads of names of bodies that are no papers: "The Washington Institute" is no slip."""

EDITIONS = frozenset(
    "sunday saturday weekend monthly weekly daily new national international online digital".split()
)
"""Words for an edition of a paper: "The Harbour Sunday Gazette" is the same house."""
