import { describe, expect, it } from "vitest";
import { applyEdits, lintTrustPolicy, parseTrustDocument, pathText } from "../../../src/core/trust/index.ts";
import {
  ACTION,
  AUD,
  ISSUER,
  ORG,
  OTHER_PROJECT,
  policy,
  PROJECT,
  PROJECT_ID,
  PROVIDER,
  statement,
  SUB,
  when,
} from "./fixtures.ts";
import { BASE, AUDIENCE, PINNED, lint, rulesOf } from "./lintFixtures.ts";

describe("keys, operators and values", () => {
  it.each([
    [
      "a mistyped project key",
      { "ForAllValues:StringEquals": { [`${ISSUER}:project-id`]: PROJECT } },
      "lint.fix.rename",
    ],
    [
      "a guard against SSH re-runs",
      { StringNotEquals: { [`${ISSUER}:oidc.circleci.com/ssh-rerun`]: "true" } },
      "lint.fix.removeCondition",
    ],
    [
      "contexts",
      { "ForAllValues:StringEquals": { [`${ISSUER}:oidc.circleci.com/context-ids`]: "x" } },
      "lint.fix.removeCondition",
    ],
    [
      "a ref",
      { StringLikeIfExists: { [`${ISSUER}:oidc.circleci.com/vcs-ref`]: "refs/heads/main" } },
      "lint.fix.removeCondition",
    ],
  ])("offers to put right %s", (_what, condition, title) => {
    const findings = lint(when({ StringEquals: PINNED, ...condition }));
    expect(findings.find(({ rule }) => rule === "absent-key-holds")?.fix?.title.id).toBe(title);
  });

  it("renames no key to one that is there, and none under Null or a negated operator", () => {
    const fixOf = (condition: Readonly<Record<string, unknown>>) =>
      lint(when(condition)).find(({ rule }) => rule === "absent-key-holds")?.fix?.title.id;
    const mistyped = `${ISSUER}:project-id`;
    const both = { "ForAllValues:StringEquals": { [mistyped]: PROJECT, [PROJECT_ID]: PROJECT } };
    expect(fixOf({ StringEquals: AUDIENCE, ...both })).toBe("lint.fix.removeCondition");
    expect(fixOf({ StringEquals: PINNED, Null: { [mistyped]: "true" } })).toBe("lint.fix.removeCondition");
    expect(fixOf({ StringEquals: PINNED, StringNotEquals: { [mistyped]: PROJECT } })).toBe(
      "lint.fix.removeCondition",
    );
  });

  it("takes a statement for one that holds as long as one of its values can", () => {
    const values = [PROJECT.toUpperCase(), "aaaa*"];
    const some = when({ StringEquals: AUDIENCE, StringLike: { [PROJECT_ID]: values } });
    expect(rulesOf(some)).toEqual(["project-not-exact", "wrong-case"]);
    const none = when({ StringEquals: AUDIENCE, StringLike: { [PROJECT_ID]: ["x*", "y*"] } });
    expect(rulesOf(none)).toEqual(["matches-no-token", "matches-no-token"]);
  });

  it("asks for the organization's audience only where a pattern admits it", () => {
    const fixed = (value: unknown) => {
      const text = JSON.stringify(
        when({ StringEquals: { [PROJECT_ID]: PROJECT }, StringLike: { [AUD]: value } }),
      );
      const fix = lint(text).find(({ rule }) => rule === "audience-pattern")?.fix;
      return fix === undefined ? undefined : applyEdits(text, fix.edits);
    };
    expect(fixed("*")).toContain(`{"${AUD}":"${ORG}"}`);
    expect(fixed([ORG, "*"])).toContain(`{"${AUD}":["${ORG}"]}`);
    expect(fixed("deploy-*")).toBeUndefined();
  });

  it("says of another issuer's audience only that", () => {
    const condition = { [`oidc.circleci.com/org/${OTHER_PROJECT}:aud`]: ORG, [PROJECT_ID]: PROJECT };
    expect(rulesOf(when({ StringEquals: condition }))).toEqual(["foreign-key"]);
  });

  it("narrows an action in a list, unless the list has the right one already", () => {
    const fixed = (actions: readonly string[]) => {
      const text = JSON.stringify(
        policy(statement({ Action: actions, Condition: { StringEquals: PINNED } })),
      );
      const fix = lint(text).find(({ rule }) => rule === "action-wildcard")?.fix;
      return fix === undefined ? undefined : applyEdits(text, fix.edits);
    };
    expect(fixed(["sts:AssumeRoleWith*", "sts:TagSession"])).toContain(`["${ACTION}","sts:TagSession"]`);
    expect(fixed([ACTION, "sts:AssumeRole*"])).toBeUndefined();
    expect(fixed(["sts:TagSession", ACTION, "sts:AssumeRole*"])).toBeUndefined();
  });

  it("renames no key that would let somebody in", () => {
    const findings = lint(when({ StringEquals: { ...AUDIENCE, [`${ISSUER}:project-id`]: PROJECT } }));
    expect(findings.find(({ rule }) => rule === "absent-key-fails")?.fix).toBeUndefined();
  });

  it("leaves an operator under which more stands, that of a Deny, and that of an empty list", () => {
    const both = lint(when({ "ForAllValues:StringEquals": { [AUD]: ORG, [PROJECT_ID]: PROJECT } }));
    expect(both.filter(({ rule }) => rule === "set-operator").map(({ fix }) => fix)).toEqual([
      undefined,
      undefined,
    ]);
    const deny = statement({
      Effect: "Deny",
      Condition: { "ForAllValues:StringLike": { [SUB]: `${BASE}/*` } },
    });
    const tight = statement({ Condition: { StringEquals: PINNED } });
    expect(lint(policy(tight, deny)).find(({ rule }) => rule === "set-operator")?.fix).toBeUndefined();
    const empty = lint(when({ "ForAnyValue:StringLike": { [AUD]: [] } }));
    expect(empty.find(({ rule }) => rule === "set-operator")?.fix).toBeUndefined();
  });

  it.each(["<organization_id>", "{{ org }}", "ORGANIZATION_ID", "${var.org_id}"])(
    "takes %s for a placeholder",
    (text) => {
      const document = when({ StringEquals: PINNED, StringLike: { [SUB]: `org/${text}/project/*` } });
      expect(rulesOf(document)).toContain("placeholder");
    },
  );

  it("takes a policy variable for what it is", () => {
    const document = when({
      StringEquals: PINNED,
      StringLike: { [SUB]: `org/\${${AUD}}/project/${PROJECT}/user/*` },
    });
    expect(rulesOf(document)).toEqual([]);
  });
});

