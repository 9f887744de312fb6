import type { LintFinding, LintSeverity } from "../../../core/trust/index.ts";
import type { Block, Tone } from "../../../shared/protocol.ts";
import type { Words } from "./parts.ts";

const tones: Record<LintSeverity, Tone> = { critical: "error", warning: "warning", info: "info" };

/** What the linter has found, in a sentence. */
export function findingBlock({ severity, message }: LintFinding, words: Words): Block {
  return { kind: "notice", tone: tones[severity], text: words.t(message) };
}
