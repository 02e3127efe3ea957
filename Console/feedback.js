// What came of an action, and questions before dangerous ones.
import { button, h, replace } from "./dom.js";

let timer = 0;

/** Tells the result of an action, to eyes and screen readers. */
export function tell(text, kind = "good") {
  const place = document.getElementById("notice");
  replace(place, h("p", { class: kind }, text, button("Close", () => replace(place), "small")));
  clearTimeout(timer);
  timer = setTimeout(() => replace(place), kind === "good" ? 8000 : 30000);
}

/** Tells why an action failed, and offers to sign in again where that helps. */
export function tellProblem(problem) {
  const details = (problem.details ?? []).map((detail) => `${detail.field} ${detail.problem}`).join("; ");
  const text = [problem.message, details, problem.requestID && `(request ${problem.requestID})`].filter(Boolean).join(" ");
  tell(text, "bad");
  if (["mfa_required", "login_too_old"].includes(problem.code)) {
    document.querySelector("#notice p").append(
      h("a", { class: "button small", href: "/admin/session/begin?again=true" }, "Sign in again"));
  }
}

/** Runs an action with its button disabled; tells the result. */
export async function act(element, action, done) {
  element?.setAttribute("disabled", "");
  try {
    const result = await action();
    if (done) tell(typeof done === "function" ? done(result) : done);
    return result;
  } catch (problem) {
    tellProblem(problem);
    return undefined;
  } finally {
    element?.removeAttribute("disabled");
  }
}

/** Asks before something that can't be taken back; resolves to whether the answer was yes. */
export function confirm(title, text, yes) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "question" },
      h("h2", { id: "question" }, title), h("p", {}, text),
      h("div", { class: "actions" },
        button("Cancel", () => dialog.close("no")), button(yes, () => dialog.close("yes"), "danger")));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Shows something that can be seen only once, such as a new key. */
export function showOnce(title, text, secret) {
  const dialog = h("dialog", { "aria-labelledby": "once" },
    h("h2", { id: "once" }, title), h("p", {}, text), h("p", {}, h("code", { class: "secret", tabindex: "0" }, secret)),
    h("div", { class: "actions" }, copyButton(secret), button("I have kept it", () => dialog.close(), "primary")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** A button that copies a text. */
export function copyButton(text) {
  return button("Copy", async (event) => {
    try {
      await navigator.clipboard.writeText(text);
      event.target.textContent = "Copied";
    } catch {
      tell("The browser does not let the page copy; select the text instead.", "bad");
    }
  }, "small");
}
