import assert from "node:assert/strict";
import { MARK } from "../../lab/pictures/page/page-style.ts";
import { DARK, LIGHT } from "../../lab/pictures/style.ts";

/** WCAG 2.2 relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[0-9a-f]{2}/g) ?? []).map((part) => {
    const value = Number.parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe("the pictures' colours", () => {
  const inks = [
    "text",
    "quiet",
    "accent",
    "clear",
    "tls",
    "through",
    "mesh",
    "backend",
    "broken",
    "warning",
    "good",
  ] as const;
  for (const [name, theme] of Object.entries({ LIGHT, DARK })) {
    for (const ground of ["ground", "surface", "lane", "box"] as const) {
      it(`can be read on ${ground}, ${name} (WCAG AA, 4.5:1)`, () => {
        for (const ink of inks) {
          const ratio = contrast(theme[ink], theme[ground]);
          assert.ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
        }
      });
    }
    it(`can be read on highlighted lines, ${name}`, () => {
      const ground = name === "LIGHT" ? MARK.light : MARK.dark;
      for (const ink of ["text", "accent"] as const) assert.ok(contrast(theme[ink], ground) >= 4.5, ink);
    });
    it(`frames boxes visibly, ${name} (WCAG 1.4.11, boxes also differ by their ground)`, () => {
      assert.ok(contrast(theme["box-edge"], theme.box) >= 2);
    });
  }
});
