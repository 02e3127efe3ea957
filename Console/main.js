// The console's frame: which page is shown, who is signed in.
import { api } from "./api.js";
import { button, h, link, replace } from "./dom.js";
import { act, tellProblem } from "./feedback.js";
import { audit } from "./pages/audit.js";
import { events } from "./pages/events.js";
import { explain } from "./pages/explain.js";
import { keys } from "./pages/keys.js";
import { org, orgs } from "./pages/orgs.js";
import { overview } from "./pages/overview.js";
import { providers } from "./pages/providers.js";
import { roles } from "./pages/roles.js";
import { setup } from "./pages/setup.js";
import { signIn } from "./pages/signin.js";
import { user, users } from "./pages/users.js";

const sections = [
  ["overview", "Overview", overview], ["users", "Users", users], ["orgs", "Organizations", orgs],
  ["roles", "Roles", roles], ["keys", "API keys", keys], ["providers", "Identity provider", providers],
  ["audit", "Audit", audit], ["events", "Sign-ins", events], ["explain", "Explain", explain],
];
const details = { users: user, orgs: org, explain };
const adminRoles = ["platform_owner", "platform_admin", "super_admin", "global_owner", "global_admin"];

const content = document.getElementById("content");
const menu = document.getElementById("menu");
const nav = document.getElementById("sections");
let leave = null;

/** Shows the page that the address names. A page may give a function that is called when it is left. */
async function show(event) {
  leave?.();
  leave = null;
  const [name, id] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const section = sections.find(([key]) => key === name) ?? sections[0];
  for (const item of nav.querySelectorAll("a")) {
    if (item.getAttribute("href") === `#/${section[0]}`) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  openMenu(false);
  document.title = `${section[1]} – Vestibule`;
  const page = id && details[section[0]] ? details[section[0]] : section[2];
  const place = h("div");
  replace(content, place);
  try {
    leave = await page(place, id) ?? null;
  } catch (problem) {
    if (problem.status === 401) return start();
    replace(place, h("h1", {}, section[1]), h("p", { class: "problem", role: "alert" }, problem.message));
  }
  // After a step within the console; on the first page the reader begins at the top.
  if (event) content.focus({ preventScroll: true });
}

function openMenu(isOpen) {
  menu.setAttribute("aria-expanded", String(isOpen));
  nav.classList.toggle("open", isOpen);
}

function frame(profile) {
  replace(nav, profile ? sections.map(([key, title]) => link(`#/${key}`, title)) : []);
  menu.hidden = !profile;
  replace(document.getElementById("account"), profile ? [
    h("span", { class: "who", title: profile.global_role }, profile.email),
    button("Sign out", (event) => act(event.target, async () => {
      await api.post("/profiles/me/logout").catch(() => {});
      await api.delete("/admin/session");
      location.assign("/admin/");
    }), "small"),
  ] : []);
}

/** Finds out who is there: somebody who may be here, somebody who may not, or nobody yet. */
async function start() {
  window.removeEventListener("hashchange", show);
  let profile;
  try {
    profile = await api.get("/profiles/me");
  } catch (problem) {
    frame(null);
    if (problem.status === 0 || problem.status >= 500) {
      replace(content, h("h1", {}, "Vestibule"), h("p", { class: "problem", role: "alert" }, problem.message),
        h("div", { class: "actions" }, button("Try again", start, "primary")));
      return;
    }
    const standing = await api.get("/admin/setup").catch(() => null);
    if (standing && !standing.has_owner && (!standing.has_provider || problem.status === 403)) {
      return setup(content, standing, problem, start);
    }
    return signIn(content, problem, standing);
  }
  if (!adminRoles.includes(profile.global_role)) {
    frame(null);
    return signIn(content, { status: 403, message: `${profile.email} is signed in, but does not administer the platform.` });
  }
  frame(profile);
  window.addEventListener("hashchange", show);
  await show();
}

menu.addEventListener("click", () => openMenu(menu.getAttribute("aria-expanded") !== "true"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") openMenu(false);
});
window.addEventListener("unhandledrejection", (event) => tellProblem(event.reason ?? { message: "Something failed." }));
start();
