import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import {
  lintRolePermissions,
  lintRules,
  lintTrustPolicy,
  type LintContext,
  type LintFinding,
  type LintRuleId,
} from "../../../src/core/trust/index.ts";

const folder = new URL("../../../docs/lint/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const isRule = (name: string): name is LintRuleId => Object.hasOwn(lintRules, name);
const rules = Object.keys(lintRules).filter(isRule);

/** What the examples of a page are checked with, as the page says. */
const CONTEXTS: Partial<Record<LintRuleId, LintContext>> = {
  "foreign-organization": { organizationId: "99999999-8888-4777-8666-555555555555" },
  "foreign-provider": { accountId: "444455556666" },
};
const ABOUT_PERMISSIONS: readonly LintRuleId[] = ["administrator-access", "widens-itself", "cdk-bootstrap"];

function lint(rule: LintRuleId, policy: string): readonly LintFinding[] {
  if (!ABOUT_PERMISSIONS.includes(rule)) return lintTrustPolicy({ policy }, CONTEXTS[rule]);
  return lintRolePermissions({ policies: [policy], roleArn: "arn:aws:iam::111122223333:role/ci" });
}

function example(page: string, heading: "Bad" | "Good"): string {
  const text = new RegExp(`## ${heading}\n\n\`\`\`json\n([^]*?)\`\`\``).exec(page)?.[1];
  if (text === undefined) throw new Error(`the page has no example under ${heading}`);
  return text;
}

describe("pages of the linter", () => {
  it("are there for each rule and for nothing else", () => {
    const pages = readdirSync(folder).filter((name) => name !== "README.md");
    expect(pages.toSorted()).toEqual(rules.map((rule) => `${rule}.md`).toSorted());
  });

  it("are listed with their severity", () => {
    const listed = [...read("README.md").matchAll(/^\| \[([\w-]+)\]\(\1\.md\) +\| (\w+) +\|/gm)];
    expect(Object.fromEntries(listed.map(([, rule = "", severity]) => [rule, severity]))).toEqual(lintRules);
  });

  describe.each(rules)("%s", (rule) => {
    const page = read(`${rule}.md`);

    it("says how bad it is, and where that comes from", () => {
      expect(page).toMatch(new RegExp(`^# ${rule}\n\n\\*\\*${lintRules[rule]}\\.\\*\\* `, "i"));
      expect(page).toMatch(/## Source\n\n(?:- <https:\/\/[^>]+>\n)+$/);
    });

    it("has a bad example that is found, in a finished sentence", () => {
      const bad = example(page, "Bad");
      const found = lint(rule, bad).filter((finding) => finding.rule === rule);
      expect(found).not.toEqual([]);
      for (const { severity, span, message } of found) {
        expect(severity).toBe(lintRules[rule]);
        expect(english(message)).not.toMatch(/[{}]/);
        expect(span.end).toBeGreaterThan(span.start);
        expect(span.end).toBeLessThanOrEqual(bad.length);
      }
    });

    it("has a good example that is good", () => {
      const found = lint(rule, example(page, "Good"));
      expect(found.filter((finding) => finding.rule === rule || finding.severity !== "info")).toEqual([]);
    });
  });
});
