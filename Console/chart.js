// A stacked area chart in SVG, with the same figures in words for who can't see it.
import { h, svg } from "./dom.js";

const width = 720;
const height = 180;
const left = 44;
const bottom = 20;
/** So many reasons have colours of their own; the rest share one. */
const colours = 7;

/** The chart of series `{name, isGood, values}` over times in seconds. */
export function areas(title, series, times) {
  const sums = times.map(() => 0);
  const first = times[0];
  const span = Math.max(1, times.at(-1) - first);
  for (const one of series) one.values.forEach((value, index) => { sums[index] += value; });
  const top = nice(Math.max(...sums, 0));
  const x = (time) => left + (width - left) * (time - first) / span;
  const y = (value) => (height - bottom) * (1 - value / top);
  const floor = times.map(() => 0);
  const shapes = series.map((one, index) => {
    const up = times.map((time, at) => `${x(time).toFixed(1)},${y(floor[at] + one.values[at]).toFixed(1)}`);
    const down = times.map((time, at) => `${x(time).toFixed(1)},${y(floor[at]).toFixed(1)}`).reverse();
    one.values.forEach((value, at) => { floor[at] += value; });
    return svg("polygon", { points: [...up, ...down].join(" "), class: colour(one, index) }, svg("title", {}, one.name));
  });
  const now = series.map((one) => `${one.name} ${number(one.values.at(-1))}`).join(", ");
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}. Now: ${now}`, class: "chart" },
    [0, top / 2, top].map((value) => [
      svg("line", { x1: left, x2: width, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: left - 6, y: y(value) + (value === top ? 10 : 0), "text-anchor": "end" }, number(value))]),
    shapes,
    svg("text", { x: left, y: height - 4 }, new Date(first * 1000).toLocaleTimeString()),
    svg("text", { x: width, y: height - 4, "text-anchor": "end" }, new Date(times.at(-1) * 1000).toLocaleTimeString()));
}

/** What the colours mean, with how much of each there is now and was in all. */
export function legend(series) {
  return h("ul", { class: "legend" }, series.map((one, index) =>
    h("li", {}, h("span", { class: `swatch ${colour(one, index)}`, "aria-hidden": "true" }),
      `${one.name}: ${number(one.values.at(-1))}/s, ${one.total} in all`)));
}

function colour(one, index) {
  return one.isGood ? "good-area" : `area-${Math.min(index, colours)}`;
}

function number(value) {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** The next round number. */
function nice(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}
