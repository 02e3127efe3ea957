// Forms from a list of fields; what the service says about a field stands beside it.
import { h, replace } from "./dom.js";
import { tellProblem } from "./feedback.js";

let count = 0;

/**
 * A form. Fields: `{name, label, type?, value?, options?, hint?, required?}`; types: text (default), password, email,
 * datetime-local, textarea, list (comma separated), checkbox, select.
 * `submit(values)` is asked with what was filled in; a Problem that it throws is shown at the fields it names.
 */
export function form(fields, label, submit, extra = []) {
  const inputs = new Map();
  const rows = fields.map((field) => row(field, inputs));
  const problem = h("p", { class: "problem", role: "alert" });
  const element = h("form", { class: "form", novalidate: true }, rows, problem,
    h("div", { class: "actions" }, h("button", { class: "primary", type: "submit" }, label), extra));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(element, inputs, problem);
    const submitter = event.submitter;
    submitter?.setAttribute("disabled", "");
    try {
      await submit(values(fields, inputs), submitter);
    } catch (caught) {
      show(caught, inputs, problem);
    } finally {
      submitter?.removeAttribute("disabled");
    }
  });
  return element;
}

function row(field, inputs) {
  const id = `field-${++count}`;
  const shared = { id, name: field.name, "aria-describedby": `${id}-note`, required: field.required, autocomplete: "off" };
  let input;
  if (field.type === "select") {
    input = h("select", shared, field.options.map(([value, text]) =>
      h("option", { value, selected: value === field.value }, text)));
  } else if (field.type === "textarea") {
    input = h("textarea", { ...shared, rows: 4, spellcheck: "false" });
    input.value = field.value ?? "";
  } else if (field.type === "checkbox") {
    input = h("input", { ...shared, type: "checkbox", checked: field.value === true });
  } else {
    const type = ["password", "email", "datetime-local", "search"].includes(field.type) ? field.type : "text";
    input = h("input", { ...shared, type });
    input.value = Array.isArray(field.value) ? field.value.join(", ") : field.value ?? "";
  }
  const note = h("small", { id: `${id}-note` }, field.hint ?? "");
  inputs.set(field.name, { input, note, hint: field.hint ?? "" });
  const name = h("label", { for: id }, field.label, field.required ? " *" : "");
  return h("div", { class: `field ${field.type ?? "text"}` },
    field.type === "checkbox" ? [input, name] : [name, input], note);
}

function values(fields, inputs) {
  const result = {};
  for (const field of fields) {
    const { input } = inputs.get(field.name);
    if (field.type === "checkbox") result[field.name] = input.checked;
    else if (field.type === "list") {
      result[field.name] = input.value.split(",").map((part) => part.trim()).filter(Boolean);
    } else result[field.name] = input.value.trim();
  }
  return result;
}

function clear(element, inputs, problem) {
  replace(problem);
  for (const { input, note, hint } of inputs.values()) {
    input.removeAttribute("aria-invalid");
    note.className = "";
    replace(note, hint);
  }
}

function show(caught, inputs, problem) {
  const others = [];
  let first = null;
  for (const detail of caught.details ?? []) {
    const known = inputs.get(detail.field);
    if (!known) {
      others.push(`${detail.field}: ${detail.problem}`);
      continue;
    }
    known.input.setAttribute("aria-invalid", "true");
    known.note.className = "wrong";
    replace(known.note, detail.problem);
    first ??= known.input;
  }
  replace(problem, [caught.message, ...others].join(" "));
  (first ?? problem).focus?.();
  if (["mfa_required", "login_too_old"].includes(caught.code)) tellProblem(caught);
}
