// The part of next-auth 5 (and @auth/core) that Config/nextauth/auth.ts uses, as its reference describes it: the packages
// themselves are not installed here.

declare module "next-auth" {
    type Awaitable<T> = T | PromiseLike<T>

    interface User { id?: string; name?: string | null; email?: string | null; image?: string | null }
    interface AdapterUser extends User { id: string; email: string; emailVerified: Date | null }
    interface AdapterSession { sessionToken: string; userId: string; expires: Date }
    interface DefaultSession { user?: User; expires: string }
    export interface Session extends DefaultSession {}
    interface JWT extends Record<string, unknown> {
        name?: string | null; email?: string | null; picture?: string | null; sub?: string; exp?: number
    }
    interface Account {
        readonly access_token?: string; readonly id_token?: string; readonly token_type?: Lowercase<string>
        provider: string; providerAccountId: string; type: "oauth" | "oidc" | "email" | "credentials" | "webauthn"
        userId?: string; expires_at?: number
    }
    interface Profile {
        sub?: string | null; name?: string | null; given_name?: string | null; family_name?: string | null
        picture?: string | null | any; email?: string | null; email_verified?: boolean | null; [claim: string]: unknown
    }
    interface CallbacksOptions {
        signIn(params: {
            user: User | AdapterUser; account?: Account | null; profile?: Profile
            email?: { verificationRequest?: boolean }; credentials?: Record<string, unknown>
        }): Awaitable<boolean | string>
        session: (params: (
            { session: { user: AdapterUser } & AdapterSession; user: AdapterUser } & { session: Session; token: JWT }
        ) & { newSession: any; trigger?: "update" }) => Awaitable<Session | DefaultSession>
        jwt: (params: {
            token: JWT; user: User | AdapterUser; account?: Account | null; profile?: Profile
            trigger?: "signIn" | "signUp" | "update"; isNewUser?: boolean; session?: any
        }) => Awaitable<JWT | null>
    }
    interface Config {
        providers: object[]
        session?: { strategy?: "jwt" | "database" }
        callbacks?: Partial<CallbacksOptions>
    }
    export default function NextAuth(config: Config): {
        handlers: { GET: (request: Request) => Promise<Response>; POST: (request: Request) => Promise<Response> }
        auth: () => Promise<Session | null>
        signIn: (provider?: string) => Promise<void>
        signOut: () => Promise<void>
    }
}

declare module "next-auth/providers/okta" {
    export default function Okta(options: {
        clientId?: string; clientSecret?: string; issuer?: string; authorization?: { params?: Record<string, string> }
    }): object
}

declare const process: { env: Record<string, string | undefined>; argv: string[] }
