/* What pages of the staff gain from a script. Each page works without it. */
import htmx from "htmx.org";
import { startClocks } from "./clock";
import { startConfirm } from "./confirm";
import { startDrafts } from "./drafts";
import { startKeys } from "./keys";
import { startMessages } from "./messages";
import { startMenu } from "./menu";

document.documentElement.classList.add("has-script");
htmx.config.includeIndicatorCSS = false;

startDrafts();
startMessages();
startClocks();
startConfirm();
startMenu();
startKeys();

if (window.matchMedia("(max-width: 50rem)").matches) {
  for (const list of document.querySelectorAll<HTMLDetailsElement>("[data-open-narrow]")) {
    list.open = true;
  }
}
document.querySelector<HTMLElement>("[data-focus]")?.focus();
