import type { Certificate } from "../../../core/thumbprint.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { action, field, problemBlock, text, type Words } from "./parts.ts";

/** The page that shows the certificate chain of the issuer and what is made of it. */
export function thumbprintPage(state: WizardState, words: Words): readonly Block[] {
  return [text(words.say("wizard.thumbprint.intro")), ...resultBlocks(state, words)];
}

function resultBlocks(state: WizardState, words: Words): readonly Block[] {
  const retry = action("thumbprint", words.say("wizard.retry"));
  switch (state.thumbprint.kind) {
    case "idle":
    case "loading":
      return [{ kind: "busy", text: words.say("wizard.thumbprint.busy") }];
    case "failed":
      return [problemBlock(state.thumbprint.problem, words, [retry])];
    case "ready": {
      const found = state.thumbprint.value;
      switch (found.kind) {
        case "verified":
          return [
            { kind: "notice", tone: "success", text: words.say("wizard.thumbprint.verified") },
            thumbprintFacts(found, words),
            ...chainBlocks(found.chain, words),
          ];
        case "untrusted":
          return [
            {
              kind: "notice",
              tone: "warning",
              title: words.say("wizard.thumbprint.untrusted.title"),
              text: words.say("wizard.thumbprint.untrusted", { who: found.who }),
              actions: [retry],
            },
            field({
              kind: "checkbox",
              id: "useUntrustedThumbprint",
              label: words.say("wizard.thumbprint.untrusted.label"),
              checked: state.answers.useUntrustedThumbprint,
              enabled: true,
            }),
            thumbprintFacts(found, words),
            ...chainBlocks(found.chain, words),
          ];
        case "incomplete":
          return [
            {
              kind: "notice",
              tone: "info",
              text: words.say("wizard.thumbprint.incomplete"),
              detail: found.reason,
              actions: [retry],
            },
            ...chainBlocks(found.chain, words),
          ];
        case "unreachable":
          return [
            {
              kind: "notice",
              tone: "warning",
              text: words.say("wizard.thumbprint.unreachable"),
              detail: found.reason,
              actions: [retry],
            },
          ];
      }
    }
  }
}

function thumbprintFacts(
  found: { readonly thumbprint: string; readonly jwksUri: string },
  words: Words,
): Block {
  return {
    kind: "facts",
    rows: [
      { label: words.say("wizard.thumbprint.label"), value: found.thumbprint },
      { label: words.say("wizard.thumbprint.keys"), value: found.jwksUri },
    ],
  };
}

function chainBlocks(chain: readonly Certificate[], words: Words): readonly Block[] {
  if (chain.length === 0) return [];
  return [
    text(words.say("wizard.thumbprint.chain")),
    ...chain.map((certificate, index): Block => ({
      kind: "details",
      id: `certificate.${index}`,
      summary: `${index + 1}. ${certificate.subject}`,
      blocks: [
        {
          kind: "facts",
          rows: [
            { label: words.say("wizard.certificate.subject"), value: certificate.subject },
            { label: words.say("wizard.certificate.issuer"), value: certificate.issuer },
            {
              label: words.say("wizard.certificate.valid"),
              value: words.say("wizard.certificate.validity", {
                from: certificate.validFrom,
                to: certificate.validTo,
              }),
            },
            { label: "SHA-1", value: certificate.sha1 },
            { label: "SHA-256", value: certificate.sha256 },
          ],
        },
      ],
    })),
  ];
}