describe("the text", () => {
  it("has the version at its place, or where it should be", () => {
    const pinned = statement({ Condition: { StringEquals: PINNED } });
    const placeOf = (document: unknown) =>
      lint(document)
        .filter(({ rule }) => rule === "policy-version")
        .map(({ path }) => pathText(path));
    expect(placeOf({ Version: "2008-10-17", Statement: pinned })).toEqual(["Version"]);
    expect(placeOf({ Statement: pinned })).toEqual(["Statement"]);
    expect(placeOf(policy(pinned))).toEqual([]);
  });

  it("is that of the document, also of a URL-encoded one", () => {
    const text = JSON.stringify(when({ StringEquals: AUDIENCE }), undefined, 2);
    const document = parseTrustDocument(encodeURIComponent(text));
    const [finding] = lintTrustPolicy({ document });
    expect(document.kind === "document" && document.text).toBe(text);
    expect(text.slice(finding?.span.start, finding?.span.end)).toMatch(/^"Condition": \{/);
  });

  it("has IAM's words at the place that IAM refuses", () => {
    const text = JSON.stringify(when({ stringEquals: AUDIENCE }));
    const findings = lint(text);
    expect(findings.map(({ rule, message }) => [rule, message.args])).toEqual([
      ["invalid-policy", { message: "Invalid Condition type : stringEquals" }],
    ]);
    expect(text.slice(findings[0]?.span.start)).toMatch(/^"stringEquals"/);
    expect(lint("no JSON").map(({ rule, span }) => [rule, span])).toEqual([
      ["invalid-policy", { start: 0, end: 0 }],
    ]);
  });

  it("keeps the findings in the order of the text, and each once at a place", () => {
    const spans = lint(policy(statement(), statement({ Action: [ACTION, "sts:*"] }))).map(
      ({ span }) => span.start,
    );
    expect(spans).toEqual(spans.toSorted((one, other) => one - other));
    const twice = lint(
      policy(statement({ Principal: { Federated: [PROVIDER, PROVIDER] }, Action: "sts:*" })),
    );
    expect(twice.filter(({ rule }) => rule === "action-wildcard")).toHaveLength(1);
  });
});
