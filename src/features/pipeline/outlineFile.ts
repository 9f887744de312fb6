import type * as vscode from "vscode";
import type { Result } from "../../core/wizard/events.ts";
import type { PipelineFile } from "../../core/wizard/state.ts";
import { openConfig } from "./configFile.ts";
import { jobStatuses, type StepRequest } from "./jobStatus.ts";

/** Reads a config, with the changes the editor has of it, and tells what each job could do with the step. */
export async function outlineFile(uri: vscode.Uri, request: StepRequest): Promise<Result<PipelineFile>> {
  const opened = await openConfig(uri);
  if (!opened.ok) return opened;
  const { file, document } = opened.value;
  const jobs = jobStatuses(document.getText(), request);
  return "message" in jobs ? { ok: false, problem: jobs } : { ok: true, value: { file: file.name, jobs } };
}
