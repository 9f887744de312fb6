import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visible, visibleLines } from "../../../src/core/visible.ts";

describe("visible", () => {
  test.each([
    ["bidi override", "main\u202Etxt.exe", "main⟨U+202E⟩txt.exe"],
    ["bidi isolate", "a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"],
    ["right-to-left mark", "a\u200Fb", "a⟨U+200F⟩b"],
    ["zero-width space", "ma\u200Bin", "ma⟨U+200B⟩in"],
    ["byte order mark", "\uFEFFmain", "⟨U+FEFF⟩main"],
    ["escape sequence", "\u001B[31mred", "⟨U+001B⟩[31mred"],
    ["C1 control", "a\u0085b", "a⟨U+0085⟩b"],
    ["line feed", "one\ntwo", "one⟨U+000A⟩two"],
    ["line separator", "one\u2028two", "one⟨U+2028⟩two"],
    ["soft hyphen", "ma\u00ADin", "ma⟨U+00AD⟩in"],
    ["Hangul filler", "main\u3164", "main⟨U+3164⟩"],
    ["tag letter beyond the basic plane", "main\u{E0061}", "main⟨U+E0061⟩"],
    ["lone surrogate", "a\uD800b", "a⟨U+D800⟩b"],
    ["variation selector", "main\uFE0F", "main⟨U+FE0F⟩"],
  ])("shows a %s", (_name, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  test.each(["feature/ünïcode-日本語-עברית", "a b_c-d/e#1 (2) <b> 'x' \"y\" $(id) `w`", "🚀", ""])(
    "leaves %j alone",
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  test("leaves no control, format or surrogate code point behind and is idempotent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const safe = visible(text);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(visible(safe)).toBe(safe);
      }),
    );
  });
});

test("visibleLines keeps line feeds and tabs and nothing else", () => {
  expect(visibleLines("a\n\tb\r\nc\u202Ed")).toBe("a\n\tb⟨U+000D⟩\nc⟨U+202E⟩d");
});
