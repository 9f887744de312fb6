import { msg, type Message } from "../messages.ts";
import type { PatternPart } from "./match.ts";

/**
 * What a key may have in the request: its values, undefined where the key is absent, "unknown" where only AWS
 * can tell. Several readings where AWS does not document which one holds.
 */
export type Reading = readonly string[] | undefined | "unknown";

export type Lookup = (key: string) => { readonly readings: readonly Reading[]; readonly doubt: Message };

/** More than any value of a request has: many variables of a long value would fill the memory. */
const MAX_REPLACED = 200_000;

/** A value of the policy with its variables replaced. */
export type Resolved =
  | { readonly kind: "text"; readonly parts: readonly PatternPart[]; readonly replaced: boolean }
  /** A variable has no value: nothing is equal to this or like it. */
  | { readonly kind: "null" }
  | { readonly kind: "doubt"; readonly doubt: Message };

/**
 * Replaces the variables of a policy value: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the
 * characters themselves. Only a policy of version 2012-10-17 has variables; in an older one, or one without
 * `Version`, `${` is plain text.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(value: string, lookup: Lookup, hasVariables: boolean): Resolved {
  if (!hasVariables) return { kind: "text", parts: [{ text: value, literal: false }], replaced: false };
  const parts: PatternPart[] = [];
  let replaced = false;
  let length = 0;
  let at = 0;
  for (let open = value.indexOf("${"); open !== -1; open = value.indexOf("${", at)) {
    const close = value.indexOf("}", open);
    const variable = close === -1 ? undefined : readVariable(value.slice(open + 2, close), lookup);
    if (variable === undefined) return { kind: "doubt", doubt: msg("trust.doubt.variable", { value }) };
    if (variable.kind !== "text") return variable;
    parts.push({ text: value.slice(at, open), literal: false }, ...variable.parts);
    replaced ||= variable.replaced;
    length += plainText(variable.parts).length;
    if (length > MAX_REPLACED) return { kind: "doubt", doubt: msg("trust.doubt.variable", { value }) };
    at = close + 1;
  }
  parts.push({ text: value.slice(at), literal: false });
  return { kind: "text", parts, replaced };
}

/** The text of a resolved value where no wildcards are read. */
export function plainText(parts: readonly PatternPart[]): string {
  return parts.map(({ text }) => text).join("");
}

/** What stands for the inside of one `${…}`; undefined where it has no form that AWS documents. */
function readVariable(inside: string, lookup: Lookup): Resolved | undefined {
  if (inside === "*" || inside === "?" || inside === "$")
    return { kind: "text", parts: [{ text: inside, literal: true }], replaced: false };
  const [, key, fallback] = /^([^\s,'"{:]+:[^\s,'"{]+)(?:, '([^']*)')?$/.exec(inside) ?? [];
  if (key === undefined) return undefined;
  const { readings, doubt } = lookup(key);
  const [reading, ...others] = readings;
  // A key with several values cannot be a variable, and it is not said what becomes of one that is.
  if (others.length > 0 || reading === "unknown" || (reading !== undefined && reading.length > 1))
    return { kind: "doubt", doubt };
  const text = reading?.[0] ?? fallback;
  if (text === undefined) return { kind: "null" };
  return { kind: "text", parts: [{ text, literal: true }], replaced: true };
}
