import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { endpointBlocks, identityBlocks, profileBlocks } from "./awsBlocks.ts";
import { action, errorOf, field, problemsShown, text, type Words } from "./parts.ts";
import { companyBlock, moreAboutRole } from "./roleSettings.ts";
import { subAccountBlocks } from "./subAccounts.ts";

/** The page that asks for the account the provider and the role go into. */
export function awsPage(state: WizardState, words: Words): readonly Block[] {
  const problem = problemsShown(state, "aws", words);
  const { answers } = state;
  return [
    text(words.say("wizard.aws.intro")),
    ...profileBlocks(
      state,
      {
        id: "profile",
        label: words.say("wizard.profile.label"),
        hint: words.say("wizard.profile.hint"),
        value: answers.profile,
      },
      problem("profile"),
      words,
    ),
    ...rereadBlocks(state, words),
    ...identityBlocks(state.identity, answers.profile, "", words),
    field({
      kind: "text",
      id: "accountId",
      label: words.say("wizard.account.label"),
      hint: words.say("wizard.account.hint"),
      value: answers.accountId,
      placeholder: "111122223333",
      ...errorOf(problem("accountId")),
    }),
    field({
      kind: "text",
      id: "region",
      label: words.say("wizard.region.label"),
      hint: words.say("wizard.region.hint"),
      value: answers.region,
      placeholder: "eu-central-1",
      ...errorOf(problem("region")),
    }),
    field({
      kind: "text",
      id: "roleName",
      label: words.say("wizard.roleName.label"),
      hint: words.say("wizard.roleName.hint"),
      value: answers.roleName,
      ...errorOf(problem("roleName")),
    }),
    moreAboutRole(state, "hub", words, problem),
    companyBlock(state, words, problem),
    ...subAccountBlocks(state, words, problem),
    ...endpointBlocks(state, words, problem("endpointConfirmed")),
  ];
}

/** A profile that was added meanwhile is found without losing an answer. */
function rereadBlocks(state: WizardState, words: Words): readonly Block[] {
  if (state.profiles.kind !== "ready" || state.profiles.value.length === 0) return [];
  return [{ kind: "actions", actions: [action("profiles", words.say("wizard.profile.reload"), "link")] }];
}
