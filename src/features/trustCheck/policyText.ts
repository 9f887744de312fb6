import { nodeAt, readJson, type JsonNode } from "../../core/trust/json.ts";

/** A part of a text, by offsets. */
export type TextRange = { readonly start: number; readonly end: number };

/** What is found in a text that is to be checked. */
export type FoundPolicies =
  | { readonly kind: "policies"; readonly ranges: readonly TextRange[] }
  /** URL-encoded, or inside a JSON string: what it says when it is decoded. */
  | { readonly kind: "encoded"; readonly text: string }
  | { readonly kind: "none" }
  | { readonly kind: "tooLong" };

/** A text is read anew at every change. A policy that IAM stores has some thousand characters. */
const MAX_LENGTH = 1_000_000;

/** The members that hold a role's trust policy in the answers of IAM, in CloudFormation and in Terraform's plans. */
const HOLDERS = ["AssumeRolePolicyDocument", "assume_role_policy"];

/**
 * The trust policies of a text: the JSON from its first brace to its last, or inside it those of roles; a policy
 * that is broken JSON counts too. Text before and after, such as the marks of a heredoc, is left out.
 */
export function findPolicies(text: string): FoundPolicies {
  if (text.length > MAX_LENGTH) return { kind: "tooLong" };
  const decoded = decode(text);
  if (decoded !== undefined) return { kind: "encoded", text: decoded };
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}") + 1;
  if (start === -1 || end <= start) return { kind: "none" };
  const json = readJson(text.slice(start, end));
  if (json === undefined)
    return /"Statement"/.test(text.slice(start, end))
      ? { kind: "policies", ranges: [{ start, end }] }
      : { kind: "none" };
  if (isTrustPolicy(json)) return { kind: "policies", ranges: [{ start, end }] };
  return heldIn(json, start);
}

function heldIn(json: JsonNode, offset: number): FoundPolicies {
  const held = heldValues(json);
  const ranges = held
    .filter(isTrustPolicy)
    .map((node) => ({ start: offset + node.start, end: offset + node.end }));
  if (ranges.length > 0) return { kind: "policies", ranges };
  const texts = held.flatMap((node) => (node.kind === "string" ? [decode(node.value) ?? node.value] : []));
  const text = texts.find((one) => findPolicies(one).kind === "policies");
  return text === undefined ? { kind: "none" } : { kind: "encoded", text };
}

/** The values of all members that hold trust policies. */
function heldValues(node: JsonNode): readonly JsonNode[] {
  if (node.kind === "array") return node.items.flatMap(heldValues);
  if (node.kind !== "object") return [];
  return node.members.flatMap(({ name, value }) => (HOLDERS.includes(name) ? [value] : heldValues(value)));
}

/** A policy that says to whom it applies; without that it is one of permissions. */
function isTrustPolicy(json: JsonNode): boolean {
  const written = nodeAt(json, ["Statement"]);
  const statements = written?.kind === "array" ? written.items : written === undefined ? [] : [written];
  return statements.some(
    (one) => nodeAt(one, ["Principal"]) !== undefined || nodeAt(one, ["NotPrincipal"]) !== undefined,
  );
}

/** The text of a URL-encoded policy, in quotation marks or not. */
function decode(text: string): string | undefined {
  const inside = text.trim().replace(/^"(.*)"$/s, "$1");
  if (!/^(?:%(?:20|09|0a|0d))*%7b/i.test(inside)) return undefined;
  try {
    return decodeURIComponent(inside);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** A change of a text: `length` characters at `offset` became `text`. */
export type TextChange = { readonly offset: number; readonly length: number; readonly text: string };

/** Where a range is after changes of one edit, whose offsets are those of before. */
export function shifted(range: TextRange, changes: readonly TextChange[]): TextRange {
  return changes
    .toSorted((one, other) => other.offset - one.offset)
    .reduce(({ start, end }, { offset, length, text }) => {
      const added = text.length - length;
      if (offset + length <= start) return { start: start + added, end: end + added };
      if (offset >= end) return { start, end };
      return { start: Math.min(start, offset), end: Math.max(end, offset + length) + added };
    }, range);
}
