"""What pages that are no article say, by language: each pattern may stand anywhere in what is shown.

A space stands for any white space and ' for both apostrophes.
"""

from __future__ import annotations

PHRASES: dict[str, tuple[str, ...]] = {
    "MISSING": (
        r"(?:can't|cannot|can not|couldn't|could not|didn't) find (?:the|this|that|your|what)",
        r"(?:page|resource|document|file|url) (?:is|was) not found|http (?:error|status) 40[4]",
        r"(?:seite|artikel|inhalt)\b.{0,40}\bgibt es (?:leider )?nicht",
        r"konnten? (?:wir )?(?:die|diese) seite nicht",
        r"n'avons pas (?:pu )?(?:re)?trouv\w+|no (?:hemos encontrado|encontramos|podemos encontrar)",
        r"non (?:abbiamo trovato|riusciamo a trovare)|não (?:encontramos|conseguimos encontrar)",
        r"(?:kunnen|konden) (?:we |wij )?(?:de|deze) pagina|nie (?:możemy|udało się) (?:znaleźć|odnaleźć)",
        (
            r"(?:page|article|content|link|url)(?: that)? (?:you (?:are|were) (?:looking for"
            r"|trying to \w+)|you(?:'ve)? requested|requested)"
        ),
        r"(?:may|might|could) have (?:been )?(?:moved|removed|deleted|renamed|expired|mistyped)",
        (
            r"(?:no longer|doesn't|does not|couldn't be|could not be|can't be|cannot be|was not"
            r"|wasn't) (?:available|exist|found)\b"
        ),
        r"check (?:the )?(?:url|address|spelling)|(?:go|return|back) to (?:the )?(?:home ?page|front page)",
        (
            r"(?:seite|inhalt|artikel)\b.{0,40}\b(?:nicht (?:gefunden|mehr verfügbar|vorhanden)"
            r"|existiert nicht|verschoben|gelöscht|nicht mehr)"
        ),
        r"zur(?:ück zur)? startseite|(?:überprüfen|prüfen) sie die (?:adresse|url|schreibweise)",
        (
            r"(?:page|article)\b.{0,40}\b(?:n'existe (?:pas|plus)|introuvable|a été (?:déplacée?"
            r"|supprimée?)|n'est plus (?:disponible|en ligne))"
        ),
        r"retour(?:ner|nez)? à (?:la page d')?accueil|vérifie[zr] l'(?:adresse|url)",
        (
            r"(?:página|contenido|noticia)\b.{0,40}\b(?:no existe|no (?:se )?(?:ha (?:sido )?)?encontrad"
            r"|ya no está|movid[ao]|eliminad[ao])"
        ),
        (
            r"volver (?:a la (?:portada|página de inicio)|al inicio)|(?:ir|voltar) (?:para a"
            r"|à) (?:página inicial|home)"
        ),
        (
            r"(?:página|conteúdo)\b.{0,40}\b(?:não (?:existe|foi encontrad|está (?:mais )?disponível)"
            r"|removid[ao]|movid[ao])"
        ),
        (
            r"(?:pagina|contenuto)\b.{0,40}\b(?:non (?:esiste|è (?:stat[ao] )?(?:trovat|disponibil))"
            r"|spostat[ao]|rimoss[ao])"
        ),
        r"torna alla home(?: ?page)?|(?:ga )?(?:terug )?naar de (?:homepage|voorpagina|startpagina)",
        (
            r"(?:pagina|artikel)\b.{0,40}\b(?:bestaat niet|niet (?:gevonden|meer beschikbaar)|verplaatst"
            r"|verwijderd)"
        ),
        (
            r"(?:strona|strony|artykuł)\b.{0,40}\b(?:nie (?:istnieje|została|znaleziono)|usunięt"
            r"|przeniesion)|(?:wróć|przejdź) (?:do|na) stron[ęy] główn"
        ),
        (
            r"(?:страниц\w+|материал\w*)\b.{0,40}\b(?:не (?:найден|существует)|удален|удалён|перемещ"
            r"|устарел)|(?:вернуться |перейти )?на главную"
        ),
        (
            r"(?:сторінк\w+|матеріал\w*)\b.{0,40}\b(?:не (?:знайден|існує)|видален|переміщ)"
            r"|(?:повернутися |перейти )?на головну"
        ),
    ),
    "LOGIN": (
        (
            r"(?:forgot|forgotten|reset)(?: your| my)? password|(?:remember|keep) me(?: signed in"
            r"| logged in)?|don't have an account|need an account"
            r"|new (?:here|to .{2,30})\? (?:sign up|register|create)"
        ),
        (
            r"(?:you (?:must|need to|have to)|please) (?:log|sign) ?in|(?:log|sign) ?in (?:to (?:your"
            r"|continue|view|see|read|access)|with (?:google|apple|facebook|email|sso))"
        ),
        r"continue with (?:google|apple|facebook|email)|to (?:see|view) (?:this|posts|photos|more)",
        (
            r"passwort vergessen|kennwort vergessen|angemeldet bleiben|noch kein (?:konto|account)"
            r"|(?:bitte )?(?:melden sie sich|melde dich)\b.{0,30}\ban\b|bitte (?:einloggen|anmelden)"
        ),
        (
            r"mot de passe oublié|rester connecté|pas encore (?:de compte|inscrit)|connectez-vous"
            r"|identifiez-vous|veuillez vous connecter"
        ),
        (
            r"(?:olvidaste|has olvidado|olvidó) (?:tu|su|la) contraseña|no tienes (?:una )?cuenta"
            r"|inicia sesión|inicie sesión|recordarme"
        ),
        (
            r"esquec(?:eu|i)(?: a| sua| minha)* senha|(?:recuperar|esqueceu-se da) (?:a )?palavra-passe"
            r"|não tem (?:uma )?conta|faça (?:o )?login|lembrar de mim|manter conectado"
        ),
        (
            r"password dimenticata|hai dimenticato la password|non hai (?:ancora )?un account|ricordami"
            r"|accedi (?:al|per|con)|effettua l'accesso"
        ),
        r"wachtwoord vergeten|nog geen account|ingelogd blijven|log in (?:om|met)|onthoud mij",
        (
            r"(?:nie pamiętasz|zapomniał[eaś]\w*|zapomniane) (?:hasła|hasło)|nie masz (?:jeszcze )?konta"
            r"|zapamiętaj mnie|zaloguj się"
        ),
        (
            r"забыли пароль|запомнить меня|нет (?:аккаунта|учётной записи|учетной записи)|войдите (?:в|на"
            r"|чтобы|с)|войти через|ещё не зарегистрированы"
        ),
        r"забули пароль|запам'ятати мене|немає (?:акаунта|облікового запису)|увійдіть|увійти через",
    ),
    "PAYWALL": (
        r"(?:keep|continue) reading for|(?:full|complete|unlimited) (?:digital )?access",
        r"subscribe (?:now )?for",
        (
            r"(?:for|only|just|from|at) [$€£] ?\d[\d.,]* ?(?:a|per|/|for) ?"
            r"(?:the first |your first )?(?:\d+ )?(?:week|month|year)s?"
        ),
        (
            r"\d+(?:[.,]\d\d)? ?(?:€|euros?|zł|руб\w*|₽|грн).{0,20}"
            r"(?:monat|mois|mes|mês|mese|maand|mies|меся|місяц)"
        ),
        r"(?:dieser|diesen|der ganze) (?:artikel|beitrag|text)\b.{0,30}\b(?:abo|abonnent|plus)\w*",
        (
            r"testen sie\b.{0,60}\b(?:monat|woche|euro)|(?:monat|woche)\w* "
            r"(?:gratis|kostenlos) testen|mit (?:einem )?abo"
        ),
        r"s'abonner (?:pour|à partir)|abonnez-vous|essai gratuit|prueba gratis|prova gratis|teste grátis",
        (
            r"(?:subscribe|register|sign (?:in|up)|log in)(?: now| today)? to (?:continue|read(?! more)"
            r"|keep reading|unlock|access)|(?:continue|keep) reading with a"
        ),
        (
            r"already (?:a )?(?:subscriber|subscribed|(?:have|having) an? (?:account|subscription)"
            r"|(?:a )?(?:registered|member))"
        ),
        (
            r"(?:this|the) (?:article|content|story|post) is (?:for|available (?:only )?to|reserved for"
            r"|exclusive to) (?:our |paid |paying |registered )?(?:subscribers|members)"
        ),
        (
            r"(?:you(?:'ve| have) (?:reached|read|used)\b.{0,40}\b(?:free )?articles?|to (?:continue"
            r"|keep) reading|unlock (?:this|the full) (?:article|story)|start your (?:free )?trial"
            r"|cancel (?:at )?any ?time)"
        ),
        (
            r"(?:jetzt|sofort) weiterlesen|(?:weiterlesen|lesen sie) mit\b.{0,30}\b(?:abo|plus|\+)"
            r"|bereits (?:abonnent|registriert|kunde|ein abo)|(?:nur|exklusiv) für (?:abonnent"
            r"|registrierte)|jederzeit kündbar|(?:diesen|den ganzen) artikel (?:freischalten|lesen)"
        ),
        (
            r"(?:la suite (?:est )?|(?:cet )?article (?:est )?)?réservée? (?:à nos|aux) abonné"
            r"|il vous reste\b.{0,30}\b(?:lire|découvrir)|déjà (?:abonné|inscrit)|abonnez-vous"
            r"|sans engagement|pour lire la suite"
        ),
        (
            r"(?:exclusivo |solo |sólo )para suscriptores|ya (?:eres|soy|es) (?:suscriptor|socio)"
            r"|suscríbete (?:para|y)|(?:para )?seguir leyendo|sigue leyendo"
        ),
        (
            r"exclusivo para assinantes|já é assinante|assine (?:para|e|já)|para continuar (?:a )?le(?:r"
            r"|ndo)|continue lendo|cancele quando quiser"
        ),
        (
            r"(?:riservat[oa] agli|per gli|solo per) abbonati|(?:sei )?già abbonato|abbonati (?:per|e|ora"
            r"|a)|per continuare a leggere|continua a leggere con|disdici quando vuoi"
        ),
        (
            r"(?:alleen|exclusief) voor abonnees|al (?:abonnee|een abonnement)"
            r"|(?:om )?verder (?:te )?lezen|lees verder met|neem een abonnement|maandelijks opzegbaar"
        ),
        (
            r"(?:tylko |wyłącznie )?dla (?:subskrybent|prenumerator|zalogowanych)\w*"
            r"|masz (?:już )?(?:subskrypcję|prenumeratę|dostęp)|(?:wykup|kup) (?:dostęp|subskrypcję"
            r"|prenumeratę)|(?:aby )?czytać dalej|(?:czytaj|przeczytaj) dalej z|pozostało \d+ ?%"
        ),
        (
            r"(?:только |доступ\w* )?(?:для|подписчикам) (?:подписчик|по подписке)\w*|по подписке"
            r"|уже (?:есть подписка|подписаны|подписчик)|оформи(?:те|ть) подписку|чтобы (?:читать"
            r"|прочитать|продолжить)"
        ),
        (
            r"(?:лише |тільки |доступ\w* )?для (?:передплатник|підписник)\w*|за передплатою|вже (?:є"
            r"|маєте) (?:підписк|передплат)\w+|оформ(?:іть|ити) (?:підписку|передплату)|щоб (?:читати"
            r"|прочитати|продовжити)"
        ),
    ),
    "BLOCKED": (
        (
            r"(?:verify|confirm|prove|ensure|make sure|check)\w*(?: that)? you(?:'re"
            r"| are)(?: not)? (?:a )?(?:human|robot|bot)"
        ),
        (
            r"(?:enable|activate) (?:javascript and )?cookies (?:and javascript )?to continue"
            r"|needs to review the security|unusual (?:traffic|activity)|ray id|reference #[\d.a-f]+"
        ),
        (
            r"(?:complete|solve) the (?:captcha|challenge|security check)|press (?:and|&) hold|(?:checking"
            r"|verifying) (?:if the site connection|your browser|you are human)"
        ),
        (
            r"(?:you don't|you do not) have permission to access|access (?:has been |is )?(?:denied"
            r"|blocked|restricted)|blocked by (?:network )?security"
        ),
        (
            r"bestätigen sie,? dass sie (?:ein mensch|kein roboter)|kein roboter|vous n'êtes pas un robot"
            r"|n'êtes pas un robot|no eres un robot|não é um robô|non sei un robot|geen robot bent"
            r"|nie jesteś robotem|вы не робот|не робот|ви не робот"
        ),
    ),
    "SCRIPTED": (
        (
            r"(?:enable|turn on|activate|requires?|needs?|without|switch on) java ?script"
            r"|java ?script (?:is |must be |needs to be |to be )?(?:disabled|required|enabled|turned off"
            r"|not enabled|deaktiviert|aktiviert|aktivieren|erforderlich)"
        ),
        (
            r"(?:aktivieren sie|aktiviere|benötigt|ohne|activer|activez|nécessite|sans|activar|activa"
            r"|active|habilita\w*|habilite|requiere|necesita|ative|requer|precisa|attiva|abilita|richiede"
            r"|schakel|vereist|włącz|wymaga|включите|требуется|увімкніть|потрібен|потребує) (?:le |el |o "
            r"|il )?java ?script"
        ),
    ),
}
