import { describe, expect, it } from "vitest";
import { AUD, ISSUER, ORG, policy, principal, PROVIDER, statement, when } from "./fixtures.ts";
import { accepted, refusal } from "./read.ts";

const without = (name: string) =>
  Object.fromEntries(Object.entries(statement()).filter(([key]) => key !== name));
const SYNTAX = "Syntax error in policy.";
const FEDERATED = "Federated principals must be valid domain names or SAML metadata ARNs";
const ACTIONS = "AssumeRole policy may only specify STS AssumeRole actions.";
const JSON_MESSAGE = "This policy contains invalid Json";

describe("what IAM would refuse to store", () => {
  it.each<readonly [string, unknown, string, string]>([
    ["no JSON", "{", "", JSON_MESSAGE],
    ["nothing", "", "", JSON_MESSAGE],
    ["no object", "[]", "", JSON_MESSAGE],
    ["undefined", undefined, "", JSON_MESSAGE],
    ["a bad URL encoding", "%7B%E0%A4%A", "", JSON_MESSAGE],
    ["a name twice", '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', "", JSON_MESSAGE],
    ["a comment", '{/**/"Version":"2012-10-17"}', "", JSON_MESSAGE],
    ["a comma at the end", `${JSON.stringify(policy(statement())).slice(0, -1)},}`, "", JSON_MESSAGE],
    ["an unknown element", { ...policy(statement()), Owner: "me" }, "Owner", SYNTAX],
    ["an unknown part", policy(statement({ Comment: "x" })), "Statement[0].Comment", SYNTAX],
    ["lower case names", { version: "2012-10-17", statement: [] }, "version", SYNTAX],
    [
      "another Version",
      { Version: "2012-10-18", Statement: statement() },
      "Version",
      "The policy must contain a valid version string",
    ],
    [
      "a number as Version",
      { Version: 2012, Statement: statement() },
      "Version",
      "The policy must contain a valid version string",
    ],
    [
      "no Statement",
      { Version: "2012-10-17" },
      "Statement",
      "Could not parse the policy: Statement is empty!",
    ],
    ["an empty Statement", policy(), "Statement", "Could not parse the policy: Statement is empty!"],
    [
      "a Sid twice",
      policy(statement({ Sid: "a" }), statement({ Sid: "a" })),
      "Statement[1].Sid",
      "The Statement Ids in the policy are not unique",
    ],
    ["no Effect", policy(without("Effect")), "Statement[0]", "Missing required field Effect"],
    ["allow", policy(statement({ Effect: "allow" })), "Statement[0].Effect", "Invalid effect: allow"],
    ["an Effect of another type", policy(statement({ Effect: ["Allow"] })), "Statement[0].Effect", SYNTAX],
    ["no Principal", policy(without("Principal")), "Statement[0]", "Missing required field Principal"],
    [
      "everyone",
      principal("*"),
      "Statement[0].Principal",
      'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
    ],
    [
      "a principal without kind",
      principal(PROVIDER),
      "Statement[0].Principal",
      "Principal must be a JSON object.",
    ],
    [
      "an empty principal",
      principal({}),
      "Statement[0].Principal",
      "Missing required field Principal cannot be empty!",
    ],
    ["a list as principal", principal([PROVIDER]), "Statement[0].Principal", SYNTAX],
    [
      "a principal kind in lower case",
      principal({ federated: PROVIDER }),
      "Statement[0].Principal.federated",
      `Invalid principal in policy: "federated":"${PROVIDER}"`,
    ],
    [
      "a federated URL",
      principal({ Federated: `https://${ISSUER}` }),
      "Statement[0].Principal.Federated",
      FEDERATED,
    ],
    [
      "a federated host and path",
      principal({ Federated: ISSUER }),
      "Statement[0].Principal.Federated",
      FEDERATED,
    ],
    ["a federated star", principal({ Federated: ["*"] }), "Statement[0].Principal.Federated[0]", FEDERATED],
    [
      "a federated ARN without account",
      principal({ Federated: PROVIDER.replace("111122223333", "") }),
      "Statement[0].Principal.Federated",
      FEDERATED,
    ],
    [
      "a federated ARN with wildcard",
      principal({ Federated: PROVIDER.replace(ORG, "*") }),
      "Statement[0].Principal.Federated",
      FEDERATED,
    ],
    [
      "an account of 11 digits",
      principal({ AWS: "arn:aws:iam::12345678910:root" }),
      "Statement[0].Principal.AWS",
      'Invalid principal in policy: "AWS":"arn:aws:iam::12345678910:root"',
    ],
    [
      "a wildcard in a role",
      principal({ AWS: "arn:aws:iam::111122223333:role/*" }),
      "Statement[0].Principal.AWS",
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/*"',
    ],
    [
      "a service that is none",
      principal({ Service: "ec2" }),
      "Statement[0].Principal.Service",
      'Invalid principal in policy: "SERVICE":"ec2"',
    ],
    [
      "NotPrincipal",
      policy({ ...without("Principal"), NotPrincipal: { AWS: "*" } }),
      "Statement[0].NotPrincipal",
      "Allow with NotPrincipal is not allowed.",
    ],
    [
      "NotPrincipal with Deny",
      policy({ ...without("Principal"), Effect: "Deny", NotPrincipal: { AWS: "*" } }),
      "Statement[0].NotPrincipal",
      "AssumeRole policy must not contain NotPrincipal field.",
    ],
    ["no Action", policy(without("Action")), "Statement[0]", "Missing required field Action"],
    ["both actions", policy(statement({ NotAction: "sts:AssumeRole" })), "Statement[0].NotAction", SYNTAX],
    [
      "another service",
      policy(statement({ Action: ["sts:AssumeRole", "s3:GetObject"] })),
      "Statement[0].Action[1]",
      ACTIONS,
    ],
    ["any action", policy(statement({ Action: "*" })), "Statement[0].Action", ACTIONS],
    [
      "a Resource",
      policy(statement({ Resource: "*" })),
      "Statement[0].Resource",
      "Has prohibited field Resource",
    ],
    [
      "a NotResource",
      policy(statement({ NotResource: "*" })),
      "Statement[0].NotResource",
      "AssumeRole policy must not contain resources.",
    ],
    ["a list as Condition", policy(statement({ Condition: [] })), "Statement[0].Condition", SYNTAX],
    [
      "a value of null",
      when({ StringEquals: { [AUD]: null } }),
      `Statement[0].Condition.StringEquals["${AUD}"]`,
      SYNTAX,
    ],
    [
      "a nested list",
      when({ StringEquals: { [AUD]: [["a"]] } }),
      `Statement[0].Condition.StringEquals["${AUD}"]`,
      SYNTAX,
    ],
    [
      "a key without prefix",
      when({ StringEquals: { sub: "a" } }),
      "Statement[0].Condition.StringEquals.sub",
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ],
  ])("%s", (_, value, place, message) => {
    expect(refusal(value)).toEqual([place, message]);
    // The same from text.
    if (typeof value === "object") expect(refusal(JSON.stringify(value))).toEqual([place, message]);
  });

  it("a statement without principals", () => {
    expect(refusal(principal({ AWS: [], Federated: [] }))[1]).toMatch(/has a statement with no principals!$/);
  });

  it("characters and lengths that the parameter cannot hold", () => {
    expect(refusal(policy(statement({ Sid: "\u2026" })))[1]).toMatch(/failed to satisfy constraint.*pattern/);
    expect(refusal(`{"Id":"${"x".repeat(131_072)}"}`)[1]).toMatch(/less than or equal to 131072$/);
    // Escaped, the same character can be sent.
    expect(
      accepted(JSON.stringify(when({ StringEquals: { [AUD]: "…" } })).replace("…", "\\u2026")).statements[0]
        ?.conditions[0]?.values,
    ).toEqual(["…"]);
  });

  it("an object that has no JSON", () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    expect(refusal(circular)[1]).toBe(JSON_MESSAGE);
    expect(refusal("[".repeat(100_000))[1]).toBe(JSON_MESSAGE);
    expect(refusal(`{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`)[1]).toBe(JSON_MESSAGE);
  });
});
