/* What is loaded when the first config is read in an editor. */
export { workspaceOf } from "../../circleci/detect.ts";
export { diagnose } from "../../core/pipeline/index.ts";
export { fixTitle, knownRoles, roleAt, whoMayAssume } from "./findings.ts";
export { lensesOf } from "./lenses.ts";
