/* Cuts Noto Sans Latin Extended (56 kB a weight) down to the letters of names in Serbia and its
   neighbours, before Vite collects it. The result is kept out of the repository. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import subsetFont from "subset-font";

const FROM = "node_modules/@fontsource/noto-sans/files";
const TO = "node_modules/.cache/fonts";
const RANGES: ReadonlyArray<readonly [number, number]> = [
  [0x100, 0x17f],
  [0x218, 0x21b],
];

const letters = RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step)),
).join("");

await mkdir(TO, { recursive: true });
for (const weight of [400, 600]) {
  const whole = await readFile(`${FROM}/noto-sans-latin-ext-${weight}-normal.woff2`);
  const cut = await subsetFont(whole, letters, { targetFormat: "woff2" });
  await writeFile(`${TO}/noto-sans-latin-ext-${weight}.woff2`, cut);
}
