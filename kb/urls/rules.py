"""What is known about particular parameters, sites and wrappers, as data; identity.py says how it is used.

A parameter is listed only where its name belongs to a tracker wherever it stands. Short names that some
site uses to tell its articles apart (id, p, t, story, ref, source, sid, cid, mc) are dropped for named
sites alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TRACKERS = {
    "Google": "gclid gclsrc gbraid wbraid dclid gad gad_source gad_campaignid gps_adid _ga _gl _gac _gid"
    " srsltid",
    "Google's AMP viewer": "amp_js_v amp_gsa amp_r amp_ct amp_tf amp_lite usqp aoh",
    "Google Translate": "_x_tr_sl _x_tr_tl _x_tr_hl _x_tr_pto _x_tr_sch _x_tr_hist",
    "Meta": "fbclid fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map"
    " action_type_map action_ref_map mibextid __tn__ igshid igsh",
    "other networks": "msclkid ttclid twclid yclid ymclid ysclid _openstat rdt_cid epik li_fat_id sccid"
    " scclid ref_src ref_url __twitter_impression is_from_webapp sender_device share_from fromshare",
    "advertising": "irclickid irgwc cjevent cjdata awc wickedid s_kwcid ef_id mkwid pcrid obclid tblci"
    " vmcid dicbo ob_click_id zanpid unicorn_click_id _branch_match_id _branch_referrer rb_clickid",
    "mail": "mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv"
    " oly_enc_id oly_anon_id elqtrack elqtrackid elqaid elqat elqcampaignid elqcsid elq ml_subscriber"
    " ml_subscriber_hash spmailingid spuserid spjobid spreportid sp_rid sp_mid dm_i bsft_eid bsft_clkid"
    " bsft_uid bsft_mid _bta_tid _bta_c nr_email_referer ss_email_id ss_source ss_campaign_id"
    " ss_campaign_name ss_campaign_sent_date _ke _kx klaviyo_id sb_referer_host ck_subscriber_id sfmc_id"
    " emci emdi cndid",
    "publishers": "wt_mc wt_zmc wt.mc_id wt.mc_ev wtmc xtor xtref ncid ocid cmpid cmp cmp_id icid int_cmp"
    " intcmp intcid ito smid smtyp smprod soc_src soc_trk guccounter guce_referrer guce_referrer_sig"
    " sr_share sref srnd wpisrc wpmm ns_mchannel ns_source ns_campaign ns_linkname ns_fee echobox"
    " rss_source wprov spm ftag ftcamp tpcc hootpostid __source dgcid s_cid sc_cid",
    "Matomo": "pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid pk_vid",
    "sessions": "phpsessid phpsessionid jsessionid cfid cftoken asp.net_sessionid zenid oscsid",
}
TRACKING = frozenset(" ".join(_TRACKERS.values()).split())
"""Parameter names, in lower case, that never tell two pages apart."""

_BEGINNINGS = "utm_ utm- at_ hsa_ mtm_ matomo_ piwik_ itm_ stm_ ga_ trk_ cm_mmc cx_ aspsessionid __cft__"
TRACKING_PREFIXES = tuple(_BEGINNINGS.split())
"""Beginnings of such names, in lower case."""

AMP_PARAMETERS = {
    "amp": frozenset({"", "1", "true", "yes"}),
    "outputtype": frozenset({"amp"}),
    "output": frozenset({"amp"}),
}
"""Parameters that, with one of these values, ask for the AMP form of the same page."""

_SITE_TRACKING = {
    "washingtonpost.com": "tid itid pwapi_token s_l variant no_nav nid arc404",
    "nytimes.com": "partner rss emc ref referringsource unlocked_article_code searchresultposition action"
    " module pgtype region wt_nav hp campaign_id instance_id segment_id te nl user_id regi_id",
    "theguardian.com": "ref",
    "wsj.com": "mod reflink st",
    "bloomberg.com": "leadsource",
    "ft.com": "segmentid sharetype",
    "reuters.com": "taid feedtype feedname",
    "cnn.com": "hpt ref",
    "bbc.com": "pinned_post_locator",
    "linkedin.com": "trk trackingid lipi rcm originalsubdomain refid",
    "facebook.com": "_rdr rdid refid share_url paipv eav ref hc_ref acontext locale locale2 sfnsn extid",
    "medium.com": "source sk",
    "spotify.com": "si context",
    "tiktok.com": "_t _r is_copy_url lang",
    "reddit.com": "share_id rdt ref ref_source context",
    "x.com": "s t ref_src cn cxt",
    "telegram.me": "single embed",
    "t.me": "single embed",
}
SITE_TRACKING = {site: frozenset(names.split()) for site, names in _SITE_TRACKING.items()}
"""Names that are tracking on one site, and may mean an article elsewhere; by plain host."""

HOST_ALIASES = {
    **dict.fromkeys(("twitter.com", "fxtwitter.com", "vxtwitter.com", "fixupx.com", "nitter.net"), "x.com"),
    **dict.fromkeys(("music.youtube.com", "gaming.youtube.com", "youtube-nocookie.com"), "youtube.com"),
    **dict.fromkeys(
        ("mbasic.facebook.com", "touch.facebook.com", "web.facebook.com", "fb.com"), "facebook.com"
    ),
    **dict.fromkeys(("old.reddit.com", "np.reddit.com", "new.reddit.com", "i.reddit.com"), "reddit.com"),
    "telegram.me": "t.me",
    "threads.net": "threads.com",
    "dx.doi.org": "doi.org",
    "edition.cnn.com": "cnn.com",
}
"""Hosts that serve the very pages of another host."""


class Identity(NamedTuple):
    """On `hosts`, what `pattern` finds in "path?query#fragment" names the page: `key` takes its groups."""

    hosts: tuple[str, ...]
    pattern: re.Pattern[str]
    key: str


_VIDEO = r"(?!videoseries|live_stream)([\w-]{11})(?![\w-])"
IDENTITIES = (
    Identity(
        ("youtube.com",),
        re.compile(r"/(?:watch/?\?(?:[^#]*&)?v=|(?:watch|embed|shorts|live|v|e)/)" + _VIDEO),
        "youtube.com/watch?v={0}",
    ),
    Identity(
        ("youtube.com",),
        re.compile(r"/attribution_link\?(?:[^#]*&)?u=(?:/|%2F)watch(?:\?|%3F)v(?:=|%3D)" + _VIDEO),
        "youtube.com/watch?v={0}",
    ),
    Identity(("youtu.be",), re.compile("/" + _VIDEO), "youtube.com/watch?v={0}"),
    Identity(
        ("x.com",),
        re.compile(r"(?:/?#!)?/(?:i/web|i|[^/?#]+)/status(?:es)?/(\d+)(?!\d)"),
        "x.com/i/status/{0}",
    ),
    Identity(
        ("instagram.com",),
        re.compile(r"/(?:[^/?#]+/)?(?:p|reels?|tv)/(?!audio\b)([\w-]+)"),
        "instagram.com/p/{0}",
    ),
    Identity(("threads.com",), re.compile(r"/(?:@[^/?#]+/post|t)/([\w-]+)"), "threads.com/t/{0}"),
    Identity(
        ("tiktok.com",), re.compile(r"/(?:(?:@[^/?#]*/)?video|v|embed(?:/v2)?)/(\d+)"), "tiktok.com/video/{0}"
    ),
    Identity(
        ("reddit.com",),
        re.compile(r"/(?:(?:r|user)/[^/?#]+/)?comments/(\w+)(?:/[^/?#]*)?(?:\?|#|$)"),
        "reddit.com/comments/{0}",
    ),
    Identity(
        ("reddit.com",),
        re.compile(r"/(?:(?:r|user)/[^/?#]+/)?comments/(\w+)/[^/?#]+/(\w+)"),
        "reddit.com/comments/{0}/_/{1}",
    ),
    Identity(("redd.it",), re.compile(r"/(\w+)(?:\?|#|$)"), "reddit.com/comments/{0}"),
    Identity(("t.me",), re.compile(r"/(?:s/)?([A-Za-z]\w{3,})/(\d+)(?:\?|#|$)"), "t.me/{0}/{1}"),
    Identity(("vimeo.com", "player.vimeo.com"), re.compile(r"/(?:video/)?(\d+)(?:\?|#|$)"), "vimeo.com/{0}"),
    Identity(("dailymotion.com",), re.compile(r"/(?:embed/)?video/(\w+)"), "dailymotion.com/video/{0}"),
    Identity(("dai.ly",), re.compile(r"/(\w+)(?:\?|#|$)"), "dailymotion.com/video/{0}"),
    Identity(
        ("facebook.com",),
        re.compile(r"/(?:story|permalink)\.php\?(?>(?:[^#]*&)?id=(\d+))(?:&[^#]*)?&story_fbid=(\w+)"),
        "facebook.com/permalink.php?id={0}&story_fbid={1}",
    ),
    Identity(
        ("facebook.com",), re.compile(r"/watch/?(?:live)?\?(?:[^#]*&)?v=(\d+)"), "facebook.com/watch?v={0}"
    ),
)
"""Per-site identity; the query it sees is normalised and sorted already."""
