import { msg, type Message } from "../../core/messages.ts";
import { isProblem, outline, type JobOutline } from "../../core/pipeline/index.ts";

/** What stands above a job: `offset` is that of its name, in UTF-16 units. */
export type Lens = {
  readonly offset: number;
  readonly length: number;
  readonly title: Message;
  /** The job that the step can be inserted into; left out where it is in already. */
  readonly insertInto?: string;
};

/**
 * The CodeLenses of a config, read from its text alone. Jobs that cannot take the step have none, and neither
 * has a text that is not a pipeline or not valid YAML.
 */
export function lensesOf(text: string): readonly Lens[] {
  const read = outline(text);
  return isProblem(read) ? [] : read.jobs.flatMap(lensOf);
}

function lensOf({ name, offset, length, authSteps, blocker }: JobOutline): readonly Lens[] {
  if (authSteps.length > 0) {
    const roles = new Set(authSteps.flatMap(({ roleArn }) => roleArn?.split("/").at(-1) ?? []));
    const role = [...roles].join(", ");
    const title =
      role === "" ? msg("pipelineEditor.lens.presentUnknown") : msg("pipelineEditor.lens.present", { role });
    return [{ offset, length, title }];
  }
  if (blocker !== undefined) return [];
  return [{ offset, length, title: msg("pipelineEditor.lens.insert"), insertInto: name }];
}
