import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTrustDocument, pathText } from "../../../src/core/trust/index.ts";
import { nodeAt, readJson } from "../../../src/core/trust/json.ts";
import { AUD, ISSUER, ORG, policy, principal, PROVIDER, statement, SUB, when } from "./fixtures.ts";
import { onBranches, policyFor } from "./rules.ts";
import { accepted, refusal } from "./read.ts";

describe("what is read", () => {
  const built = policyFor({ runs: onBranches("main", "next") });

  it("is normalised, with the place of each part", () => {
    const { statements, version, doubts } = accepted(built);
    expect(version).toBe("2012-10-17");
    expect(doubts).toEqual([]);
    expect(statements).toHaveLength(1);
    expect(statements[0]?.principals).toEqual([
      { kind: "Federated", value: PROVIDER, path: ["Statement", 0, "Principal", "Federated"] },
    ]);
    expect(
      statements[0]?.conditions.map(({ operator, key, values }) => [operator, key, values.length]),
    ).toEqual([
      ["StringEquals", AUD, 1],
      ["StringEquals", `${ISSUER}:oidc.circleci.com/project-id`, 1],
      ["StringLike", SUB, 2],
    ]);
    expect(pathText(statements[0]?.conditions[2]?.path ?? [])).toBe(
      `Statement[0].Condition.StringLike["${SUB}"]`,
    );
  });

  it("is the same from an object, from text, and from text URL-encoded", () => {
    const text = JSON.stringify(built, undefined, 2);
    const { statements } = accepted(built);
    expect(accepted(text).statements).toEqual(statements);
    expect(accepted(encodeURIComponent(text)).statements).toEqual(statements);
    expect(accepted(`\n ${encodeURIComponent(text)} `).statements).toEqual(statements);
    expect(accepted(text).length).toBe(JSON.stringify(built).length);
  });

  it("takes single values for lists of one, and one statement for a list", () => {
    const single = accepted({
      Statement: statement({ Condition: { Bool: { "aws:SecureTransport": true } } }),
    });
    const listed = accepted({
      Statement: [
        statement({
          Principal: { Federated: [PROVIDER] },
          Action: ["sts:AssumeRoleWithWebIdentity"],
          Condition: { Bool: { "aws:SecureTransport": ["true"] } },
        }),
      ],
    });
    expect(single.statements[0]?.path).toEqual(["Statement"]);
    expect(single.statements[0]?.conditions[0]?.values).toEqual(["true"]);
    expect(listed.statements[0]?.conditions[0]?.values).toEqual(["true"]);
    expect(single.statements[0]?.actions?.map(({ value }) => value)).toEqual([
      "sts:AssumeRoleWithWebIdentity",
    ]);
    expect(listed.statements[0]?.actions?.[0]?.path).toEqual(["Statement", 0, "Action", 0]);
    expect(single.version).toBeUndefined();
  });

  it.each([
    ["StringLike", "StringLike", "none", false],
    ["ForAllValues:StringLike", "StringLike", "ForAllValues", false],
    ["ForAnyValue:StringNotEqualsIgnoreCaseIfExists", "StringNotEqualsIgnoreCase", "ForAnyValue", true],
    ["NullIfExists", undefined, "none", false],
    ["Null", "Null", "none", false],
    ["BoolIfExists", "Bool", "none", true],
    ["stringEquals", undefined, "none", false],
    ["StringEqualsIfexists", undefined, "none", false],
    ["forAnyValue:StringEquals", undefined, "none", false],
    ["ForAnyValue:ForAllValues:StringEquals", undefined, "none", false],
    ["StringEqualsIfExistsIfExists", undefined, "none", false],
    ["constructor", undefined, "none", false],
    ["", undefined, "none", false],
  ])("operator %s", (written, operator, qualifier, ifExists) => {
    const document = when({ [written]: { [SUB]: "true" } });
    if (operator === undefined)
      expect(refusal(document)).toEqual([
        pathText(["Statement", 0, "Condition", written]),
        `Invalid Condition type : ${written}`,
      ]);
    else
      expect(accepted(document).statements[0]?.conditions[0]).toMatchObject({
        operator,
        qualifier,
        ifExists,
      });
  });

  it("finds the text of every part by its path", () => {
    const { text, json, statements } = accepted(JSON.stringify(built, undefined, 4));
    const node = nodeAt(json, statements[0]?.conditions[0]?.path ?? []);
    expect(text.slice(node?.start, node?.end)).toBe(`"${ORG}"`);
  });
});

