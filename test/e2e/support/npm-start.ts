import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../support/vscode-host/index.ts";

/** `npm start` as a user runs it, from a shell with a home and variables of the user's own. */
export type NpmStart = {
  readonly pid: number;
  /** The user's HOME, empty at first. */
  readonly home: string;
  /** TMPDIR, empty at first. */
  readonly temp: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the output holds a text; rejects where npm ends first. */
  readonly says: (text: string) => Promise<void>;
  /** The address it printed. */
  readonly url: () => URL;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ends whatever is left of it and removes its folders. */
  readonly remove: () => Promise<void>;
};

/** Starts it in a process group of its own, as a terminal does. */
export async function npmStart(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<NpmStart> {
  // Short: VS Code's sockets are in it too.
  const folder = await mkdtemp("/tmp/st-");
  const [home, temp] = [join(folder, "home"), join(folder, "t")];
  await Promise.all([mkdir(home), mkdir(temp)]);
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((one) => !one.includes("node_modules"));
  const child = spawn("npm", ["start", "--", ...args], {
    cwd: projectRoot,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: path.join(delimiter),
      LANG: "C.UTF-8",
      HOME: home,
      TMPDIR: temp,
      npm_config_update_notifier: "false",
      ...env,
    },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("npm could not be started.");
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (part: Buffer) => {
    stdout += part.toString("utf8");
    listeners.forEach((listener) => listener());
  });
  child.stderr.on("data", (part: Buffer) => (stderr += part.toString("utf8")));
  const ended = new Promise<Awaited<NpmStart["ended"]>>((resolve) => {
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  return {
    pid,
    home,
    temp,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (stdout.includes(text)) resolve();
        };
        listeners.add(check);
        check();
        void ended.then(() => reject(new Error(`npm start ended:\n${stdout}\n${stderr}`)));
      }),
    url: () => {
      const found = stdout.match(/https?:\/\/\S+/g) ?? [];
      if (found.length !== 1) throw new Error(`One address was expected:\n${stdout}`);
      return new URL(found[0]);
    },
    remove: async () => {
      for (const one of await processesOf(temp)) kill(one.pid);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended in between.
  }
}

export type ProcessSeen = {
  readonly pid: number;
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
};

/** The living processes whose command line or environment names a folder; proc(5). */
export async function processesOf(folder: string): Promise<readonly ProcessSeen[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(pids.map(Number).map(readProcess));
  return seen.filter((one) => one !== undefined).filter((one) => mentions(one, folder));
}

async function readProcess(pid: number): Promise<ProcessSeen | undefined> {
  try {
    const [command, environment] = await Promise.all(
      ["cmdline", "environ"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8")),
    );
    const pairs = (environment ?? "").split("\0").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    });
    return { pid, command: (command ?? "").replaceAll("\0", " "), env: Object.fromEntries(pairs) };
  } catch {
    return undefined;
  }
}

function mentions({ command, env }: ProcessSeen, folder: string): boolean {
  return command.includes(folder) || Object.values(env).some((value) => value.includes(folder));
}

/** The local addresses, in the hexadecimal form of proc(5), on which processes listen for TCP. */
export async function listeningAddresses(processes: readonly ProcessSeen[]): Promise<readonly string[]> {
  const sockets = new Set((await Promise.all(processes.map(({ pid }) => socketsOf(pid)))).flat());
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  return tables.flatMap((table) =>
    table.split("\n").flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [, local = "", , state] = fields;
      return state === "0A" && sockets.has(fields[9] ?? "") ? [local.slice(0, local.indexOf(":"))] : [];
    }),
  );
}

async function socketsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => "")));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}
