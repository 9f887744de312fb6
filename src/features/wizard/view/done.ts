import { hubRoleArn } from "../../../core/blueprint/index.ts";
import { lifetimeNote } from "../../../core/insertion/choices.ts";
import type { Setup } from "../../../core/setup.ts";
import { toSetup } from "../../../core/wizard/check.ts";
import { grantedRoles, permissionsOf } from "../../../core/wizard/permissions.ts";
import type { Insertion, WizardState } from "../../../core/wizard/state.ts";
import { stepRequest } from "../../../core/wizard/step.ts";
import type { Block } from "../../../shared/protocol.ts";
import { removalBlock } from "./apply.ts";
import { action, heading, text, type Words } from "./parts.ts";

/** The last page: the role, what happens on the next build, how to remove it all. */
export function donePage(state: WizardState, words: Words): readonly Block[] {
  const setup = toSetup(state);
  if (setup === undefined) return [];
  const insertion = state.insertion.kind === "ready" ? state.insertion.value : undefined;
  return [
    { kind: "notice", tone: "success", text: words.say("wizard.done.created") },
    {
      kind: "facts",
      rows: [
        {
          label: words.say("wizard.done.role"),
          value: hubRoleArn(setup),
          copy: action("copy:role", words.say("wizard.copy")),
        },
      ],
    },
    text(insertedText(insertion, words)),
    heading(words.say("wizard.done.next")),
    {
      kind: "list",
      items: [
        words.say("wizard.done.next.commit"),
        ...lifetimeLines(state, setup, words),
        ...powerless(state).map((role) => words.say("wizard.done.next.permissions", { role })),
        words.say("wizard.done.next.keys"),
      ],
    },
    ...(state.created.length === 0
      ? []
      : [heading(words.say("wizard.done.remove")), removalBlock(state, words)]),
  ];
}

/** The names of the roles with which jobs can do nothing yet, each once. */
function powerless(state: WizardState): readonly string[] {
  const roles = grantedRoles(state).filter((role) => permissionsOf(state, role.id).length === 0);
  return [...new Set(roles.map(({ name, place }) => `${name} (${place?.accountId ?? ""})`))];
}

/** How long the credentials last in the jobs that have the step now. */
function lifetimeLines(state: WizardState, setup: Setup, words: Words): readonly string[] {
  if (state.insertion.kind !== "ready" || state.pipeline.kind !== "ready") return [];
  const note = lifetimeNote(stepRequest(setup), state.pipeline.value, state.choices);
  return note === undefined ? [] : [words.t(note)];
}

function insertedText(insertion: Insertion | undefined, words: Words): string {
  if (insertion === undefined) return words.say("wizard.done.notInserted");
  const jobs = insertion.jobs.join(", ");
  const { saved, alsoIn } = insertion;
  const done = words.say(saved ? "wizard.done.inserted" : "wizard.done.insertedUnsaved", { jobs });
  return alsoIn.length === 0
    ? done
    : `${done} ${words.say("wizard.done.alsoIn", { jobs: alsoIn.join(", ") })}`;
}
