import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { layOutDemo, type Demo } from "./demo.ts";
import { startSandbox, type Sandbox, type StartOptions } from "./sandbox.ts";
import {
  newestVSCode,
  openWorkbench,
  startServer,
  type Environment,
  type Settings,
  type VSCodeServer,
  type VSCodeVersion,
  type Workbench,
  type WorkbenchOptions,
} from "./vscode-host/index.ts";

export type JourneyOptions = {
  /** The packed extension. */
  readonly vsix: string;
  readonly version?: VSCodeVersion;
  readonly sandbox?: StartOptions;
  readonly userSettings?: Settings;
  /** Environment variables of the extension host, over those of the demo. */
  readonly env?: Environment;
  readonly viewport?: NonNullable<WorkbenchOptions["viewport"]>;
  /** Changes the demo before VS Code opens it. */
  readonly prepare?: (demo: Demo, sandbox: Sandbox) => Promise<void>;
  /** What is opened instead of the sample repository. */
  readonly open?: (demo: Demo) => string;
};

/** A user's journey: the installed VSIX in a real VS Code, with a local AWS and a local CircleCI behind it. */
export type Journey = {
  readonly sandbox: Sandbox;
  readonly demo: Demo;
  readonly server: VSCodeServer;
  readonly workbench: Workbench;
  readonly page: Page;
  readonly stop: () => Promise<void>;
};

/** Starts all of it, with the extension installed from the VSIX. Rejects with nothing left running. */
export async function startInstalled(options: JourneyOptions): Promise<Journey> {
  const folder = await mkdtemp(join(tmpdir(), "journey-"));
  const sandbox = await startSandbox(options.sandbox);
  let server: VSCodeServer | undefined;
  const stop = async (): Promise<void> => {
    await Promise.allSettled([server?.stop(), sandbox.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const demo = await layOutDemo(folder, sandbox.info);
    await options.prepare?.(demo, sandbox);
    server = await startServer({
      version: options.version ?? newestVSCode,
      connectionToken: "journey",
      home: demo.home,
      env: { ...demo.env, ...options.env },
      trusted: true,
      ...(options.userSettings === undefined ? {} : { userSettings: options.userSettings }),
    });
    await server.installExtension(options.vsix);
    const workbench = await openWorkbench({
      server,
      folder: options.open?.(demo) ?? demo.repository,
      ...(options.viewport === undefined ? {} : { viewport: options.viewport }),
    });
    return {
      sandbox,
      demo,
      server,
      workbench,
      page: workbench.page,
      stop: async () => {
        await workbench.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
