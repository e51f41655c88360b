/* The desk with one hand: j and k go from line to line, Enter opens (as on any link), o says what
   stands in the way, ? shows the keys. The search with / is in menu.ts. */
import { shortcutOn, typing } from "./menu";

export function startKeys(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#keys");
  if (!dialog) return;
  document.querySelector("[data-show-keys]")?.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => onKey(event, dialog));
}

function onKey(event: KeyboardEvent, dialog: HTMLDialogElement): void {
  if (event.ctrlKey || event.altKey || event.metaKey || dialog.open) return;
  if (!shortcutOn() || typing(event.target)) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "o") cannot();
  else if (event.key === "?") dialog.showModal();
  else return;
  event.preventDefault();
}

function lines(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>(".duty-what a, .row-link")];
}

function go(step: number): void {
  const all = lines();
  const here = all.findIndex((line) => line.closest("li")?.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  const line = all[Math.max(0, Math.min(all.length - 1, next))];
  line?.focus();
  line?.scrollIntoView({ block: "nearest" });
}

function cannot(): void {
  const row = document.activeElement?.closest<HTMLElement>("[data-cannot]");
  if (row?.dataset["cannot"]) window.location.assign(row.dataset["cannot"]);
}
