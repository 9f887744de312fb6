import { describe, expect, it } from "vitest";
import { targetKey, type Edit } from "../../../src/core/plan/index.ts";
import { removalCommands } from "../../../src/core/plan/removal.ts";
import { planRemoval, type Evidence, type Owner, type Removal } from "../../../src/core/plan/undo.ts";
import { RUN, setupOf } from "./setup.ts";

const setup = setupOf();
const owner: Owner = { setupId: setup.id, runId: RUN };
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/${setup.organizationId}`;

describe("an edit", () => {
  const account = "111122223333";
  const at = { account, profile: "hub", needs: [] };
  const statement = { Sid: "Ours", Condition: { StringEquals: { aud: setup.audience } } };
  const joined: Edit = {
    ...at,
    kind: "TrustStatements",
    address: "hub/role/theirs/trust",
    roleName: "theirs",
    remove: [],
    add: [statement],
    before: JSON.stringify({ Statement: [] }),
  };
  const [arn, theirs] = [PROVIDER, "arn:aws:iam::111122223333:role/theirs"];
  const audience: Edit = {
    ...at,
    kind: "AddAudience",
    address: "hub/oidc-provider/a",
    arn,
    audience: setup.audience,
  };
  const candidates = [audience, joined].map((resource) => ({ resource, noted: true }));

  /** What becomes of both where a role's trust policy has these statements. */
  function removalsOf(...statements: readonly object[]): readonly Removal[] {
    const trust = { Version: "2012-10-17", Statement: statements };
    const policies = { attachedPolicies: [], inlinePolicies: [] };
    const known = { arn: theirs, trust, trustText: "", maxSessionSeconds: 3600, tags: {} };
    const role = { kind: "Role", ...known, ...policies } as const;
    const ours = {
      kind: "OidcProvider",
      clientIds: ["x", setup.audience],
      thumbprints: [],
      tags: {},
    } as const;
    const found: Evidence = {
      observed: {
        [targetKey(joined)]: { state: "present", resource: role },
        [targetKey(audience)]: { state: "present", resource: ours },
      },
      users: { [arn]: { known: true, roles: [{ arn: theirs, trust }] } },
    };
    return planRemoval(candidates, found, owner);
  }
  const judged = (...statements: readonly object[]): readonly string[] =>
    removalsOf(...statements).map(({ action, resource }) => `${action} ${resource.kind}`);

  it("is taken back, the statement before the audience that it asks for", () => {
    expect(judged(statement)).toEqual(["remove TrustStatements", "remove AddAudience"]);
  });

  it("stays where another statement asks for the audience by now", () => {
    expect(judged(statement, { Sid: "New", Condition: { StringEquals: { aud: [setup.audience] } } })).toEqual(
      ["remove TrustStatements", "keep AddAudience"],
    );
  });

  it("is shown beside what stands under its name by now", () => {
    const [changed] = removalsOf({ ...statement, Effect: "Deny" }, { Sid: "Else" });
    const { wanted, existing } = (changed?.action === "keep" ? changed.differs : undefined) ?? {};
    const shown = (text: string | undefined): unknown =>
      JSON.parse(text ?? "").AssumeRolePolicyDocument.Statement;
    expect(shown(wanted)).toEqual([{ Sid: "Else" }, statement]);
    expect(shown(existing)).toEqual([{ ...statement, Effect: "Deny" }, { Sid: "Else" }]);
  });

  it("stays where it was changed since, with the command that brings back what was there before", () => {
    expect(judged({ ...statement, Effect: "Deny" })).toEqual(["keep TrustStatements", "keep AddAudience"]);
    expect(removalCommands([joined])).toEqual([
      `aws iam update-assume-role-policy --role-name theirs --policy-document '{"Statement":[]}' --profile hub`,
    ]);
  });
});
