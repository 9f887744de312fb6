import { rmSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { lastLines } from "./debian.ts";
import { installVSCode, type InstallOptions, type VSCodeInstallation } from "./install.ts";
import { makeShortTempDir } from "./paths.ts";
import { cleanEnvironment, runCommandLine, startGuarded, type Environment } from "./processes.ts";
import { quietSettings, writeUserSettings, type Settings } from "./settings.ts";
import type { VSCodeVersion } from "./versions.ts";

/** One entry of the page's payload, such as `["skipWelcome", "true"]`. */
export type PayloadPair = readonly [name: string, value: string];

/** Options of `startServer`. */
export type ServerOptions = InstallOptions & {
  readonly version: VSCodeVersion;
  /** Port on 127.0.0.1; 0 or none for a free one. */
  readonly port?: number;
  /** Secret that the page's address must carry. Without it whoever reaches the port gets a terminal. */
  readonly connectionToken?: string;
  /** HOME of the server, of the extensions and of their child processes: never the user's own. */
  readonly home: string;
  /** Environment variables on top of a short list (PATH, LANG, HOME and the like). */
  readonly env?: Environment;
  /** User settings on top of the quiet ones. */
  readonly userSettings?: Settings;
  /** Where extensions are installed; a temporary folder otherwise. */
  readonly extensionsDir?: string;
  /** Whether every folder is trusted. Otherwise workspace trust is on and folders start restricted. */
  readonly trusted: boolean;
  /**
   * Starts VS Code with its smoke test driver. The newest release loads an extension from a source folder
   * only so (`extensionDevelopmentPath`, `runSuite`), but then shows no notification and no dialog: each
   * counts as cancelled. Leave it out for journeys and people.
   */
  readonly smokeTestDriver?: boolean;
  /** Folders to remove when the server has ended, such as its home, even where we are killed. */
  readonly removeAtEnd?: readonly string[];
};

/** A running VS Code server. */
export type VSCodeServer = {
  readonly version: VSCodeVersion;
  readonly installation: VSCodeInstallation;
  readonly port: number;
  /** `127.0.0.1:<port>`, which is also the remote authority of `vscode-remote` addresses. */
  readonly authority: string;
  /** Process id of the guard above the server. */
  readonly pid: number;
  /** The server's data folder. It is removed when the server stops. */
  readonly dataDir: string;
  readonly extensionsDir: string;
  /** TMPDIR of the server. It is removed when the server stops. */
  readonly tempDir: string;
  readonly smokeTestDriver: boolean;
  /** The page's address for a folder or a `.code-workspace` file (absolute path), with the token where there is one. */
  readonly url: (folder: string, payload?: readonly PayloadPair[]) => string;
  /** What the server printed so far. */
  readonly log: () => string;
  /** Installs a VSIX into the extensions folder; pages opened afterwards have it. */
  readonly installExtension: (vsixPath: string) => Promise<void>;
  /** Resolves with the exit code when the server has ended, by itself or not. */
  readonly ended: Promise<number>;
  /** Ends the server and all its children and removes its temporary folder. */
  readonly stop: () => Promise<void>;
};

const host = "127.0.0.1";
const startTimeoutMs = 60_000;

/**
 * Starts a VS Code server on 127.0.0.1, installing the release first where it is missing. The server ends
 * with us, however we end.
 *
 * @throws Error with one sentence: the errors of `installVSCode`, the port is in use, the server did not start
 */
export async function startServer(options: ServerOptions): Promise<VSCodeServer> {
  const port = options.port ?? 0;
  await assertPortIsFree(port);
  const installation = await installVSCode(options.version, options);
  const base = makeShortTempDir();
  // Until the guard sees to it: whoever starts a server may be stopped before it is ready.
  const removeBase = (): void => rmSync(base, { recursive: true, force: true });
  process.once("exit", removeBase);
  const folders = await prepareFolders(base, options);
  const env = cleanEnvironment(options.home, {
    // No extension gallery: neither the server nor the page looks anything up outside.
    EXTENSIONS_GALLERY: "{}",
    ...options.env,
    TMPDIR: folders.temp,
    XDG_RUNTIME_DIR: folders.runtime,
  });
  const common = [
    "--accept-server-license-terms",
    "--disable-telemetry",
    `--server-data-dir=${folders.data}`,
    `--extensions-dir=${folders.extensions}`,
  ];
  const running = startGuarded(
    installation.node,
    [
      installation.serverMain,
      `--host=${host}`,
      `--port=${port}`,
      ...common,
      ...modeArguments(options, folders.tokenFile),
    ],
    { env, cwd: base, remove: [base, ...(options.removeAtEnd ?? [])] },
  );
  process.off("exit", removeBase);
  const match = await running
    .waitFor(/Web UI available at http:\/\/[^\s:/]+:(\d+)/, startTimeoutMs)
    .catch(async (error: unknown) => {
      await running.stop();
      throw running.log().includes("EADDRINUSE")
        ? portInUse(port)
        : new Error(`VS Code ${options.version} did not start: ${lastLines(running.log())}`, {
            cause: error,
          });
    });
  const actualPort = Number(match[1]);
  const authority = `${host}:${actualPort}`;
  return {
    version: options.version,
    installation,
    port: actualPort,
    authority,
    pid: running.pid,
    dataDir: folders.data,
    extensionsDir: folders.extensions,
    tempDir: folders.temp,
    smokeTestDriver: options.smokeTestDriver ?? false,
    url: (folder, payload = []) => pageAddress(authority, options.connectionToken, folder, payload),
    log: running.log,
    installExtension: async (vsixPath) => {
      const args = [
        installation.serverMain,
        ...common,
        "--install-extension",
        path.resolve(vsixPath),
        "--force",
      ];
      const { code, output } = await runCommandLine(installation.node, args, { env });
      if (code !== 0 || !/successfully installed/i.test(output)) {
        throw new Error(`VS Code ${options.version} did not install ${vsixPath}: ${lastLines(output)}`);
      }
    },
    ended: running.ended,
    stop: running.stop,
  };
}

function modeArguments(options: ServerOptions, tokenFile: string): string[] {
  return [
    // Otherwise the server asks a login shell for its environment: whose profile may hold anything.
    "--force-disable-user-env",
    ...(options.connectionToken === undefined
      ? ["--without-connection-token"]
      : ["--connection-token-file", tokenFile]),
    ...(options.trusted ? ["--disable-workspace-trust"] : []),
    ...(options.smokeTestDriver === true ? ["--enable-smoke-test-driver"] : []),
  ];
}

type ServerFolders = {
  readonly data: string;
  readonly extensions: string;
  readonly temp: string;
  readonly runtime: string;
  readonly tokenFile: string;
};

async function prepareFolders(base: string, options: ServerOptions): Promise<ServerFolders> {
  const folders: ServerFolders = {
    data: path.join(base, "d"),
    extensions: options.extensionsDir ?? path.join(base, "e"),
    temp: path.join(base, "t"),
    runtime: path.join(base, "r"),
    tokenFile: path.join(base, "token"),
  };
  try {
    for (const folder of [folders.data, folders.extensions, folders.temp, folders.runtime, options.home]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    if (options.connectionToken !== undefined) {
      // A file, since every user of the machine can read the command line.
      await writeFile(folders.tokenFile, options.connectionToken, { mode: 0o600 });
    }
    const settings = { ...quietSettings, ...options.userSettings };
    await writeUserSettings(path.join(folders.data, "data/User"), settings);
  } catch (error) {
    await rm(base, { recursive: true, force: true });
    throw error;
  }
  return folders;
}

function pageAddress(
  authority: string,
  token: string | undefined,
  folder: string,
  payload: readonly PayloadPair[],
): string {
  const pairs: readonly PayloadPair[] = [["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...payload];
  const query = new URLSearchParams({
    ...(token === undefined ? {} : { tkn: token }),
    [folder.endsWith(".code-workspace") ? "workspace" : "folder"]: path.resolve(folder),
    payload: JSON.stringify(pairs),
  });
  return `http://${authority}/?${query.toString()}`;
}

function portInUse(port: number): Error {
  return new Error(
    `Port ${port} on ${host} is in use by another program; end that program or choose another port.`,
  );
}

/** Asks for the port before VS Code does, whose own message is a stack trace. */
async function assertPortIsFree(port: number): Promise<void> {
  if (port === 0) {
    return;
  }
  const probe = net.createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? portInUse(port)
          : new Error(`Port ${port} on ${host} cannot be used: ${error.message}.`, { cause: error }),
      );
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
