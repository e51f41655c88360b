/* Nothing that was typed is lost. What stands in a form is kept in this tab until the server has
   taken it; it goes when it was sent, when people sign out, and with the tab. Passwords, files and
   hidden fields are never kept, nor forms with data-no-draft; but the token by which the server
   knows a form sent twice is: its answer may have been lost on the way. */
import { formOf, say } from "./page";

const PREFIX = "draft:";
const SENT = "sent:";
const TOKEN = "client_token";

interface Draft {
  actor: string;
  values: Array<[string, string]>;
}

export function startDrafts(): void {
  forgetOthers();
  settleSent();
  for (const form of document.forms) restore(form);
  document.addEventListener("input", (event) => keep(formOf(event.target)));
  document.addEventListener("change", (event) => keep(formOf(event.target)));
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:after:swap", () => {
    for (const form of document.forms) restore(form);
  });
}

/** Forgets what was typed into a form, after the server has taken it. */
export function forget(form: HTMLFormElement): void {
  sessionStorage.removeItem(PREFIX + keyOf(form));
  form.querySelector(".restored")?.remove();
}

function onSubmit(event: SubmitEvent): void {
  const form = formOf(event.target);
  if (!form || event.defaultPrevented) return;
  if (form.matches("[data-sign-out]")) forgetAll();
  else if (form.method === "post" && keepable(form)) sessionStorage.setItem(SENT + keyOf(form), location.pathname);
}

/** A form was taken if its page led on to this one and this one does not show it with mistakes. */
function settleSent(): void {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const from = document.referrer ? new URL(document.referrer).pathname : "";
  for (const name of namesWith(SENT)) {
    const arrived = entry?.type === "navigate" && from === sessionStorage.getItem(name);
    if (arrived && !document.querySelector(".error-summary")) {
      sessionStorage.removeItem(PREFIX + name.slice(SENT.length));
    }
    sessionStorage.removeItem(name);
  }
}

function keep(form: HTMLFormElement | null): void {
  if (!form || !keepable(form)) return;
  const values = fieldsOf(form).flatMap((field): Array<[string, string]> => {
    if (field instanceof HTMLSelectElement && field.multiple) {
      return Array.from(field.selectedOptions, (option) => [field.name, option.value]);
    }
    return isChoice(field) && !field.checked ? [] : [[field.name, field.value]];
  });
  const draft: Draft = { actor: actor(), values };
  sessionStorage.setItem(PREFIX + keyOf(form), JSON.stringify(draft));
}

function restore(form: HTMLFormElement): void {
  const stored = sessionStorage.getItem(PREFIX + keyOf(form));
  if (!stored || !keepable(form) || form.dataset["restored"] || form.querySelector(".has-error")) return;
  form.dataset["restored"] = "yes";
  const { values } = JSON.parse(stored) as Draft;
  if (put(form, values)) explain(form);
}

/** Fills a form; true if that changed anything. */
function put(form: HTMLFormElement, values: Array<[string, string]>): boolean {
  const wanted = new Map<string, string[]>();
  for (const [name, value] of values) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  let changed = false;
  for (const field of fieldsOf(form)) {
    changed = putOne(field, wanted.get(field.name) ?? []) || changed;
  }
  return changed;
}

function putOne(field: Field, values: string[]): boolean {
  if (isChoice(field)) {
    const before = field.checked;
    field.checked = values.includes(field.value);
    return before !== field.checked;
  }
  if (field instanceof HTMLSelectElement && field.multiple) {
    for (const option of field.options) option.selected = values.includes(option.value);
    return values.length > 0;
  }
  const [value] = values;
  if (value === undefined || value === field.value) return false;
  field.value = value;
  return true;
}

function explain(form: HTMLFormElement): void {
  const note = document.createElement("p");
  note.className = "restored";
  note.setAttribute("role", "status");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "btn btn-quiet";
  discard.textContent = say("discard");
  discard.addEventListener("click", () => {
    forget(form);
    location.replace(location.href); // with a new token: what is typed next is something else
  });
  note.append(say("restored"), discard);
  form.prepend(note);
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fieldsOf(form: HTMLFormElement): Field[] {
  return Array.from(form.elements).filter(
    (field): field is Field =>
      (field instanceof HTMLTextAreaElement ||
        field instanceof HTMLSelectElement ||
        (field instanceof HTMLInputElement &&
          (field.name === TOKEN || !["hidden", "password", "file", "submit"].includes(field.type)))) &&
      field.name !== "" &&
      field.autocomplete !== "one-time-code",
  );
}

function isChoice(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function keepable(form: HTMLFormElement): boolean {
  const method = form.hasAttribute("hx-post") ? "post" : form.method;
  return method === "post" && actor() !== "" && !form.hasAttribute("data-no-draft");
}

function keyOf(form: HTMLFormElement): string {
  const action = form.getAttribute("hx-post") ?? form.getAttribute("action") ?? "";
  return [location.pathname, form.id, action].join("|");
}

function actor(): string {
  return document.body.dataset["actor"] ?? "";
}

function namesWith(prefix: string): string[] {
  return Object.keys(sessionStorage).filter((name) => name.startsWith(prefix));
}

function forgetAll(): void {
  for (const name of [...namesWith(PREFIX), ...namesWith(SENT)]) sessionStorage.removeItem(name);
}

/** Whoever signs in on the same tab finds nothing of the person before. */
function forgetOthers(): void {
  for (const name of namesWith(PREFIX)) {
    const draft = JSON.parse(sessionStorage.getItem(name) ?? "{}") as Partial<Draft>;
    if (draft.actor !== actor()) sessionStorage.removeItem(name);
  }
}
