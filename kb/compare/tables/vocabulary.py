"""Words that reports use for the same thing, and words that tell things apart: tables, by stem.

The tables hold ordinary words of news, not words of any one story; a row is as general as the language.
"""

from __future__ import annotations

import Stemmer

_stemmer = Stemmer.Stemmer("english")  # used while this module is read only; `stems` keeps one per thread

_SAME_THING = """
    thrown throw discarded discard binned bin dumped dump wasted waste scrapped scrap destroyed | away off |
    worth value | image picture photo photograph visual snapshot portrait pic selfie |
    people person individual resident folk citizen inhabitant human |
    soldier troop trooper fighter serviceman combatant |
    dead killed died death fatality lifeless slain deceased perished useless die kill casualty |
    injured wounded hurt injury injure wound maimed |
    arrested detained apprehended arrest detain detention |
    official officer functionary bureaucrat civil-servant | company firm corporation business enterprise |
    agency body department authority | worker employee staff staffer | job position post role |
    house home household dwelling residence property | car vehicle automobile |
    pupil student schoolchild | search lookup query scan inquiry | child kid youngster minor |
    woman female | man male | country nation state | voter elector ballot vote |
    protester demonstrator marcher protest demonstrate | family household relative kin | case infection |
    patient sufferer | ship vessel boat | plane aircraft airplane jet | school college | tree sapling |
    shop store retailer outlet | customer client subscriber shopper patron buyer purchaser user |
    account profile login log-in | donation contribution gift | fine penalty | cost price expense |
    money fund cash | shot dose jab vaccination | fire blaze wildfire | flood flooding inundation deluge |
    quake earthquake tremor | crash collision accident | attack assault strike raid |
    captured imprisoned prisoner captive capture | hospital clinic infirmary | book title volume |
    stolen theft stole steal | leaked leak exposed | email e-mail mail message | record file document |
    passenger traveller traveler | farmer grower | refugee migrant displaced |
    evacuated evacuee evacuate | mother mom mum | trial study experiment |
    software program programme tool app application | collection database library | rescued saved rescue |
    factory plant mill | building structure | crew team | line route track | dollar usd buck |
    film movie | ton tonne | informed notified contacted told alerted inform notify contact alert |
    salary wage pay | profit earning | revenue turnover sale | test check exam | town city municipality |
    road street highway avenue | doctor physician medic | scientist researcher |
    damaged destroyed wrecked ruined damage destroy | drop fall decline decrease reduction cut |
    rise increase growth jump climb surge | visitor tourist guest | animal creature |
    tank armoured-vehicle | object item piece exhibit artefact artifact | lost lose misplaced misplace |
    data information info | thief intruder burglar robber | coral reef | victim sufferer |
    criminal felon offender convict | inmate prisoner detainee | athlete sportsman competitor player |
    game match fixture | winner victor champion | guest attendee participant delegate |
    show programme broadcast | speech address talk | meeting gathering assembly | bird fowl |
    dog hound canine | cow cattle livestock | crop harvest | field acreage | farm ranch holding |
    area region zone | bridge overpass viaduct | train railcar | bus coach | truck lorry |
    bike bicycle cycle | flat apartment condominium | landlord owner proprietor | tenant renter lodger |
    debt loan borrowing liability | tax levy duty | grant subsidy aid assistance | investment funding |
    investor shareholder stakeholder | share stock | deposit downpayment | law legislation statute |
    rule regulation | crime offence offense | murder killing homicide | gun firearm weapon |
    bomb explosive | blast explosion | drug narcotic medication medicine |
    disease illness sickness ailment | virus bug pathogen | symptom sign | surgery operation procedure |
    nurse carer caregiver | baby infant newborn | teacher instructor educator tutor | classroom class |
    degree qualification diploma | phone telephone cellphone smartphone handset mobile |
    computer laptop machine | website site webpage | password passcode | hacker cybercriminal |
    message text note | letter correspondence | signature autograph | petition appeal |
    law-maker lawmaker legislator | seal stamp | island isle | beach shore seaside coastline |
    lake pond reservoir | mountain peak hill | storm hurricane cyclone typhoon tempest |
    rain rainfall downpour precipitation | temperature heat warmth | emission pollution discharge |
    plastic polymer | waste rubbish garbage trash refuse | energy power electricity | wind breeze |
    turbine windmill | mine pit quarry | oil petroleum crude | gas fuel petrol gasoline | metal steel |
    gold bullion | diamond gem jewel | painting picture canvas artwork | museum gallery |
    stadium arena ground | ticket admission pass | hotel inn lodging | restaurant eatery diner |
    meal dish dinner | bread loaf | bakery bakehouse | wine vintage | beer ale | cigarette smoke |
    dress gown | shoe footwear boot | toy plaything | gift present | wedding marriage |
    divorce separation | birth delivery | age era | speed velocity pace | weight mass | distance range |
    delay postponement holdup | wait waiting queue | closed shut close closure shuttered |
    opened open launch launched | built constructed build construct erected | sold sell vend |
    bought buy purchase purchased acquired acquire | hired recruit recruited employ employed |
    fired sacked dismissed laid axed | spent spend expend | paid pay payment | earned earn |
    received receive obtain obtained get got | given give provide provided supply supplied |
    sent send despatch despatched dispatched ship shipped |
    found find discover discovered detect detected uncover uncovered |
    seen see observe observed spot spotted | checked verify verified inspected inspect | counted tally |
    measured gauge gauged | travelled travel travelled journey | crossed traverse |
    arrived arrive reach reached | fled flee escape escaped | lived live reside |
    affected affect hit impacted impact struck | required require need needed |
    planned schedule scheduled | approved approve authorised authorized |
    rejected reject refuse refused turned-down | blocked block barred ban banned |
    missing lacking vanished lost-from disappeared absent | offered offer supplied |
    dealer trader merchant vendor | seller salesman | big large huge giant massive | small tiny little |
    annual yearly | monthly per-month | fast quick rapid speedy | poor impoverished |
    rich wealthy affluent | old elderly aged | sick ill unwell | song track tune | river stream |
    forest wood woodland | spectator fan supporter | goal target | seat place | bottle flask |
    border frontier | prize award | bill invoice | lawyer attorney solicitor | newspaper paper daily |
    missile rocket
"""

