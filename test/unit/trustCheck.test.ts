import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rulePage } from "../../src/features/trustCheck/pages.ts";
import { findPolicies, shifted, type TextRange } from "../../src/features/trustCheck/policyText.ts";

const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" }]
}`;

/** What is found, as text. */
function found(text: string): readonly string[] | { encoded: string } | "none" | "tooLong" {
  const policies = findPolicies(text);
  if (policies.kind === "none" || policies.kind === "tooLong") return policies.kind;
  if (policies.kind === "encoded") return { encoded: policies.text };
  return policies.ranges.map(({ start, end }) => text.slice(start, end));
}

describe("the policies of a text", () => {
  it.each([
    ["a file", `\n${POLICY}\n`],
    ["a heredoc with its marks", `<<EOF\n${POLICY}\nEOF\n`],
    ["an assignment", `  assume_role_policy = <<-JSON\n    ${POLICY}\n  JSON`],
    ["an answer of IAM", `{ "Role": { "RoleName": "x", "AssumeRolePolicyDocument": ${POLICY} } }`],
    [
      "a CloudFormation template",
      `{ "Resources": { "R": { "Properties": { "AssumeRolePolicyDocument": ${POLICY} } } } }`,
    ],
  ])("are found in %s", (_what, text) => {
    expect(found(text)).toEqual([POLICY]);
  });

  it("are all found where there are several roles", () => {
    const role = `{ "AssumeRolePolicyDocument": ${POLICY} }`;
    expect(found(`{ "Roles": [${role}, ${role}] }`)).toEqual([POLICY, POLICY]);
  });

  it.each([
    ["URL-encoded", encodeURIComponent(POLICY)],
    ["URL-encoded in quotation marks", ` "${encodeURIComponent(`\n ${POLICY}`)}"\n`],
    [
      "in an answer of IAM",
      JSON.stringify({ Role: { AssumeRolePolicyDocument: encodeURIComponent(POLICY) } }),
    ],
    ["in a plan of Terraform", JSON.stringify({ after: [{ assume_role_policy: POLICY }] })],
  ])("are decoded: %s", (_what, text) => {
    const decoded = found(text);
    expect(decoded).toEqual({ encoded: expect.stringContaining(POLICY) });
  });

  it("are not looked for in a text that is too long to be read at every change", () => {
    expect(found(POLICY + " ".repeat(1_000_000))).toBe("tooLong");
  });

  it("are found although they are broken", () => {
    const broken = POLICY.replace('"Allow",', '"Allow"');
    expect(found(broken)).toEqual([broken]);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "resource { }"],
    ["other JSON", '{ "name": "x" }'],
    ["a policy of permissions", '{ "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] }'],
    ["braces in the wrong order", "} {"],
    ["a broken URL encoding", "%7B%"],
  ])("are not found in %s", (_what, text) => {
    expect(found(text)).toBe("none");
  });
});

describe("a range", () => {
  const change = fc.record({
    offset: fc.nat(40),
    length: fc.nat(10),
    text: fc.string({ unit: fc.constant("+"), maxLength: 5 }),
  });
  const before = "a".repeat(20) + "{".repeat(20) + "z".repeat(30);
  const range: TextRange = { start: 20, end: 40 };

  it("follows its text through changes before, inside and behind it", () => {
    fc.assert(
      fc.property(change, ({ offset, length, text }) => {
        const after = before.slice(0, offset) + text + before.slice(offset + length);
        const { start, end } = shifted(range, [{ offset, length, text }]);
        const kept = after.slice(start, end);
        expect(kept.replaceAll(/[^{]/g, "")).toBe(after.replaceAll(/[^{]/g, ""));
        const isOutside = offset + length <= range.start || offset >= range.end;
        if (isOutside) expect(kept).toBe("{".repeat(20));
      }),
    );
  });

  it("takes the changes of one edit together", () => {
    const changes = [
      { offset: 2, length: 1, text: "+++" },
      { offset: 25, length: 5, text: "" },
    ];
    expect(shifted(range, changes)).toEqual({ start: 22, end: 37 });
    expect(shifted(range, changes.toReversed())).toEqual({ start: 22, end: 37 });
  });
});

describe("the page about a rule", () => {
  it("is in the repository of the manifest", () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
    );
    expect(rulePage(manifest, "everyone")).toMatch(
      /^https:\/\/github\.com\/[\w-]+\/[\w-]+\/blob\/main\/docs\/lint\/everyone\.md$/,
    );
  });

  it.each([
    {},
    { repository: "https://example.org/x" },
    { repository: { url: "git@example.org:x" } },
    undefined,
  ])("is there only where %j names a repository on the web", (manifest) => {
    const page = rulePage(manifest, "everyone");
    expect(page === undefined || page.startsWith("https://example.org/x/")).toBe(true);
  });
});
