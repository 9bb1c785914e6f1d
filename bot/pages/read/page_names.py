"""What pages that are no article are called: each pattern must cover a part of a title or a heading.

A space stands for any white space and ' for both apostrophes. To teach the bot a language, add its rows
here, in `page_phrases.py` and in `consent_words.py`.
"""

from __future__ import annotations

NAMES: dict[str, tuple[str, ...]] = {
    "MISSING": (
        r"(?:wh)?oops\W.{0,60}|hoppla\W.{0,60}|(?:ou|u)ps\W.{0,60}",
        r"lo sentimos|(?:we're )?sorry|entschuldigung",
        r"désolée?|spiacenti|ci dispiace|desculpe|przepraszamy|к сожалению|на жаль",
        r"error|fehler|erreur|errore|erro|fout|błąd|ошибка|помилка",
        r"(?:error |http )?(?:404|410)(?: error)?(?: (?:page |file )?not found| gone)?",
        (
            r"(?:oops\W+|sorry\W+|we're sorry\W+)?(?:(?:the|this|that|your) )?(?:requested )?"
            r"(?:page|article|story|content|url|file|post|link)"
            r"(?: (?:that )?(?:you )?(?:requested|(?:were|are)(?: trying to (?:reach|access)| looking for)))?"
            r" (?:(?:(?:was|is|has been|could be) )?(?:not found|unavailable|not available"
            r"|no longer available|gone"
            r"|missing|removed|deleted)|(?:can(?:no|')?t|could(?: not|n't)) be found|does(?:n't| not) exist"
            r"|isn't available|no longer exists)(?: error)?"
        ),
        (
            r"(?:sorry\W+)?(?:we )?(?:can(?:no|')t|couldn't|could not) (?:seem to )?find (?:the|this|that"
            r"|your) page.*"
        ),
        (
            r"(?:page |file )?not found|nothing (?:was )?found(?: here)?|oops|page (?:missing|error)"
            r"|broken link"
        ),
        (
            r"(?:die |diese )?(?:angeforderte |gesuchte )?(?:seite|artikel|inhalt|datei)"
            r" (?:(?:konnte |wurde )?(?:leider )?nicht gefunden(?: werden)?"
            r"|existiert (?:leider )?nicht(?: mehr)?"
            r"|(?:ist )?(?:leider )?nicht (?:mehr )?(?:verfügbar|vorhanden))|fehler 404|nicht gefunden"
        ),
        (
            r"(?:cette |la )?page (?:demandée )?(?:introuvable|non trouvée|inexistante|n'existe (?:pas|plus)"
            r"|est introuvable|n'a pas été trouvée|n'est (?:pas|plus) disponible)|erreur 404"
            r"|contenu introuvable"
        ),
        (
            r"(?:la |esta )?(?:página|noticia|contenido)(?: (?:que buscas?|solicitada))?"
            r" (?:no (?:ha sido )?encontrad[ao]|no existe|no (?:está )?disponible|no se encuentra"
            r"|no se ha encontrado"
            r"|ya no existe|ya no está disponible)|no encontrad[ao]|error 404"
        ),
        (
            r"(?:a |esta )?(?:página|conteúdo|notícia) (?:não (?:foi )?encontrad[ao]|não existe|inexistente"
            r"|não (?:está )?disponível|indisponível)|não encontrad[ao]|erro 404"
        ),
        (
            r"(?:la )?pagina (?:non trovata|non è stata trovata|inesistente|non (?:è )?disponibile"
            r"|non esiste(?: più)?)"
            r"|errore 404|contenuto non (?:trovato|disponibile)"
        ),
        r"(?:de |deze )?pagina (?:is )?(?:niet gevonden|bestaat niet(?: meer)?|niet beschikbaar)|fout 404",
        (
            r"(?:ta )?strona (?:o podanym adresie )?(?:nie (?:została )?(?:znaleziona|odnaleziona)"
            r"|nie istnieje"
            r"|jest niedostępna)|nie znaleziono(?: strony)?|błąd 404"
        ),
        (
            r"(?:запрашиваемая )?страниц[аы] не (?:найдена|существует|найдено)|не найдено|ошибка 404"
            r"|такой страницы (?:нет|не существует)|материал не найден"
        ),
        (
            r"сторінк[ау] не (?:знайдена|знайдено|існує)|не знайдено|помилка 404|такої сторінки (?:немає"
            r"|не існує)"
        ),
        (
            r"sidan (?:kunde inte hittas|hittades inte|finns inte)|siden (?:blev ikke fundet|findes ikke"
            r"|finnes ikke)"
        ),
        (
            r"stránka (?:nebyla )?nenalezena|stránka nebyla nalezena|sayfa bulunamadı|pagina nu a fost găsită"
            r"|az oldal nem található|η σελίδα δεν βρέθηκε|sivua ei löyt(?:ynyt|y)"
        ),
        r"ページが見つかりません(?:でした)?|页面不存在|找不到(?:该)?页面|페이지를 찾을 수 없습니다",
        r"الصفحة غير موجودة",
    ),
    "LOGIN": (
        r"registrier(?:en|ung)|(?:jetzt )?kostenlos registrieren.*|inscription|s'inscrire|registr(?:arse|o)",
        r"cadastr(?:o|e-se)|rejestracja|registreren",
        (
            r"(?:please )?(?:log|sign)[ -]?(?:in|on|up)"
            r"(?: (?:or|and|/) (?:(?:log|sign)[ -]?(?:in|on|up)|register|create an account))?"
            r"(?: (?:to|with|for|using) .+| required| page| here)?"
        ),
        (
            r"login(?: (?:required|page|form|to .+|/ register))?|(?:create|register)(?: for)? (?:an?"
            r"|your)? ?(?:free )?account"
        ),
        (
            r"register|(?:member|subscriber|user|account|customer) (?:login|log in|sign[ -]?in)"
            r"|authentication required"
        ),
        r"log into .+|you must (?:log|sign) in.*|welcome back|sign in required|single sign[ -]on",
        (
            r"(?:bitte )?(?:anmelden|einloggen)(?: oder registrieren)?|(?:melden sie sich"
            r"|melde dich) (?:bitte )?an"
            r"|anmeldung(?: erforderlich)?|log-?in erforderlich|benutzeranmeldung|mein konto"
        ),
        (
            r"(?:se )?connexion|se connecter|connectez-vous.*|identifiez-vous.*|s'identifier|créer (?:un"
            r"|mon) compte"
            r"|authentification"
        ),
        (
            r"iniciar sesión|inicia sesión.*|inicie sesión.*|identifícate.*|acceso(?: de)? usuarios"
            r"|acceder|regístrate.*"
            r"|crear (?:una )?cuenta"
        ),
        (
            r"iniciar sessão|entrar|faça (?:o )?(?:seu )?login.*|acesse sua conta.*|fazer login"
            r"|criar (?:uma )?conta"
        ),
        (
            r"accedi(?: o registrati)?|accesso(?: utenti)?|effettua (?:il login|l'accesso).*"
            r"|area riservata|registrati.*"
        ),
        r"inloggen|log in om .+|aanmelden|meld je aan.*|account aanmaken",
        r"zaloguj(?: się.*)?|logowanie|załóż konto|zarejestruj się.*",
        (
            r"вход(?: на сайт| в (?:личный кабинет|аккаунт|систему))?|войти(?: в .+| на сайт)?|войдите.*"
            r"|авторизация"
            r"|авторизуйтесь.*|регистрация|личный кабинет"
        ),
        (
            r"вхід(?: на сайт| до .+)?|увійти(?: в .+| до .+)?|увійдіть.*|авторизація|реєстрація"
            r"|особистий кабінет"
        ),
        (
            r"logga in|log ind|logg inn|kirjaudu(?: sisään)?|přihlášení|přihlásit se|giriş yap"
            r"|autentificare|bejelentkezés"
            r"|σύνδεση|ログイン|登录|로그인|تسجيل الدخول"
        ),
    ),
    "PAYWALL": (
        r"subscribe to (?:read|continue|unlock|keep reading).*|subscribers? only|subscriber exclusive",
        (
            r"(?:this (?:article|story|content) is )?(?:for|exclusive(?:ly)? (?:to"
            r"|for)) (?:our )?(?:subscribers|members).*"
        ),
        r"(?:jetzt )?weiterlesen mit .+|nur für abonnenten|(?:exklusiv )?für abonnenten",
        r"(?:article )?réservé (?:à nos|aux) abonnés|contenido (?:exclusivo )?para suscriptores",
        (
            r"(?:conteúdo )?exclusivo para assinantes|(?:contenuto )?riservato agli abbonati"
            r"|alleen voor abonnees"
        ),
        r"(?:tylko )?dla subskrybentów|(?:только )?для подписчиков|(?:лише |тільки )?для передплатників",
    ),
    "CONSENT": (
        (
            r"before you continue(?: to .+)?|bevor (?:sie|du) (?>.*?(?:fortfahren|weitermach|weitergeh)).*"
            r"|bevor (?:sie|du) (?>.*?zu )(?>.+?\sweiter).*"
        ),
        (
            r"avant d(?:e continuer|'accéder).*|antes de (?:continuar|ir).*|prima di continuare.*"
            r"|voordat je verdergaat.*"
            r"|zanim przejdziesz.*|прежде чем (?:продолжить|перейти).*|перш ніж (?:продовжити|перейти).*"
        ),
        (
            r"(?:your|our)? ?(?:cookie|privacy|consent)s? (?:consent|settings|preferences|choices|notice"
            r"|options|wall|policy)"
        ),
        r".+(?:value|care about|respect)s? your privacy|privacy & cookies",
        (
            r"your privacy(?: (?:matters|choices?|is important))?.*|(?:cookie )?consent|cookies"
            r"|(?:we|this site) uses? cookies|your (?:data|cookies),? your choice"
        ),
        (
            r"(?:datenschutz|privatsphäre|cookie|einwilligung|zustimmung)[\w-]*(?: ?einstellungen)?"
            r"|ihre (?:privatsphäre|daten|datenschutz)\b.*|mit werbung (?:weiterlesen|lesen).*"
            r"|einwilligung.*|wir brauchen ihre zustimmung.*"
        ),
        (
            r"(?:le respect de )?votre (?:vie privée|consentement).*|nous respectons votre vie privée.*"
            r"|gestion des cookies.*"
            r"|(?:vos )?(?:préférences|paramètres)(?: de| en matière de)? cookies|vie privée"
        ),
        (
            r"(?:tu|su) privacidad.*|(?:valoramos|nos importa|respetamos) (?:tu|su) privacidad.*"
            r"|(?:configuración|preferencias|aviso) de (?:cookies|privacidad)"
        ),
        (
            r"(?:a )?sua privacidade.*|(?:valorizamos|respeitamos) a sua privacidade.*|(?:definições"
            r"|preferências|aviso) de"
            r" (?:cookies|privacidade)"
        ),
        (
            r"(?:la )?(?:tua|vostra) privacy.*|rispettiamo la (?:tua|vostra) privacy.*|(?:impostazioni"
            r"|preferenze) (?:dei )?cookie"
            r"|informativa.*|il tuo consenso.*"
        ),
        r"(?:jouw|uw|je) privacy.*|wij respecteren (?:je|uw) privacy.*|cookie-?instellingen|toestemming.*",
        (
            r"(?:twoja )?prywatność.*|szanujemy (?:twoją|państwa) prywatność.*|ustawienia (?:prywatności"
            r"|plików cookies?)"
            r"|dbamy o (?:twoją|państwa) prywatność.*|zgoda na .+"
        ),
        (
            r"(?:ваша )?конфиденциальность.*|мы (?:ценим|уважаем) вашу (?:конфиденциальность|приватность).*"
            r"|настройки (?:файлов )?(?:cookie|конфиденциальности).*|согласие на .+|файлы cookie"
        ),
        (
            r"(?:ваша )?конфіденційність.*|ми (?:цінуємо|поважаємо) вашу (?:конфіденційність|приватність).*"
            r"|налаштування (?:файлів )?(?:cookie|конфіденційності).*|згода на .+|файли cookie"
        ),
    ),
    "BLOCKED": (
        (
            r"just a moment\W*|attention required!?|access (?:to this page has been )?denied"
            r"|security check.*|one moment,? please\W*"
        ),
        (
            r"are you (?:a )?(?:robot|human)\??"
            r"|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human.*|human verification"
        ),
        (
            r"checking your browser.*|pardon our interruption.*|bot (?:check|verification|detection)"
            r"|(?:403 )?forbidden"
        ),
        (
            r"(?:unusual|automated) (?:traffic|activity).*|robot check|request (?:blocked|rejected)"
            r"|captcha.*|ddos.guard"
            r"|you have been blocked|sorry,? you have been blocked|rate limited|too many requests"
        ),
        (
            r"nur einen moment\W*|einen moment(?:,? bitte)?\W*|zugriff verweigert|sicherheitsüberprüfung"
            r"|sind sie ein (?:mensch|roboter)\??"
        ),
        (
            r"un instant\W*|accès (?:refusé|interdit)|vérification de sécurité|êtes-vous un (?:humain"
            r"|robot)\W*"
        ),
        (
            r"un momento\W*|acceso denegado|comprobación de seguridad|¿?eres un robot\??|um momento\W*"
            r"|acesso negado"
        ),
        (
            r"solo un momento\W*|accesso negato|verifica di sicurezza|een ogenblik(?: geduld)?\W*"
            r"|toegang geweigerd"
        ),
        (
            r"chwileczkę\W*|odmowa dostępu|dostęp zabroniony|доступ (?:запрещен|запрещён|ограничен)"
            r"|один момент\W*"
            r"|вы не робот\??|подтвердите,? что (?:вы|запросы).*|доступ заборонено|зачекайте.*|ви не робот\??"
        ),
    ),
    "SCRIPTED": (
        (
            r"(?:please )?(?:enable|turn on|activate) (?:javascript|cookies?).*"
            r"|javascript (?:is )?(?:required|disabled|not enabled).*"
        ),
        (
            r"(?:bitte )?(?:aktivieren sie )?javascript (?:aktivieren|deaktiviert|erforderlich).*"
            r"|javascript (?:est )?désactivé.*"
        ),
        (
            r"loading\W*|wird geladen\W*|chargement\W*|cargando\W*|carregando\W*|caricamento\W*|laden\W*"
            r"|ładowanie\W*"
            r"|загрузка\W*|завантаження\W*"
        ),
    ),
}