CANONICAL = {
    _stemmer.stemWord(word): _stemmer.stemWord(row.split()[0])
    for row in reversed(_SAME_THING.split("|"))
    for word in row.split()
}
"""Stem → the stem that stands for all words of the same thing."""


def _stems(words: str) -> frozenset[str]:
    return frozenset(CANONICAL.get(stem, stem) for stem in _stemmer.stemWords(words.split()))


GENERAL_UNITS = _stems(
    """people person time case percent dollar euro pound year day week month hour minute item thing piece
    man woman child member percentage share"""
)
"""Units that stand in every story: alone they tie nothing."""

NO_SUBJECT = _stems(
    """number total count amount figure reported estimated according overall all average about more than
    least number sum whole altogether new one share percentage proportion rate so far now part"""
)
"""Words in a figure's description that say nothing of what is counted."""

OPPOSED = tuple(
    tuple(_stems(part) for part in row.split("|"))
    for row in (
        "dead | injured | missing | rescued | arrested | evacuated | hospitalised | infected | recovered",
        "woman girl | man boy | child baby infant",
        "import | export",
        "rise | drop",
        "confirmed | suspected probable",
        "house | shop office",
        "profit loss | revenue",
        "supporter favour for | opponent against oppose",
        "yes | no abstain",
        "military soldier | civilian",
        "urban | rural",
        "adult | child",
        "male | female",
        "buy bought | sold",
        "hired recruit | fired laid redundant",
        "domestic | foreign international overseas",
        "north | south | east | west",
        "primary | secondary",
        "public | private",
        "bird | mammal | insect | fish",
        "win won | lost lose",
        "employee | contractor",
        "start open | close shut",
    )
)
"""Groups of words of which a count has one: the killed are not the injured."""
