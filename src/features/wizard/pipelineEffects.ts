import * as vscode from "vscode";
import type { ChosenStep } from "../../core/insertion/choices.ts";
import { msg } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { Setup } from "../../core/setup.ts";
import type { Result } from "../../core/wizard/events.ts";
import { stepRequest } from "../../core/wizard/step.ts";
import type { Insertion, PipelineFile } from "../../core/wizard/state.ts";
import { findConfig } from "../pipeline/configFile.ts";
import { insertSteps, previewInsert } from "../pipeline/insert.ts";
import { outlineFile } from "../pipeline/outlineFile.ts";
import type { Ports } from "./ports.ts";

/** The jobs that get the step, and the step as it was chosen for them. */
type Wanted = { readonly jobs: readonly string[]; readonly chosen: ChosenStep };

/** What the wizard does with the pipeline's config; `folder` is the chosen folder's URI. */
export function pipelineEffects(ports: Ports): {
  outline(folder: string, setup: Setup): Promise<Result<PipelineFile>>;
  preview(folder: string, wanted: Wanted): Promise<Problem | undefined>;
  insert(folder: string, wanted: Wanted): Promise<Result<Insertion>>;
} {
  const config = (folder: string): Promise<vscode.Uri | Problem> => findConfig(vscode.Uri.parse(folder));
  return {
    outline: async (folder, setup) => {
      const uri = await config(folder);
      return uri instanceof vscode.Uri ? outlineFile(uri, stepRequest(setup)) : { ok: false, problem: uri };
    },
    preview: async (folder, { jobs, chosen }) => {
      const uri = await config(folder);
      if (!(uri instanceof vscode.Uri)) return uri;
      return previewInsert({ uri, ...chosen, jobs, documents: ports.documents });
    },
    insert: async (folder, { jobs, chosen }) => {
      if (!vscode.workspace.isTrusted) {
        return { ok: false, problem: { code: "untrusted", message: msg("command.untrusted") } };
      }
      const uri = await config(folder);
      return uri instanceof vscode.Uri ? insertSteps({ uri, ...chosen, jobs }) : { ok: false, problem: uri };
    },
  };
}
