// Lists that page on the server.
import { api, at } from "./api.js";
import { button, h, replace } from "./dom.js";

const size = 50;

/**
 * A table over a list of the service.
 * `columns`: `[heading, (row) => cell]`; `filters`: fields of the query as `{name, label, options?, type?}`.
 * Gives `{element, reload}`.
 */
export function table({ caption, path, columns, filters = [], empty = "There is nothing yet." }) {
  let offset = 0;
  let hasMore = false;
  let wanted = 0;
  const body = h("tbody");
  const range = h("span", { "aria-live": "polite" });
  const previous = button("Previous", () => show(offset - size));
  const next = button("Next", () => show(offset + size));
  const inputs = new Map();

  async function show(from) {
    const turn = ++wanted;
    const parameters = { limit: size, offset: Math.max(0, from) };
    for (const [name, input] of inputs) parameters[name] = read(input);
    try {
      const answer = await api.list(at(path, parameters));
      if (turn !== wanted) return;
      offset = parameters.offset;
      hasMore = answer.page?.has_more ?? false;
      const rows = answer.data;
      replace(body, rows.length
        ? rows.map((row) => h("tr", {}, columns.map(([heading, cell]) => h("td", { "data-label": heading }, h("div", {}, cell(row))))))
        : h("tr", {}, h("td", { colspan: columns.length, class: "empty" }, empty)));
      replace(range, rows.length ? `${offset + 1} to ${offset + rows.length}` : "");
    } catch (problem) {
      if (turn !== wanted) return;
      hasMore = false;
      replace(body, h("tr", {}, h("td", { colspan: columns.length, class: "empty bad", role: "alert" }, problem.message)));
      replace(range);
    }
    previous.disabled = offset === 0;
    next.disabled = !hasMore;
    pager.hidden = offset === 0 && !hasMore;
  }

  function read(input) {
    const value = input.value.trim();
    return input.type === "datetime-local" && value ? new Date(value).toISOString() : value;
  }

  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(0), 250);
  };
  const controls = filters.map((filter) => {
    const input = filter.options
      ? h("select", { onchange: () => show(0) }, [["", "any"], ...filter.options].map(([value, text]) => h("option", { value }, text)))
      : h("input", { type: filter.type ?? "search", autocomplete: "off", oninput: later });
    if (filter.value) input.value = filter.value;
    inputs.set(filter.name, input);
    return h("label", { class: "filter" }, filter.label, input);
  });
  const pager = h("div", { class: "pager" }, previous, range, next);
  const element = h("div", { class: "list" },
    filters.length ? h("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() }, controls) : null,
    h("div", { class: "scroll" }, h("table", {}, h("caption", {}, caption),
      h("thead", {}, h("tr", {}, columns.map(([heading]) => h("th", { scope: "col" }, heading)))), body)),
    pager);
  show(0);
  return { element, reload: () => show(offset) };
}
