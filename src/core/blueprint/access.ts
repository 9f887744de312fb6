import { msg, type Message } from "../messages.ts";
import type { Setup } from "../setup.ts";
import { ruleInWords, type ProjectNames } from "../trust/words.ts";
import { subAccountRoleArn, trustRuleOf } from "./index.ts";

/** Who could assume the hub role of a setup, in sentences, and where the role leads. */
export function accessInWords(setup: Setup, names: ProjectNames = {}): readonly Message[] {
  const words = ruleInWords(trustRuleOf(setup), names);
  if (setup.subAccounts.length === 0) return words;
  const roles = setup.subAccounts.map((sub) => subAccountRoleArn(setup, sub)).join(", ");
  if (setup.federation === "direct") return [...words, msg("wizard.review.who.direct", { roles })];
  return [...words, msg("wizard.review.who.sub", { hub: setup.hub.accountId, roles })];
}
