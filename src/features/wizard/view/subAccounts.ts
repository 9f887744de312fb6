import type { SubAnswers, WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { identityBlocks, profileBlocks } from "./awsBlocks.ts";
import { action, errorOf, field, heading, text, type ProblemOf, type Words } from "./parts.ts";
import { federationBlocks, moreAboutRole } from "./roleSettings.ts";

/** The other accounts, and how they are reached. */
export function subAccountBlocks(state: WizardState, words: Words, problem: ProblemOf): readonly Block[] {
  return [
    heading(words.say("wizard.sub.heading")),
    text(words.say("wizard.sub.intro")),
    ...state.subs.map((sub, index) => subBlock(state, sub, index + 1, words, problem)),
    { kind: "actions", actions: [action("add-sub", words.say("wizard.sub.add"))] },
    ...federationBlocks(state, words),
  ];
}

function subBlock(
  state: WizardState,
  sub: SubAnswers,
  number: number,
  words: Words,
  problem: ProblemOf,
): Block {
  const id = (name: string): string => `sub.${sub.key}.${name}`;
  const textField = (
    name: "accountId" | "roleName" | "ciProfile",
    label: string,
    placeholder: string,
    hint?: string,
  ): Block =>
    field({
      kind: "text",
      id: id(name),
      label,
      value: sub[name],
      placeholder,
      ...(hint === undefined ? {} : { hint }),
      ...errorOf(problem(id(name))),
    });
  return {
    kind: "group",
    id: `sub.${sub.key}`,
    legend: words.say("wizard.sub.legend", { number }),
    blocks: [
      ...profileBlocks(
        state,
        { id: id("profile"), label: words.say("wizard.sub.profile"), value: sub.profile },
        problem(id("profile")),
        words,
      ),
      ...identityBlocks(sub.identity, sub.profile, String(sub.key), words),
      textField(
        "accountId",
        words.say("wizard.account.label"),
        "444455556666",
        words.say("wizard.account.hint"),
      ),
      textField("roleName", words.say("wizard.sub.roleName"), "circleci-oidc"),
      textField(
        "ciProfile",
        words.say("wizard.sub.ciProfile"),
        "staging",
        words.say("wizard.sub.ciProfile.hint"),
      ),
      moreAboutRole(state, String(sub.key), words, problem),
    ],
    actions: [action(`remove-sub:${sub.key}`, words.say("wizard.sub.remove", { number }))],
  };
}
