// Sign-ins, good and refused.
import { badge, h, link, replace, time } from "../dom.js";
import { table } from "../table.js";

/** The page. */
export async function events(place) {
  replace(place, h("h1", {}, "Sign-ins"), table({
    caption: "Sign-ins and what came of them, the latest first", path: "/admin/auth-events",
    filters: [
      { name: "email", label: "E-mail" }, { name: "outcome", label: "Outcome" }, { name: "event", label: "Event" },
      { name: "from", label: "From", type: "datetime-local" }, { name: "to", label: "To", type: "datetime-local" },
    ],
    columns: [
      ["When", (row) => time(row.created_at)], ["Event", (row) => row.event],
      ["Outcome", (row) => badge(row.outcome, ["refused", "failed", "denied"].includes(row.outcome) ? "bad" : "good")],
      ["Why", (row) => row.reason ?? ""],
      ["Who", (row) => row.user_id ? link(`#/users/${row.user_id}`, row.email ?? row.user_id) : row.email ?? row.subject ?? ""],
      ["Provider", (row) => row.provider ?? ""], ["From", (row) => row.client_address ?? ""],
    ],
    empty: "Nothing fits.",
  }).element);
}
