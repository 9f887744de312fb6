import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFile, encodeFile, sameBytes, withLineEnds } from "../../../src/features/pipeline/bytes.ts";

const utf8 = (text: string): Uint8Array => Buffer.from(text, "utf8");

describe("decodeFile", () => {
  it("takes one byte order mark off and tells of it", () => {
    expect(decodeFile(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual({
      text: "a",
      bom: true,
      lineEnds: "none",
    });
    expect(decodeFile(utf8("a"))).toEqual({ text: "a", bom: false, lineEnds: "none" });
  });

  it("leaves a second mark in the text", () => {
    expect(decodeFile(utf8("\uFEFF\uFEFFa"))?.text).toBe("\uFEFFa");
  });

  it.each([
    ["a\nb\n", "lf"],
    ["a\r\nb\r\n", "crlf"],
    ["a\r\nb\n", "mixed"],
    ["a\rb", "mixed"],
    ["a\r\n\rb", "mixed"],
    ["", "none"],
    ["a", "none"],
  ])("tells the line ends of %j", (text, lineEnds) => {
    expect(decodeFile(utf8(text))?.lineEnds).toBe(lineEnds);
  });

  it.each([
    ["a lone continuation byte", [0x61, 0x80]],
    ["a character cut off at the end", [0x61, 0xe2, 0x82]],
    ["Latin-1", [0x63, 0x61, 0x66, 0xe9]],
    ["UTF-16 with a mark", [0xff, 0xfe, 0x61, 0x00]],
    ["an overlong form", [0xc0, 0xaf]],
  ])("refuses %s", (_name, bytes) => {
    expect(decodeFile(Uint8Array.from(bytes))).toBeUndefined();
  });

  it("gives back the very bytes", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("\r", "\n", "\uFEFF", "a", "é", "😀") }),
    );
    fc.assert(
      fc.property(text, (some) => {
        const before = utf8(some);
        const file = decodeFile(before);
        expect(file).toBeDefined();
        const after = encodeFile(file?.text ?? "", file?.bom ?? false);
        expect(Buffer.from(after).toString("hex")).toBe(Buffer.from(before).toString("hex"));
      }),
    );
  });
});

describe("withLineEnds", () => {
  it("makes every kind of line end the same, however often it is applied", () => {
    expect(withLineEnds("a\r\nb\nc\rd\r\r\n", "\n")).toBe("a\nb\nc\nd\n\n");
    const text = fc.string({ unit: fc.constantFrom("\r", "\n", "a") });
    fc.assert(
      fc.property(text, (some) => {
        const once = withLineEnds(some, "\r\n");
        expect(once.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
        expect(withLineEnds(once, "\r\n")).toBe(once);
      }),
    );
  });
});

describe("sameBytes", () => {
  it("sees a byte more, a byte less and another byte", () => {
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  });
});