describe("what IAM stores", () => {
  it.each<readonly [string, unknown]>([
    ["an Id", { ...policy(statement()), Id: "any text" }],
    ["empty Sids", policy(statement({ Sid: "" }), statement({ Sid: "" }))],
    ["an empty condition", policy(statement({ Condition: {} }))],
    ["an operator without keys", when({ StringEquals: {} })],
    ["an empty list of values", when({ StringEquals: { [AUD]: [] } })],
    ["everyone in AWS", principal({ AWS: "*" })],
    ["an account ID", principal({ AWS: "111122223333" })],
    ["a unique ID", principal({ AWS: "AROAEXAMPLEEXAMPLE123" })],
    ["a session", principal({ AWS: "arn:aws:sts::111122223333:assumed-role/ci/build" })],
    ["a SAML provider", principal({ Federated: "arn:aws-us-gov:iam::111122223333:saml-provider/idp" })],
    ["a domain", principal({ Federated: "accounts.google.com" })],
    ["a service", principal({ Service: ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] })],
    [
      "actions in any case",
      policy(statement({ Action: ["STS:assumerolewithwebidentity", "sts:TagSession"] })),
    ],
    ["a wildcard within the AssumeRole actions", policy(statement({ Action: "sts:AssumeRole*" }))],
  ])("%s", (_, value) => {
    expect(accepted(value).doubts).toEqual([]);
  });

  it.each<readonly [string, unknown, string, string]>([
    ["every STS action", policy(statement({ Action: "sts:*" })), "trust.doubt.action", "Statement[0].Action"],
    [
      "an STS action of another kind",
      policy(statement({ Action: "sts:GetCallerIdentity" })),
      "trust.doubt.action",
      "Statement[0].Action",
    ],
    [
      "no actions at all",
      policy(statement({ Action: [] })),
      "trust.doubt.emptyActions",
      "Statement[0].Action",
    ],
    ["a Sid with a hyphen", policy(statement({ Sid: "a-b" })), "trust.doubt.sid", "Statement[0].Sid"],
    [
      "a key in two cases",
      when({ StringEquals: { [AUD]: "a", [AUD.toUpperCase()]: "b" } }),
      "trust.doubt.keyTwice",
      `Statement[0].Condition.StringEquals["${AUD.toUpperCase()}"]`,
    ],
  ])("perhaps %s", (_, value, id, place) => {
    const { doubts } = accepted(value);
    expect(doubts.map(({ doubt, path }) => [doubt.id, pathText(path)])).toEqual([[id, place]]);
  });
});

describe("strict JSON", () => {
  it("is what JSON.parse takes, without names twice", () => {
    const plain = (text: string): unknown => {
      const value: unknown = JSON.parse(text);
      return value;
    };
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const node = readJson(text);
        expect(node).toBeDefined();
        expect(plain(text.slice(node?.start, node?.end))).toEqual(plain(text));
      }),
    );
  });

  it("refuses whatever JSON.parse refuses", () => {
    const unit = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "a",
      "\\",
      "1",
      "-",
      ".",
      "0",
      " ",
      "null",
      "\u0001",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        if (readJson(text) !== undefined) expect(() => void JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });

  it("never throws on hostile input", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.string().map((text) => `%7B${text}`),
        ),
        (value) => {
          expect(["document", "invalid"]).toContain(parseTrustDocument(value).kind);
        },
      ),
    );
  });
});
