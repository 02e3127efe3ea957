// Each of these must not compile: the checker takes an expected error that does not come for an error.
import { identityOf, provision, vestibuleCallbacks, type Provisioned } from "../../../Config/nextauth/vestibule.js"

// @ts-expect-error the service's address is needed
vestibuleCallbacks({})
// @ts-expect-error no such token
vestibuleCallbacks({ url: "http://127.0.0.1", token: "refresh_token" })
// @ts-expect-error an account says whose it is
void provision({ url: "http://127.0.0.1" }, { access_token: "t" })
// @ts-expect-error the session holds no e-mail
void identityOf({} as Provisioned).email
// @ts-expect-error a role is one of three
identityOf({} as Provisioned).orgRole = "king"
