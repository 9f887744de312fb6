import { msg, type Message } from "../messages.ts";
import type { TrustPrincipal } from "./document.ts";

/**
 * Whom a principal of a trust policy names. An account, however it is written, delegates to that account's own
 * policies; a unique ID is what is left of a role or user that was deleted after the policy was stored.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalInWords({ kind, value }: TrustPrincipal): Message {
  switch (kind) {
    case "Service":
      return msg("trust.read.service", { principal: value });
    case "Federated":
      return federatedInWords(value);
    case "AWS": {
      if (value === "*") return msg("trust.read.everyone");
      const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1];
      if (account !== undefined) return msg("trust.read.account", { account });
      return /^A(?:ROA|IDA)/.test(value)
        ? msg("trust.read.gone", { principal: value })
        : msg("trust.read.principal", { principal: value });
    }
  }
}

function federatedInWords(value: string): Message {
  const issuer = value.split(":oidc-provider/")[1] ?? value;
  if (issuer === "oidc.circleci.com") return msg("trust.read.root");
  const organization = /^oidc\.circleci\.com\/org\/(.+)$/.exec(issuer)?.[1];
  return organization === undefined
    ? msg("trust.read.provider", { provider: issuer })
    : msg("trust.read.organization", { organization });
}
