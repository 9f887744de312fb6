import type * as vscode from "vscode";
import { offerOf, type StepRequest } from "../../core/insertion/offer.ts";
import { isProblem } from "../../core/pipeline/index.ts";
import type { Result } from "../../core/wizard/events.ts";
import type { PipelineFile } from "../../core/wizard/state.ts";
import { openConfig } from "./configFile.ts";
import { toProblem } from "./problems.ts";

/** Reads a config, with the changes the editor has of it, and tells what each job could do with the step. */
export async function outlineFile(uri: vscode.Uri, request: StepRequest): Promise<Result<PipelineFile>> {
  const opened = await openConfig(uri);
  if (!opened.ok) return opened;
  const { file, document } = opened.value;
  const offer = offerOf(document.getText(), request);
  return isProblem(offer)
    ? { ok: false, problem: toProblem(offer) }
    : { ok: true, value: { ...offer, file: file.name } };
}
