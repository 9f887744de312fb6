export { buildTrustPolicy, type BuiltTrust } from "./build.ts";
export {
  auditLogClaims,
  jobClaims,
  type CircleCiJob,
  type JobRef,
  type JobTrigger,
  type TokenClaims,
} from "./claims.ts";
export {
  parseTrustDocument,
  type DocumentDoubt,
  type InvalidTrust,
  type TrustCondition,
  type TrustDocument,
  type TrustPrincipal,
  type TrustStatement,
} from "./document.ts";
export { pathText, type JsonPath } from "./json.ts";
export {
  readingLines,
  readTrustPolicy,
  type ReadingLine,
  type StatementReading,
  type TrustReading,
} from "./read.ts";
export { refAsTyped } from "./refs.ts";
export {
  admitsRef,
  type ProjectRule,
  type RefRule,
  type RunRule,
  type TrustRule,
  type UserRule,
} from "./rule.ts";
export { ruleInWords } from "./words.ts";
export { tryCase, whatIfCases, type WhatIfCase } from "./whatIf.ts";
export {
  applyEdits,
  lintRolePermissions,
  lintRules,
  lintTrustPolicy,
  type LintContext,
  type LintEdit,
  type LintFinding,
  type LintFix,
  type LintRuleId,
  type LintSeverity,
  type RolePermissions,
} from "./lint/index.ts";
export { simulateWebIdentity } from "./simulate.ts";
export type {
  DecidedBy,
  DecidingCondition,
  PolicyInput,
  Simulation,
  SimulationInput,
  Verdict,
} from "./simulation.ts";
export { admittedSubjects, fitsOwner, subjectRefs, type SubjectOwner } from "./subjects.ts";
export type { KnownProvider, StsError } from "./token.ts";
