/** Reads CircleCI pipelines and puts the AWS OIDC step into them by edits of their text. */
export { admissionOf, lifetimeFor, type Admission, type Lifetime } from "./advice.ts";
export type { AwsUse } from "./aws.ts";
export { diagnose } from "./diagnose.ts";
export type { Known, KnownRole, Workspace } from "./diagnoseSteps.ts";
export type { Finding } from "./finding.ts";
export type { JobResult, Placement, SharedSteps } from "./draft.ts";
export { applyEdits } from "./edit.ts";
export type { Executor } from "./executor.ts";
export { insertAuthStep, removeAuthStep, updateAuthStep } from "./insert.ts";
export type { InsertRequest, PipelineEdit } from "./insert.ts";
export { authStep, type AuthStep } from "./items.ts";
export type { TextEdit } from "./layout.ts";
export type { AuthStepOptions, AuthStepSubAccount, StepStyle, TokenVariable } from "./options.ts";
export { outline, type JobOutline, type Named, type PipelineOutline } from "./outline.ts";
export { keptStep, updatedStep, type StepSettings } from "./settings.ts";
export { isProblem, type PipelineProblem, type PipelineProblemId, type Place } from "./problem.ts";
export type { PipelineWarning } from "./warnings.ts";
export type { BranchFilter, JobRun, NameFilter } from "./workflows.ts";
