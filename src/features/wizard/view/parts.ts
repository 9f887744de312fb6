import { msg, type MessageId, type Translate } from "../../../core/messages.ts";
import type { Problem } from "../../../core/outcome.ts";
import { pageProblems } from "../../../core/wizard/check.ts";
import type { PageId, WizardState } from "../../../core/wizard/state.ts";
import type { Action, Block, Field } from "../../../shared/protocol.ts";

/** What every page is built with. */
export type Words = {
  readonly t: Translate;
  /** Shorthand for a sentence without arguments, or with them. */
  readonly say: (id: MessageId, args?: Readonly<Record<string, string | number>>) => string;
};

export function wordsOf(t: Translate): Words {
  return { t, say: (id, args) => t(msg(id, args)) };
}

export function action(
  id: string,
  label: string,
  style: Action["style"] = "secondary",
  enabled = true,
): Action {
  return { id, label, style, enabled };
}

export const text = (content: string): Block => ({ kind: "text", text: content });
export const heading = (content: string): Block => ({ kind: "heading", text: content });
export const field = (content: Field): Block => ({ kind: "field", field: content });

/** The sentence about a field by its id, where there is one to be shown. */
export type ProblemOf = (id: string) => string | undefined;

/**
 * The problem of a field, to be shown once the user has been there: the field was typed in, or Next was
 * pressed. An answer that is only missing is not called wrong before Next.
 */
export function problemsShown(state: WizardState, page: PageId, words: Words): ProblemOf {
  const pressed = state.checked.includes(page);
  const problems = pageProblems(state, page);
  return (id) => {
    const found = problems.find((one) => one.field === id);
    if (found === undefined) return undefined;
    const waiting = found.problem.id === "wizard.identity.wait" || found.problem.id.endsWith(".empty");
    return pressed || (state.touched.includes(id) && !waiting) ? words.t(found.problem) : undefined;
  };
}

/** `{ error }` where there is one: the optional property of a field. */
export function errorOf(error: string | undefined): { readonly error?: string } {
  return error === undefined ? {} : { error };
}

/** What failed, why, and what helps. */
export function problemBlock(problem: Problem, words: Words, actions: readonly Action[]): Block {
  const sentences = [problem.message, ...(problem.advice === undefined ? [] : [problem.advice])];
  return {
    kind: "notice",
    tone: "error",
    text: sentences.map((sentence) => words.t(sentence)).join(" "),
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    actions,
  };
}
