/** The part of the IAM policy language that the product writes. */
export type PolicyStatement = {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Principal?: { readonly Federated: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};

export type PolicyDocument = {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
};

/** A policy that grants permissions. Its statements may be a user's own: whatever IAM takes. */
export type PermissionsDocument = {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
};

/** The most characters a customer-managed policy may have, white space not counted. Not adjustable.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MANAGED_POLICY_QUOTA = 6144;

/** A value as IAM writes it: a single one stands by itself. */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}

/** JSON as it is sent to IAM: without white space, which would count against no quota but helps nobody. */
export function minify(document: PolicyDocument | PermissionsDocument): string {
  return JSON.stringify(document);
}

/** Its length as IAM's quotas count it: characters without white space. */
export function policyLength(document: unknown): number {
  return JSON.stringify(document).replaceAll(/\s/g, "").length;
}

/** JSON as people read it. */
export function pretty(document: unknown): string {
  return JSON.stringify(document, undefined, 2);
}

/**
 * Whether two policy documents say the same: object keys in any order, a single value the same as a list of
 * one, lists in any order, keys and values otherwise exact. Documents that mean the same but are written
 * otherwise count as different, which errs towards showing a difference.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function samePolicy(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map(canonical).toSorted();
    return items.length === 1 ? (items[0] ?? "") : `[${items.join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
    return `{${entries.toSorted().join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
