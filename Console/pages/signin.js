// Signing in, and why it did not work.
import { api } from "../api.js";
import { button, h, replace } from "../dom.js";
import { form } from "../form.js";
import { act } from "../feedback.js";

/** What the codes in the address mean. Only these are shown, so that no link can put words into the page. */
const reasons = {
  forbidden: "The identity provider did not let you in.",
  bad_request: "The sign-in was begun in another browser, under another address, or too long ago. Try again.",
  conflict: "The identity provider is not configured for signing in here; it needs a client id.",
  not_found: "No identity provider is active.",
  jwks_unavailable: "The identity provider could not be reached. Try again in a moment.",
  payload_too_large: "The identity provider's token is too large for a cookie; let it put fewer claims into it.",
  token_audience_mismatch: "The identity provider's token is meant for somebody else; check client id and audience.",
};

/** Shows how to sign in; `problem` is why nobody is. */
export async function signIn(place, problem) {
  const code = new URLSearchParams(location.search).get("sign_in");
  const reason = code && (reasons[code] ?? "The identity provider's token was refused; see the service's log.");
  const active = await api.get("/idp-config/active").catch(() => null);
  const isSignedIn = problem.status === 403;
  const ways = [];
  if (active && active.provider !== "clerk" && active.client_id) {
    ways.push(h("p", {}, h("a", { class: "button primary", href: `/admin/session/begin${isSignedIn ? "?again=true" : ""}` },
      isSignedIn ? "Sign in as somebody else" : `Sign in with ${nameOf(active.provider)}`)));
  }
  const byToken = h("details", { open: ways.length === 0 },
    h("summary", {}, "Sign in with a token"),
    h("p", {}, active?.provider === "clerk"
      ? "Clerk has no sign-in of its own here. In the browser's console of your application: await Clerk.session.getToken()"
      : "Any token that the service accepts. It is kept in a cookie that no script can read."),
    form([{ name: "token", label: "Token", type: "textarea", required: true }], "Sign in", async ({ token }) => {
      await api.post("/admin/session", { token });
      location.assign("/admin/");
    }));
  document.title = "Sign in – Vestibule";
  replace(place, h("div", { class: "narrow" },
    h("h1", {}, isSignedIn ? "Not for you" : "Sign in"),
    reason ? h("p", { class: "problem", role: "alert" }, reason) : null,
    isSignedIn ? h("p", { class: "problem", role: "alert" }, problem.message) : null,
    h("p", {}, active ? `This platform signs in with ${nameOf(active.provider)}, ${active.issuer}.` : "No identity provider is active."),
    ways, byToken,
    isSignedIn ? button("Sign out", (event) => act(event.target, async () => {
      await api.delete("/admin/session");
      location.assign("/admin/");
    })) : null));
}

/** The kinds of provider; of OpenID Connect there may be several, as `oidc-acme`. */
export const names = { okta: "Okta", clerk: "Clerk", oidc: "OpenID Connect" };

/** A provider's kind: by it the form and the rules are chosen. */
export const kindOf = (provider) => provider.split("-", 1)[0];

/** What a provider is called on the pages. */
export const nameOf = (provider) => names[provider] ?? `${names[kindOf(provider)]} · ${provider.slice(kindOf(provider).length + 1)}`;
