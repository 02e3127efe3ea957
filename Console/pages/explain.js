// Why somebody is let through, or is not.
import { api } from "../api.js";
import { badge, h, replace } from "../dom.js";
import { form } from "../form.js";

/** The page; with an id, about that user. */
export async function explain(place, user) {
  const results = h("div", { "aria-live": "polite" });
  const fields = [
    { name: "token", label: "Token", type: "textarea", hint: "it is verified like any other, and not kept" },
    { name: "user_id", label: "or user id", value: user ?? "", hint: "judged as if just signed in with every factor" },
    { name: "method", label: "Method", value: "GET" }, { name: "path", label: "Path", value: "/" },
    { name: "host", label: "Host", hint: "only for rules of one host" },
    { name: "org_id", label: "X-Org-Id", hint: "the organization that the request names" },
  ];
  replace(place, h("h1", {}, "Explain"), h("p", {}, "Every check in its order, and what would be needed to pass. Nothing is written."),
    form(fields, "Explain", async (values) => {
      for (const [name, value] of Object.entries(values)) if (value === "") delete values[name];
      replace(results, answer(await api.post("/admin/explain", values)));
    }), results);
}

function answer(result) {
  const kinds = { passed: "good", failed: "bad" };
  return [
    h("h2", {}, badge(result.allowed ? "allow" : "deny", result.allowed ? "good" : "bad")),
    h("div", { class: "scroll" }, h("table", {}, h("caption", {}, "Checks"),
      h("thead", {}, h("tr", {}, ["Check", "Verdict", "Found", "Passes"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, result.checks.map((check) => h("tr", {}, h("th", { scope: "row" }, check.check),
        h("td", {}, badge(check.verdict.replace("_", " "), kinds[check.verdict] ?? "plain")), h("td", {}, check.actual),
        h("td", {}, check.verdict === "failed" ? check.expected : "")))))),
    result.needed?.length ? [h("h2", {}, "What it would take"), h("ul", {}, result.needed.map((one) =>
      h("li", {}, `${one.check}: ${one.what}`)))] : null,
    Object.keys(result.facts).length ? h("dl", {}, Object.entries(result.facts).filter(([, value]) => value !== "").map(([name, value]) =>
      [h("dt", {}, name), h("dd", {}, value)])) : null,
  ];
}
