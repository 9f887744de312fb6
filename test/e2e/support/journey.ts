import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { inject } from "vitest";
import { layOutDemo, type Demo } from "../../support/demo.ts";
import { startSandbox, type Sandbox, type StartOptions } from "../../support/sandbox.ts";
import {
  newestVSCode,
  openWorkbench,
  startServer,
  type Settings,
  type VSCodeServer,
  type VSCodeVersion,
  type Workbench,
} from "../../support/vscode-host/index.ts";

declare module "vitest" {
  // Merged with vitest's own: the path of the packed extension, from the global set-up.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface ProvidedContext {
    vsix: string;
  }
}

export type JourneyOptions = {
  readonly version?: VSCodeVersion;
  readonly sandbox?: StartOptions;
  readonly userSettings?: Settings;
  /** Changes the demo before VS Code opens it. */
  readonly prepare?: (demo: Demo) => Promise<void>;
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

/** Starts all of it, with the extension installed from the VSIX. */
export async function startJourney(options: JourneyOptions = {}): Promise<Journey> {
  const folder = await mkdtemp(join(tmpdir(), "journey-"));
  const sandbox = await startSandbox(options.sandbox);
  let server: VSCodeServer | undefined;
  const stop = async (): Promise<void> => {
    await Promise.allSettled([server?.stop(), sandbox.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const demo = await layOutDemo(folder, sandbox.info);
    await options.prepare?.(demo);
    server = await startServer({
      version: options.version ?? newestVSCode,
      connectionToken: "journey",
      home: demo.home,
      env: demo.env,
      trusted: true,
      ...(options.userSettings === undefined ? {} : { userSettings: options.userSettings }),
    });
    await server.installExtension(inject("vsix"));
    const workbench = await openWorkbench({ server, folder: options.open?.(demo) ?? demo.repository });
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
