/* What htmx could not do is said in one sentence, and the form stays as it was. */
import { forget } from "./drafts";
import { formOf, say, tell } from "./page";

interface Context {
  sourceElement?: Element;
  response?: { status: number };
}

export function startMessages(): void {
  document.addEventListener("htmx:error", () => tell(say(navigator.onLine ? "failed" : "offline")));
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: Context }>).detail;
    const form = formOf(ctx.sourceElement ?? null);
    if (form && ctx.response && ctx.response.status < 400) forget(form);
  });
  // A plain form on a dead line would end on the browser's own error page.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(say("offline"));
  }, { capture: true });
}
