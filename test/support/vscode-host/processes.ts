import { spawn } from "node:child_process";
import path from "node:path";
import type { GuardOrder } from "./process-tree.ts";

/** Environment variables of a child process. Nothing is added to them. */
export type Environment = Readonly<Record<string, string>>;

/** A command that ends, with everything it started, when we stop it or end ourselves. */
export type GuardedProcess = {
  /** Process id of the guard; the command runs in a group of its own below it. */
  readonly pid: number;
  /** Standard output and error so far. */
  readonly log: () => string;
  /** The exit code, once everything has ended and the folders are removed. */
  readonly ended: Promise<number>;
  /** Resolves with the first match in the output; rejects when the process ends or the time is over. */
  readonly waitFor: (pattern: RegExp, timeoutMs: number) => Promise<RegExpExecArray>;
  /** Ends the command and its descendants and waits until they are gone. */
  readonly stop: () => Promise<void>;
};

/** Options of `startGuarded`. */
export type GuardedOptions = {
  readonly env: Environment;
  readonly cwd?: string;
  /** Folders to remove when it is over. */
  readonly remove?: readonly string[];
};

/**
 * Starts a command under a guard process that ends the whole of it when we go away, however that happens.
 *
 * @throws Error when the guard itself cannot be started
 */
export function startGuarded(
  command: string,
  args: readonly string[],
  options: GuardedOptions,
): GuardedProcess {
  const order: GuardOrder = { command, args, remove: options.remove ?? [] };
  const guard = spawn(process.execPath, [path.join(import.meta.dirname, "guard.ts"), JSON.stringify(order)], {
    detached: true,
    env: { ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const { pid } = guard;
  if (pid === undefined) {
    throw new Error(`${process.execPath} could not be started.`);
  }
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [guard.stdout, guard.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      listeners.forEach((listener) => listener());
    });
  }
  // Writing to a guard that has just ended is not an error of ours.
  guard.stdin.on("error", () => undefined);
  const ended = new Promise<number>((resolve) => {
    guard.once("close", (code) => resolve(code ?? 1));
  });
  return {
    pid,
    ended,
    log: () => output,
    waitFor: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void): void => {
          clearTimeout(timer);
          listeners.delete(check);
          finish();
        };
        const check = (): void => {
          const match = pattern.exec(output);
          if (match) {
            settle(() => resolve(match));
          }
        };
        const fail = (why: string): void => settle(() => reject(new Error(`${why}\n${output}`.trim())));
        const timer = setTimeout(
          () => fail(`Waited ${timeoutMs} ms in vain for ${String(pattern)}.`),
          timeoutMs,
        );
        listeners.add(check);
        void ended.then((code) => fail(`The process ended with code ${code}.`));
        check();
      }),
    stop: async () => {
      guard.stdin.end();
      await ended;
    },
  };
}

/**
 * Runs a command to its end.
 *
 * @returns its exit code and output (standard output and error in the order they came); 127 if it is missing
 */
export async function runCommandLine(
  command: string,
  args: readonly string[],
  options: GuardedOptions,
): Promise<{ readonly code: number; readonly output: string }> {
  const running = startGuarded(command, args, options);
  const code = await running.ended;
  return { code, output: running.log() };
}

const passedOn = ["PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "USER", "LOGNAME"];

/**
 * The environment of a program that must not see the user's own settings: a short list of harmless
 * variables, the given home, and what is given in `extra`. No AWS variable and no proxy gets in by itself.
 */
export function cleanEnvironment(home: string, extra: Environment = {}): Environment {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), HOME: home, ...extra };
}
