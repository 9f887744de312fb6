import { msg, type Message } from "../../../core/messages.ts";
import { tryCase, whatIfCases, type Simulation, type WhatIfCase } from "../../../core/trust/index.ts";
import { builtTrust, trustRuleOfAnswers } from "../../../core/wizard/access.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block, Tone } from "../../../shared/protocol.ts";
import { heading, text, type Words } from "./parts.ts";

/** Ready cases against the policy as it stands: who would be let in, who not, and what decides. */
export function whatIfBlocks(state: WizardState, words: Words): readonly Block[] {
  const rule = trustRuleOfAnswers(state);
  const built = builtTrust(state);
  if (rule === undefined || built === undefined) return [];
  const named = state.answers.repository;
  const cases = whatIfCases(rule, named === "" ? "github.com/acme/web-shop" : named);
  return [
    heading(words.say("wizard.whatIf.heading")),
    text(words.say("wizard.whatIf.intro")),
    ...cases.map((one) => caseBlock(one, tryCase(rule, built.document, one), words)),
  ];
}

function caseBlock(one: WhatIfCase, answer: Simulation, words: Words): Block {
  const { note } = one;
  // How a stranger could be let in is nothing to be suggested.
  const changes = one.kind === "other" || one.kind === "intended" ? answer.smallestChange : [];
  return {
    kind: "details",
    id: `case.${one.id}`,
    summary: words.t(one.title),
    badge: { tone: toneOf(one, answer), text: answer.verdict },
    blocks: [
      text(words.t(answer.reason)),
      ...(note === undefined ? [] : [text(words.t(note))]),
      ...(changes.length === 0
        ? []
        : [
            text(words.say("wizard.whatIf.change")),
            { kind: "list" as const, items: changes.map((change) => words.t(inAnswers(change))) },
          ]),
    ],
  };
}

/** A value to be added to the policy comes into it by the answers above. */
function inAnswers(change: Message): Message {
  return change.id === "trust.change.add" ? msg("wizard.whatIf.answers") : change;
}

/** Green for what is as it should be, yellow for what is to be known, red for a stranger who gets in. */
function toneOf({ kind }: WhatIfCase, { verdict }: Simulation): Tone {
  if (verdict !== "ALLOW" && verdict !== "DENY") return "warning";
  const allowed = verdict === "ALLOW";
  switch (kind) {
    case "intended":
      return allowed ? "success" : "warning";
    case "other":
      return "info";
    case "foreign":
      return allowed ? "error" : "success";
    case "reach":
      return allowed ? "warning" : "success";
  }
}
