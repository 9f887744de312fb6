import { msg, type Message } from "../messages.ts";
import type { Target } from "./edit.ts";

/** What a resource or an edit is called in lists. */
export function targetName(target: Target): Message {
  switch (target.kind) {
    case "OidcProvider":
      return msg("wizard.resource.OidcProvider", { name: target.url.replace("https://", "") });
    case "Role":
    case "ManagedPolicy":
      return msg(`wizard.resource.${target.kind}`, { name: target.name });
    case "PolicyAttachment":
      return msg("wizard.resource.PolicyAttachment", {
        policy: lastOf(target.policyArn),
        role: target.roleName,
      });
    case "AddAudience":
      return msg("wizard.edit.AddAudience", { audience: target.audience, name: providerOf(target.arn) });
    case "AddThumbprint":
      return msg("wizard.edit.AddThumbprint", { name: providerOf(target.arn) });
    case "PolicyVersion":
      return msg("wizard.edit.PolicyVersion", { name: lastOf(target.arn) });
    case "DropVersion":
      return msg("wizard.edit.DropVersion", { version: target.version, name: lastOf(target.arn) });
    case "Tag":
      return msg("wizard.edit.Tag", { key: target.key, name: lastOf(target.arn) });
    case "Detach":
      return msg("wizard.edit.Detach", { policy: lastOf(target.policyArn), role: target.roleName });
    case "TrustStatements":
    case "Description":
    case "MaxSession":
    case "Boundary":
      return msg(`wizard.edit.${target.kind}`, { role: target.roleName });
  }
}

/** The name of a file with a resource or an edit in it, as a tab shows it. */
export function fileOf({ address }: Target): string {
  return `${address.replaceAll(/[^\w.-]+/g, "-")}.json`;
}

const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
const providerOf = (arn: string): string => arn.slice(arn.indexOf("/") + 1);
