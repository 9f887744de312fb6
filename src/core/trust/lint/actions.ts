import { msg } from "../../messages.ts";
import { covers } from "../covers.ts";
import type { TrustDocument, TrustPrincipal, TrustStatement } from "../document.ts";
import { nodeAt } from "../json.ts";
import { matchesWildcards } from "../match.ts";
import { replaceValue, type LintEdit } from "./edits.ts";
import type { Draft, LintFix } from "./finding.ts";

const WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";

/** Which action lets a principal in. */
function actionOf({ kind, value }: TrustPrincipal): string {
  if (kind !== "Federated") return "sts:AssumeRole";
  return value.includes(":saml-provider/") ? "sts:AssumeRoleWithSAML" : WEB_IDENTITY;
}

/** The actions of a statement that allows: the one its principals need, by name. */
export function actionRules(document: TrustDocument, statement: TrustStatement): readonly Draft[] {
  const { actions, notActions, path, principals } = statement;
  const wanted = new Set(principals.map(actionOf));
  const [only, ...others] = wanted;
  const name = others.length === 0 ? only : undefined;
  if (actions === undefined) {
    const fix =
      name !== undefined && covers(statement, name) ? replaceNotAction(document, statement, name) : undefined;
    return notActions === undefined ? [] : [{ rule: "not-action", path: [...path, "NotAction"], fix }];
  }
  const drafts: Draft[] = actions
    .filter(({ value }) => /[*?]/.test(value))
    .map((action) => {
      const args = { action: action.value };
      const isNeeded = name !== undefined && matchesWildcards(action.value.toLowerCase(), name.toLowerCase());
      const isListed = actions.some(({ value }) => value === name);
      const edit = isNeeded && !isListed ? replaceValue(document, action.path, name) : undefined;
      return { rule: "action-wildcard", path: action.path, args, fix: fixOf(name, edit) };
    });
  for (const action of wanted)
    if (!covers(statement, action))
      drafts.push({ rule: "action-mismatch", path: [...path, "Action"], args: { action } });
  return drafts;
}

function replaceNotAction(
  { json }: TrustDocument,
  { path }: TrustStatement,
  name: string,
): LintFix | undefined {
  const node = nodeAt(json, path);
  const member = node?.kind === "object" ? node.members.find((one) => one.name === "NotAction") : undefined;
  if (member === undefined) return undefined;
  const { nameSpan, value } = member;
  const text = `"Action": ${JSON.stringify(name)}`;
  return fixOf(name, { offset: nameSpan.start, length: value.end - nameSpan.start, text });
}

function fixOf(name: string | undefined, edit: LintEdit | undefined): LintFix | undefined {
  return edit === undefined || name === undefined
    ? undefined
    : { title: msg("lint.fix.action", { action: name }), edits: [edit] };
}
