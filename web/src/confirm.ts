/* Asks before a form with data-confirm is sent. Runs before htmx and before the browser. */
import { formOf } from "./page";

const agreed = new WeakSet<HTMLFormElement>();

export function startConfirm(): void {
  document.addEventListener("submit", ask, { capture: true });
}

function ask(event: SubmitEvent): void {
  const form = formOf(event.target);
  const question = form?.dataset["confirm"];
  const dialog = document.querySelector<HTMLDialogElement>("dialog#confirm");
  if (!form || !question || !dialog || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  put("confirm-text", question);
  put("confirm-yes", form.dataset["confirmLabel"] ?? submitter?.textContent ?? "");
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    agreed.add(form);
    form.requestSubmit(submitter);
  }, { once: true });
  dialog.showModal();
}

function put(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element && text) element.textContent = text;
}
