import type { Node, Scalar } from "yaml";
import { endOf, startOf, type PipelineDocument } from "./document.ts";
import type { TextEdit } from "./layout.ts";
import { problem, type PipelineProblem, type PipelineProblemId } from "./problem.ts";

/** Something wrong in a config. The sentence is `pipelineMessages[id]`; offsets are UTF-16 units. */
export type Finding = Omit<PipelineProblem, "kind"> & {
  readonly kind: "finding";
  readonly severity: "error" | "warning";
  readonly offset: number;
  readonly length: number;
  /** The edits that put it right, where that can be done without asking. */
  readonly fix?: readonly TextEdit[];
};

type Make = {
  readonly id: PipelineProblemId;
  readonly args?: Readonly<Record<string, string>>;
  readonly at: Node | Scalar | { readonly offset: number; readonly length: number };
  readonly severity?: Finding["severity"];
  readonly fix?: readonly TextEdit[] | undefined;
};

/** Makes a finding of what is wrong at a place. */
export function finding(
  document: PipelineDocument,
  { id, args = {}, at, severity = "warning", fix }: Make,
): Finding {
  const offset = "offset" in at ? at.offset : startOf(at);
  const length = "offset" in at ? at.length : Math.max(endOf(document.text, at) - offset, 1);
  const made = problem(id, args, document.place(offset));
  return { ...made, kind: "finding", severity, offset, length, ...(fix === undefined ? {} : { fix }) };
}
