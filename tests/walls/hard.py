"""Single pages that are easily taken for something else: (name, kind, address, HTML)."""

from __future__ import annotations

from tests.walls.languages import LANGUAGES
from tests.walls.sites import ARTICLE_URL, FOOTER, NAV, SITE, data, page, paragraphs, teasers

EN, DE = LANGUAGES["en"], LANGUAGES["de"]
CARDS = "".join(f"<div><a href=/n{n}><h3>{EN.headline} {n}</h3></a></div>" for n in range(30))
BANNER = (
    f"<div class=cookie-banner><p>{EN.consent_why}</p><button>Accept all</button><button>Reject "
    f"all</button></div>"
    "<div class=login-modal><form><input type=password><button>Log in</button><a>Forgot "
    "password?</a></form></div>"
)


def report(headline: str, *texts: str, head: str = "", around: str = BANNER) -> str:
    """An article with banner and login form around it."""
    body = f"{NAV}<article><h1>{headline}</h1>{paragraphs(*texts)}</article>{FOOTER}{around}"
    return page(f"{headline} | {SITE}", body, head=head)


ARTICLES = {
    "about cookies": report(
        "What cookie banners do to the way we read",
        "Nine of ten websites in the sample store cookies before anybody has agreed, a study of the "
        "university says.",
        "Its authors opened four thousand pages and counted how many of the banners offered a way to refuse.",
        "Two thirds of them hid the button behind a second page, and a tenth had no such button at all.",
        "The data protection authority has announced fines against eleven publishers, three of them "
        "large ones.",
    ),
    "how to delete cookies": report(
        "How to delete cookies on your phone",
        "You can delete cookies in the settings of your browser, and you do not have to be an expert for it.",
        "Open the menu, choose privacy, and look for the entry that removes what websites have stored.",
        "Your logins will be gone as well, so have your passwords at hand before you tap on the red button.",
        "Websites will then ask again for your consent, which is a good moment to refuse what you "
        "do not want.",
    ),
    "about a login fault": report(
        "Log in fails for thousands of bank customers",
        "Thousands of customers could not log in to their accounts on Monday, the savings bank of the "
        "valley said.",
        "A certificate had expired during the night, and the app refused every password until the "
        "early afternoon.",
        "The bank asked its customers not to reset their passwords, since the fault was not on their side.",
        "By evening nine of ten customers had access again, and the rest were promised a call in "
        "the morning.",
    ),
    "about error 404": report(
        "404: how a number became a joke",
        "The number 404 has meant “not found” since the first servers of the web were written in a "
        "laboratory.",
        "Artists have since made museums of such pages, and a café in the old town bears the number "
        "on its door.",
        "Its owner says that guests who look for the page they lost should have at least a good "
        "cup of coffee.",
        "A book about the history of the number is to be published in the autumn by a press in the capital.",
    ),
    "about paywalls": report(
        "Readers pay for news where the wall is low",
        "Publishers who let their readers see five articles a month sell more subscriptions, a "
        "survey has found.",
        "“Subscribe to continue reading” is the sentence that drives most people away, its authors write.",
        "They asked eleven hundred people in six countries, a third of whom already paid for at "
        "least one title.",
        "Those who are already a subscriber of one paper are twice as likely to take a second one.",
        head=data(**{"@type": "NewsArticle", "headline": "Readers pay"}),
    ),
    "about captchas": report(
        "Are you a robot? The test that machines now pass",
        "Machines solve the little picture puzzles faster than people do, researchers of two "
        "universities report.",
        "Their program recognised buses and traffic lights in nine of ten cases, people in barely "
        "eight of ten.",
        "Sites that want to keep automatic visitors out have begun to look at how the mouse is "
        "moved instead.",
        "The association of the blind has long asked for an end to the puzzles, which its members "
        "cannot see.",
    ),
    "live blog": report(
        "Storm over Lower Meadow: live",
        *[
            f"{hour}:05 The fire brigade of the village reports {hour + 3} fallen trees on the road "
            f"to the mill."
            for hour in range(6, 20)
        ],
        head=data(**{"@type": "LiveBlogPosting", "headline": "Storm"}),
    ),
    "ticker with links": page(
        f"Ticker | {SITE}",
        f"{NAV}<article><h1>Storm over Lower Meadow as it happened</h1>"
        + "".join(
            f"<p><time>{hour}:05</time> The brigade counts {hour} trees on the road, <a "
            f"href=/x{hour}>the mayor says</a>.</p>"
            for hour in range(6, 20)
        )
        + f"</article><aside>{teasers(EN, 20)}</aside>{FOOTER}",
    ),
    "a list": report(
        "Seven kites that every beginner can fly",
        *[
            f"{n}. The kite number {n} is made of paper and string, and it flies in the faintest wind "
            f"of the valley."
            for n in range(1, 8)
        ],
    ),
    "short": report(
        "Road to the mill closed",
        "The road to the mill is closed until Friday, the council of Lower Meadow said on Monday morning.",
        "A fallen tree had damaged the bridge, and it will take two days to repair the railing on its "
        "northern side.",
        around="",
    ),
    "short with a password field": report(
        "Road to the mill closed",
        "The road to the mill is closed until Friday, the council of Lower Meadow said on Monday morning.",
        "A fallen tree had damaged the bridge, and it will take two days to repair the railing on its "
        "northern side.",
    ),
    "with a newsletter offer": report(
        EN.headline,
        *EN.story,
        "Sign up for our newsletter. Support us: subscribe today and cancel at any time.",
    ),
    "German, about logins": report(
        "Anmelden wird zur Pflicht: Wie der Verein seine Mitglieder zählt",
        "Wer auf der Unteren Wiese einen Drachen steigen lässt, muss sich künftig beim Verein anmelden.",
        "Das beschloss die Versammlung am Sonntag mit vierzig gegen neun Stimmen, zwei enthielten sich.",
        "Die Wärterin begründete es mit dem Sturm von 2010, nach dem niemand wusste, wer noch draußen war.",
    ),
    "Spanish, about cookies": report(
        "Multa a un diario por sus cookies",
        "La agencia ha multado a un diario del valle con cuarenta mil euros por almacenar cookies "
        "sin permiso.",
        "El periódico no pidió el consentimiento de los lectores antes de enviar sus datos a nueve empresas.",
        "El director anunció el lunes que recurrirá la sanción, que considera la mayor de la región.",
    ),
    "Japanese": page(
        "凧が四十 | 日刊凧",
        "<article><h1>下の草原で凧が四十</h1><p>番人は日曜日に草原で四十の凧を数えた。春より二つ多い。</p>"
        "<p>ほとんどは村の学校の子どもたちが揚げ、九つは会員のものだった。</p>"
        "<p>数えるのは毎年三月で、二〇一〇年の嵐だけがそれを止めた。秋に二回目が予定されている。</p></article>",
    ),
}
WALLS: tuple[tuple[str, str, str, str], ...] = (
    (
        "a post's wall on a network",
        "LOGIN",
        "https://network.example/somebody/posts/1",
        page(
            "Somebody on Network: kites",
            "<div class=authwall><h2>See who you know</h2><p>Join to see the post and the comments "
            "below it.</p>"
            "<form><input name=session_key><input type=password name=session_password><button>Sign "
            "in</button></form>"
            "<a>Forgot password?</a><p>New here? Join now</p></div>",
        ),
    ),
    (
        "single sign-on",
        "LOGIN",
        "https://sso.kites.example/realms/kites/protocol/openid-connect/auth?client_id=x",
        page(
            "Kite Realm", "<form id=kc-form-login><label>Username<input></label><input type=password></form>"
        ),
    ),
    (
        "a check of the browser",
        "BLOCKED",
        ARTICLE_URL,
        page(
            "Just a moment...",
            "<div id=challenge-running>Checking if the site connection is "
            "secure</div><p>www.daily-kite.example needs "
            "to review the security of your connection before proceeding.</p><p>Ray ID: 8a1f</p>",
        ),
    ),
    (
        "a puzzle",
        "BLOCKED",
        ARTICLE_URL,
        page(
            SITE, "<iframe src='https://geo.captcha-delivery.com/captcha/?x'></iframe><p>Please enable JS</p>"
        ),
    ),
    (
        "no permission",
        "BLOCKED",
        ARTICLE_URL,
        page(
            "Access Denied",
            "<h1>Access Denied</h1>You don't have permission to access this on this "
            "server.<p>Reference #18.5c</p>",
        ),
    ),
    (
        "a soft 404 of a shop",
        "MISSING",
        "https://shop.example/p/1",
        page(
            "Kite Shop",
            f"{NAV}<h1>Sorry, we can’t find that page</h1><p>Try a search instead.</p>"
            "<ul><li><a href=/k>Kites</a></li></ul>",
        ),
    ),
    (
        "an article that is gone",
        "MISSING",
        ARTICLE_URL,
        page(
            "This article is no longer available | Daily Kite",
            f"{NAV}<p>It was removed for legal reasons.</p>",
        ),
    ),
    (
        "an empty application",
        "SCRIPTED",
        "https://app.example/#/a/1",
        page("Kite App", "<app-root></app-root><script src=runtime.js type=module></script>"),
    ),
    ("nothing", "EMPTY", ARTICLE_URL, page("Kites", f"<p>Kites</p>{NAV}")),
    (
        "a metered stub",
        "PAYWALL",
        ARTICLE_URL,
        page(
            f"{EN.headline} | {SITE}",
            f"<article><h1>{EN.headline}</h1><p>{EN.story[0]}</p><p>{EN.story[1][:60]}…</p>"
            "<div class=regwall><h2>You have read your last free article</h2><p>Register for free or "
            "subscribe to "
            "unlock this article and cancel any time.</p></div></article>",
        ),
    ),
    (
        "a consent page with a script manager",
        "CONSENT",
        ARTICLE_URL,
        page(
            "Tageblatt",
            f"<script src='https://cdn.privacy-mgmt.com/wrapper.js'></script><h1>Tageblatt mit "
            f"Werbung lesen</h1>"
            f"<p>{DE.consent_why}</p><p>Mehr dazu in unserer Datenschutzerklärung.</p>"
            "<button>Zustimmen und weiter</button><a>Abo abschließen</a>",
        ),
    ),
    (
        "a front page of cards",
        "HOME",
        "https://www.daily-kite.example/region/lower-meadow",
        page(
            f"Lower Meadow: news | {SITE}",
            f"{NAV}<main>{CARDS}</main>",
            head=data(**{"@type": "CollectionPage"}),
        ),
    ),
)
