// Organizations, and one of them with its members, invites and domains.
import { api } from "../api.js";
import { badge, button, h, link, replace, time } from "../dom.js";
import { act, confirm, copyButton, tell } from "../feedback.js";
import { form } from "../form.js";
import { table } from "../table.js";

const roles = ["org_user", "org_admin", "org_owner"].map((role) => [role, role]);

/** The list. */
export async function orgs(place) {
  const list = table({
    caption: "All organizations", path: "/orgs", filters: [{ name: "slug", label: "Slug" }],
    columns: [
      ["Name", (org) => link(`#/orgs/${org.id}`, org.name)], ["Slug", (org) => org.slug],
      ["Since", (org) => time(org.created_at)],
    ],
  });
  const fresh = form([{ name: "name", label: "Name", required: true }], "Make an organization", async (values) => {
    const org = await api.post("/orgs", values);
    tell(`${org.name} is made.`);
    location.hash = `#/orgs/${org.id}`;
  });
  replace(place, h("h1", {}, "Organizations"), list.element, h("details", {}, h("summary", {}, "New organization"), fresh));
}

/** One organization. */
export async function org(place, id) {
  const found = await api.get(`/orgs/${id}`);
  replace(place, h("p", {}, link("#/orgs", "All organizations")), h("h1", {}, found.name),
    h("p", {}, found.slug, " ", h("code", {}, found.id)), found.description ? h("p", {}, found.description) : null,
    members(id), invites(id), domains(id));
}

function section(title, list, label, fields, submit) {
  const fresh = form(fields, label, async (values) => {
    await submit(values);
    fresh.reset();
    list.reload();
  });
  return h("section", { class: "titled" }, h("h2", {}, title), list.element, h("details", {}, h("summary", {}, label), fresh));
}

function members(org) {
  const path = `/orgs/${org}/members`;
  const list = table({
    caption: "Members", path, columns: [
      ["E-mail", (row) => link(`#/users/${row.user_id}`, row.email ?? row.user_id)], ["Name", (row) => row.full_name ?? ""],
      ["Role", (row) => roleChoice(row, path, () => list.reload())], ["Since", (row) => time(row.created_at)],
      ["Actions", (row) => button("Remove", async (event) => {
        if (!await confirm("Remove the member?", `${row.email} loses this organization at once.`, "Remove")) return;
        await act(event.target, () => api.delete(`${path}/${row.user_id}`), `${row.email} is removed.`);
        list.reload();
      }, "danger small")],
    ],
  });
  return section("Members", list, "Invite or add", [
    { name: "email", label: "E-mail", type: "email", required: true, hint: "who has no account yet is invited" },
    { name: "role", label: "Role", type: "select", options: roles },
  ], async (values) => {
    await api.post(path, values);
    tell(`${values.email} is invited.`);
  });
}

function roleChoice(row, path, reload) {
  const select = h("select", { "aria-label": `Role of ${row.email}`, onchange: async () => {
    await act(select, () => api.put(`${path}/${row.user_id}`, { role: select.value }), `${row.email} is ${select.value} now.`);
    reload();
  } }, roles.map(([value, text]) => h("option", { value, selected: value === row.role }, text)));
  return select;
}

function invites(org) {
  const path = `/orgs/${org}/invites`;
  const list = table({
    caption: "Invites", path, empty: "Nobody is invited.", columns: [
      ["E-mail", (row) => row.email], ["Role", (row) => row.role],
      ["State", (row) => badge(row.status, row.status === "pending" ? "warn" : row.status === "accepted" ? "good" : "plain")],
      ["Until", (row) => time(row.expires_at)],
      ["Actions", (row) => row.status !== "pending" ? "" : [
        button("Resend", (event) => act(event.target, async () => {
          await api.post(`${path}/${row.id}/resend`);
          list.reload();
        }, `${row.email} is invited again.`), "small"),
        button("Revoke", async (event) => {
          if (!await confirm("Revoke the invite?", `${row.email} can't come in by it any more.`, "Revoke")) return;
          await act(event.target, () => api.delete(`${path}/${row.id}`), "The invite is revoked.");
          list.reload();
        }, "danger small")]],
    ],
  });
  return section("Invites", list, "Invite", [
    { name: "email", label: "E-mail", type: "email", required: true },
    { name: "role", label: "Role", type: "select", options: roles },
  ], async (values) => {
    await api.post(path, values);
    tell(`${values.email} is invited.`);
  });
}

function domains(org) {
  const path = `/orgs/${org}/domains`;
  const list = table({
    caption: "E-mail domains", path, empty: "No domain lets people in by itself.", columns: [
      ["Domain", (row) => row.domain],
      ["State", (row) => row.is_verified ? badge("verified", "good") : badge("not verified", "warn")],
      ["Lets in", (row) => row.auto_provision ? `as ${row.default_role}` : "nobody"],
      ["DNS record", (row) => [h("code", {}, `${row.verification.name} TXT "${row.verification.value}"`), " ",
        copyButton(row.verification.value)]],
      ["Actions", (row) => [row.is_verified ? null : button("Verify", (event) => act(event.target, async () => {
        const domain = await api.post(`${path}/${row.id}/verify`);
        list.reload();
        return domain;
      }, (domain) => domain?.is_verified ? `${row.domain} is verified.` : "The record was not found yet."), "primary small"),
      button("Remove", async (event) => {
        if (!await confirm("Remove the domain?", `Nobody comes in by ${row.domain} any more.`, "Remove")) return;
        await act(event.target, () => api.delete(`${path}/${row.id}`), `${row.domain} is removed.`);
        list.reload();
      }, "danger small")]],
    ],
  });
  return section("E-mail domains", list, "Add a domain", [
    { name: "domain", label: "Domain", required: true, hint: "such as example.com" },
    { name: "default_role", label: "Role of who comes in by it", type: "select", options: roles.slice(0, 2) },
    { name: "auto_provision", label: "Let people in once it is verified", type: "checkbox", value: true },
  ], async (values) => {
    await api.post(path, values);
    tell(`${values.domain} is added; set the DNS record and verify.`);
  });
}
