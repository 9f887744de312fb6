import { msg, type Message } from "../messages.ts";
import { readJson, type JsonMember, type JsonNode, type JsonPath } from "./json.ts";
import { parseOperator, type OperatorName, type Qualifier } from "./operators.ts";
import {
  checkAction,
  checkPrincipal,
  INVALID_JSON,
  policyText,
  RefusedPolicy,
  type PrincipalKind,
} from "./stored.ts";

/** Someone a statement names. */
export type TrustPrincipal = {
  readonly kind: PrincipalKind;
  readonly value: string;
  readonly path: JsonPath;
};

/** A string of the policy and where it stands. */
export type Written = { readonly value: string; readonly path: JsonPath };

/** One key of one operator of a `Condition` block. All conditions of a statement must hold. */
export type TrustCondition = {
  readonly operator: OperatorName;
  readonly qualifier: Qualifier;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
  /** Of the key; its values are below it. */
  readonly path: JsonPath;
};

export type TrustStatement = {
  /** Its place in the document, from 0. */
  readonly index: number;
  readonly path: JsonPath;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly TrustPrincipal[];
  /** Exactly one of the two is there. */
  readonly actions?: readonly Written[];
  readonly notActions?: readonly Written[];
  readonly conditions: readonly TrustCondition[];
};

/** Something in a document of which it is not established whether IAM refuses it. */
export type DocumentDoubt = { readonly path: JsonPath; readonly doubt: Message };

export type TrustDocument = {
  readonly kind: "document";
  /** Undefined where there is none, which IAM reads as 2008-10-17. */
  readonly version: "2008-10-17" | "2012-10-17" | undefined;
  readonly id?: string;
  readonly statements: readonly TrustStatement[];
  readonly doubts: readonly DocumentDoubt[];
  /** As the quota counts: without white space. */
  readonly length: number;
  /** The text that was read and its values with their places in it. */
  readonly text: string;
  readonly json: JsonNode;
};

/** A document that IAM would refuse to store, with IAM's own words. */
export type InvalidTrust = { readonly kind: "invalid"; readonly path: JsonPath; readonly message: string };

const SYNTAX = "Syntax error in policy.";
const ELEMENTS = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"];
const REFUSED_ELEMENTS = ["Resource", "NotResource"];

