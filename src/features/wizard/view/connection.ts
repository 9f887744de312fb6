import { projectSlug } from "../../../core/wizard/load.ts";
import { standing } from "../../../core/wizard/claim.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { action, errorOf, field, problemBlock, problemsShown, text, type Words } from "./parts.ts";

/** The page that asks for the organization and the project. */
export function connectionPage(state: WizardState, words: Words): readonly Block[] {
  const problem = problemsShown(state, "connection", words);
  return [
    text(words.say("wizard.connection.intro")),
    ...folderBlocks(state, words, problem("folder")),
    ...claimBlocks(state, words),
    ...lookupBlocks(state, words),
    field({
      kind: "text",
      id: "organizationId",
      label: words.say("wizard.organization.label"),
      hint: words.say("wizard.organization.hint"),
      value: state.answers.organizationId,
      placeholder: "00000000-0000-0000-0000-000000000000",
      ...sourceOf(state, "organizationId", words),
      ...errorOf(problem("organizationId")),
    }),
    field({
      kind: "text",
      id: "projectId",
      label: words.say("wizard.project.label"),
      hint: words.say("wizard.project.hint"),
      value: state.answers.projectId,
      placeholder: "00000000-0000-0000-0000-000000000000",
      ...sourceOf(state, "projectId", words),
      ...errorOf(problem("projectId")),
    }),
  ];
}

function folderBlocks(state: WizardState, words: Words, error: string | undefined): readonly Block[] {
  if (state.folders.length === 0) {
    return [{ kind: "notice", tone: "info", text: words.say("wizard.folder.none") }];
  }
  if (state.folders.length === 1) return [];
  return [
    field({
      kind: "select",
      id: "folder",
      label: words.say("wizard.folder.label"),
      value: state.answers.folder,
      options: [
        { value: "", label: words.say("wizard.choose") },
        ...state.folders.map((folder) => ({ value: folder.uri, label: folder.name })),
      ],
      ...errorOf(error),
    }),
  ];
}

function claimBlocks(state: WizardState, words: Words): readonly Block[] {
  switch (state.detected.kind) {
    case "idle":
      return [];
    case "loading":
      return [{ kind: "busy", text: words.say("wizard.detect.busy") }];
    case "failed":
      return [problemBlock(state.detected.problem, words, [action("detect", words.say("wizard.retry"))])];
    case "ready": {
      const { claim, claimProblem } = state.detected.value;
      const judged = standing(state);
      if (claimProblem !== undefined) {
        return [
          {
            kind: "notice",
            tone: "warning",
            text: words.t(claimProblem),
            actions: [action("detect", words.say("wizard.retry"))],
          },
        ];
      }
      if (judged.kind === "refused") {
        return [
          {
            kind: "notice",
            tone: "error",
            text: words.t(judged.reason),
            actions: [action("detect", words.say("wizard.detect.again"))],
          },
        ];
      }
      if (claim === undefined || judged.kind === "confirmed") return [];
      const unnamed = words.say("wizard.claim.unnamed");
      return [
        {
          kind: "notice",
          tone: "warning",
          title: words.say("wizard.claim.title"),
          text: words.say("wizard.claim.text", {
            file: claim.file,
            organization: claim.organizationName ?? unnamed,
            project: claim.projectName ?? unnamed,
          }),
        },
      ];
    }
  }
}

function lookupBlocks(state: WizardState, words: Words): readonly Block[] {
  const slug = projectSlug(state);
  if (slug === undefined) return [];
  const find = action("lookup", words.say("wizard.lookup.action"));
  switch (state.lookup.kind) {
    case "idle":
      return [text(words.say("wizard.lookup.slug", { slug })), { kind: "actions", actions: [find] }];
    case "loading":
      return [{ kind: "busy", text: words.say("wizard.lookup.busy") }];
    case "failed":
      return [problemBlock(state.lookup.problem, words, [find])];
    case "ready": {
      const { organizationName, projectName } = state.lookup.value;
      return standing(state).kind === "confirmed"
        ? [
            {
              kind: "notice",
              tone: "success",
              text: words.say("wizard.claim.confirmed.api", {
                organization: organizationName,
                project: projectName,
              }),
            },
          ]
        : [{ kind: "actions", actions: [find] }];
    }
  }
}

function sourceOf(
  state: WizardState,
  id: "organizationId" | "projectId",
  words: Words,
): { readonly source?: string } {
  if (state.answers[id] === "") return {};
  if (state.lookup.kind === "ready" && state.lookup.value[id] === state.answers[id]) {
    return { source: words.say("wizard.source.api") };
  }
  const claim = state.detected.kind === "ready" ? state.detected.value.claim : undefined;
  return id === "projectId" && claim !== undefined && !state.touched.includes(id)
    ? { source: words.say("wizard.source", { source: claim.file }) }
    : {};
}
