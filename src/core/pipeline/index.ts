/** Reads CircleCI pipelines and puts the AWS OIDC step into them by edits of their text. */
export { applyEdits, type AuthStep } from "./edit.ts";
export type { Executor } from "./executor.ts";
export { authStep, insertAuthStep, removeAuthStep, type JobResult, type PipelineEdit } from "./insert.ts";
export type { TextEdit } from "./layout.ts";
export type { AuthStepOptions, AuthStepSubAccount, TokenVariable } from "./options.ts";
export { outline, type JobOutline, type Named, type PipelineOutline } from "./outline.ts";
export { isProblem, type PipelineProblem, type PipelineProblemId, type Place } from "./problem.ts";
export type { BranchFilter, JobRun } from "./workflows.ts";
