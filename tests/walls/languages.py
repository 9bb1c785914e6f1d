"""The words of the made-up sites, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a site in one language says; `teaser` and `story` are about kites, as everything here is."""

    login: str
    login_ask: str
    forgot: str
    missing: str
    missing_why: str
    consent: str
    consent_why: str
    accept: str
    refuse: str
    paywall: str
    subscriber: str
    script: str
    headline: str
    story: tuple[str, ...]


LANGUAGES = {
    "en": Words(
        login="Log in",
        login_ask="Please sign in to continue.",
        forgot="Forgot your password?",
        missing="Page not found",
        missing_why="The page you were looking for may have been moved or deleted.",
        consent="We value your privacy",
        consent_why="We and our 412 partners store and access information on your device, such as "
        "cookies, and "
        "process personal data to show you advertising. You can change your choices at any time.",
        accept="Accept all",
        refuse="Manage options",
        paywall="Subscribe to continue reading",
        subscriber="Already a subscriber? Sign in",
        script="You need to enable JavaScript to run this app.",
        headline="Forty kites counted over Lower Meadow",
        story=(
            "The warden of Lower Meadow counted forty kites on Sunday, two more than in the spring before.",
            "Most of them were flown by children from the village schools, and nine by members of the club.",
            "The count has been made every March since 1998, and only the storm of 2010 ever stopped it.",
            "A second count is planned for the autumn, when the stubble fields beyond the mill are dry.",
        ),
    ),
    "de": Words(
        login="Anmelden",
        login_ask="Bitte melden Sie sich an, um fortzufahren.",
        forgot="Passwort vergessen?",
        missing="Seite nicht gefunden",
        missing_why="Die gesuchte Seite wurde verschoben oder existiert nicht mehr.",
        consent="Ihre Privatsphäre ist uns wichtig",
        consent_why="Wir und unsere 412 Partner speichern Cookies auf Ihrem Endgerät und verarbeiten "
        "personenbezogene "
        "Daten, um Ihnen Werbung zu zeigen. Sie können Ihre Einwilligung jederzeit widerrufen.",
        accept="Alle akzeptieren",
        refuse="Einstellungen",
        paywall="Weiterlesen mit Tageblatt Plus",
        subscriber="Bereits Abonnent? Hier anmelden",
        script="Bitte aktivieren Sie JavaScript, um diese Seite zu nutzen.",
        headline="Vierzig Drachen über der Unteren Wiese gezählt",
        story=(
            (
                "Die Wärterin der Unteren Wiese zählte am Sonntag vierzig Drachen, zwei mehr als im "
                "Frühjahr davor."
            ),
            (
                "Die meisten ließen Kinder aus den Schulen des Dorfes steigen, neun waren von Mitgliedern "
                "des Vereins."
            ),
            "Gezählt wird seit 1998 in jedem März, und nur der Sturm von 2010 hat es je verhindert.",
            "Eine zweite Zählung ist für den Herbst geplant, wenn die Felder hinter der Mühle trocken sind.",
        ),
    ),
    "fr": Words(
        login="Se connecter",
        login_ask="Connectez-vous pour accéder à cette page.",
        forgot="Mot de passe oublié ?",
        missing="Page introuvable",
        missing_why="La page que vous cherchez n'existe plus ou a été déplacée.",
        consent="Le respect de votre vie privée est notre priorité",
        consent_why="Nous et nos 412 partenaires stockons des traceurs et traitons vos données pour "
        "mesurer la "
        "publicité. Vous pouvez retirer votre consentement à tout moment.",
        accept="Tout accepter",
        refuse="Continuer sans accepter",
        paywall="La suite est réservée aux abonnés",
        subscriber="Déjà abonné ? Connectez-vous",
        script="Veuillez activer JavaScript pour afficher cette page.",
        headline="Quarante cerfs-volants comptés dans le Bas Pré",
        story=(
            (
                "La gardienne du Bas Pré a compté quarante cerfs-volants dimanche, deux de plus qu'au "
                "printemps dernier."
            ),
            (
                "La plupart étaient tenus par des enfants des écoles du village, et neuf par des "
                "membres du club."
            ),
            "Le comptage a lieu chaque mois de mars depuis 1998, et seule la tempête de 2010 l'a empêché.",
            "Un second comptage est prévu pour l'automne, quand les champs derrière le moulin seront secs.",
        ),
    ),
    "es": Words(
        login="Iniciar sesión",
        login_ask="Inicia sesión para continuar.",
        forgot="¿Has olvidado tu contraseña?",
        missing="Página no encontrada",
        missing_why="La página que buscas no existe o ha sido eliminada.",
        consent="Tu privacidad es importante para nosotros",
        consent_why="Nosotros y nuestros 412 socios almacenamos cookies y tratamos datos personales "
        "para mostrarte "
        "publicidad. Puedes cambiar tu consentimiento en cualquier momento.",
        accept="Aceptar todo",
        refuse="Más opciones",
        paywall="Suscríbete para seguir leyendo",
        subscriber="¿Ya eres suscriptor? Inicia sesión",
        script="Necesitas activar JavaScript para ver esta página.",
        headline="Cuarenta cometas contadas sobre el Prado Bajo",
        story=(
            (
                "La guarda del Prado Bajo contó cuarenta cometas el domingo, dos más que en la "
                "primavera anterior."
            ),
            "La mayoría las llevaban niños de las escuelas del pueblo, y nueve eran de miembros del club.",
            "El recuento se hace cada mes de marzo desde 1998, y solo la tormenta de 2010 lo impidió.",
            "Hay un segundo recuento previsto para el otoño, cuando los campos tras el molino estén secos.",
        ),
    ),
    "pt": Words(
        login="Entrar",
        login_ask="Faça login para continuar.",
        forgot="Esqueceu sua senha?",
        missing="Página não encontrada",
        missing_why="A página que procura não existe ou foi removida.",
        consent="A sua privacidade é importante para nós",
        consent_why="Nós e os nossos 412 parceiros armazenamos cookies e tratamos dados pessoais para "
        "lhe mostrar "
        "publicidade. Você pode alterar o seu consentimento a qualquer momento.",
        accept="Aceitar tudo",
        refuse="Mais opções",
        paywall="Conteúdo exclusivo para assinantes",
        subscriber="Já é assinante? Entrar",
        script="É preciso ative o JavaScript para ver esta página.",
        headline="Quarenta papagaios contados no Prado de Baixo",
        story=(
            (
                "A guarda do Prado de Baixo contou quarenta papagaios no domingo, mais dois do que na "
                "primavera anterior."
            ),
            "A maioria era de crianças das escolas da aldeia, e nove eram de membros do clube.",
            "A contagem faz-se em cada mês de março desde 1998, e só a tempestade de 2010 a impediu.",
            "Uma segunda contagem está prevista para o outono, quando os campos atrás do moinho secarem.",
        ),
    ),
    "it": Words(
        login="Accedi",
        login_ask="Effettua l'accesso per continuare.",
        forgot="Hai dimenticato la password?",
        missing="Pagina non trovata",
        missing_why="La pagina che cerchi non esiste o è stata spostata.",
        consent="La tua privacy ci sta a cuore",
        consent_why="Noi e i nostri 412 partner conserviamo cookie e trattiamo dati personali per mostrarti "
        "pubblicità. Puoi cambiare il tuo consenso in ogni momento.",
        accept="Accetta tutto",
        refuse="Continua senza accettare",
        paywall="Contenuto riservato agli abbonati",
        subscriber="Sei già abbonato? Accedi",
        script="Abilita JavaScript per vedere questa pagina.",
        headline="Quaranta aquiloni contati sul Prato Basso",
        story=(
            (
                "La custode del Prato Basso ha contato domenica quaranta aquiloni, due più della "
                "primavera prima."
            ),
            "La maggior parte era di bambini delle scuole del paese, e nove erano di soci del circolo.",
            "Il conteggio si fa ogni marzo dal 1998, e soltanto la tempesta del 2010 lo ha impedito.",
            (
                "Un secondo conteggio è previsto per l'autunno, quando i campi dietro il mulino "
                "saranno asciutti."
            ),
        ),
    ),
    "nl": Words(
        login="Inloggen",
        login_ask="Log in om verder te gaan.",
        forgot="Wachtwoord vergeten?",
        missing="Pagina niet gevonden",
        missing_why="De pagina die je zoekt bestaat niet meer of is verplaatst.",
        consent="Jouw privacy is belangrijk voor ons",
        consent_why="Wij en onze 412 partners bewaren cookies en verwerken je gegevens om "
        "advertenties te tonen. "
        "Je kunt je toestemming altijd intrekken.",
        accept="Alles accepteren",
        refuse="Instellingen",
        paywall="Alleen voor abonnees",
        subscriber="Al abonnee? Log in",
        script="Schakel JavaScript in om deze pagina te zien.",
        headline="Veertig vliegers geteld boven de Lage Weide",
        story=(
            (
                "De wachter van de Lage Weide telde zondag veertig vliegers, twee meer dan in het "
                "voorjaar ervoor."
            ),
            "De meeste waren van kinderen van de scholen in het dorp, en negen van leden van de club.",
            "Er wordt sinds 1998 elke maart geteld, en alleen de storm van 2010 heeft dat ooit verhinderd.",
            "Een tweede telling is gepland voor de herfst, als de akkers achter de molen droog zijn.",
        ),
    ),
    "pl": Words(
        login="Zaloguj się",
        login_ask="Zaloguj się, aby kontynuować.",
        forgot="Nie pamiętasz hasła?",
        missing="Strona nie została znaleziona",
        missing_why="Strona, której szukasz, nie istnieje lub została usunięta.",
        consent="Dbamy o Twoją prywatność",
        consent_why="My i nasi 412 partnerzy przechowujemy pliki cookies i przetwarzamy dane osobowe, "
        "aby wyświetlać "
        "reklamy. W każdej chwili możesz wycofać zgodę.",
        accept="Akceptuję i przechodzę do serwisu",
        refuse="Ustawienia zaawansowane",
        paywall="Tylko dla subskrybentów",
        subscriber="Masz już subskrypcję? Zaloguj się",
        script="Włącz JavaScript, aby zobaczyć tę stronę.",
        headline="Czterdzieści latawców naliczono nad Dolną Łąką",
        story=(
            (
                "Strażniczka Dolnej Łąki naliczyła w niedzielę czterdzieści latawców, o dwa więcej niż "
                "poprzedniej wiosny."
            ),
            "Większość puszczały dzieci z wiejskich szkół, a dziewięć należało do członków klubu.",
            "Liczenie odbywa się w każdym marcu od 1998 roku i tylko burza z 2010 roku je przerwała.",
            "Drugie liczenie zaplanowano na jesień, kiedy pola za młynem będą suche.",
        ),
    ),
    "ru": Words(
        login="Вход на сайт",
        login_ask="Войдите, чтобы продолжить.",
        forgot="Забыли пароль?",
        missing="Страница не найдена",
        missing_why="Возможно, страница удалена или перемещена. Вернуться на главную",
        consent="Мы ценим вашу конфиденциальность",
        consent_why="Мы и наши 412 партнёров храним файлы cookie и обрабатываем персональные данные, "
        "чтобы показывать "
        "вам рекламу. Вы можете отозвать согласие в любое время.",
        accept="Принять все",
        refuse="Настройки",
        paywall="Только для подписчиков",
        subscriber="Уже есть подписка? Войти",
        script="Включите JavaScript, чтобы увидеть эту страницу.",
        headline="Над Нижним лугом насчитали сорок воздушных змеев",
        story=(
            (
                "Смотрительница Нижнего луга насчитала в воскресенье сорок воздушных змеев, на два "
                "больше прежнего."
            ),
            "Большинство запускали дети из деревенских школ, а девять принадлежали членам клуба.",
            "Подсчёт ведут каждый март с 1998 года, и только буря 2010 года помешала ему.",
            "Второй подсчёт намечен на осень, когда поля за мельницей будут сухими.",
        ),
    ),
    "uk": Words(
        login="Увійти",
        login_ask="Увійдіть, щоб продовжити.",
        forgot="Забули пароль?",
        missing="Сторінку не знайдено",
        missing_why="Можливо, сторінка видалена або переміщена. Повернутися на головну",
        consent="Ми цінуємо вашу конфіденційність",
        consent_why="Ми та наші 412 партнерів зберігаємо файли cookie й обробляємо дані, щоб показувати "
        "вам рекламу. "
        "Ви можете відкликати згоду будь-коли.",
        accept="Прийняти всі",
        refuse="Налаштування",
        paywall="Лише для передплатників",
        subscriber="Вже маєте передплату? Увійти",
        script="Увімкніть JavaScript, щоб побачити цю сторінку.",
        headline="Над Нижнім лугом нарахували сорок повітряних зміїв",
        story=(
            "Доглядачка Нижнього лугу нарахувала в неділю сорок повітряних зміїв, на два більше, ніж торік.",
            "Більшість запускали діти із сільських шкіл, а дев'ять належали членам клубу.",
            "Підрахунок ведуть щоберезня від 1998 року, і лише буря 2010 року завадила йому.",
            "Другий підрахунок заплановано на осінь, коли поля за млином будуть сухими.",
        ),
    ),
}
