// The identity providers: configuration, test, activation.
import { api } from "../api.js";
import { badge, button, h, replace, time } from "../dom.js";
import { act, confirm, tell } from "../feedback.js";
import { form } from "../form.js";
import { table } from "../table.js";
import { kindOf, nameOf, names } from "./signin.js";

/** The fields of a provider's form; secrets are never shown, only whether they are stored. */
export function providerFields(provider, known, withSecrets = true) {
  const kind = kindOf(provider);
  const text = (name, label, more = {}) => ({ name, label, value: known[name], ...more });
  const common = [text("issuer", "Issuer", { required: true, hint: hints[kind] })];
  const own = {
    okta: [text("client_id", "Client id", { required: true }), text("audience", "Audience", { type: "list", hint: "of access tokens, such as api://default" })],
    clerk: [text("publishable_key", "Publishable key", { required: true }), text("authorized_parties", "Authorized parties", { type: "list", hint: "the origins of your front ends" }), text("api_url", "Backend API", { hint: "empty for https://api.clerk.com" })],
    oidc: [text("audience", "Audience", { type: "list", required: true }), text("client_id", "Client id", { hint: "needed to sign in here" }), text("jwks_url", "Key set", { hint: "only where discovery does not name it" })],
  }[kind];
  const domains = text("email_domains", "E-mail domains", { type: "list", hint: "for which this provider's word counts; * for all" });
  const secrets = { okta: ["client_secret", "webhook_secret"], clerk: ["secret_key", "webhook_secret"], oidc: ["client_secret"] }[kind];
  const secretFields = !withSecrets ? [] : secrets.map((name) => ({ name, label: labels[name], type: "password",
    hint: known.secrets_stored?.[name] ? "is stored; leave empty to keep it" : "is not stored" }));
  return [...common, ...own, domains, ...secretFields];
}

const hints = {
  okta: "https://example.okta.com/oauth2/default", clerk: "https://clerk.example.com", oidc: "exactly as the tokens' iss",
};
const labels = { client_secret: "Client secret", secret_key: "Secret key", webhook_secret: "Webhook secret" };

/** The steps of a test. */
export function report(result) {
  const kinds = { passed: "good", failed: "bad", warning: "warn", skipped: "plain" };
  return h("div", {}, h("p", {}, badge(result.usable ? "usable" : "not usable", result.usable ? "good" : "bad")),
    h("table", { class: "steps-of-test" }, h("caption", {}, "What was tried"),
      h("thead", {}, h("tr", {}, ["Step", "Outcome", "Time", "What happened"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, result.steps.map((step) => h("tr", {}, h("th", { scope: "row" }, step.name),
        h("td", {}, badge(step.outcome, kinds[step.outcome])),
        h("td", {}, step.duration_ms === null ? "" : `${step.duration_ms} ms`), h("td", {}, step.message))))));
}

/** The page. */
export async function providers(place) {
  const cards = h("div", { class: "cards" });
  const editor = h("div");
  const load = async () => {
    const { data } = await api.list("/admin/idp-config");
    const all = new Set([...Object.keys(names), ...data.map((one) => one.provider)]);
    replace(cards, [...all].map((provider) =>
      card(provider, data.find((one) => one.provider === provider), load, editor)), another(load, editor));
  };
  replace(place, h("h1", {}, "Identity provider"), cards, editor, table({
    caption: "Changes", path: "/admin/idp-config/audit", columns: [
      ["When", (row) => time(row.created_at)], ["Provider", (row) => row.provider], ["Action", (row) => row.action],
      ["By", (row) => row.actor_id ?? "the service"], ["What", (row) => changes(row)],
    ],
  }).element);
  await load();
}

/** The names of the fields that a change has changed. */
function changes(row) {
  const all = new Set([...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})]);
  return [...all].filter((name) => !["updated_at", "version", "updated_by"].includes(name)
    && JSON.stringify(row.before?.[name]) !== JSON.stringify(row.after?.[name])).join(", ");
}

/** One more OpenID Connect issuer, under a name of its own. */
function another(load, editor) {
  const field = { name: "name", label: "Name", required: true, hint: "of one more OpenID issuer: in lower case, such as acme; it can't be changed" };
  return h("section", { class: "card" }, h("h2", {}, "Another issuer"),
    form([field], "Continue", async ({ name }) => {
      if (!/^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/.test(name)) throw new Error("A name has up to 48 of a–z, 0–9 and hyphens between them.");
      configure(`oidc-${name}`, { accept_tokens: true }, load, editor);
    }));
}

function card(provider, known, load, editor) {
  const title = h("h2", {}, nameOf(provider));
  const edit = button(known ? "Configure" : "Set up", () => configure(provider, known ?? {}, load, editor));
  if (!known) return h("section", { class: "card" }, title, h("p", {}, "Not configured."), h("div", { class: "actions" }, edit));
  const results = h("div", { "aria-live": "polite" });
  const state = known.is_active ? badge("active", "good")
    : known.accept_tokens ? badge("tokens accepted") : known.grace_until ? badge("in grace", "warn") : badge("inactive");
  return h("section", { class: `card${known.is_active ? " active" : ""}` }, title, h("p", {}, state),
    h("dl", {}, h("dt", {}, "Issuer"), h("dd", {}, known.issuer),
      known.client_id ? [h("dt", {}, "Client id"), h("dd", {}, known.client_id)] : null,
      known.audience.length ? [h("dt", {}, "Audience"), h("dd", {}, known.audience.join(", "))] : null,
      known.grace_until ? [h("dt", {}, "Accepted until"), h("dd", {}, time(known.grace_until))] : null,
      known.missing.length ? [h("dt", {}, "Missing"), h("dd", { class: "bad" }, known.missing.join(", "))] : null),
    h("div", { class: "actions" }, edit,
      button("Test", (event) => act(event.target, async () => {
        replace(results, h("p", {}, "Asking the provider…"));
        replace(results, report(await api.post(`/admin/idp-config/${provider}/test`)));
      })),
      known.is_active ? null : button("Activate", (event) => activate(event.target, provider, load), "primary")), results);
}

async function activate(element, provider, load) {
  const yes = await confirm(`Activate ${nameOf(provider)}?`,
    "New logins use it at once. The former provider's tokens stay accepted for an hour.", "Activate");
  if (!yes) return;
  await act(element, () => api.post(`/admin/idp-config/${provider}/activate`, { grace_seconds: 3600 }),
    `${nameOf(provider)} is active.`);
  await load();
}

function configure(provider, known, load, editor) {
  const fields = providerFields(provider, known);
  const accept = { name: "accept_tokens", label: "Accept its tokens though another provider is active", type: "checkbox", value: known.accept_tokens };
  replace(editor, h("section", { class: "card", "aria-label": `Configure ${nameOf(provider)}` }, h("h2", {}, `Configure ${nameOf(provider)}`),
    form([...fields, accept], "Save", async (values) => {
      for (const field of fields) {
        const value = values[field.name];
        if (field.type === "password" && value === "") delete values[field.name];
        else if (value === "") values[field.name] = null;
      }
      if (values.issuer === null) values.issuer = "";
      await api.put(`/admin/idp-config/${provider}`, values);
      replace(editor);
      tell(`${nameOf(provider)} is saved.`);
      await load();
    }, [button("Cancel", () => replace(editor))])));
  editor.querySelector("input").focus();
}
