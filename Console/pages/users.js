// The platform's people, and one of them.
import { api } from "../api.js";
import { badge, button, h, link, replace, time } from "../dom.js";
import { act, confirm, tell } from "../feedback.js";
import { form } from "../form.js";
import { table } from "../table.js";

export const globalRoles = ["platform_owner", "platform_admin", "super_admin", "global_owner", "global_admin", "global_user"];
const state = (user) => user.is_active ? badge("active", "good") : badge("deactivated", "bad");

/** The list. */
export async function users(place) {
  replace(place, h("h1", {}, "Users"), table({
    caption: "Everybody who has an account", path: "/admin/users",
    filters: [
      { name: "search", label: "Name or e-mail" },
      { name: "global_role", label: "Role", options: globalRoles.map((role) => [role, role]) },
      { name: "is_active", label: "State", options: [["true", "active"], ["false", "deactivated"]] },
    ],
    columns: [
      ["E-mail", (user) => link(`#/users/${user.id}`, user.email ?? user.id)], ["Name", (user) => user.full_name ?? ""],
      ["Role", (user) => user.global_role ?? ""], ["State", state], ["Since", (user) => time(user.created_at)],
    ],
    empty: "Nobody fits.",
  }).element);
}

/** One person. */
export async function user(place, id) {
  const person = await api.get(`/identities/${id}`);
  const { user: account, profile, identities = [] } = person;
  const organizations = person.organizations ?? profile?.organizations ?? [];
  const reload = () => user(place, id);
  const role = form([{ name: "global_role", label: "Role on the platform", type: "select",
    value: profile?.global_role, options: globalRoles.map((name) => [name, name]) }], "Change the role", async (values) => {
    await api.put(`/admin/users/${id}`, values);
    tell(`${account.email} is ${values.global_role} now.`);
    await reload();
  });
  replace(place, h("p", {}, link("#/users", "All users")), h("h1", {}, profile?.full_name || account.email),
    h("p", {}, state(account), " ", account.email, " ", h("code", {}, account.id)),
    h("div", { class: "actions" }, account.is_active
      ? button("Deactivate", (event) => deactivate(event.target, account, reload), "danger")
      : button("Reactivate", (event) => act(event.target, async () => {
        await api.post(`/identities/${id}/reactivate`);
        await reload();
      }, `${account.email} may sign in again.`)),
    link(`#/explain/${id}`, "Explain what they may call")),
    h("h2", {}, "Role"), role,
    h("h2", {}, "Signs in by"), identities.length ? h("ul", {}, identities.map((identity) =>
      h("li", {}, `${identity.provider}: ${identity.subject} at ${identity.issuer}`))) : h("p", {}, "Nothing yet."),
    h("h2", {}, "Organizations"), organizations.length ? h("ul", {}, organizations.map((membership) =>
      h("li", {}, link(`#/orgs/${membership.org_id}`, membership.name), ` as ${membership.role}`))) : h("p", {}, "None."),
    table({
      caption: "Last sign-ins", path: `/admin/auth-events?user_id=${id}`, columns: [
        ["When", (row) => time(row.created_at)], ["Event", (row) => row.event], ["Outcome", (row) => row.outcome],
        ["Provider", (row) => row.provider ?? ""], ["From", (row) => row.client_address ?? ""],
      ],
    }).element);
}

async function deactivate(element, account, reload) {
  if (!await confirm("Deactivate?", `${account.email} is locked out at once, everywhere. It can be undone.`, "Deactivate")) return;
  await act(element, async () => {
    await api.delete(`/identities/${account.id}`);
    await reload();
  }, `${account.email} is deactivated.`);
}
