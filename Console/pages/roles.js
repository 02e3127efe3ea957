// Roles and what they permit.
import { api } from "../api.js";
import { badge, button, h, replace } from "../dom.js";
import { act, confirm, tell } from "../feedback.js";
import { form } from "../form.js";
import { table } from "../table.js";

/** The page. */
export async function roles(place) {
  const editor = h("div");
  const list = table({
    caption: "Roles", path: "/admin/roles", columns: [
      ["Code", (role) => h("code", {}, role.code)], ["Name", (role) => role.name],
      ["Of", (role) => role.org_id ? h("code", {}, role.org_id) : role.is_system ? badge("system") : "the platform"],
      ["Permissions", (role) => h("ul", { class: "inline" }, (role.permissions ?? []).map((code) => h("li", {}, h("code", {}, code))))],
      ["Actions", (role) => role.is_system ? "" : [
        button("Edit", () => edit(editor, role, list), "small"),
        button("Delete", async (event) => {
          if (!await confirm("Delete the role?", `Everybody who has ${role.code} loses what it permits, at once.`, "Delete")) return;
          await act(event.target, () => api.delete(`/admin/roles/${role.id}`), `${role.code} is deleted.`);
          list.reload();
        }, "danger small")]],
    ],
  });
  const assign = form([
    { name: "user_id", label: "User id", required: true },
    { name: "org_id", label: "Organization id", hint: "empty for roles of the platform" },
    { name: "roles", label: "Roles", type: "list", hint: "their codes; all others are taken away" },
  ], "Assign", async ({ user_id: user, org_id: org, roles: codes }) => {
    await api.put(`/admin/users/${encodeURIComponent(user)}/roles`, { ...(org ? { org_id: org } : {}), roles: codes });
    tell("The roles are assigned.");
  });
  replace(place, h("h1", {}, "Roles"), list.element,
    h("div", { class: "actions" }, button("New role", () => edit(editor, null, list), "primary")), editor,
    h("h2", {}, "Who has them"), assign);
}

function edit(place, role, list) {
  const fields = [
    { name: "code", label: "Code", required: true, value: role?.code, hint: "such as accountant" },
    { name: "name", label: "Name", required: true, value: role?.name },
    { name: "permissions", label: "Permissions", type: "list", value: role?.permissions, hint: "resource:action, * for any" },
  ];
  if (!role) fields.splice(2, 0, { name: "org_id", label: "Organization id", hint: "empty for all" });
  replace(place, h("section", { class: "card", "aria-label": role ? `Role ${role.code}` : "New role" }, form(fields, "Save", async (values) => {
    if (!values.org_id) delete values.org_id;
    await (role ? api.put(`/admin/roles/${role.id}`, values) : api.post("/admin/roles", values));
    tell(`${values.code} is saved.`);
    replace(place);
    list.reload();
  }, [button("Cancel", () => replace(place))])));
  place.querySelector("input").focus();
}
