import { msg, type Message } from "../messages.ts";
import type { JsonPath } from "./json.ts";

/** What IAM answers, as `MalformedPolicyDocument`, to a policy it does not store, and about which part. */
export class RefusedPolicy extends Error {
  readonly path: JsonPath;

  constructor(path: JsonPath, message: string) {
    super(message);
    this.path = path;
  }
}

export const INVALID_JSON = "This policy contains invalid Json";

/**
 * The text of a policy however it is given: JSON text, the same URL-encoded as `GetRole` returns it, or the
 * value itself. Refuses what no parameter of IAM can hold.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export function policyText(value: unknown): string {
  const text = textOf(value);
  checkText(text);
  return text;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") {
    try {
      // Undefined for a function or undefined, whatever the declared type says.
      const text: unknown = JSON.stringify(value);
      if (typeof text === "string") return text;
    } catch (error) {
      // Circular, or too deep for the stack.
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    }
    throw new RefusedPolicy([], INVALID_JSON);
  }
  if (!value.trimStart().startsWith("%")) return value;
  try {
    return decodeURIComponent(value.trim());
  } catch (error) {
    if (error instanceof URIError) throw new RefusedPolicy([], INVALID_JSON);
    throw error;
  }
}

/** The limits of the parameter itself, before IAM reads it. */
function checkText(text: string): void {
  const where =
    "1 validation error detected: Value at 'assumeRolePolicyDocument' failed to satisfy constraint:";
  if (text.length > 131_072)
    throw new RefusedPolicy([], `${where} Member must have length less than or equal to 131072`);
  if (/[^\t\n\r\u0020-\u00ff]/.test(text))
    throw new RefusedPolicy(
      [],
      `${where} Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+`,
    );
}

export type PrincipalKind = "AWS" | "Federated" | "Service";

type Written = { readonly value: string; readonly path: JsonPath };

const AWS_PRINCIPAL = new RegExp(
  [
    String.raw`\*`,
    String.raw`\d{12}`,
    // The unique ID of a role or user that existed when the policy was stored.
    "A(?:ROA|IDA)[A-Z0-9]{12,}",
    String.raw`arn:aws[a-z-]*:iam::\d{12}:(?:root|(?:user|role)/[^*?\s]+)`,
    String.raw`arn:aws[a-z-]*:sts::\d{12}:(?:assumed-role/[^*?\s/]+/[^*?\s/]+|federated-user/[^*?\s]+)`,
  ]
    .map((form) => `^${form}$`)
    .join("|"),
);
const FEDERATED_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(?:oidc|saml)-provider\/[^\s*?]+$/;
const DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;
const SERVICE = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.amazonaws\.com(?:\.cn)?$/;

/**
 * Checks a principal as IAM does when it stores a trust policy: wildcards stand only for everyone, never for a
 * part of a name, and a federated principal is a domain name or the ARN of a provider.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
export function checkPrincipal(
  kind: string,
  { value, path }: Written,
): { readonly kind: PrincipalKind; readonly value: string; readonly path: JsonPath } {
  switch (kind) {
    case "AWS":
      if (!AWS_PRINCIPAL.test(value))
        throw new RefusedPolicy(path, `Invalid principal in policy: "AWS":"${value}"`);
      return { kind, value, path };
    case "Federated":
      if (!FEDERATED_ARN.test(value) && !DOMAIN.test(value))
        throw new RefusedPolicy(
          path,
          "Federated principals must be valid domain names or SAML metadata ARNs",
        );
      return { kind, value, path };
    case "Service":
      if (!SERVICE.test(value))
        throw new RefusedPolicy(path, `Invalid principal in policy: "SERVICE":"${value}"`);
      return { kind, value, path };
    default:
      throw new RefusedPolicy(path, `Invalid principal in policy: "${kind}":"${value}"`);
  }
}

const ASSUME_ACTIONS = new Set([
  "sts:assumerole",
  "sts:assumerolewithsaml",
  "sts:assumerolewithwebidentity",
  "sts:tagsession",
  "sts:setsourceidentity",
  "sts:setcontext",
]);

/**
 * Checks an action of a trust policy. Those of other services are refused; whether IAM stores a wildcard that
 * reaches beyond the AssumeRole actions (`sts:*`) is not documented, and what is known contradicts itself.
 * Action names ignore case.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html
 */
export function checkAction({ value, path }: Written): Message | undefined {
  const action = value.toLowerCase();
  if (!/^sts:[^:]+$/.test(action))
    throw new RefusedPolicy(path, "AssumeRole policy may only specify STS AssumeRole actions.");
  const fixed = /^[^*?]*/.exec(action)?.[0] ?? "";
  const known = fixed === action ? ASSUME_ACTIONS.has(action) : fixed.startsWith("sts:assumerole");
  return known ? undefined : msg("trust.doubt.action", { action: value });
}
