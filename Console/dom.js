// Makes elements. Text is always text: nothing here reads markup.

/**
 * An element: `h("p", {class: "note"}, "text", child)`. `on…` properties are listeners, `true` and `false` set and
 * leave out an attribute, everything else is an attribute's text.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, properties, children);
  return element;
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, properties, children);
  return element;
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

/** Puts children in the place of all that an element has. */
export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

/** A link; only to places of this service or to https. */
export function link(href, ...children) {
  return h("a", { href: /^(#|\/(?!\/)|https:\/\/)/.test(href) ? href : "#" }, ...children);
}

/** A moment in the reader's own time, with the exact one as a hint. */
export function time(text) {
  if (!text) return "–";
  return h("time", { datetime: text, title: text }, new Date(text).toLocaleString());
}

/** A word in a coloured box; the colour never says more than the word. */
export function badge(text, kind = "plain") {
  return h("span", { class: `badge ${kind}` }, text);
}

/** A button. */
export function button(text, onclick, kind = "") {
  return h("button", { type: "button", class: kind, onclick }, text);
}
