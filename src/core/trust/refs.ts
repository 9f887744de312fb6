import { checkBranch, checkRefPrefix, type Checked } from "../ids.ts";
import type { RefRule } from "./rule.ts";

/**
 * Reads what was typed into rules: names with commas or line breaks between them, and `release/*` for all whose
 * names start so. A star anywhere else is refused, as it would span `/`. Nothing typed gives an empty list.
 */
export function parseRefs(text: string, kind: "branch" | "tag"): Checked<readonly RefRule[]> {
  const parts = [...new Set(text.split(/[,\n]/).map((part) => part.trim()))].filter((part) => part !== "");
  const refs: RefRule[] = [];
  for (const part of parts) {
    const prefix = part.endsWith("*") ? part.slice(0, -1) : undefined;
    const checked =
      prefix === ""
        ? { ok: true as const, value: "" }
        : (prefix === undefined ? checkBranch : checkRefPrefix)(prefix ?? part);
    if (!checked.ok) return checked;
    refs.push(
      prefix === undefined ? { kind, name: checked.value } : { kind: `${kind}Prefix`, prefix: checked.value },
    );
  }
  return { ok: true, value: refs };
}

/** A rule as it is typed: the inverse of `parseRefs`. */
export function refAsTyped(ref: RefRule): string {
  return "name" in ref ? ref.name : `${ref.prefix}*`;
}
