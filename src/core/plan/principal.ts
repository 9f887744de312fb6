import type { PolicyDocument } from "../policy.ts";
import { samePolicy } from "../policy.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const ROLE_ID = /^AROA[A-Z0-9]{12,}$/;

/** Whether a principal is the ID of a role that was deleted. */
export function isRoleId(principal: string): boolean {
  return ROLE_ID.test(principal);
}

/**
 * The ID of a deleted role, where that is all that tells a trust policy from the wanted one. IAM keeps a role
 * principal as the role's unique ID and shows that ID once the role is gone; a new role of the same name has
 * another.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function deletedPrincipal(existing: unknown, wanted: PolicyDocument): string | undefined {
  const ids: string[] = [];
  const [statement] = wanted.Statement;
  const principal = statement?.Principal;
  if (principal === undefined || !("AWS" in principal)) return undefined;
  const restored = replaceStrings(existing, (text) => {
    if (!ROLE_ID.test(text)) return text;
    ids.push(text);
    return principal.AWS;
  });
  return ids.length > 0 && samePolicy(restored, wanted) ? ids[0] : undefined;
}

function replaceStrings(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item: unknown) => replaceStrings(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, replaceStrings(item, replace)]),
  );
}
