import { malformedPolicy } from "../errors.ts";
import type { AwsError } from "../errors.ts";
import type { Condition } from "./conditions.ts";
import { parseOperator } from "./operators.ts";
import { isArray, isObject, parseStrictJson } from "./strict-json.ts";
import type { Json } from "./strict-json.ts";

/** Principals of a statement by kind (`AWS`, `Federated`, `Service`), or the bare `"*"`. */
export type Principals = "*" | ReadonlyMap<string, readonly string[]>;

export type Statement = {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly principal: Principals | undefined;
  readonly notPrincipal: boolean;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
};

export type PolicyDocument = {
  readonly version: "2008-10-17" | "2012-10-17" | undefined;
  readonly statements: readonly Statement[];
};

/** A trust policy names who may assume a role; an identity policy says what its holder may do. */
export type PolicyKind = "trust" | "identity";

// The two kinds are read by different parsers in AWS, with different sentences for the same mistake.
const TEXT = {
  trust: {
    json: "This policy contains invalid Json",
    version: "The policy must contain a valid version string",
    empty: "Could not parse the policy: Statement is empty!",
    sid: "The Statement Ids in the policy are not unique",
    shape: "Syntax error in policy.",
    effect: "Missing required field Effect",
    action: "Missing required field Action",
  },
  identity: {
    json: "Syntax errors in policy.",
    version: "Policy document must be version 2012-10-17 or greater.",
    empty: "Syntax errors in policy.",
    sid: "Statement IDs (SID) in a single policy must be unique.",
    shape: "Syntax errors in policy.",
    effect: "Syntax errors in policy.",
    action: "Policy statement must contain actions.",
  },
} as const;

type Fail = (problem: keyof (typeof TEXT)["trust"]) => AwsError;

const TOP = new Set(["Version", "Id", "Statement"]);
const ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

const strings = (value: Json | undefined, fail: Fail): readonly string[] | undefined => {
  if (value === undefined) return undefined;
  if (typeof value === "string") return [value];
  if (!isArray(value)) throw fail("shape");
  return value.map((item) => {
    if (typeof item !== "string") throw fail("shape");
    return item;
  });
};

const optionalString = (value: Json | undefined, fail: Fail): string | undefined => {
  if (value !== undefined && typeof value !== "string") throw fail("shape");
  return value;
};

const conditionValues = (value: Json, fail: Fail): readonly string[] => {
  const items = isArray(value) ? value : [value];
  return items.map((item) => {
    if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean")
      throw fail("shape");
    return String(item);
  });
};

const readConditions = (block: Json | undefined, fail: Fail): readonly Condition[] => {
  if (block === undefined) return [];
  if (!isObject(block)) throw fail("shape");
  return [...block].flatMap(([operator, keys]) => {
    if (parseOperator(operator) === undefined) throw malformedPolicy(`Invalid Condition type : ${operator}`);
    if (!isObject(keys)) throw fail("shape");
    const seen = new Set<string>();
    return [...keys].map(([key, value]) => {
      if (!/^[^:\s]+:.+$/.test(key))
        throw malformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      if (seen.has(key.toLowerCase())) throw fail("shape");
      seen.add(key.toLowerCase());
      return { operator, key, values: conditionValues(value, fail) };
    });
  });
};

const readPrincipal = (value: Json | undefined, fail: Fail): Principals | undefined => {
  if (value === undefined) return undefined;
  if (value === "*") return "*";
  if (typeof value === "string") throw malformedPolicy("Principal must be a JSON object.");
  if (!isObject(value)) throw fail("shape");
  return new Map([...value].map(([kind, item]) => [kind, strings(item, fail) ?? []]));
};

const readStatement = (value: Json, fail: Fail): Statement => {
  if (!isObject(value)) throw fail("shape");
  for (const name of value.keys()) if (!ELEMENTS.has(name)) throw fail("shape");
  const effect = value.get("Effect");
  if (effect === undefined) throw fail("effect");
  if (typeof effect !== "string") throw fail("shape");
  if (effect !== "Allow" && effect !== "Deny") throw malformedPolicy(`Invalid effect: ${effect}`);
  const statement: Statement = {
    sid: optionalString(value.get("Sid"), fail),
    effect,
    principal: readPrincipal(value.get("Principal"), fail),
    notPrincipal: value.has("NotPrincipal"),
    actions: strings(value.get("Action"), fail),
    notActions: strings(value.get("NotAction"), fail),
    resources: strings(value.get("Resource"), fail),
    notResources: strings(value.get("NotResource"), fail),
    conditions: readConditions(value.get("Condition"), fail),
  };
  if (statement.actions !== undefined && statement.notActions !== undefined) throw fail("shape");
  if (statement.resources !== undefined && statement.notResources !== undefined) throw fail("shape");
  if ((statement.actions ?? statement.notActions ?? []).length === 0) throw fail("action");
  if (statement.sid !== undefined && !/^[A-Za-z0-9 ]*$/.test(statement.sid)) throw fail("shape");
  return statement;
};

const readJson = (text: string, fail: Fail): ReadonlyMap<string, Json> => {
  try {
    const value = parseStrictJson(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw fail("json");
};

/**
 * Reads a policy document by the grammar both kinds share; throws `MalformedPolicyDocument`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export const readDocument = (text: string, kind: PolicyKind): PolicyDocument => {
  const fail: Fail = (problem) => malformedPolicy(TEXT[kind][problem]);
  const top = readJson(text, fail);
  for (const name of top.keys()) if (!TOP.has(name)) throw fail("shape");
  const version = top.get("Version");
  if (version !== undefined && version !== "2008-10-17" && version !== "2012-10-17") throw fail("version");
  const written = top.get("Statement");
  const list = isArray(written) ? written : written === undefined ? [] : [written];
  if (list.length === 0) throw fail("empty");
  const statements = list.map((item) => readStatement(item, fail));
  const sids = statements.flatMap(({ sid }) => (sid === undefined || sid === "" ? [] : [sid]));
  if (new Set(sids).size !== sids.length) throw fail("sid");
  return { version, statements };
};

/** Length as the quotas count it: white space is free. */
export const countedLength = (text: string): number => text.replaceAll(/\s/g, "").length;
