import { spawnSync } from "node:child_process";
import { awsOfVersion, type AwsMajor } from "../../support/aws-cli-v2.ts";
import { shells, type Shell } from "./job.ts";
import type { World, WorldJob } from "./world.ts";

export const names = ["bash", "dash", "busybox", "zsh"] as const satisfies readonly Shell[];
/** The styles with a script of their own: a reusable command holds that of the profiles. */
export const styles = ["profiles", "webIdentityFile"] as const;

const present = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const enforced = process.env["CI"] === "true";

const programs = new Map<AwsMajor, string>();
const missing: string[] = names.flatMap((name) => (present(shells[name][0]) ? [] : [`the shell ${name}`]));
for (const major of [1, 2] as const) {
  await awsOfVersion(major).then(
    (program) => programs.set(major, program),
    (error: unknown) => missing.push(error instanceof Error ? error.message : String(error)),
  );
}
if (missing.length > 0 && !enforced) console.log(`skipped in part: ${missing.join("; ")}`);

/** The CLI of a major version. @throws where it is missing */
export function aws(major: AwsMajor): string {
  const found = programs.get(major);
  if (found === undefined) throw new Error(missing.join("; "));
  return found;
}

/** Whether a pair can be run here. In CI every pair has to, and fails otherwise. */
export function able(shell: Shell, major: AwsMajor): boolean {
  return enforced || (programs.has(major) && present(shells[shell][0]));
}

/** Does something in a job and clears up. */
export async function inJob(
  world: World,
  major: AwsMajor,
  act: (job: WorldJob) => Promise<void>,
  change: object = {},
): Promise<void> {
  const job = await world.job(aws(major), change);
  await act(job);
  await job.end();
}
