import type { SubAnswers, WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { endpointBlocks, identityBlocks, profileBlocks } from "./aws.ts";
import { action, errorOf, field, heading, problemsShown, text, type Words } from "./parts.ts";

/** The page that asks who may use the role and where it leads. */
export function accessPage(state: WizardState, words: Words): readonly Block[] {
  const problem = problemsShown(state, "access", words);
  return [
    text(words.say("wizard.access.intro")),
    field({
      kind: "radio",
      id: "branchRule",
      label: words.say("wizard.branchRule.label"),
      value: state.answers.branchRule,
      options: [
        {
          value: "any",
          label: words.say("wizard.branchRule.any"),
          hint: words.say("wizard.branchRule.any.hint"),
        },
        {
          value: "named",
          label: words.say("wizard.branchRule.named"),
          hint: words.say("wizard.branchRule.named.hint"),
        },
      ],
    }),
    ...branchBlocks(state, words, problem),
    heading(words.say("wizard.sub.heading")),
    text(words.say("wizard.sub.intro")),
    ...state.subs.map((sub, index) => subBlock(state, sub, index + 1, words, problem)),
    { kind: "actions", actions: [action("add-sub", words.say("wizard.sub.add"))] },
    ...endpointBlocks(state, words, problem("endpointConfirmed")),
  ];
}

type ProblemOf = (id: string) => string | undefined;

function branchBlocks(state: WizardState, words: Words, problem: ProblemOf): readonly Block[] {
  if (state.answers.branchRule === "any") return [];
  const found = state.detected.kind === "ready" ? state.detected.value.repository : undefined;
  const fromRemote = found !== undefined && found === state.answers.repository;
  return [
    field({
      kind: "text",
      id: "repository",
      label: words.say("wizard.repository.label"),
      hint: words.say("wizard.repository.hint"),
      value: state.answers.repository,
      placeholder: "github.com/acme/web-shop",
      ...(fromRemote ? { source: words.say("wizard.repository.source") } : {}),
      ...errorOf(problem("repository")),
    }),
    field({
      kind: "text",
      id: "branchNames",
      label: words.say("wizard.branchNames.label"),
      hint: words.say("wizard.branchNames.hint"),
      value: state.answers.branchNames,
      placeholder: "main",
      ...errorOf(problem("branchNames")),
    }),
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
    ],
    actions: [action(`remove-sub:${sub.key}`, words.say("wizard.sub.remove", { number }))],
  };
}
