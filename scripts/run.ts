import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's top folder, with a slash at its end. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a program in the project's folder with its output shown as it comes.
 *
 * @returns its exit code, 1 where a signal ended it
 */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
