import * as vscode from "vscode";
import type { ChosenStep } from "../../core/insertion/choices.ts";
import type { Problem } from "../../core/outcome.ts";
import type { Setup } from "../../core/setup.ts";
import type { Result } from "../../core/wizard/events.ts";
import { stepRequest } from "../../core/wizard/step.ts";
import type { ConfigChoice, Insertion, PipelineFile } from "../../core/wizard/state.ts";
import { findConfigs, nameOf, untrusted } from "../pipeline/configFile.ts";
import { insertSteps, previewInsert } from "../pipeline/insert.ts";
import { outlineFile } from "../pipeline/outlineFile.ts";
import type { Ports } from "./ports.ts";

/** The jobs that get the step, and the step as it was chosen for them. */
type Wanted = { readonly jobs: readonly string[]; readonly chosen: ChosenStep };

/** What the wizard does with the pipeline's config; `folder` and `config` are URIs. */
export function pipelineEffects(ports: Ports): {
  configs(folder: string): Promise<Result<readonly ConfigChoice[]>>;
  outline(config: string, setup: Setup): Promise<Result<PipelineFile>>;
  preview(config: string, wanted: Wanted): Promise<Problem | undefined>;
  insert(config: string, wanted: Wanted): Promise<Result<Insertion>>;
} {
  return {
    configs: async (folder) => {
      const found = await findConfigs(vscode.Uri.parse(folder));
      if ("code" in found) return { ok: false, problem: found };
      return { ok: true, value: found.map((uri) => ({ uri: uri.toString(), name: nameOf(uri) })) };
    },
    outline: (config, setup) => outlineFile(vscode.Uri.parse(config), stepRequest(setup)),
    preview: (config, { jobs, chosen }) => {
      return previewInsert({ uri: vscode.Uri.parse(config), ...chosen, jobs, documents: ports.documents });
    },
    insert: async (config, { jobs, chosen }) => {
      const refusal = untrusted();
      return refusal === undefined
        ? insertSteps({ uri: vscode.Uri.parse(config), ...chosen, jobs })
        : { ok: false, problem: refusal };
    },
  };
}
