import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { received, shown, typed, type Unsent } from "../../../webview/unsent.ts";

/** What was typed in a field that the host says is `before`. */
function typing(before: string, ...values: readonly string[]): Unsent | undefined {
  let unsent: Unsent | undefined;
  for (const value of values) unsent = typed(unsent, "name", before, value);
  return unsent;
}

function after(unsent: Unsent | undefined, ...views: readonly string[]): Unsent | undefined {
  let now = unsent;
  for (const value of views) now = now === undefined ? undefined : received(now, value);
  return now;
}

describe("a field being typed in", () => {
  test("keeps its text while the host repeats what it said before", () => {
    const unsent = after(typing("old", "olde", "older"), "old");
    expect(shown(unsent, "name", "old")).toBe("older");
  });

  test("keeps its text while echoes of earlier keystrokes arrive", () => {
    const unsent = after(typing("", "a", "ab", "abc"), "a", "ab");
    expect(shown(unsent, "name", "ab")).toBe("abc");
  });

  test("has nothing unanswered once the last keystroke came back, even if the host skipped some", () => {
    expect(after(typing("", "a", "ab", "abc"), "abc")).toBeUndefined();
  });

  test("survives typing, deleting and typing the same again", () => {
    const unsent = typing("", "a", "", "a");
    expect(shown(after(unsent, "a", ""), "name", "")).toBe("a");
    expect(after(unsent, "a", "", "a")).toBeUndefined();
  });

  test("takes a value that is the host's own", () => {
    const unsent = after(typing("", "A", "AB"), "detected");
    expect(shown(unsent, "name", "detected")).toBe("detected");
  });

  test("does not hold back the value of another field", () => {
    expect(shown(typing("", "a"), "other", "b")).toBe("b");
  });

  test("forgets the field that was typed in before", () => {
    const unsent = typed(typing("", "a"), "other", false, true);
    expect(shown(unsent, "name", "host")).toBe("host");
    expect(shown(unsent, "other", false)).toBe(true);
  });
});

test("whatever the order of keystrokes and echoes, the screen shows the last keystroke", () => {
  const keystrokes = fc.array(fc.constantFrom("", "a", "b", "ab"), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(keystrokes, fc.array(fc.boolean()), (values, order) => {
      let unsent: Unsent | undefined;
      let host = "start";
      const queue: string[] = [];
      const answer = () => {
        host = queue.shift() ?? host;
        unsent = unsent === undefined ? undefined : received(unsent, host);
      };
      for (const [at, value] of values.entries()) {
        unsent = typed(unsent, "name", host, value);
        queue.push(value);
        if (order[at] === true) answer();
        expect(shown(unsent, "name", host)).toBe(value);
      }
      while (queue.length > 0) {
        answer();
        expect(shown(unsent, "name", host)).toBe(values.at(-1));
      }
      expect(unsent).toBeUndefined();
    }),
  );
});
