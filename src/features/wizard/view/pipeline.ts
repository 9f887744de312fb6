import { msg } from "../../../core/messages.ts";
import type { JobOffer } from "../../../core/insertion/offer.ts";
import type { PipelineFile, WizardState } from "../../../core/wizard/state.ts";
import type { Action, Block } from "../../../shared/protocol.ts";
import { action, field, heading, problemBlock, text, type Words } from "./parts.ts";
import { stepBlocks } from "./step.ts";

/** The page that chooses the jobs, shows the diff and inserts the step. */
export function pipelinePage(state: WizardState, words: Words): readonly Block[] {
  const again = action("outline", words.say("wizard.pipeline.again"));
  const blocks: Block[] = [text(words.say("wizard.pipeline.intro")), ...configBlocks(state, words)];
  switch (state.pipeline.kind) {
    case "idle":
    case "loading":
      return [...blocks, { kind: "busy", text: words.say("wizard.pipeline.busy") }];
    case "failed":
      return [...blocks, problemBlock(state.pipeline.problem, words, [again])];
    case "ready":
      return [
        ...blocks,
        ...jobBlocks(state.pipeline.value, state.selectedJobs, words),
        ...stepBlocks(state, state.pipeline.value, words),
        ...(state.insertion.kind === "failed" ? [problemBlock(state.insertion.problem, words, [again])] : []),
        ...(state.insertion.kind === "loading"
          ? [{ kind: "busy" as const, text: words.say("wizard.pipeline.inserting") }]
          : []),
      ];
  }
}

/** Which config it is, where the folder has several: a setup pipeline continues with others. */
function configBlocks({ configs, config }: WizardState, words: Words): readonly Block[] {
  if (configs.length < 2) return [];
  return [
    field({
      kind: "select",
      id: "config",
      label: words.say("wizard.pipeline.config"),
      hint: words.say("wizard.pipeline.config.hint"),
      value: config,
      options: configs.map(({ uri, name }) => ({ value: uri, label: name })),
    }),
  ];
}

/** The buttons below the choice of jobs. */
export function pipelineActions(state: WizardState, words: Words): readonly Action[] {
  const chosen = state.selectedJobs.length > 0 && state.insertion.kind !== "loading";
  return [
    action("skip", words.say("wizard.pipeline.skip")),
    action("preview", words.say("wizard.pipeline.preview"), "secondary", chosen),
    action("insert", words.say("wizard.pipeline.insert"), "primary", chosen),
  ];
}

function jobBlocks(file: PipelineFile, selected: readonly string[], words: Words): readonly Block[] {
  const none = !file.jobs.some((job) => job.status !== "unavailable");
  return [
    heading(words.say("wizard.pipeline.jobs", { file: file.file })),
    ...(none ? [text(words.say("wizard.pipeline.none", { file: file.file }))] : []),
    ...file.jobs.map((job) => jobBlock(job, selected.includes(job.name), words)),
  ];
}

function jobBlock(job: JobOffer, checked: boolean, words: Words): Block {
  const said = job.status === "ready" || job.status === "unavailable" ? job.note : statusNote[job.status];
  return field({
    kind: "checkbox",
    id: `job.${job.name}`,
    label: job.name,
    checked: checked || job.status === "present",
    enabled: job.status === "ready",
    hint: [...job.facts, ...(said === undefined ? [] : [said])].map(words.t).join(" "),
  });
}

const statusNote = {
  present: msg("wizard.pipeline.present"),
  different: msg("wizard.pipeline.different"),
} as const;
