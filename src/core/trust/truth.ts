import type { Message } from "../messages.ts";

/** True, false, or what AWS does not document. */
export type Truth = boolean | { readonly doubt: Message };

/** False if any is false, else the first doubt if there is one. */
export function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.find((truth) => truth !== true) ?? true;
}

/** True if any is true, else the first doubt if there is one. */
export function any(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.find((truth) => truth !== false) ?? false;
}

export function not(truth: Truth): Truth {
  return typeof truth === "boolean" ? !truth : truth;
}
