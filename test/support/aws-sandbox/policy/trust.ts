import { malformedPolicy } from "../errors.ts";
import { accountOfArn, propagated, roleByArn, roleById } from "../model.ts";
import type { World } from "../model.ts";
import { readDocument } from "./document.ts";
import type { PolicyDocument, Principals, Statement } from "./document.ts";
import { isArray, isObject, parseStrictJson } from "./strict-json.ts";
import type { Json } from "./strict-json.ts";

/** A trust policy as IAM keeps it: role principals are unique ids, the JSON is in IAM's own order. */
export type StoredTrust = { readonly document: PolicyDocument; readonly json: Json };

const invalidPrincipal = (kind: string, value: string): Error =>
  malformedPolicy(`Invalid principal in policy: "${kind}":"${value}"`);

const USER = /^arn:aws[a-z-]*:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/;
const SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/[A-Za-z0-9_+=,.@-]{2,64}$/;

/** What IAM stores for an AWS principal; throws where it names nobody that exists. */
const resolveAws = (world: World, value: string): string => {
  if (value === "*") return value;
  const fail = (): Error => invalidPrincipal("AWS", value);
  if (/^\d{12}$/.test(value)) {
    if (!world.accounts.has(value)) throw fail();
    return `arn:aws:iam::${value}:root`;
  }
  if (/^AROA[A-Z0-9]{17}$/.test(value)) {
    if (roleById(world, value) === undefined) throw fail();
    return value;
  }
  const account = accountOfArn(world, value);
  if (account === undefined) throw fail();
  if (/^arn:aws[a-z-]*:iam::\d{12}:root$/.test(value)) return value;
  const user = USER.exec(value)?.[1];
  if (user !== undefined && account.users.get(user)?.arn === value) return value;
  const session = SESSION.exec(value);
  if (session !== null && account.roles.get((session[2] ?? "").toLowerCase())?.name === session[2])
    return value;
  const role = /^arn:aws[a-z-]*:iam::/.test(value) ? roleByArn(world, value) : undefined;
  if (role === undefined || !propagated(world, role.at)) throw fail();
  return role.id;
};

const FEDERATED_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(?:oidc|saml)-provider\/\S+$/;
const DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;
const SERVICE = /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/;

// Whether the provider exists is not checked: AWS stores the ARN of a missing provider as well.
const checkFederated = (value: string): string => {
  if (!FEDERATED_ARN.test(value) && !DOMAIN.test(value))
    throw malformedPolicy("Federated principals must be valid domain names or SAML metadata ARNs");
  return value;
};

const checkService = (value: string): string => {
  if (!SERVICE.test(value)) throw invalidPrincipal("SERVICE", value);
  return value;
};

const resolvePrincipals = (world: World, principals: Principals): Principals => {
  if (principals === "*")
    throw malformedPolicy('AssumeRolepolicy contained an invalid principal: "STAR":"*".');
  if (principals.size === 0 || [...principals.values()].some((values) => values.length === 0))
    throw malformedPolicy("Missing required field Principal cannot be empty!");
  const resolve = (kind: string, value: string): string => {
    if (kind === "AWS") return resolveAws(world, value);
    if (kind === "Federated") return checkFederated(value);
    if (kind === "Service") return checkService(value);
    throw invalidPrincipal(kind, value);
  };
  return new Map([...principals].map(([kind, values]) => [kind, values.map((one) => resolve(kind, one))]));
};

const resolveStatement = (world: World, statement: Statement): Statement => {
  if (statement.notPrincipal)
    throw malformedPolicy(
      statement.effect === "Allow"
        ? "Allow with NotPrincipal is not allowed."
        : "AssumeRole policy must not contain NotPrincipal field.",
    );
  if (statement.principal === undefined) throw malformedPolicy("Missing required field Principal");
  if (statement.resources !== undefined) throw malformedPolicy("Has prohibited field Resource");
  if (statement.notResources !== undefined)
    throw malformedPolicy("AssumeRole policy must not contain resources.");
  for (const action of statement.actions ?? statement.notActions ?? [])
    if (!/^sts:./i.test(action))
      throw malformedPolicy("AssumeRole policy may only specify STS AssumeRole actions.");
  return { ...statement, principal: resolvePrincipals(world, statement.principal) };
};

const ORDER = ["Sid", "Effect", "Principal", "Action", "NotAction", "Condition"];

/** IAM prints a list of one as the item itself. */
const unwrap = (value: Json): Json => {
  const only = isArray(value) && value.length === 1 ? value[0] : undefined;
  if (only !== undefined) return only;
  if (isObject(value)) return new Map([...value].map(([key, item]) => [key, unwrap(item)]));
  return value;
};

const orderedStatement = (written: Json, resolved: Statement): Json => {
  if (!isObject(written)) return written;
  const { principal } = resolved;
  const own = new Map<string, Json>();
  for (const name of ORDER) {
    const value = name === "Principal" && typeof principal === "object" ? principal : written.get(name);
    if (value !== undefined) own.set(name, unwrap(value));
  }
  return own;
};

const orderedJson = (text: string, document: PolicyDocument): Json => {
  const written = parseStrictJson(text);
  if (!isObject(written)) return written;
  const statement = written.get("Statement") ?? [];
  const list = isArray(statement) ? statement : [statement];
  const top = new Map<string, Json>();
  for (const name of ["Version", "Id"]) {
    const value = written.get(name);
    if (value !== undefined) top.set(name, value);
  }
  const statements = document.statements.map((own, index) => orderedStatement(list[index] ?? null, own));
  return top.set("Statement", statements);
};

/**
 * Reads a role trust policy, checks what only such policies are asked for, and resolves its principals as
 * IAM does when it is written: a role's ARN becomes the role's unique id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export const readTrustPolicy = (world: World, text: string): StoredTrust => {
  const read = readDocument(text, "trust");
  const document = {
    ...read,
    statements: read.statements.map((statement) => resolveStatement(world, statement)),
  };
  return { document, json: orderedJson(text, document) };
};

/** The trust policy as IAM shows it now: unique ids as ARNs while their role exists, as ids afterwards. */
export const showTrust = (world: World, trust: StoredTrust): Json => {
  const show = (value: Json): Json => {
    if (typeof value === "string" && value.startsWith("AROA")) return roleById(world, value)?.arn ?? value;
    return isArray(value) ? value.map(show) : value;
  };
  const principal = (value: Json): Json =>
    isObject(value) ? new Map([...value].map(([kind, who]) => [kind, show(who)])) : value;
  const statement = (value: Json): Json =>
    isObject(value)
      ? new Map([...value].map(([name, item]) => [name, name === "Principal" ? principal(item) : item]))
      : value;
  const { json } = trust;
  if (!isObject(json)) return json;
  return new Map(
    [...json].map(([name, item]) => [
      name,
      name === "Statement" && isArray(item) ? item.map(statement) : item,
    ]),
  );
};
