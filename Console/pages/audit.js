// Who changed what.
import { h, link, replace, time } from "../dom.js";
import { table } from "../table.js";

/** The page. */
export async function audit(place) {
  replace(place, h("h1", {}, "Audit"), h("p", {}, "All changes, which nobody can change afterwards. ",
    link("/admin/audit?format=ndjson&limit=1000", "The last thousand as NDJSON")), table({
    caption: "Changes, the latest first", path: "/admin/audit",
    filters: [
      { name: "action", label: "Action" }, { name: "resource_type", label: "Resource" },
      { name: "actor_id", label: "By (user id)" }, { name: "org_id", label: "Organization id" },
      { name: "from", label: "From", type: "datetime-local" }, { name: "to", label: "To", type: "datetime-local" },
    ],
    columns: [
      ["When", (row) => time(row.created_at)], ["Action", (row) => row.action],
      ["Resource", (row) => [row.resource_type, " ", h("code", {}, row.resource_id ?? "")]],
      ["By", (row) => row.actor_id ? link(`#/users/${row.actor_id}`, `${row.actor_kind} ${row.actor_id.slice(0, 8)}`) : row.actor_kind],
      ["From", (row) => row.client_address ?? ""], ["What", (row) => difference(row)],
    ],
    empty: "Nothing fits.",
  }).element);
}

function difference(row) {
  if (!row.before && !row.after) return row.details ? h("code", {}, JSON.stringify(row.details)) : "";
  return h("details", {}, h("summary", {}, "Before and after"),
    h("pre", { tabindex: "0" }, JSON.stringify({ before: row.before, after: row.after }, null, 2)));
}
