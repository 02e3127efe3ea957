/**
 * Auth.js (NextAuth v5, and v4 with JWT sessions) in front of Vestibule: each login is provisioned once, and the session
 * carries who that is and in which org. No dependency: the types below are the part of Auth.js's own that is used.
 */

/** What Auth.js knows of a provider's answer; its own `Account` fits. */
export interface Account {
    provider: string
    providerAccountId: string
    access_token?: string
    id_token?: string
}

/** The claims of the provider; Auth.js's own `Profile` fits. */
export interface Profile {
    name?: string | null
    given_name?: string | null
    family_name?: string | null
    picture?: unknown
}

/** What a login leaves in the session token and, by `session`, in the session. */
export interface VestibuleIdentity {
    userId: string
    orgId: string | null
    orgRole: "org_user" | "org_admin" | "org_owner" | null
    globalRole: string | null
}

/** The answer of `POST /identities/provision` (`data`). */
export interface Provisioned {
    user: { id: string; email: string | null; is_active: boolean; created_at: string }
    profile: { global_role: string | null; current_org_id: string | null } & Record<string, unknown>
    identity: { provider: string; subject: string; issuer: string }
    organizations: { org_id: string; name: string; slug: string; role: "org_user" | "org_admin" | "org_owner" }[]
    decision: { outcome: "existing" | "invite" | "domain" | "platform_owner" | "linked" } & Record<string, unknown>
}

export interface VestibuleOptions {
    /** Where Vestibule is, e.g. `https://vestibule.internal`. */
    url: string
    /**
     * Which token is the bearer. Okta: the access token of a custom authorization server. Providers whose access tokens
     * are opaque: `id_token`. Without a word: the access token where there is one.
     */
    token?: "access_token" | "id_token"
    /** Provider ids of Auth.js whose logins are Vestibule's; all, without a word. */
    providers?: string[]
    /** Where a refused person is sent, with `code` and `request_id` in the query; without it Auth.js's AccessDenied page. */
    errorPage?: string
    /** Milliseconds for one attempt; 3000 without a word. */
    timeout?: number
    /** Attempts when the service is away (provisioning twice is provisioning once); 2 without a word. */
    attempts?: number
    /** Instead of the global `fetch`. */
    fetch?: typeof fetch
}

/** Why nobody was provisioned. */
export class VestibuleError extends Error {
    constructor(
        /** The service's machine code, e.g. `invitation_required`; `unreachable` where there was no answer of its. */
        readonly code: string,
        /** The HTTP status; 0 without one. */
        readonly status: number,
        message: string,
        readonly requestId: string | null = null,
    ) {
        super(message)
        this.name = "VestibuleError"
    }

    /** Whether the same again may succeed: the service was away or too busy. */
    get isTemporary(): boolean {
        return this.status === 0 || this.status === 429 || this.status >= 500
    }
}

/** Provisions the person of a login. Doing so again gives the same user. */
export async function provision(
    options: VestibuleOptions, account: Account, profile?: Profile | null,
): Promise<Provisioned> {
    const which = options.token ?? (account.access_token ? "access_token" : "id_token")
    const bearer = account[which]
    if (!bearer) throw new VestibuleError("token_missing", 0, `The provider gave no ${which}.`)
    const body: Record<string, string> = {}
    if (which === "access_token" && account.id_token) body.id_token = account.id_token
    const hints = {
        full_name: profile?.name, first_name: profile?.given_name, last_name: profile?.family_name,
        avatar_url: profile?.picture,
    }
    for (const [name, value] of Object.entries(hints)) {
        if (typeof value === "string" && value !== "") body[name] = value
    }
    const attempts = Math.max(1, options.attempts ?? 2)
    for (let attempt = 1; ; attempt++) {
        try {
            return await attemptOnce(options, bearer, body)
        } catch (error) {
            if (attempt === attempts || !(error instanceof VestibuleError) || !error.isTemporary) throw error
        }
    }
}

async function attemptOnce(options: VestibuleOptions, bearer: string, body: object): Promise<Provisioned> {
    let response: Response
    let answer: unknown
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), options.timeout ?? 3000)
    try {
        response = await (options.fetch ?? fetch)(new URL("/identities/provision", options.url), {
            method: "POST",
            headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
            body: JSON.stringify(body),
            redirect: "error",
            signal: patience.signal,
        })
        answer = await response.json()
    } catch {
        // The cause may hold the request, and with it the token.
        throw new VestibuleError("unreachable", 0, "Vestibule gave no answer.")
    } finally {
        clearTimeout(timer)
    }
    const envelope = answer as { success?: boolean; data?: Provisioned; error?: string; code?: string; request_id?: string }
    if (response.ok && envelope.success === true && envelope.data) return envelope.data
    throw new VestibuleError(
        envelope.code ?? "unreachable", response.status, envelope.error ?? "The answer is none of Vestibule's.",
        envelope.request_id ?? response.headers.get("X-Request-Id"))
}

/** What the session is to carry of an answer. */
export function identityOf(answer: Provisioned): VestibuleIdentity {
    const orgId = answer.profile.current_org_id
    const org = answer.organizations.find((one) => one.org_id === orgId)
    return {
        userId: answer.user.id, orgId: org ? orgId : null, orgRole: org?.role ?? null,
        globalRole: answer.profile.global_role,
    }
}

/**
 * The callbacks for Auth.js: `callbacks: vestibuleCallbacks({ url: … })`.
 *
 * `signIn` provisions, and lets nobody in whom Vestibule refuses; `jwt` keeps what it answered; `session` shows it. Auth.js
 * hands the same account to the first two, so that one login is one call; reading a session later calls nothing.
 */
export function vestibuleCallbacks(options: VestibuleOptions) {
    const answers = new WeakMap<Account, Promise<Provisioned>>()

    function concerns(account: Account | null | undefined): account is Account {
        return account != null && (options.providers?.includes(account.provider) ?? true)
    }

    function once(account: Account, profile?: Profile | null): Promise<Provisioned> {
        let answer = answers.get(account)
        if (!answer) {
            answer = provision(options, account, profile)
            answers.set(account, answer)
        }
        return answer
    }

    return {
        async signIn({ account, profile }: { account?: Account | null; profile?: Profile }): Promise<boolean | string> {
            if (!concerns(account)) return true
            try {
                await once(account, profile)
                return true
            } catch (error) {
                if (!options.errorPage) return false
                const known = error instanceof VestibuleError ? error : new VestibuleError("unreachable", 0, "")
                const query = new URLSearchParams({ code: known.code })
                if (known.requestId) query.set("request_id", known.requestId)
                return `${options.errorPage}?${query}`
            }
        },

        async jwt<Token extends object>(
            { token, account, profile }: { token: Token; account?: Account | null; profile?: Profile },
        ): Promise<Token & { vestibule?: VestibuleIdentity }> {
            // Only a login has an account. What a client sends with `update` is never taken for its identity.
            if (!concerns(account)) return token
            return { ...token, vestibule: identityOf(await once(account, profile)) }
        },

        async session<Session extends object>(
            { session, token }: { session: Session; token?: object },
        ): Promise<Session & { vestibule?: VestibuleIdentity }> {
            const known = (token as { vestibule?: VestibuleIdentity } | undefined)?.vestibule
            return known ? { ...session, vestibule: known } : session
        },
    }
}
