import { msg } from "../../messages.ts";
import { conditionHolds } from "../conditions.ts";
import { covers } from "../covers.ts";
import type { TrustDocument, TrustPrincipal, TrustStatement } from "../document.ts";
import { nodeAt } from "../json.ts";
import { matchesWildcards } from "../match.ts";
import { all, any, not, type Truth } from "../truth.ts";
import type { Lookup, Reading } from "../values.ts";
import { removeAt } from "./edits.ts";
import type { Draft } from "./finding.ts";

/** Somebody with credentials of AWS who calls `AssumeRole`. */
type Caller = { readonly arn: string; readonly account: string; readonly organization: string | undefined };

const STRANGER: Caller = {
  arn: "arn:aws:iam::999999999999:role/zz-stranger",
  account: "999999999999",
  organization: "o-zzstranger",
};

const partitionOf = (arn: string | undefined): string => /^arn:(aws[a-z-]*):/.exec(arn ?? "")?.[1] ?? "aws";

/** Who of AWS gets in: everyone, an organization, an account, or somebody who is gone. */
export function principalRules(document: TrustDocument, statement: TrustStatement): readonly Draft[] {
  return statement.principals.flatMap((principal) => principalRule(document, statement, principal));
}

function principalRule(
  document: TrustDocument,
  statement: TrustStatement,
  { kind, value, path }: TrustPrincipal,
): readonly Draft[] {
  if (kind !== "AWS") return [];
  if (/^A(?:ROA|IDA)/.test(value)) {
    const isListed = nodeAt(document.json, path.slice(0, -1))?.kind === "array";
    const edit = isListed && statement.principals.length > 1 ? removeAt(document, path) : undefined;
    const fix = edit === undefined ? undefined : { title: msg("lint.fix.removePrincipal"), edits: [edit] };
    return [{ rule: "deleted-principal", path, args: { id: value }, fix }];
  }
  if (!covers(statement, "sts:AssumeRole")) return [];
  const admits = (caller: Caller): boolean => isAdmitted(document, statement, caller);
  if (value === "*") return openRules(statement, path, admits);
  const account = accountOf(value);
  if (account === undefined) return [];
  const [named = value] = valuesOf(statement, "aws:PrincipalArn");
  const arn = `arn:${partitionOf(named)}:iam::${account}:role/zz-any`;
  const inside = { arn, account, organization: undefined };
  return admits(inside) ? [{ rule: "account-wide", path, args: { account } }] : [];
}

/** The account that a principal means as a whole. */
function accountOf(principal: string): string | undefined {
  return /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

function openRules(
  statement: TrustStatement,
  path: Draft["path"],
  admits: (caller: Caller) => boolean,
): readonly Draft[] {
  if (strangers(statement).some(admits)) return [{ rule: "everyone", path }];
  const paths = valuesOf(statement, "aws:PrincipalOrgPaths").map((path) => path.replace(/\/.*$/, ""));
  const [organization] = [...valuesOf(statement, "aws:PrincipalOrgID"), ...paths];
  if (organization !== undefined && admits({ ...STRANGER, organization }))
    return [{ rule: "organization-wide", path, args: { organization } }];
  const [account] = valuesOf(statement, "aws:PrincipalAccount");
  const arn = `arn:aws:iam::${account ?? ""}:role/zz-any`;
  return account !== undefined && admits({ arn, account, organization })
    ? [{ rule: "account-wide", path, args: { account } }]
    : [];
}

/** A stranger, under the names that patterns of the statement let somebody in another account take. */
function strangers(statement: TrustStatement): readonly Caller[] {
  const arns = valuesOf(statement, "aws:PrincipalArn").flatMap((pattern) => {
    const parts = pattern.split(":");
    const [account = "*", ...resource] = parts.slice(4);
    if (parts.length >= 6 && !matchesWildcards(account, STRANGER.account)) return [];
    const name = parts.length >= 6 ? resource.join(":").replaceAll(/[*?]/g, "x") : "role/zz-stranger";
    return [`arn:${partitionOf(pattern)}:iam::${STRANGER.account}:${name}`];
  });
  return [STRANGER, ...arns.slice(0, 8).map((arn) => ({ ...STRANGER, arn }))];
}

function valuesOf({ conditions }: TrustStatement, key: string): readonly string[] {
  const named = conditions.filter((condition) => condition.key.toLowerCase() === key.toLowerCase());
  return named.flatMap(({ values }) => values);
}

/** Whether a caller gets in by this statement; what the caller or the request decides counts as getting in. */
function isAdmitted(document: TrustDocument, statement: TrustStatement, caller: Caller): boolean {
  const hasVariables = document.version === "2012-10-17";
  const lookup = lookupFor(caller);
  const applies = ({ conditions }: TrustStatement): Truth =>
    all(conditions.map((condition) => conditionHolds(condition, { lookup, hasVariables })));
  const denying = document.statements.filter(
    (other) =>
      other.effect === "Deny" &&
      covers(other, "sts:AssumeRole") &&
      other.principals.some(({ value }) => value === "*" || accountOf(value) === caller.account),
  );
  return all([applies(statement), not(any(denying.map(applies)))]) !== false;
}

/**
 * The keys of a caller from elsewhere. An external ID and tags are the caller's to choose; networks and sources
 * are taken to be others than those asked for.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function lookupFor({ arn, account, organization }: Caller): Lookup {
  const known = new Map<string, Reading>([
    ["aws:principalarn", [arn]],
    ["aws:principalaccount", [account]],
    ["aws:principalorgid", organization === undefined ? "unknown" : [organization]],
    ["aws:principalorgpaths", organization === undefined ? "unknown" : [`${organization}/r-zz/ou-zz/`]],
    ["aws:principalisawsservice", ["false"]],
    ["aws:securetransport", ["true"]],
    ["aws:sourcevpc", ["vpc-zz"]],
    ["aws:sourcevpce", ["vpce-zz"]],
    ["aws:sourcearn", undefined],
    ["aws:sourceaccount", undefined],
    ["aws:sourceorgid", undefined],
    ["aws:federatedprovider", undefined],
  ]);
  return (key) => {
    const name = key.toLowerCase();
    const reading = known.has(name) ? known.get(name) : /^(?:aws|sts):/.test(name) ? "unknown" : undefined;
    return { readings: [reading], doubt: msg("trust.doubt.key", { key }) };
  };
}
