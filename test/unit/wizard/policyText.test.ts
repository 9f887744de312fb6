import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { readDocument } from "../../../src/core/wizard/policyText.ts";

const statement = '{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }';
const policy = (statements: string, version = "2012-10-17"): string =>
  `{\n  "Version": "${version}",\n  "Statement": ${statements}\n}`;

function sentence(text: string): string {
  const read = readDocument(text);
  if (read.ok) throw new Error("accepted");
  return english(read.problem);
}

describe("the text of a policy", () => {
  it.each([
    ["not JSON", "{\n  Version\n}", "line 2, column 3"],
    ["cut off", '{ "Version": "2012-10-17",', "line 1, column 27"],
    ["a comma too many", `{\n"Version": "2012-10-17",\n"Statement": [],\n}`, "line 4"],
    ["a name twice", '{\n"Version": "2012-10-17",\n"Version": "2012-10-17"}', "line 3"],
    ["no object", "[]", "one JSON object"],
    ["something else in it", policy(`[${statement}],\n  "Id": "x"`), "Line 4: “Id”"],
    ["no version", `{ "Statement": [${statement}] }`, 'Line 1: write "Version": "2012-10-17"'],
    ["the old version", policy(`[${statement}]`, "2008-10-17"), "Line 2: write"],
    ["no statement", policy("[]"), "Write at least one"],
    ["a statement that is none", policy(`[\n"x"]`), "Line 4: a statement is an object"],
    ["no effect", policy(`[${statement},\n{}]`), 'Line 4: this statement needs "Effect"'],
    ["another effect", policy(`[${statement.replace("Allow", "allow")}]`), "Line 3: this statement needs"],
    ["a principal", policy(`[${statement.replace("{", '{ "Principal": "*",')}]`), "has no Principal"],
    ["no action", policy('[{ "Effect": "Allow", "Resource": "*" }]'), "needs an Action"],
    ["no resource", policy('[{ "Effect": "Deny", "NotAction": "*" }]'), "needs a Resource"],
  ])("is refused with the place: %s", (_what, text, words) => {
    expect(sentence(text)).toContain(words);
  });

  it("is taken as it is, a single statement as a list of one", () => {
    const value = { Version: "2012-10-17", Statement: [JSON.parse(statement)] };
    expect(readDocument(policy(`[${statement}]`))).toEqual({ ok: true, value });
    expect(readDocument(policy(statement))).toEqual({ ok: true, value });
  });

  it("is either read as JSON.parse reads it, or refused in a finished sentence", () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 40 }), (json, cut) => {
        const text = policy(`[${statement.replace('"*"', () => json)}]`);
        const read = readDocument(text);
        expect(read).toEqual({ ok: true, value: JSON.parse(text) });
        expect(sentence(text.slice(0, -1 - cut))).not.toMatch(/[{}]/);
      }),
    );
  });
});
