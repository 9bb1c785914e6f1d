"""How consent pages speak, by language: their buttons, and the sentences between them.

A space stands for any white space and ' for both apostrophes. `ACCEPT` and `CHOOSE` must cover a whole
button.
"""

from __future__ import annotations

ACCEPT = (
    (
        r"(?:yes,? )?(?:i )?(?:accept|agree|allow|consent)(?: all| everything| cookies"
        r"| all cookies)?(?: (?:and|&) (?:continue|close|proceed))?|(?:that's )?(?:ok|fine|got it)"
    ),
    (
        r"(?:alle(?:n|s)? )?(?:akzeptieren|zustimmen|annehmen|einwilligen|erlauben)(?: (?:und|&) (?:weiter"
        r"|schließen|weiterlesen))?|(?:ich bin )?einverstanden|ich stimme zu"
    ),
    r"(?:tout )?accepter(?: (?:et|&) (?:continuer|fermer))?(?: tout)?|j'accepte|(?:tout )?autoriser",
    (
        r"acept(?:ar|o)(?: tod[oa]s?)?(?: (?:y|e) continuar)?(?: (?:las )?cookies)?|permitir tod[oa]s"
        r"|aceit(?:ar|o)(?: tod[oa]s?| tudo)?(?: e (?:continuar|fechar))?(?: cookies)?|concord(?:ar"
        r"|o)(?: e .+)?"
    ),
    r"accett(?:a|o)(?: tutt[oi])?(?: e (?:continua|chiudi))?(?: i cookie)?|acconsento",
    r"(?:alles )?accepteren|accepteer(?: alle(?:s)?(?: cookies)?)?|akkoord(?: gaan)?|ja,? ik accepteer.*",
    r"(?:za)?akceptuj\w*(?: wszystk\w+)?(?: i .+)?|zgadzam się(?: .+)?|przejdź do serwisu|wyrażam zgodę",
    (
        r"принять(?: вс[её])?(?: .+)?|согласен|согласиться|принимаю|хорошо|прийняти(?: вс[еі])?(?: .+)?"
        r"|погоджуюсь|погодитися|згоден"
    ),
)
CHOOSE = (
    (
        r"(?:reject|decline|refuse|deny|disagree)(?: all| everything| cookies| all cookies)?|(?:manage"
        r"|more|customi[sz]e|see|show|cookie|privacy|change)(?: (?:my|your|all))?(?: (?:options"
        r"|preferences|settings|choices|details|cookies|purposes|vendors|partners))?"
        r"|(?:only )?(?:necessary|essential)(?: cookies)?(?: only)?|continue without .+|settings"
        r"|preferences|options"
    ),
    (
        r"(?:alle(?:s)? )?ablehnen|(?:nur )?(?:notwendige|erforderliche)(?: cookies)?"
        r"|(?:cookie-?)?einstellungen(?: (?:verwalten|ändern|anpassen))?|(?:mehr|weitere) optionen|(?:ohne"
        r"|werbefrei).+|anpassen|abo abschließen"
    ),
    (
        r"(?:tout )?refuser(?: tout)?|continuer sans accepter|(?:paramétrer|personnaliser|gérer)(?: .+)?"
        r"|(?:plus d'options|mes choix|en savoir plus|s'abonner)"
    ),
    (
        r"(?:rechazar|denegar)(?: tod[oa]s?)?(?: y .+)?|configura(?:r|ción)(?: .+)?|más (?:opciones"
        r"|información)|gestionar(?: .+)?|rejeitar(?: tud[oa]| tod[oa]s)?|recusar(?: .+)?|mais opções"
        r"|gerir(?: .+)?|gerenciar(?: .+)?|personalizar"
    ),
    (
        r"rifiuta(?: tutt[oi])?(?: e .+)?|continua senza accettare|(?:gestisci|personalizza"
        r"|impostazioni)(?: .+)?|(?:più|altre|maggiori) opzioni|abbonati"
    ),
    (
        r"(?:alles )?weigeren|weiger(?: alle(?:s)?)?|(?:cookie-?)?instellingen(?: .+)?|(?:meer"
        r"|beheer) opties|aanpassen|zelf instellen"
    ),
    (
        r"odrzuć(?: wszystk\w+)?|(?:nie wyrażam|brak) zgody?|ustawienia(?: .+)?|(?:dostosuj"
        r"|zarządzaj)(?: .+)?|więcej (?:opcji|informacji)"
    ),
    (
        r"отклонить(?: вс[её])?|отказаться|настро(?:ить|йки)(?: .+)?|управл\w+ .+|подробнее"
        r"|відхилити(?: вс[еі])?|відмовитися|налашту(?:вати|вання)(?: .+)?|детальніше"
    ),
)
# A sentence with a noun of the first and, in the same row, a word of the second is consent-speak: a page
# about cookies says "websites store", a consent page "we store".
CONSENT_NOUNS = (
    (
        r"cookies?|consent\w*|privacy|tracking|trackers|personali[sz]\w+|(?:advertising )?partners|vendors"
        r"|personal data|(?:store|access)\w* (?:and/or access )?information|legitimate interests?"
    ),
    (
        r"einwillig\w*|zustimm\w*|datenschutz\w*|(?:werbe)?partner\w*|personenbezogen\w*|tracken|werbung"
        r"|endgerät\w*|nutzungsprofil\w*"
    ),
    r"consent\w+|partenaires|données|traceurs|publicité\w*|vie privée|confidentialité",
    (
        r"consentimiento|socios|datos|publicidad|privacidad|consentimento|parceiros|dados|publicidade"
        r"|privacidade"
    ),
    r"consens\w+|partner|dati|pubblicità|riservatezza",
    r"toestemming|gegevens|advertenties|partners|cookies?|privacy",
    r"zgod\w+|partner\w+|dan(?:e|ych) osobow\w+|plik\w+ cookies?|reklam\w*|prywatnoś\w+|urządzeni\w+",
    (
        r"согласи\w+|партн[её]р\w*|персональн\w+|данн\w+|реклам\w*|конфиденциальн\w+|згод\w+|партнер\w*"
        r"|дан(?:і|их|ими)|конфіденційн\w+"
    ),
)
ADDRESSING = (
    r"we|our|us|you|your",
    r"wir|unser\w*|uns|sie|ihre\w*|ihnen|du|dein\w*|dir|ich",
    r"nous|nos|notre|vous|vos|votre",
    (
        r"nosotros|nuestr\w+|tú|tu|tus|usted|nós|noss\w+|você|puedes?|pode|podes|utilizamos|usamos"
        r"|necesitamos|precisamos|almacenamos|armazenamos"
    ),
    r"noi|nostr\w+|tu|tuo|tua|tuoi|tue|puoi|utilizziamo|usiamo|vogliamo",
    r"wij|we|ons|onze|je|jij|jouw|u|uw",
    (
        r"my|nasz\w*|nam|ty|twoj\w*|twój|twoich|państwa|możesz|mogą państwo|używamy|korzystamy"
        r"|wykorzystujemy|chcemy"
    ),
    r"мы|наш\w*|нам|вы|ваш\w*|вам|можете|используем|ми|ви|можете|використовуємо",
)
