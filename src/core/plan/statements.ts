import { samePolicy } from "../policy.ts";
import type { Edit, Statement } from "./edit.ts";

type TrustEdit = Extract<Edit, { kind: "TrustStatements" }>;

/** The statements of a trust policy; undefined where it is none that could be edited. */
export function statementsOf(trust: unknown): readonly Statement[] | undefined {
  if (!isRecord(trust)) return undefined;
  const { Statement: written } = trust;
  const all: readonly unknown[] = Array.isArray(written) ? written : [written];
  const found = all.filter(isRecord);
  return found.length === all.length ? found : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A trust policy with an edit made, as text: what comes takes the place of what goes, or the end. Everything else stays
 * as it is written, so that nobody's statement changes.
 */
export function editedTrust(
  { remove, add }: Pick<TrustEdit, "remove" | "add">,
  trust: unknown,
): string | undefined {
  const now = statementsOf(trust);
  if (now === undefined || !isRecord(trust)) return undefined;
  const goes = (statement: Statement): boolean => remove.some((old) => samePolicy(old, statement));
  const first = now.findIndex(goes);
  const at = first < 0 ? now.length : first;
  const Statement = [...now.slice(0, at), ...add, ...now.slice(at).filter((statement) => !goes(statement))];
  return JSON.stringify({ ...trust, Statement });
}

/** The text that takes a trust edit back: the very one from before where nothing else was changed since. */
export function restoredTrust(edit: TrustEdit, trust: unknown): string | undefined {
  const made = editedTrust(edit, parsed(edit.before));
  if (made !== undefined && samePolicy(parsed(made), trust)) return edit.before;
  return editedTrust({ remove: edit.add, add: edit.remove }, trust);
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
