import { hubRoleArn } from "../../../core/blueprint/index.ts";
import { toSetup } from "../../../core/wizard/check.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
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
        words.say("wizard.done.next.seconds"),
        setup.subAccounts.length === 0
          ? words.say("wizard.done.next.permissions", { role: setup.hub.roleName })
          : words.say("wizard.done.next.subPermissions"),
        words.say("wizard.done.next.keys"),
      ],
    },
    ...(state.created.length === 0
      ? []
      : [heading(words.say("wizard.done.remove")), removalBlock(state, words)]),
  ];
}

function insertedText(
  insertion: { readonly jobs: readonly string[]; readonly saved: boolean } | undefined,
  words: Words,
): string {
  if (insertion === undefined) return words.say("wizard.done.notInserted");
  const jobs = insertion.jobs.join(", ");
  return words.say(insertion.saved ? "wizard.done.inserted" : "wizard.done.insertedUnsaved", { jobs });
}
