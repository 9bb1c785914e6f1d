"""Walls in other words than those of `languages.py`, and short articles: kind, address, HTML."""

from __future__ import annotations

from tests.walls.languages import LANGUAGES as L
from tests.walls.sites import FOOTER, NAV, page, paragraphs, teasers

A = "https://x.example/politik/ein-artikel-123.html"
OTHERS: list[tuple[str, str, str]] = [
    (
        "LOGIN",
        A,
        page(
            "Zeitung – Registrieren",
            (
                "<main><h1>Jetzt kostenlos registrieren und weiterlesen</h1><form><input "
                "type=email><input type=password><button>Registrieren</button></form><p>Sie "
                "haben schon ein Konto? Hier einloggen</p></main>"
            ),
        ),
    ),
    (
        "LOGIN",
        "https://x.example/login?next=/a",
        page(
            "Le Journal",
            (
                "<h1>Identifiant</h1><form><label>E-mail<input></label><label>Mot de passe<input "
                "type=password></label><button>Valider</button></form>"
            ),
        ),
    ),
    (
        "LOGIN",
        A,
        page(
            "Instagram-like",
            (
                "<main><div><form id=loginForm><input name=username><input name=password "
                "type=password><div>Log in</div></form><a>Forgot password?</a><p>Don't have an "
                "account? Sign up</p></div></main>"
            ),
        ),
    ),
    (
        "MISSING",
        A,
        page(
            "El Diario",
            (
                f"{NAV}<div class=error-page><h1>Lo sentimos</h1><p>No hemos encontrado la página "
                "que buscas. Puede que haya cambiado de dirección.</p><a href=/>Ir a la "
                "portada</a></div>"
            ),
        ),
    ),
    (
        "MISSING",
        A,
        page(
            "Hoppla! – Tageblatt",
            (
                "{}<h1>Hoppla! Da ist etwas schiefgegangen</h1><p>Die von Ihnen aufgerufene "
                "Seite gibt es leider nicht (mehr).</p>{}"
            ).format(NAV, teasers(L["de"], 6)),
        ),
    ),
    (
        "MISSING",
        A,
        page(
            "Le Journal - Erreur 404",
            "{}<h1>Oups !</h1><p>Nous n'avons pas trouvé cette page.</p>{}".format(NAV, teasers(L["fr"], 6)),
        ),
    ),
    (
        "MISSING",
        A,
        page(
            "Gazzetta",
            f"{NAV}<h1>Errore 404</h1><p>Ci dispiace, la pagina richiesta non è disponibile.</p>",
        ),
    ),
    (
        "MISSING",
        A,
        page(
            "Error",
            (
                "<h1>Whoops, something went wrong</h1><p>HTTP Error 404. The requested resource "
                "is not found.</p>"
            ),
        ),
    ),
    (
        "MISSING",
        A,
        page(
            "Газета",
            "{}<h1>404</h1><p>К сожалению, такой страницы нет</p>{}".format(NAV, teasers(L["ru"], 5)),
        ),
    ),
    (
        "CONSENT",
        A,
        page(
            "Le Journal",
            (
                "<div id=didomi-host><h2>Bienvenue sur Le Journal</h2>{}<button>Accepter &amp; "
                "Fermer</button><button>Paramétrer</button></div>"
            ).format(
                paragraphs(
                    (
                        "Avec votre accord, nos partenaires et nous utilisons des cookies ou "
                        "technologies similaires pour stocker et accéder à vos données "
                        "personnelles."
                    ),
                    (
                        "Vous pouvez retirer votre consentement à tout moment dans notre "
                        "politique de confidentialité."
                    ),
                )
            ),
        ),
    ),
    (
        "CONSENT",
        "https://x.example/privacy-gate?url=a",
        page(
            "Krant",
            "<h1>Welkom bij de Krant</h1>{}<button>Akkoord</button><a role=button>Instellen</a>".format(
                paragraphs(
                    (
                        "Om je de beste ervaring te bieden gebruiken wij en onze partners "
                        "cookies en vergelijkbare technieken."
                    ),
                    "Door op akkoord te klikken geef je ons toestemming om gegevens te verzamelen.",
                )
            ),
        ),
    ),
    (
        "CONSENT",
        A,
        page(
            "Portal – wiadomości",
            "<div class=rodo><h3>Szanowny Użytkowniku</h3>{}<button>PRZEJDŹ DO SERWISU</button></div>".format(
                paragraphs(
                    (
                        "Klikając przycisk przejdź do serwisu wyrażasz zgodę na przetwarzanie "
                        "Twoich danych osobowych przez nas i naszych zaufanych partnerów w "
                        "celach marketingowych."
                    ),
                    (
                        "Twoje dane osobowe będą przetwarzane w plikach cookies instalowanych na "
                        "naszych stronach."
                    ),
                )
            ),
        ),
    ),
    (
        "PAYWALL",
        A,
        page(
            "Minister tritt zurück | Tageblatt",
            (
                "<article><h1>Minister tritt nach Streit "
                "zurück</h1><p>{}</p><p>{}…</p><section><h2>Tageblatt+</h2><p>Dieser Artikel ist "
                "nur mit Abo lesbar. Testen Sie Tageblatt+ einen Monat für 1 "
                "Euro.</p><button>Jetzt testen</button></section></article>"
            ).format(L["de"].story[0], L["de"].story[1][:50]),
        ),
    ),
    (
        "PAYWALL",
        A,
        page(
            "Ministre | Le Journal",
            (
                "<article><h1>Le ministre démissionne après la dispute</h1><p>{}</p><div "
                "class='paywall'>Cet article est réservé aux abonnés. Il vous reste 85% de cet "
                "article à lire. S'abonner pour 1 €</div></article>"
            ).format(L["fr"].story[0]),
        ),
    ),
    (
        "PAYWALL",
        A,
        page(
            "Minister | FT-like",
            (
                "<article><h1>Minister resigns after a dispute over "
                "kites</h1><p>{}</p></article><div><h2>Keep reading for $1</h2><p>Complete "
                "digital access. Cancel anytime during your trial. Log in</p></div>"
            ).format(L["en"].story[0]),
        ),
    ),
    (
        "BLOCKED",
        A,
        page(
            "x.example",
            (
                "<h1>x.example</h1><p>Verifying you are human. This may take a few "
                "seconds.</p><div class=cf-turnstile></div><p>Performance &amp; security by "
                "Cloudflare</p>"
            ),
        ),
    ),
    (
        "BLOCKED",
        A,
        page(
            "Ой!",
            (
                "<div class=CheckboxCaptcha><p>Подтвердите, что запросы отправляли вы, а не "
                "робот</p><button>Я не робот</button></div>"
            ),
        ),
    ),
    ("SCRIPTED", A, page("App", "<div id=app>Loading...</div><script src=a.js></script>")),
    (
        "SCRIPTED",
        A,
        page(
            "X",
            (
                "<div id=react-root></div><noscript><h1>JavaScript is not "
                "available.</h1><p>We’ve detected that JavaScript is disabled in this browser. "
                "Please enable JavaScript or switch to a supported browser to "
                "continue.</p></noscript><script src=x></script>"
            ),
        ),
    ),
    (
        "ARTICLE",
        A,
        page(
            "Kurz | Tageblatt",
            (
                f"{NAV}<h1>Unfall auf der A4</h1><p>Bei einem Unfall auf der A4 ist am Montag ein "
                "Mann leicht verletzt worden. Das teilte die Polizei mit.</p><p>Die Fahrbahn war "
                "zwei Stunden gesperrt, der Schaden wird auf 20.000 Euro "
                f"geschätzt.</p><div>Bereits Abonnent? Anmelden</div>{FOOTER}<div "
                "id=usercentrics-root></div>"
            ),
        ),
    ),
    (
        "ARTICLE",
        A,
        page(
            "Apple - news",
            "<article><h1>Apple lets users sign in with a face</h1>"
            + paragraphs(
                *[
                    "The company said that users will sign in with their face, and that passwords go away "
                    f"for {n} services."
                    for n in range(4)
                ]
            )
            + "</article>",
        ),
    ),
    ("ARTICLE", A, page("Blog", "<h1>Notes</h1>" + "".join(f"<p>{s}</p>" for s in L["en"].story))),
]
