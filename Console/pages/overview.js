// How the service does: decisions over time, caches, keys, logins.
import { api } from "../api.js";
import { areas, legend } from "../chart.js";
import { h, replace } from "../dom.js";

const every = 10_000;

/** The page; asks again until it is left. */
export async function overview(place) {
  const body = h("div");
  replace(place, h("h1", {}, "Overview"), h("p", {}, "Decisions, caches and keys of this instance over the last hour; sign-ins of the whole platform."), body);
  const refresh = async () => replace(body, picture(await api.get("/admin/overview")));
  await refresh();
  const timer = setInterval(() => refresh().catch(() => {}), every);
  return () => clearInterval(timer);
}

function picture(data) {
  const series = data.series.map((one) => ({ ...one, labels: labelsOf(one.labels) }));
  const of = (name) => series.filter((one) => one.name === name);
  const decisions = of("vestibule_decisions_total").map((one) => ({
    name: one.labels.decision === "allow" ? "allow" : `deny: ${one.labels.reason}`,
    isGood: one.labels.decision === "allow", values: rates(one.values, data.times),
    total: last(one.values) ?? 0,
  })).sort((left, right) => right.isGood - left.isGood || right.total - left.total);
  const cache = Object.fromEntries(of("vestibule_token_cache_requests_total").map((one) => [one.labels.result, last(one.values) ?? 0]));
  const asked = (cache.hit ?? 0) + (cache.miss ?? 0);
  return [
    h("section", { class: "card wide" }, h("h2", {}, "Decisions a second"),
      decisions.length ? [areas("Decisions a second over the last hour", decisions, data.times), legend(decisions)]
        : h("p", {}, "No decision yet. Point a gateway at /authorize/…")),
    h("div", { class: "cards" },
      figures("Token cache", [
        ["Hit rate", asked ? `${(100 * (cache.hit ?? 0) / asked).toFixed(1)} %` : "–"],
        ["Tokens remembered", last(of("vestibule_token_cache_entries")[0]?.values) ?? 0],
      ]),
      figures("Keys", of("vestibule_jwks_age_seconds").map((one) => [one.labels.issuer, age(last(one.values))]), "No issuer's keys are known."),
      figures("Sign-ins in the last hour", data.logins.map((login) =>
        [login.reason ? `${login.outcome}: ${login.reason}` : login.outcome, login.count]), "Nobody has signed in."),
      figures("Connections", of("vestibule_http_connections").map((one) => ["Open", last(one.values)])))];
}

function figures(title, rows, empty = "") {
  return h("section", { class: "card" }, h("h2", {}, title), rows.length
    ? h("dl", { class: "figures" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))]))
    : h("p", {}, empty));
}

/** `a="b",c="d"` as an object. */
function labelsOf(text) {
  return Object.fromEntries([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]));
}

/** Growth a second between samples; a counter that fell began anew with its process. */
function rates(values, times) {
  return values.map((value, index) => {
    if (index === 0 || times[index] === times[index - 1]) return 0;
    const before = values[index - 1] ?? 0;
    const now = value ?? 0;
    return Math.max(0, now >= before ? now - before : now) / (times[index] - times[index - 1]);
  });
}

function last(values) {
  return values?.filter((value) => value !== null).at(-1);
}

function age(seconds) {
  if (seconds === undefined) return "never fetched";
  if (seconds < 120) return `${Math.round(seconds)} s old`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min old` : `${Math.round(seconds / 3600)} h old`;
}
