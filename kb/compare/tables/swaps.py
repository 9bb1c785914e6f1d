"""Words in proper names, and what programs that swap synonyms put in their place: a table."""

from __future__ import annotations

_TABLE = """
    agency: company bureau
    air: atmosphere
    airlines: airways
    animal: creature beast
    army: military troops
    artificial: synthetic man-made
    associated: connected related linked affiliated
    bank: financial-institution lender
    big: huge large
    black: darkish dark
    board: panel plank
    bulletin: notice announcement
    business: enterprise commerce commercial-enterprise
    capital: money funds
    capitol: statehouse
    center: heart middle
    centre: heart middle
    change: shift alteration
    chronicle: account narrative
    city: town metropolis
    climate: weather local-weather
    coast: shore seaside
    commission: fee
    committee: panel
    council: board committee-room assembly-room
    courier: messenger deliverer
    court: courtroom court-docket
    crown: coronary-heart tiara
    daily: every-day each-day day-by-day everyday
    data: knowledge information
    department: division
    early: first beginning
    earth: soil globe
    eastern: easterly east-facing
    echo: repeat resound
    energy: vitality power
    evening: night night-time nightfall
    examiner: tester inspector
    express: specific categorical convey
    face: visage
    fair: truthful honest
    financial: monetary economic fiscal
    first: initial preliminary
    food: meals meal
    foundation: basis base
    free: gratis cost-free
    fund: cash money
    future: long-run
    gazette: newspaper newsletter
    globe: world planet earth
    green: inexperienced
    group: team bunch
    guardian: protector keeper custodian defender
    harbor: port haven dock
    harbour: port haven dock
    health: wellness well-being wellbeing
    herald: messenger harbinger
    holdings: possessions
    homes: houses residences dwellings
    hospital: clinic infirmary
    house: home residence
    human: individual
    independent: unbiased impartial neutral self-sufficient
    inquirer: enquiry asker questioner
    institute: institution
    insurance: coverage assurance
    intelligence: brains cleverness smarts
    island: isle
    journal: diary
    labor: work toil
    labour: labor work
    labs: laboratories
    lake: pond
    leader: chief head
    league: affiliation
    ledger: account-book
    light: gentle mild
    local: native regional
    mail: e-mail postal electronic-mail
    market: marketplace
    messenger: courier
    ministry: department-of-ministers
    mirror: reflect reflection looking-glass
    monitor: display screen watch
    morning: dawn daybreak
    motor: engine
    motors: engines
    mountain: mount hill
    museum: gallery-of-history
    nation: country
    national: nationwide countrywide
    nations: countries international-locations
    nature: character
    new: brand-new novel
    news: information info data
    northern: northerly
    observer: viewer onlooker watcher
    office: workplace
    old: previous outdated aged vintage
    oversight: supervision
    partners: companions
    pharmacy: drugstore
    police: cops constabulary
    post: publish article submit write-up blog posting put-up piece
    power: energy electrical-power
    press: push media click
    project: undertaking venture mission
    railway: railroad
    rangers: wardens
    record: file document
    red: crimson scarlet
    register: sign-up enroll
    reporter: journalist correspondent-er newsman
    research: analysis investigation exploration
    review: overview evaluation assessment
    rights: proper correct
    river: stream
    road: highway street
    roads: highways streets
    rovers: wanderers roamers
    safety: security protection
    school: college faculty
    science: knowledge
    security: safety protection
    sentinel: guard sentry
    service: provider
    society: modern-society culture
    solutions: options
    sound: noise
    southern: southerly
    space: area room house
    standard: normal commonplace regular customary
    star: celebrity superstar
    street: road avenue highway
    sun: solar sunlight daylight
    surveillance: monitoring observation
    systems: programs methods
    technology: know-how expertise
    telegraph: telegram wire
    time: instance second moment period
    times: instances occasions moments situations periods instance events
    today: nowadays right-now at-present
    town: city village
    trade: commerce
    trends: tendencies
    tribune: podium platform
    trust: belief confidence
    truth: reality fact
    union: alliance association marriage
    united: joined mixed
    university: school faculty
    valley: vale
    view: perspective outlook
    voice: sound
    voter: elector
    wall: barrier partition
    wanderers: rovers roamers
    watch: look-at timepiece
    water: h2o
    weekly: every-week each-week
    western: westerly
    white: pale
    wildlife: natural-world fauna
    workers: staff employees
    world: globe planet earth
"""

SPINS = {
    word.strip(): puts.strip()
    for word, _, puts in (row.partition(":") for row in _TABLE.strip().splitlines())
}
"""Word → the words put in its place, each with hyphens for spaces."""
