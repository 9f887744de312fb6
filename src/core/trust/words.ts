import { subAccountRoleArn } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import type { Setup } from "../setup.ts";

/**
 * Who could assume the role of a setup, in sentences: what the trust policy admits, who can bring about such a
 * token, and where the role leads.
 * Source: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 */
export function accessInWords(setup: Setup): readonly Message[] {
  return [...runsInWords(setup), ...subAccountsInWords(setup)];
}

function runsInWords(setup: Setup): readonly Message[] {
  const project = setup.projectId;
  switch (setup.branchRule.kind) {
    case "any":
      return [msg("wizard.review.who.any", { project }), msg("wizard.review.who.mint")];
    case "named": {
      const { branches, repository } = setup.branchRule;
      return [
        msg("wizard.review.who.named", { project, branches: branches.join(", "), repository }),
        msg("wizard.review.who.mint"),
        msg("wizard.review.who.config"),
        msg("wizard.review.who.webhook"),
      ];
    }
  }
}

function subAccountsInWords(setup: Setup): readonly Message[] {
  if (setup.subAccounts.length === 0) return [];
  const roles = setup.subAccounts.map((sub) => subAccountRoleArn(setup, sub)).join(", ");
  return [msg("wizard.review.who.sub", { hub: setup.hub.accountId, roles })];
}
