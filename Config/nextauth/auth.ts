/** The `auth.ts` of a Next.js application: Okta logs in, Vestibule says who that is. */
import NextAuth from "next-auth"
import Okta from "next-auth/providers/okta"
import { vestibuleCallbacks, type VestibuleIdentity } from "./vestibule"

declare module "next-auth" {
    interface Session {
        vestibule?: VestibuleIdentity
    }
}

export const { handlers, auth, signIn, signOut } = NextAuth({
    providers: [
        Okta({
            clientId: process.env.OKTA_CLIENT_ID,
            clientSecret: process.env.OKTA_CLIENT_SECRET,
            issuer: process.env.OKTA_ISSUER,
            authorization: { params: { scope: "openid profile email" } },
        }),
    ],
    session: { strategy: "jwt" },
    callbacks: vestibuleCallbacks({
        url: process.env.VESTIBULE_URL ?? "http://127.0.0.1:8080",
        errorPage: "/no-access",
    }),
})

/** In a page or a handler: the ids, or nothing for who is not logged in. */
export async function whoIsAsking(): Promise<VestibuleIdentity | undefined> {
    return (await auth())?.vestibule
}
