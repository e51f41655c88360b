/* What Django says to the script: sentences and facts in data attributes of <body>. */

/** A sentence of the page in its language; the attribute is data-say-<name>. */
export function say(name: string): string {
  return document.body.dataset[`say${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`] ?? "";
}

/** Shows one sentence in the live region, in place of what stood there. */
export function tell(sentence: string): void {
  const region = document.getElementById("messages");
  if (!region) return;
  const line = document.createElement("p");
  line.className = "message message-error";
  line.textContent = sentence;
  region.replaceChildren(line);
  region.scrollIntoView({ block: "nearest" });
}

/** The form to which an element belongs, itself included. */
export function formOf(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element ? target.closest("form") : null;
}
