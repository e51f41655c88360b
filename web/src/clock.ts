/* Keeps the clocks of spona/base/clock.py running. Same words, same rounding, server's time. */

export interface Sentences {
  late: string;
  left: string;
  minutes: string;
  hours: string;
  one: string;
  few: string;
  other: string;
}

const EVERY = 30_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

export function startClocks(): void {
  const { clockSentences, now } = document.body.dataset;
  if (!clockSentences || !now) return;
  const sentences = JSON.parse(clockSentences) as Sentences;
  const ahead = Date.parse(now) - Date.now(); // a wrong clock on the phone must not move a deadline
  window.setInterval(() => turn(sentences, Date.now() + ahead), EVERY);
}

function turn(sentences: Sentences, now: number): void {
  for (const clock of document.querySelectorAll<HTMLElement>("[data-clock]")) {
    const due = Date.parse(clock.dataset["due"] ?? "");
    if (Number.isNaN(due) || clock.classList.contains("is-done")) continue;
    const since = Date.parse(clock.dataset["since"] ?? "");
    const words = clock.querySelector("[data-clock-words]");
    const text = clockWords(sentences, due, now);
    if (words && words.textContent !== text) words.textContent = text;
    clock.querySelector(".ring-left")?.setAttribute("stroke-dasharray", `${ringLeft(since, due, now)} 100`);
    if (due < now) markLate(clock);
  }
}

function markLate(clock: HTMLElement): void {
  if (!clock.classList.contains("is-today") && !clock.classList.contains("is-on_time")) return;
  clock.classList.remove("is-today", "is-on_time");
  clock.classList.add("is-overdue");
  const row = clock.closest<HTMLElement>("[data-state]");
  const glyph = document.querySelector<HTMLTemplateElement>("template#glyph-overdue");
  if (!row || !glyph) return;
  row.dataset["state"] = "overdue";
  row.querySelector(".duty-glyph")?.replaceChildren(glyph.content.cloneNode(true));
}

export function clockWords(sentences: Sentences, due: number, now: number): string {
  const pattern = due < now ? sentences.late : sentences.left;
  return pattern.replace("%(span)s", spanWords(sentences, Math.abs(due - now)));
}

export function spanWords(sentences: Sentences, span: number): string {
  const minutes = Math.floor(span / MINUTE);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(minutes / 1440);
  if (days > 0) {
    const rest = days < 2 ? hours % 24 : 0;
    return fill(dayPattern(sentences, days), days) + (rest ? ` ${fill(sentences.hours, rest)}` : "");
  }
  if (hours > 0) {
    const rest = hours < 5 ? minutes % 60 : 0;
    return fill(sentences.hours, hours) + (rest ? ` ${fill(sentences.minutes, rest)}` : "");
  }
  return fill(sentences.minutes, minutes);
}

function dayPattern(sentences: Sentences, days: number): string {
  const rule = new Intl.PluralRules(document.documentElement.lang).select(days);
  return rule === "one" || rule === "few" ? sentences[rule] : sentences.other;
}

function fill(pattern: string, count: number): string {
  return pattern.replace("%(n)d", String(count));
}

export function ringLeft(since: number, due: number, now: number): number {
  if (due <= now) return 100;
  const whole = Number.isNaN(since) || since >= due ? DAY : due - since;
  return Math.max(1, Math.min(100, Math.round((100 * (due - now)) / whole)));
}
