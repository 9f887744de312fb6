import { msg } from "../../messages.ts";
import { conditionTruth, isIssuerKey, valuePath } from "./conditions.ts";
import { addCondition, removeAt, replaceValue } from "./edits.ts";
import type { Draft, LintFix } from "./finding.ts";
import { UUID } from "./issuer.ts";
import { conditionsOn, organizationMeant, type Trusted } from "./reach.ts";
import { patternsOf } from "./subjects.ts";
import { text, witness } from "./witness.ts";

/** Whether the audience is asked for, exactly, and is the one that tokens have. */
export function audienceRules(trusted: Trusted): readonly Draft[] {
  const { document, statement, issuer } = trusted;
  const asked = conditionsOn(trusted, "aud");
  if (asked.length === 0) {
    // Another issuer's audience has a finding of its own.
    const isForeign = statement.conditions.some(({ key }) => isIssuerKey(key) && /:aud$/i.test(key));
    if (isForeign || issuer.accountId === undefined) return [];
    const [condition] = statement.conditions;
    const path = condition === undefined ? issuer.principal.path : [...statement.path, "Condition"];
    return [{ rule: "no-audience", path, fix: addFix(trusted) }];
  }
  const organization = organizationMeant(trusted);
  const patterns = asked.flatMap((condition) =>
    patternsOf(condition).map((value, index) => ({ condition, value, index })),
  );
  const open = patterns.filter(({ value }) => value.wildcards && /[*?]/.test(value.text));
  const drafts: Draft[] = open.map(({ condition, value, index }) => {
    const path = valuePath(document, condition, index);
    const isListed = condition.values.includes(organization ?? "");
    const exact = organization !== undefined && witness(value, text(organization)) !== undefined;
    const edit = isListed ? removeAt(document, path) : replaceValue(document, path, organization ?? "");
    const title = msg("lint.fix.exactAudience", { audience: organization ?? "" });
    const fix = exact && edit !== undefined ? { title, edits: [edit] } : undefined;
    return { rule: "audience-pattern", path, args: { value: value.text }, fix };
  });
  const [first] = asked;
  if (issuer.kind !== "organization" || organization === undefined || first === undefined) return drafts;
  const isDefault = ({ value }: (typeof patterns)[number]): boolean =>
    witness({ ...value, ignoreCase: true }, text(organization.toLowerCase())) !== undefined;
  if (patterns.length > 0 && !patterns.some(isDefault) && conditionTruth(first, trusted) !== false)
    drafts.push({ rule: "audience-not-default", path: first.path, args: { organization } });
  return drafts;
}

function addFix({ document, statement, issuer }: Trusted): LintFix | undefined {
  const { organization, kind, name } = issuer;
  const value = kind === "github" ? "sts.amazonaws.com" : organization;
  if (value === undefined || (kind !== "github" && (kind !== "organization" || !UUID.test(value))))
    return undefined;
  const edit = addCondition(document, statement.path, { key: `${name}:aud`, value });
  return edit === undefined
    ? undefined
    : { title: msg("lint.fix.addAudience", { audience: value }), edits: [edit] };
}
