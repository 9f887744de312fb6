import { describe, expect, it } from "vitest";
import { targetKey, type Edit } from "../../../src/core/plan/index.ts";
import { ATTACHMENT, KEY, attachment, evidence, kept, noted, run, wanted, whole } from "./undoFixtures.ts";

describe("an attachment", () => {
  const doubtful = wanted.map((resource) => ({ resource, noted: resource.kind !== "PolicyAttachment" }));

  it("is claimed where role and policy are both the owner's, without any note", () => {
    expect(kept(evidence(), whole, doubtful)).toEqual({});
  });

  it("is claimed by the journal where the role was there before", () => {
    const without = noted.filter(({ resource }) => targetKey(resource) !== KEY.hub);
    expect(kept(evidence(), run, without)[ATTACHMENT]).toBeUndefined();
  });

  it("is left where the role was there before and no journal says who attached it", () => {
    const without = doubtful.filter(({ resource }) => targetKey(resource) !== KEY.hub);
    expect(kept(evidence(), run, without)[ATTACHMENT]).toBe("removal.keep.attachment");
  });

  it("is claimed where the run joined the role, although the note is in doubt", () => {
    if (attachment?.kind !== "PolicyAttachment") throw new Error("The attachment comes fourth.");
    const joined: Edit = {
      kind: "TrustStatements",
      address: "hub/role/circleci-oidc/trust",
      account: attachment.account,
      profile: "hub",
      needs: [],
      roleName: attachment.roleName,
      remove: [],
      add: [{ Sid: "Ours" }],
      before: "{}",
    };
    const without = doubtful.filter(({ resource }) => targetKey(resource) !== KEY.hub);
    const found = kept(evidence(), run, [{ resource: joined, noted: false }, ...without]);
    expect(found[ATTACHMENT]).toBeUndefined();
  });

  it("is claimed by a journal where the setup joined a role of others", () => {
    const theirs = noted.map(({ resource }) => ({ resource, noted: targetKey(resource) !== KEY.hub }));
    expect(kept(evidence({ [KEY.hub]: { tags: {} } }), whole, theirs)[ATTACHMENT]).toBeUndefined();
  });

  it.each([KEY.hub, KEY.policy])("is left where %s was made anew by somebody else", (key) => {
    expect(kept(evidence({ [key]: { tags: {} } }))[ATTACHMENT]).toBe("removal.keep.attachment");
  });
});
