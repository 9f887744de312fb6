import { msg, type Message } from "../messages.ts";
import { USER_MASK } from "./build.ts";
import { operatorBase } from "./operators.ts";
import type { JudgedCondition, JudgedStatement } from "./simulation.ts";

/**
 * What would have to change in a statement, or in the job, so that it admits the request: one sentence for each
 * thing that is missing.
 */
export function smallestChange(nearest: JudgedStatement, providerArn: string): readonly Message[] {
  const changes: Message[] = [];
  if (nearest.names === false) changes.push(msg("trust.change.provider", { provider: providerArn }));
  if (!nearest.acts) changes.push(msg("trust.change.action"));
  for (const condition of nearest.conditions)
    if (condition.truth === false) changes.push(changeOf(condition));
  return changes;
}

function changeOf({ condition, source }: JudgedCondition): Message {
  const { operator, key, expected, actual } = condition;
  const { family, negated } = operatorBase(source.operator);
  if (actual === undefined || source.operator === "Null")
    return msg("trust.change.remove", { operator, key });
  const [value = ""] = actual;
  if (negated) return msg("trust.change.exempt", { operator, key, value });
  if (isV1Subject(value) && expected.some((pattern) => pattern.includes("/vcs-origin/")))
    return msg("trust.change.vcs");
  if (family === "like") return msg("trust.change.add", { operator, key, value: forAnyUser(value) });
  if (family === "string") return msg("trust.change.add", { operator, key, value });
  return msg("trust.change.remove", { operator, key });
}

/** A subject with repository and ref, for whoever starts the run: a pattern, as the user alone is rarely meant. */
function forAnyUser(value: string): string {
  return value.replace(/(\/user\/)[^/]{36}(?=\/vcs-origin\/)/, `$1${USER_MASK}`);
}

/** A subject without repository and ref: of the first token, or of a custom webhook. */
function isV1Subject(value: string): boolean {
  return /^org\/[^/]+\/project\/[^/]+\/user\/[^/]+$/.test(value);
}
