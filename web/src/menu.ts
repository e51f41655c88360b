/* The menu closes when one leaves it; look and shortcut are choices of this device. */

const YEAR = 31_536_000;

export function startMenu(): void {
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", onKey);
  for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
    button.addEventListener("click", () => setTheme(button.dataset["setTheme"] ?? ""));
  }
  startShortcut();
}

function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape") {
    const menu = document.querySelector<HTMLDetailsElement>("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  } else if (event.key === "/" && shortcutOn() && !typing(event.target)) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  }
}

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function setTheme(theme: string): void {
  if (theme) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
  for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
    button.ariaPressed = String(button.dataset["setTheme"] === theme);
  }
}

/* WCAG 2.1.4: a shortcut of one character can be turned off. */
export function shortcutOn(): boolean {
  return localStorage.getItem("shortcut") !== "off";
}

function startShortcut(): void {
  const button = document.querySelector<HTMLElement>("[data-shortcuts]");
  if (!button) return;
  button.ariaPressed = String(shortcutOn());
  button.addEventListener("click", () => {
    localStorage.setItem("shortcut", shortcutOn() ? "off" : "on");
    button.ariaPressed = String(shortcutOn());
  });
}
