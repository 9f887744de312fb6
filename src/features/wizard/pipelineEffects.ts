import * as vscode from "vscode";
import { pipelineStep } from "../../core/blueprint/step.ts";
import { msg } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { Setup } from "../../core/setup.ts";
import type { Result } from "../../core/wizard/events.ts";
import type { Insertion, PipelineFile } from "../../core/wizard/state.ts";
import { findConfig } from "../pipeline/configFile.ts";
import { insertSteps, previewInsert } from "../pipeline/insert.ts";
import { outlineFile } from "../pipeline/outlineFile.ts";
import type { Ports } from "./ports.ts";

/** What the wizard does with the pipeline's config; `folder` is the chosen folder's URI. */
export function pipelineEffects(ports: Ports): {
  outline(folder: string, setup: Setup): Promise<Result<PipelineFile>>;
  preview(folder: string, setup: Setup, jobs: readonly string[]): Promise<Problem | undefined>;
  insert(folder: string, setup: Setup, jobs: readonly string[]): Promise<Result<Insertion>>;
} {
  const config = (folder: string): Promise<vscode.Uri | Problem> => findConfig(vscode.Uri.parse(folder));
  return {
    outline: async (folder, setup) => {
      const uri = await config(folder);
      return uri instanceof vscode.Uri
        ? outlineFile(uri, { step: pipelineStep(setup), runs: setup.runs })
        : { ok: false, problem: uri };
    },
    preview: async (folder, setup, jobs) => {
      const uri = await config(folder);
      if (!(uri instanceof vscode.Uri)) return uri;
      return previewInsert({ uri, step: pipelineStep(setup), jobs, documents: ports.documents });
    },
    insert: async (folder, setup, jobs) => {
      if (!vscode.workspace.isTrusted) {
        return { ok: false, problem: { code: "untrusted", message: msg("command.untrusted") } };
      }
      const uri = await config(folder);
      return uri instanceof vscode.Uri
        ? insertSteps({ uri, step: pipelineStep(setup), jobs })
        : { ok: false, problem: uri };
    },
  };
}
