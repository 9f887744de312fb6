import type { Translate } from "../../../core/messages.ts";
import { pages, type PageId, type WizardState } from "../../../core/wizard/state.ts";
import type { Action, Block, WizardView } from "../../../shared/protocol.ts";
import { accessPage } from "./access.ts";
import { applyActions, applyPage } from "./apply.ts";
import { awsPage } from "./aws.ts";
import { connectionPage } from "./connection.ts";
import { donePage } from "./done.ts";
import { action, wordsOf, type Words } from "./parts.ts";
import { permissionsPage } from "./permissions.ts";
import { pipelineActions, pipelinePage } from "./pipeline.ts";
import { reviewActions, reviewPage } from "./review.ts";
import { thumbprintPage } from "./thumbprint.ts";

/** The wizard as it is to be shown: a pure function of its state, with every sentence finished. */
export function viewOf(state: WizardState, t: Translate): WizardView {
  const words = wordsOf(t);
  const current = pages.indexOf(state.page);
  const page = pageOf(state, words);
  return {
    title: words.say("wizard.title"),
    context: contextOf(state, words),
    stepsLabel: words.say("wizard.steps"),
    steps: pages.map((id, index) => {
      const step = index < current ? "done" : index === current ? "current" : "todo";
      return {
        id,
        label: words.say(`wizard.step.${id}`),
        state: step,
        stateText: words.say(`wizard.state.${step}`),
      };
    }),
    page: { id: state.page, ...page },
    footer: footerOf(state, words),
    announcement: announcementOf(page.blocks),
  };
}

/** The actions a view offers and that are enabled: the only ones the host takes from the webview. */
export function enabledActions(view: WizardView): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (actions: readonly Action[] | undefined): void => {
    for (const one of actions ?? []) if (one.enabled) found.add(one.id);
  };
  const visit = (block: Block): void => {
    if ("actions" in block) add(block.actions);
    innerBlocks(block).forEach(visit);
    if (block.kind === "facts") add(block.rows.flatMap((row) => (row.copy === undefined ? [] : [row.copy])));
  };
  view.page.blocks.forEach(visit);
  add(view.footer);
  return found;
}

function innerBlocks(block: Block): readonly Block[] {
  if (block.kind === "columns") return [...block.main, ...block.side];
  return "blocks" in block ? block.blocks : [];
}

function pageOf(
  state: WizardState,
  words: Words,
): { readonly heading: string; readonly blocks: readonly Block[] } {
  return { heading: words.say(`wizard.${state.page}.heading`), blocks: blocksOf[state.page](state, words) };
}

const blocksOf: Record<PageId, (state: WizardState, words: Words) => readonly Block[]> = {
  connection: connectionPage,
  aws: awsPage,
  access: accessPage,
  permissions: permissionsPage,
  thumbprint: thumbprintPage,
  review: reviewPage,
  apply: applyPage,
  pipeline: pipelinePage,
  done: donePage,
};

function contextOf(state: WizardState, words: Words): readonly string[] {
  const folder = state.folders.find((one) => one.uri === state.answers.folder);
  const account = state.identity.kind === "ready" ? state.identity.value.accountId : undefined;
  return [
    ...(folder === undefined ? [] : [words.say("wizard.context.folder", { name: folder.name })]),
    ...(account === undefined ? [] : [words.say("wizard.context.account", { account })]),
  ];
}

function footerOf(state: WizardState, words: Words): readonly Action[] {
  const back = action("back", words.say("wizard.back"));
  const next = action("next", words.say("wizard.next"), "primary");
  switch (state.page) {
    case "connection":
      return [next];
    case "aws":
    case "access":
    case "permissions":
      return [back, next];
    case "thumbprint":
      return [back, { ...next, enabled: state.thumbprint.kind !== "loading" }];
    case "review":
      return [back, ...reviewActions(state, words)];
    case "apply":
      return applyActions(state, words);
    case "pipeline":
      return [back, ...pipelineActions(state, words)];
    case "done":
      return [action("close", words.say("wizard.close"), "primary")];
  }
}

/** What a screen reader is to say when it changes: what is under way, or what went wrong or right. */
function announcementOf(blocks: readonly Block[]): string {
  const spoken = blocks.flatMap((block) => {
    if (block.kind === "busy") return [block.text];
    return block.kind === "notice" ? [[block.title, block.text].filter(Boolean).join(": ")] : [];
  });
  return spoken.join(" ");
}
