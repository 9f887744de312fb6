import { awsMessages } from "./messages/aws.ts";
import { circleCiMessages } from "./messages/circleci.ts";
import { commandMessages } from "./messages/commands.ts";
import { driftMessages } from "./messages/drift.ts";
import { idMessages } from "./messages/ids.ts";
import { lintMessages } from "./messages/lint.ts";
import { permissionMessages } from "./messages/permissions.ts";
import { pipelineEditorMessages } from "./messages/pipelineEditor.ts";
import { planMessages } from "./messages/plan.ts";
import { recoveryMessages } from "./messages/recovery.ts";
import { removalMessages } from "./messages/removal.ts";
import { rolesMessages } from "./messages/roles.ts";
import { stepMessages } from "./messages/step.ts";
import { trustMessages } from "./messages/trust.ts";
import { trustCheckMessages } from "./messages/trustCheck.ts";
import { wizardMessages } from "./messages/wizard.ts";
import { wizardPipelineMessages } from "./messages/wizardPipeline.ts";
import { pipelineMessages } from "./pipeline/messages.ts";

/**
 * Every sentence the product shows, by id. Placeholders are `{name}`. The `vscode.l10n` bundle is generated
 * from this catalogue, so a sentence that is not here cannot be translated.
 */
export const messages = {
  ...idMessages,
  ...awsMessages,
  ...circleCiMessages,
  ...planMessages,
  ...removalMessages,
  ...recoveryMessages,
  ...driftMessages,
  ...pipelineMessages,
  ...pipelineEditorMessages,
  ...stepMessages,
  ...wizardMessages,
  ...wizardPipelineMessages,
  ...permissionMessages,
  ...trustMessages,
  ...lintMessages,
  ...trustCheckMessages,
  ...commandMessages,
  ...rolesMessages,
} as const;

export type MessageId = keyof typeof messages;

/** A sentence before it is put into words: core returns these, the host renders them. */
export type Message = {
  readonly id: MessageId;
  readonly args?: Readonly<Record<string, string | number>>;
};

/** Turns a message into a finished sentence in the user's language. */
export type Translate = (message: Message) => string;

/** Shorthand for a message value. */
export function msg(id: MessageId, args?: Readonly<Record<string, string | number>>): Message {
  return args === undefined ? { id } : { id, args };
}

/**
 * Renders a message in English, as `vscode.l10n.t` does without a bundle: `{name}` becomes the argument, an
 * unknown placeholder stays as it is. Used by scripts and tests; the extension uses `vscode.l10n.t`.
 */
export function english(message: Message): string {
  const args = message.args ?? {};
  return messages[message.id].replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = args[name];
    return value === undefined ? whole : String(value);
  });
}
