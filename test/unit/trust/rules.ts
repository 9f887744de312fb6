import { english } from "../../../src/core/messages.ts";
import type { PolicyDocument } from "../../../src/core/policy.ts";
import {
  buildTrustPolicy,
  type ProjectRule,
  type RunRule,
  type TrustRule,
} from "../../../src/core/trust/index.ts";
import { ACCOUNT, ORG, PROJECT } from "./fixtures.ts";

/** A rule about one project, with what the changes say of the project and of the rule. */
export function ruleFor(project: Partial<ProjectRule>, changes: Partial<TrustRule> = {}): TrustRule {
  return {
    partition: "aws",
    accountId: ACCOUNT,
    organizationId: ORG,
    audiences: [ORG],
    projects: [{ projectId: PROJECT, runs: { kind: "any" }, users: { kind: "anyone" }, ...project }],
    ...changes,
  };
}

/** The policy of a rule that can be built. */
export function policyOf(rule: TrustRule): PolicyDocument {
  const built = buildTrustPolicy(rule);
  if (!built.ok) throw new Error(english(built.problem));
  return built.value.document;
}

export function policyFor(project: Partial<ProjectRule>, changes: Partial<TrustRule> = {}): PolicyDocument {
  return policyOf(ruleFor(project, changes));
}

/** These branches of the shop. */
export function onBranches(...names: readonly string[]): RunRule {
  return {
    kind: "refs",
    repository: "github.com/acme/shop",
    refs: names.map((name) => ({ kind: "branch", name })),
  };
}
