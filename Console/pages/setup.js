// The first run: choose a provider, test it, activate it, become the owner.
import { api } from "../api.js";
import { h, replace } from "../dom.js";
import { tell } from "../feedback.js";
import { form } from "../form.js";
import { providerFields, report } from "./providers.js";
import { names, signIn } from "./signin.js";

/** Leads through what is missing; `problem` is why the caller is not in. */
export function setup(place, standing, problem, done) {
  document.title = "Set-up – Vestibule";
  const step = standing.has_provider ? 2 : 1;
  const steps = h("ol", { class: "steps" }, ["Identity provider", "Platform owner"].map((name, index) =>
    h("li", { "aria-current": index + 1 === step ? "step" : false, class: index + 1 < step ? "past" : "" }, name)));
  const body = h("div");
  replace(place, h("div", { class: "narrow" }, h("h1", {}, "Welcome to Vestibule"), steps, body));
  if (step === 1) chooseProvider(body, standing, done);
  else if (problem.status === 403) becomeOwner(body, standing, problem, done);
  else signIn(body, problem);
}

function chooseProvider(body, standing, done) {
  if (!standing.has_bootstrap_token) {
    replace(body, h("p", {}, "No identity provider is configured, and nobody can sign in yet. There are two ways:"),
      h("ul", {},
        h("li", {}, "set VESTIBULE_BOOTSTRAP_TOKEN to a long random text (openssl rand -base64 32), start the service again, and come back here; or"),
        h("li", {}, "set OKTA_ISSUER, OKTA_AUDIENCE and OKTA_CLIENT_ID, or CLERK_ISSUER and CLERK_PUBLISHABLE_KEY, and start it again.")));
    return;
  }
  const place = h("div");
  const choice = h("fieldset", { class: "choice" }, h("legend", {}, "Who signs your people in?"),
    Object.entries(names).map(([value, name]) => h("label", {},
      h("input", { type: "radio", name: "provider", value, onchange: () => configure(place, value, done) }), name)));
  replace(body, choice, place);
}

function configure(place, provider, done) {
  const results = h("div", { "aria-live": "polite" });
  const token = { name: "bootstrap_token", label: "Bootstrap token", type: "password", required: true,
    hint: "The value of VESTIBULE_BOOTSTRAP_TOKEN; it proves that you operate this service." };
  replace(place, form([token, ...providerFields(provider, {}, false)], "Test and activate", async (values) => {
    const { bootstrap_token: bootstrap, ...configuration } = values;
    const headers = { "X-Bootstrap-Token": bootstrap };
    for (const [name, value] of Object.entries(configuration)) {
      if (value === "" || value.length === 0) delete configuration[name];
    }
    const result = await api.post(`/admin/setup/${provider}/test`, configuration, headers);
    replace(results, report(result));
    if (!result.usable) throw new Error("The provider does not answer as it should; see the steps below.");
    await api.put(`/admin/setup/${provider}`, configuration, headers);
    tell(`${names[provider]} is active. Now sign in.`);
    await done();
  }), results);
}

function becomeOwner(body, standing, problem, done) {
  replace(body, h("p", {}, `You are signed in, and the platform has no owner yet. ${problem.message}`),
    form(standing.has_bootstrap_token
      ? [{ name: "bootstrap_token", label: "Bootstrap token", type: "password", required: true }] : [],
    "Become the owner", async (values) => {
      await api.post("/identities/provision", values);
      tell("You are the platform's owner.");
      await done();
    }));
}