/**
 * Reads any role trust policy: an object, JSON text, or JSON text URL-encoded as `GetRole` returns it. Single
 * values and lists come out alike. What IAM would refuse to store is invalid, with IAM's message; whether the
 * AWS principals it names exist is not known here.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html,
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export function parseTrustDocument(value: unknown): TrustDocument | InvalidTrust {
  try {
    return readDocument(policyText(value));
  } catch (error) {
    if (error instanceof RefusedPolicy) return { kind: "invalid", path: error.path, message: error.message };
    throw error;
  }
}

function readDocument(text: string): TrustDocument {
  const json = readJson(text);
  if (json?.kind !== "object") throw new RefusedPolicy([], INVALID_JSON);
  const top = membersOf(json, []);
  for (const name of top.keys())
    if (!["Version", "Id", "Statement"].includes(name)) throw new RefusedPolicy([name], SYNTAX);
  const version = readVersion(top.get("Version"));
  const id = optionalString(top.get("Id"), ["Id"]);
  const doubts: DocumentDoubt[] = [];
  const statements = readStatements(top.get("Statement"), doubts);
  return {
    kind: "document",
    version,
    ...(id === undefined ? {} : { id }),
    statements,
    doubts,
    length: text.replaceAll(/\s/g, "").length,
    text,
    json,
  };
}

function readVersion(node: JsonNode | undefined): TrustDocument["version"] {
  if (node === undefined) return undefined;
  const version = node.kind === "string" ? node.value : undefined;
  if (version === "2008-10-17" || version === "2012-10-17") return version;
  throw new RefusedPolicy(["Version"], "The policy must contain a valid version string");
}

function readStatements(node: JsonNode | undefined, doubts: DocumentDoubt[]): readonly TrustStatement[] {
  const written = node?.kind === "array" ? node.items : node === undefined ? [] : [node];
  if (written.length === 0)
    throw new RefusedPolicy(["Statement"], "Could not parse the policy: Statement is empty!");
  const statements = written.map((item, index) =>
    readStatement(item, index, node?.kind === "array" ? ["Statement", index] : ["Statement"], doubts),
  );
  const sids = new Set<string>();
  for (const { sid, path } of statements) {
    if (sid === undefined || sid === "") continue;
    if (sids.has(sid))
      throw new RefusedPolicy([...path, "Sid"], "The Statement Ids in the policy are not unique");
    sids.add(sid);
  }
  return statements;
}

function readStatement(
  node: JsonNode,
  index: number,
  path: JsonPath,
  doubts: DocumentDoubt[],
): TrustStatement {
  const members = membersOf(node, path);
  for (const name of members.keys())
    if (![...ELEMENTS, ...REFUSED_ELEMENTS, "Condition"].includes(name))
      throw new RefusedPolicy([...path, name], SYNTAX);
  const sid = optionalString(members.get("Sid"), [...path, "Sid"]);
  // The User Guide allows letters and digits only; IAM's answer for a trust policy is not known.
  if (sid !== undefined && !/^[A-Za-z0-9]*$/.test(sid))
    doubts.push({ path: [...path, "Sid"], doubt: msg("trust.doubt.sid", { sid }) });
  const effect = readEffect(members.get("Effect"), [...path, "Effect"]);
  const principals = readPrincipals(members, effect, path);
  const acts = readActions(members, path, doubts);
  if (members.has("Resource"))
    throw new RefusedPolicy([...path, "Resource"], "Has prohibited field Resource");
  if (members.has("NotResource"))
    throw new RefusedPolicy([...path, "NotResource"], "AssumeRole policy must not contain resources.");
  const conditions = readConditions(members.get("Condition"), [...path, "Condition"], doubts);
  return { index, path, ...(sid === undefined ? {} : { sid }), effect, principals, ...acts, conditions };
}

function readEffect(node: JsonNode | undefined, path: JsonPath): "Allow" | "Deny" {
  if (node === undefined) throw new RefusedPolicy(path.slice(0, -1), "Missing required field Effect");
  if (node.kind !== "string") throw new RefusedPolicy(path, SYNTAX);
  if (node.value === "Allow" || node.value === "Deny") return node.value;
  throw new RefusedPolicy(path, `Invalid effect: ${node.value}`);
}

function readPrincipals(
  members: ReadonlyMap<string, JsonNode>,
  effect: "Allow" | "Deny",
  statement: JsonPath,
): readonly TrustPrincipal[] {
  if (members.has("NotPrincipal"))
    throw new RefusedPolicy(
      [...statement, "NotPrincipal"],
      effect === "Allow"
        ? "Allow with NotPrincipal is not allowed."
        : "AssumeRole policy must not contain NotPrincipal field.",
    );
  const node = members.get("Principal");
  const path = [...statement, "Principal"];
  if (node === undefined) throw new RefusedPolicy(statement, "Missing required field Principal");
  if (node.kind === "string")
    throw new RefusedPolicy(
      path,
      node.value === "*"
        ? 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'
        : "Principal must be a JSON object.",
    );
  const kinds = membersOf(node, path);
  if (kinds.size === 0) throw new RefusedPolicy(path, "Missing required field Principal cannot be empty!");
  const principals = [...kinds].flatMap(([kind, values]) =>
    strings(values, [...path, kind]).map((one) => checkPrincipal(kind, one)),
  );
  if (principals.length === 0)
    throw new RefusedPolicy(
      path,
      "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!",
    );
  return principals;
}

function readActions(
  members: ReadonlyMap<string, JsonNode>,
  statement: JsonPath,
  doubts: DocumentDoubt[],
): { actions: readonly Written[] } | { notActions: readonly Written[] } {
  const actions = members.get("Action");
  const notActions = members.get("NotAction");
  if (actions !== undefined && notActions !== undefined)
    throw new RefusedPolicy([...statement, "NotAction"], SYNTAX);
  const name = actions === undefined ? "NotAction" : "Action";
  const node = actions ?? notActions;
  if (node === undefined) throw new RefusedPolicy(statement, "Missing required field Action");
  const path = [...statement, name];
  const written = strings(node, path);
  // Access Analyzer only suggests to fill an empty list; elsewhere IAM is said to refuse it.
  if (written.length === 0) doubts.push({ path, doubt: msg("trust.doubt.emptyActions") });
  for (const action of written) {
    const doubt = checkAction(action);
    if (doubt !== undefined) doubts.push({ path: action.path, doubt });
  }
  return name === "Action" ? { actions: written } : { notActions: written };
}

function readConditions(
  node: JsonNode | undefined,
  path: JsonPath,
  doubts: DocumentDoubt[],
): readonly TrustCondition[] {
  if (node === undefined) return [];
  return [...membersOf(node, path)].flatMap(([written, keys]) => {
    const operator = parseOperator(written);
    if (operator === undefined)
      throw new RefusedPolicy([...path, written], `Invalid Condition type : ${written}`);
    const seen = new Set<string>();
    return [...membersOf(keys, [...path, written])].map(([key, value]) => {
      const keyPath = [...path, written, key];
      if (!/^[^:\s]+:./.test(key))
        throw new RefusedPolicy(
          keyPath,
          "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        );
      // `ForAnyValue:Null` is neither documented nor ruled out.
      if (operator.operator === "Null" && operator.qualifier !== "none")
        doubts.push({ path: keyPath, doubt: msg("trust.doubt.setNull", { key }) });
      if (seen.has(key.toLowerCase()))
        doubts.push({ path: keyPath, doubt: msg("trust.doubt.keyTwice", { key }) });
      seen.add(key.toLowerCase());
      return { ...operator, key, values: conditionValues(value, keyPath), path: keyPath };
    });
  });
}

/** Numbers and booleans may stand without quotation marks; they are compared as they are written. */
function conditionValues(node: JsonNode, path: JsonPath): readonly string[] {
  return (node.kind === "array" ? node.items : [node]).map((item) => {
    if (item.kind === "string") return item.value;
    if (item.kind === "number" || item.kind === "boolean") return item.text;
    throw new RefusedPolicy(path, SYNTAX);
  });
}

function membersOf(node: JsonNode, path: JsonPath): ReadonlyMap<string, JsonNode> {
  if (node.kind !== "object") throw new RefusedPolicy(path, SYNTAX);
  return new Map(node.members.map(({ name, value }: JsonMember) => [name, value]));
}

function optionalString(node: JsonNode | undefined, path: JsonPath): string | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== "string") throw new RefusedPolicy(path, SYNTAX);
  return node.value;
}

function strings(node: JsonNode, path: JsonPath): readonly Written[] {
  if (node.kind === "string") return [{ value: node.value, path }];
  if (node.kind !== "array") throw new RefusedPolicy(path, SYNTAX);
  return node.items.map((item, index) => {
    if (item.kind !== "string") throw new RefusedPolicy([...path, index], SYNTAX);
    return { value: item.value, path: [...path, index] };
  });
}
