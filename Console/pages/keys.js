// API keys of the platform's modules.
import { api } from "../api.js";
import { badge, button, h, replace, time } from "../dom.js";
import { act, confirm, showOnce, tell } from "../feedback.js";
import { form } from "../form.js";
import { table } from "../table.js";

const seen = "It is shown this once and never again; only a digest is stored.";

/** The page. */
export async function keys(place) {
  const list = table({
    caption: "API keys", path: "/admin/api-keys", columns: [
      ["Name", (key) => key.name], ["Module", (key) => key.module], ["Key", (key) => h("code", {}, `vst_${key.key_id}_…`)],
      ["Organization", (key) => key.org_id ? h("code", {}, key.org_id) : "all"],
      ["Networks", (key) => (key.allow_cidrs ?? []).join(", ") || "any"],
      ["State", state], ["Last used", (key) => time(key.last_used_at)],
      ["Actions", (key) => key.revoked_at ? "" : [
        button("Rotate", async (event) => {
          const made = await act(event.target, () => api.post(`/admin/api-keys/${key.id}/rotate`));
          if (made) showOnce("The new key", `${seen} The former one keeps working for a while.`, made.key);
          list.reload();
        }, "small"),
        button("Revoke", async (event) => {
          if (!await confirm("Revoke the key?", `${key.name} stops working at once.`, "Revoke")) return;
          await act(event.target, () => api.delete(`/admin/api-keys/${key.id}`), `${key.name} is revoked.`);
          list.reload();
        }, "danger small")]],
    ],
  });
  const fresh = form([
    { name: "name", label: "Name", required: true },
    { name: "module", label: "Module", required: true, hint: "such as accounting; scim for an identity provider's provisioning" },
    { name: "org_id", label: "Organization id", hint: "empty for all" },
    { name: "allow_cidrs", label: "Networks", type: "list", hint: "such as 10.0.0.0/8; empty for any" },
    { name: "expires_at", label: "Expires", type: "datetime-local" },
  ], "Make a key", async (values) => {
    if (!values.org_id) delete values.org_id;
    if (values.expires_at) values.expires_at = new Date(values.expires_at).toISOString();
    else delete values.expires_at;
    const made = await api.post("/admin/api-keys", values);
    showOnce("The key", seen, made.key);
    tell(`${values.name} is made.`);
    list.reload();
  });
  replace(place, h("h1", {}, "API keys"), list.element, h("details", {}, h("summary", {}, "New key"), fresh));
}

function state(key) {
  if (key.revoked_at) return badge("revoked", "bad");
  if (key.expires_at && new Date(key.expires_at) < new Date()) return badge("expired", "bad");
  return key.expires_at ? [badge("until", "good"), " ", time(key.expires_at)] : badge("good", "good");
}
