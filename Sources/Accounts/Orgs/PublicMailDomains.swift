/// Domains at which anybody gets an address: none of them can stand for an org.
public enum PublicMailDomains {
    /// Whether a domain, in canonical form, is one of them or below one of them.
    public static func contains(_ domain: String) -> Bool {
        var rest = domain[...]
        while true {
            if names.contains(String(rest)) { return true }
            guard let dot = rest.firstIndex(of: ".") else { return false }
            rest = rest[rest.index(after: dot)...]
        }
    }

    private static let names: Set<String> = [
        "126.com", "139.com", "163.com", "abv.bg", "aim.com", "aol.com", "bigpond.com", "bk.ru", "bol.com.br",
        "btinternet.com", "centrum.cz", "comcast.net", "cox.net", "daum.net", "disroot.org", "duck.com",
        "earthlink.net", "email.cz", "email.com", "fastmail.com", "fastmail.fm", "foxmail.com", "free.fr",
        "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
        "guerrillamail.com", "hanmail.net", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es",
        "hotmail.fr", "hotmail.it", "hushmail.com", "icloud.com", "inbox.lv", "inbox.ru", "interia.pl", "laposte.net",
        "libero.it", "list.ru", "live.co.uk", "live.com", "live.fr", "live.nl", "mac.com", "mail.com", "mail.ru",
        "mailbox.org", "mailinator.com", "me.com", "msn.com", "naver.com", "o2.pl", "onet.pl", "op.pl", "orange.fr",
        "outlook.com", "outlook.de", "outlook.fr", "outlook.jp", "pm.me", "posteo.de", "proton.me", "protonmail.ch",
        "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "riseup.net", "rocketmail.com", "runbox.com",
        "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "sina.com", "sohu.com", "t-online.de", "terra.com.br",
        "tiscali.it", "tuta.com", "tuta.io", "tutanota.com", "tutanota.de", "ukr.net", "uol.com.br", "verizon.net",
        "virgilio.it", "vk.com", "wanadoo.fr", "web.de", "wp.pl", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp",
        "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com",
        "yandex.ru", "yeah.net", "ymail.com", "yopmail.com", "zoho.com",
    ]
}
