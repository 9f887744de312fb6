import { msg, type Message } from "../messages.ts";
import type { Checked } from "../ids.ts";
import type { PermissionsDocument } from "../policy.ts";
import { jsonEndsAt, nodeValue, readJson, type JsonMember, type JsonNode } from "../trust/json.ts";

type JsonObject = Extract<JsonNode, { kind: "object" }>;

/**
 * Reads the text of a policy that grants permissions, as far as IAM's grammar can be checked offline. One sentence
 * says where what is wrong; a single statement becomes a list of one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readDocument(text: string): Checked<PermissionsDocument> {
  const root = readJson(text);
  if (root === undefined) return refused(msg("grant.json.syntax", lineOf(text, jsonEndsAt(text) ?? 0)));
  if (root.kind !== "object") return refused(msg("grant.json.object"));
  const extra = root.members.find(({ name }) => name !== "Version" && name !== "Statement");
  if (extra !== undefined) {
    return refused(msg("grant.json.extra", { name: extra.name, ...lineOf(text, extra.nameSpan.start) }));
  }
  const version = memberOf(root, "Version");
  if (version?.value.kind !== "string" || version.value.value !== "2012-10-17") {
    return refused(msg("grant.json.version", lineOf(text, version?.value.start ?? root.start)));
  }
  const written = memberOf(root, "Statement")?.value;
  const statements = written?.kind === "array" ? written.items : written === undefined ? [] : [written];
  if (statements.length === 0) return refused(msg("grant.json.statements"));
  for (const statement of statements) {
    const problem = statementProblem(statement, lineOf(text, statement.start));
    if (problem !== undefined) return refused(problem);
  }
  const objects = statements.filter((statement) => statement.kind === "object");
  return {
    ok: true,
    value: { Version: "2012-10-17", Statement: objects.map(objectValue) },
  };
}

function statementProblem(statement: JsonNode, at: { readonly line: number }): Message | undefined {
  if (statement.kind !== "object") return msg("grant.json.statement", at);
  const effect = memberOf(statement, "Effect")?.value;
  if (effect?.kind !== "string" || !["Allow", "Deny"].includes(effect.value)) {
    return msg("grant.json.effect", at);
  }
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => memberOf(statement, name) !== undefined);
  if (has("Principal", "NotPrincipal")) return msg("grant.json.principal", at);
  if (!has("Action", "NotAction")) return msg("grant.json.action", at);
  return has("Resource", "NotResource") ? undefined : msg("grant.json.resource", at);
}

function memberOf({ members }: JsonObject, name: string): JsonMember | undefined {
  return members.find((member) => member.name === name);
}

function objectValue({ members }: JsonObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(members.map(({ name, value }) => [name, nodeValue(value)]));
}

function lineOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

const refused = (problem: Message): Checked<never> => ({ ok: false, problem });
